//! Rosenbrock's valley.

use crate::sample::array;

/// `count` points.
pub fn input(count: usize) -> Vec<[f64; 2]> {
    let rng = &mut fastrand::Rng::with_seed(11);
    (0..count).map(|_| array(rng, -2.0, 2.0)).collect()
}

/// `(1 − x)² + 100·(y − x²)²`.
#[inline]
pub fn rosenbrock(x: f64, y: f64) -> f64 {
    (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2)
}

/// Adjoint of [`rosenbrock`], with its value.
#[inline]
pub fn rosenbrock_adjoint(x: f64, y: f64) -> (f64, (f64, f64)) {
    let (along, across) = (1.0 - x, y - x * x);
    let d_across = 200.0 * across;
    let value = along * along + 100.0 * (across * across);
    (value, (-2.0 * along - 2.0 * x * d_across, d_across))
}
