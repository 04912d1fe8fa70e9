//! [`crate::scalar::logistic`], annotated.

use crate::scalar::logistic::FEATURES;
use tapeless::differentiate;

/// `ln(1 + exp(−label·w·x))`.
#[differentiate(wrt(w))]
#[inline]
pub fn logistic_loss(w: &[f64; FEATURES], x: &[f64; FEATURES], label: f64) -> f64 {
    let margin: f64 = w.iter().zip(x).map(|(w, x)| w * x).sum();
    (-label * margin).exp().ln_1p()
}
