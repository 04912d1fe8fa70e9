//! [`crate::scalar::rosenbrock`], annotated.

use tapeless::differentiate;

/// `(1 − x)² + 100·(y − x²)²`.
#[differentiate]
#[inline]
pub fn rosenbrock(x: f64, y: f64) -> f64 {
    (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2)
}
