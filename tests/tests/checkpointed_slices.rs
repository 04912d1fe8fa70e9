//! `#[checkpoints(N)]` on loops that write slices: their states hold copies of the elements.

use tapeless::check::finite_difference;
use tapeless::{differentiate, Differentiable};

/// The functions under `#[checkpoints(N)]`, and as they are, with everything stored.
macro_rules! saved_and_stored {
    ($functions:ident) => {
        mod stored {
            use super::*;
            $functions!(#[allow(unused)]);
        }
        mod one {
            use super::*;
            $functions!(#[checkpoints(1)]);
        }
        mod few {
            use super::*;
            $functions!(#[checkpoints(3)]);
        }
    };
}

#[derive(Clone, Copy, Debug, Differentiable)]
pub struct Drift {
    rate: f64,
    sum: f64,
}

macro_rules! functions {
    (#[$bound:meta]) => {
        /// A field on a grid of unknown size, relaxed in place.
        #[differentiate]
        pub fn relax(x: &mut [f64], rate: f64, steps: usize) {
            #[$bound]
            for step in 0..steps {
                let left = step % x.len();
                let right = (step + 1) % x.len();
                x[left] = rate * x[left] * (1.0 - x[right]);
            }
        }

        /// A slice, an array, a struct and a scalar.
        #[differentiate]
        pub fn mixed(x: &mut [f64], k: f64, steps: usize) -> f64 {
            let mut last = [k, 0.5 * k];
            let mut drift = Drift { rate: k, sum: 0.0 };
            let mut speed = 1.0;
            #[$bound]
            for step in 0..steps {
                for xi in x.iter_mut() {
                    *xi = (*xi * drift.rate).sin() + last[step % 2];
                }
                last[step % 2] *= speed;
                drift.sum += drift.rate * last[0];
                drift.rate = drift.rate * 0.9 + 0.01 * drift.sum;
                speed = speed * k + 0.1;
            }
            drift.sum + last[1] * speed
        }

        /// As long as it takes.
        #[differentiate]
        pub fn until(x: &mut [f64], k: f64) -> f64 {
            let mut left = 1.0;
            #[$bound]
            while left > 0.05 {
                for xi in x.iter_mut() {
                    *xi = *xi * (1.0 - k * *xi);
                }
                left *= 1.0 - k;
            }
            left
        }

        /// Loops in loops.
        #[differentiate]
        pub fn nested(x: &mut [f64], y: &mut [f64], rounds: usize, steps: usize) {
            #[$bound]
            for round in 0..rounds {
                #[$bound]
                for step in 0..steps {
                    let i = step % x.len();
                    x[i] = (x[i] + 0.1 * y[round % y.len()]).cos();
                }
                for yi in y.iter_mut() {
                    *yi = *yi * x[0];
                }
            }
        }

        /// Parts of a slice.
        #[differentiate]
        pub fn halves(x: &mut [f64], steps: usize) {
            let (low, high) = x.split_at_mut(x.len() / 2);
            #[$bound]
            for _ in 0..steps {
                for (l, h) in low.iter_mut().zip(high.iter_mut()) {
                    *l = l.sin() * *h;
                    *h = 0.5 * *h + *l;
                }
            }
        }
    };
}
saved_and_stored!(functions);

fn start(n: usize) -> Vec<f64> {
    (0..n).map(|i| 0.3 + 0.1 * i as f64).collect()
}

/// What a `_vjp` leaves in its buffers, cotangents and result; the same for each variant.
macro_rules! agree {
    (|$of:ident| $run:expr) => {{
        let expected = {
            use stored as $of;
            $run
        };
        let single = {
            use one as $of;
            $run
        };
        let several = {
            use few as $of;
            $run
        };
        assert_eq!(single, expected);
        assert_eq!(several, expected);
        expected
    }};
}

#[test]
fn one_slice() {
    for (n, steps) in [(1, 0), (1, 1), (1, 7), (2, 1), (5, 23), (64, 200)] {
        agree!(|of| {
            let (mut x, mut d_x, mut d_rate) = (start(n), vec![1.0; n], 0.0);
            of::relax_vjp(&mut x, 1.7, steps, &mut d_x[..], &mut d_rate, ());
            let mut primal = start(n);
            of::relax(&mut primal, 1.7, steps);
            assert_eq!(x, primal);
            (x, d_x, d_rate)
        });
    }
}

#[test]
fn no_elements() {
    agree!(|of| {
        let (mut x, mut d_x, mut d_k) = (start(0), Vec::new(), 0.0);
        let y = of::mixed_vjp(&mut x, 0.8, 5, 1.0, &mut d_x[..], &mut d_k, ());
        (y, d_k)
    });
}

#[test]
fn among_others() {
    for (n, steps) in [(0, 3), (1, 0), (1, 1), (3, 2), (4, 17)] {
        let (_, _, d_x, d_k) = agree!(|of| {
            let (mut x, mut d_x, mut d_k) = (start(n), vec![1.0; n], 0.0);
            let y = of::mixed_vjp(&mut x, 0.8, steps, 1.0, &mut d_x[..], &mut d_k, ());
            (y, x, d_x, d_k)
        });
        let of_all = |at: &[f64]| {
            let mut x = at[1..].to_vec();
            few::mixed(&mut x, at[0], steps) + x.iter().sum::<f64>()
        };
        let at: Vec<f64> = [0.8].into_iter().chain(start(n)).collect();
        let expected = finite_difference::central(of_all, &at);
        for (d, e) in [d_k].iter().chain(&d_x).zip(&expected) {
            assert!((d - e).abs() <= 1e-6 * e.abs().max(1.0), "{d} against {e}");
        }
    }
}

#[test]
fn of_unknown_length() {
    for n in [0, 1, 4] {
        agree!(|of| {
            let (mut x, mut d_x, mut d_k) = (start(n), vec![1.0; n], 0.0);
            let y = of::until_vjp(&mut x, 0.2, 0.0, &mut d_x[..], &mut d_k);
            (y, x, d_x, d_k)
        });
    }
}

#[test]
fn nested() {
    for (rounds, steps) in [(0, 4), (1, 1), (2, 5), (6, 9)] {
        agree!(|of| {
            let (mut x, mut y) = (start(3), start(2));
            let (mut d_x, mut d_y) = (vec![1.0; 3], vec![0.5; 2]);
            of::nested_vjp(
                &mut x,
                &mut y,
                rounds,
                steps,
                &mut d_x[..],
                &mut d_y[..],
                (),
                (),
            );
            (x, y, d_x, d_y)
        });
    }
}

#[test]
fn parts() {
    for (n, steps) in [(0, 2), (1, 2), (6, 11)] {
        agree!(|of| {
            let (mut x, mut d_x) = (start(n), vec![1.0; n]);
            of::halves_vjp(&mut x, steps, &mut d_x[..], ());
            (x, d_x)
        });
    }
}
