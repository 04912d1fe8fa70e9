//! Loops that store: a stack array and a `Vec` of exactly what the reverse sweep reads, with the
//! arm taken.

use tapeless::__private::{storage_vec, take, Branch, Stack};
use tapeless::Slot;

use crate::assert_close;

/// Walkthrough B.
fn cell(x: &[f64]) -> f64 {
    let mut h = [1.0, 0.5];
    for &xi in x {
        let z = h[0] * xi + h[1];
        if z > 0.0 {
            h[0] = z.tanh();
        } else {
            h[1] *= 0.9;
        }
    }
    h[0] + h[1]
}

/// The body of `cell_vjp` for one way to store: the arm taken and, in the first, the old `h[0]`.
macro_rules! cell_vjp {
    ($name:ident, |$n:ident| $storage:expr) => {
        fn $name(x: &[f64], d_out: f64, mut d_x: impl Slot<[f64]>) -> f64 {
            let mut h = [1.0, 0.5];
            let $n = x.len();
            let mut stored = $storage;
            for &xi in x {
                let z = h[0] * xi + h[1];
                stored.push(if z > 0.0 {
                    Branch::First(core::mem::replace(&mut h[0], z.tanh()))
                } else {
                    h[1] *= 0.9;
                    Branch::Rest(())
                });
            }
            let out = h[0] + h[1];
            let mut d_h = [d_out, d_out];
            for i in (0..x.len()).rev() {
                match stored.pop() {
                    Some(Branch::First(old)) => {
                        let y = h[0];
                        let d_z = take(&mut d_h[0], 0.0) * (1.0 - y * y);
                        h[0] = old;
                        if let Some(d_x) = Slot::get(&mut d_x) {
                            d_x[i] += d_z * h[0];
                        }
                        d_h[0] += d_z * x[i];
                        d_h[1] += d_z;
                    }
                    Some(Branch::Rest(())) => d_h[1] *= 0.9,
                    None => {}
                }
            }
            out
        }
    };
}

cell_vjp!(cell_vjp, |n| storage_vec!(n));
cell_vjp!(cell_vjp_bounded, |_n| Stack::<_, 4>::new(
    "the loop over `x`"
));

#[test]
fn storage_on_heap_and_stack() {
    let x = [0.3, -5.0, 0.8, 1.1];
    let (mut d, mut bounded) = ([0.0; 4], [0.0; 4]);
    assert_eq!(cell_vjp(&x, 1.0, &mut d), cell(&x));
    assert_eq!(cell_vjp_bounded(&x, 1.0, &mut bounded), cell(&x));
    assert_eq!(d, bounded);
    for i in 0..4 {
        let along = |t| {
            let mut x = x;
            x[i] = t;
            cell(&x)
        };
        assert_close(d[i], crate::slope(along, x[i]));
    }
}

#[test]
#[should_panic(expected = "the loop over `x` ran more than 4 times")]
fn a_bound_too_small() {
    cell_vjp_bounded(&[0.1; 5], 1.0, &mut [0.0; 5]);
}
