//! Seeded inputs.

use fastrand::Rng;

/// `count` numbers, uniform on `[low, high)`.
pub fn uniform(rng: &mut Rng, count: usize, low: f64, high: f64) -> Vec<f64> {
    (0..count).map(|_| between(rng, low, high)).collect()
}

/// A number, uniform on `[low, high)`.
pub fn between(rng: &mut Rng, low: f64, high: f64) -> f64 {
    low + (high - low) * rng.f64()
}

/// `N` numbers, uniform on `[low, high)`.
pub fn array<const N: usize>(rng: &mut Rng, low: f64, high: f64) -> [f64; N] {
    std::array::from_fn(|_| between(rng, low, high))
}
