//! The logistic loss of a linear classifier on one example.

use crate::sample::array;

/// Features of an example.
pub const FEATURES: usize = 8;

/// Weights, features, label.
pub type Example = ([f64; FEATURES], [f64; FEATURES], f64);

/// `count` examples.
pub fn input(count: usize) -> Vec<Example> {
    let rng = &mut fastrand::Rng::with_seed(15);
    let mut example = || {
        (
            array(rng, -1.0, 1.0),
            array(rng, -1.0, 1.0),
            if rng.bool() { 1.0 } else { -1.0 },
        )
    };
    (0..count).map(|_| example()).collect()
}

/// `ln(1 + exp(−label·w·x))`.
#[inline]
pub fn logistic_loss(w: &[f64; FEATURES], x: &[f64; FEATURES], label: f64) -> f64 {
    let margin: f64 = w.iter().zip(x).map(|(w, x)| w * x).sum();
    (-label * margin).exp().ln_1p()
}

/// Adjoint of [`logistic_loss`], with its value: the gradient with respect to `w`.
#[inline]
pub fn logistic_loss_adjoint(
    w: &[f64; FEATURES],
    x: &[f64; FEATURES],
    label: f64,
) -> (f64, [f64; FEATURES]) {
    let margin: f64 = w.iter().zip(x).map(|(w, x)| w * x).sum();
    let e = (-label * margin).exp();
    let value = e.ln_1p();
    let d_margin = -label * e / (1.0 + e);
    let mut d_w = *x;
    for d in &mut d_w {
        *d *= d_margin;
    }
    (value, d_w)
}
