//! In-out parameters: the slot holds the cotangent of the final contents on entry, and that of the
//! initial contents on return.

use tapeless::__private::{check_len, take};
use tapeless::{Cotangent, Differentiable, Inactive, Real, Slot, SlotMut};

use crate::assert_close;

/// `for v in a { *v = k * *v * *v }`
fn squash(a: &mut [f64], k: f64) {
    for v in a.iter_mut() {
        *v = k * *v * *v;
    }
}

fn squash_vjp(a: &mut [f64], k: f64, mut d_a: impl SlotMut<[f64]>, mut d_k: impl Slot<f64>) {
    let mut spare = None;
    let d_a = SlotMut::open(&mut d_a, &*a, &mut spare);
    check_len("a", d_a.len(), a.len());
    let mut stored = Vec::with_capacity(a.len());
    for i in 0..a.len() {
        let new = k * a[i] * a[i];
        stored.push(core::mem::replace(&mut a[i], new));
    }
    let mut d_k_sum = 0.0;
    for i in (0..a.len()).rev() {
        if let Some(old) = stored.pop() {
            let d = take(&mut d_a[i], 0.0);
            d_a[i] += 2.0 * d * k * old;
            d_k_sum += d * old * old;
        }
    }
    Slot::add(&mut d_k, d_k_sum);
}

#[test]
fn the_buffer_is_left_as_f_leaves_it() {
    let (mut a, mut b) = (vec![1.0, 2.0], vec![1.0, 2.0]);
    squash(&mut a, 3.0);
    let (mut d, mut d_k) = ([1.0, 10.0], 0.0);
    squash_vjp(&mut b, 3.0, &mut d, &mut d_k);
    assert_eq!(a, b);
    assert_eq!(d, [6.0, 120.0]);
    assert_eq!(d_k, 41.0);
    squash_vjp(&mut b, 3.0, Inactive, &mut d_k);
    assert_eq!(d_k, 41.0);
}

/// A caller with a local array: its cotangent is the slot.
fn energy(x: f64, k: f64) -> f64 {
    let mut a = [x, 2.0 * x];
    squash(&mut a, k);
    a[0] + a[1]
}

fn energy_vjp(x: f64, k: f64, d_out: f64, mut d_x: impl Slot<f64>, mut d_k: impl Slot<f64>) -> f64 {
    let mut a = [x, 2.0 * x];
    let before = a;
    squash(&mut a, k);
    let out = a[0] + a[1];
    let mut d_a = [d_out, d_out];
    a = before;
    squash_vjp(&mut a, k, &mut d_a, Slot::project(&mut d_k, |d| d));
    Slot::add(&mut d_x, d_a[0] + 2.0 * d_a[1]);
    out
}

#[test]
fn a_local_array_handed_over() {
    let (mut d_x, mut d_k) = (0.0, 0.0);
    let value = energy_vjp(1.5, 2.0, 1.0, &mut d_x, &mut d_k);
    assert_eq!(value, energy(1.5, 2.0));
    assert_close(d_x, crate::slope(|x| energy(x, 2.0), 1.5));
    assert_close(d_k, crate::slope(|k| energy(1.5, k), 2.0));
}

/// The same of a `&mut` to something sized, and of a boxed one.
fn double_vjp(s: &mut [f64; 2], mut d_s: impl SlotMut<[f64; 2]>) {
    let mut spare = None;
    let d_s = SlotMut::open(&mut d_s, &*s, &mut spare);
    for i in 0..2 {
        s[i] *= 2.0;
        d_s[i] *= 2.0;
    }
}

#[test]
fn sized_contents() {
    let mut s = [1.0, 2.0];
    let mut d = Box::new([1.0, 1.0]);
    double_vjp(&mut s, &mut d);
    double_vjp(&mut s, Inactive);
    double_vjp(&mut s, None::<&mut [f64; 2]>);
    assert_eq!(s, [8.0, 16.0]);
    assert_eq!(*d, [2.0, 2.0]);
}

/// Generic contents: a slice of `T: Real`, and a whole `S: Differentiable`.
fn negate_vjp<T: Real, S: Differentiable>(
    a: &mut [T],
    s: &mut S,
    mut d_a: impl SlotMut<[T]>,
    mut d_s: impl SlotMut<S::Cotangent>,
) {
    let (mut spare_a, mut spare_s) = (None, None);
    let d_a = SlotMut::open(&mut d_a, &*a, &mut spare_a);
    let d_s = SlotMut::open(&mut d_s, &*s, &mut spare_s);
    for i in 0..a.len() {
        a[i] = -a[i];
        d_a[i] = -d_a[i];
    }
    d_s.fill_zero();
}

#[test]
fn generic_contents() {
    let (mut a, mut s) = ([1.0_f32, 2.0], (1.0, 2));
    let (mut d_a, mut d_s) = (vec![3.0, 4.0], (5.0, ()));
    negate_vjp(&mut a, &mut s, &mut d_a, &mut d_s);
    negate_vjp(&mut a, &mut s, Inactive, Inactive);
    assert_eq!(a, [1.0, 2.0]);
    assert_eq!(d_a, [-3.0, -4.0]);
    assert_eq!(d_s, (0.0, ()));
}
