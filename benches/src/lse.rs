//! Log-sum-exp, shifted by the maximum.

use crate::sample::uniform;

/// `n` numbers.
pub fn input(n: usize) -> Vec<f64> {
    uniform(&mut fastrand::Rng::with_seed(6), n, -10.0, 10.0)
}

/// `ln Σ exp(x_i)`.
pub fn log_sum_exp(x: &[f64]) -> f64 {
    let top = x.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = x.iter().map(|x| (x - top).exp()).sum();
    top + sum.ln()
}

/// Adjoint of [`log_sum_exp`]: the exponentials are kept where the gradient will be. The derivative along `top` is zero.
pub fn log_sum_exp_adjoint(x: &[f64], d_x: &mut [f64]) -> f64 {
    let top = x.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut sum = 0.0;
    for (d, x) in d_x.iter_mut().zip(x) {
        *d = (x - top).exp();
        sum += *d;
    }
    let scale = 1.0 / sum;
    for d in d_x.iter_mut() {
        *d *= scale;
    }
    top + sum.ln()
}
