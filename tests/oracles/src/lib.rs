//! Generated gradients against the derivatives that published crates have in closed form, at many random points.

/// Random numbers, the same in every run.
pub struct Points(fastrand::Rng);

impl Points {
    /// A sequence of its own for every seed.
    pub fn new(seed: u64) -> Points {
        Points(fastrand::Rng::with_seed(seed))
    }

    /// A number between two others.
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + self.0.f64() * (high - low)
    }

    /// As many of them as wanted.
    pub fn array<const N: usize>(&mut self, low: f64, high: f64) -> [f64; N] {
        std::array::from_fn(|_| self.between(low, high))
    }
}

/// Asserts that two numbers are equal up to a tolerance relative to the larger one, or to 1.
#[track_caller]
pub fn assert_close(name: &str, got: f64, expected: f64, tolerance: f64) {
    let scale = got.abs().max(expected.abs()).max(1.0);
    let error = (got - expected).abs();
    assert!(
        error <= tolerance * scale,
        "{name}: {got}, but {expected} was expected"
    );
}

/// The same for slices.
#[track_caller]
pub fn assert_all_close(name: &str, got: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(got.len(), expected.len(), "{name}");
    let scale = expected.iter().fold(1.0_f64, |scale, x| scale.max(x.abs()));
    for (got, expected) in got.iter().zip(expected) {
        assert_close(name, got / scale, expected / scale, tolerance);
    }
}
