//! [`crate::lse`], annotated.

use tapeless::differentiate;

/// `ln Σ exp(x_i)`.
#[differentiate]
pub fn log_sum_exp(x: &[f64]) -> f64 {
    let top = x.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = x.iter().map(|x| (x - top).exp()).sum();
    top + sum.ln()
}
