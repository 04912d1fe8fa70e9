//! `copy_within`: what does not fit is found before anything is written, as in the standard library.
use std::panic::{catch_unwind, AssertUnwindSafe};

use tapeless::{assert_gradient, differentiate, Inactive};

#[differentiate]
fn moved(xs: &mut [f64], lo: usize, hi: usize, to: usize, k: f64) -> f64 {
    xs.copy_within(lo..hi, to);
    xs.iter().map(|x| x * x * k).sum()
}

#[test]
fn gradients() {
    for (lo, hi, to) in [(0, 2, 1), (1, 4, 0), (2, 2, 3), (0, 4, 0), (4, 4, 4)] {
        assert_gradient!(moved(&mut [0.1, 0.2, 0.3, 0.4], lo, hi, to, 0.7));
    }
}

#[test]
fn what_does_not_fit_leaves_everything_as_it_was() {
    let before = [0.1, 0.2, 0.3, 0.4];
    for (lo, hi, to) in [(0, 3, 2), (3, 5, 0), (5, 5, 0), (2, 2, 5)] {
        let mut xs = before;
        let run = AssertUnwindSafe(|| {
            let slots = (Inactive, Inactive, Inactive, Inactive, Inactive);
            moved_vjp(
                &mut xs, lo, hi, to, 0.7, 1.0, slots.0, slots.1, slots.2, slots.3, slots.4,
            )
        });
        assert!(catch_unwind(run).is_err(), "{lo}..{hi} to {to}");
        assert_eq!(xs, before);
        let mut xs = before;
        let primal = AssertUnwindSafe(|| moved(&mut xs, lo, hi, to, 0.7));
        assert!(catch_unwind(primal).is_err());
    }
}
