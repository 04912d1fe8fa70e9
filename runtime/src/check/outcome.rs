//! What a differentiated function and its `_value_and_grad` return.

use crate::Real;

/// The result of a function that has a gradient.
pub trait Outcome {
    /// The value, if there is one.
    fn value(self) -> Option<f64>;
}

impl<T: Real> Outcome for T {
    fn value(self) -> Option<f64> {
        self.to_f64()
    }
}

impl<T: Real> Outcome for Option<T> {
    fn value(self) -> Option<f64> {
        self.and_then(Outcome::value)
    }
}

impl<T: Real, E> Outcome for Result<T, E> {
    fn value(self) -> Option<f64> {
        self.ok().and_then(Outcome::value)
    }
}

/// The result of a `_value_and_grad`.
pub trait Graded {
    /// The gradient.
    type Gradient;

    /// Value and gradient, if there are any.
    fn graded(self) -> Option<(f64, Self::Gradient)>;
}

impl<T: Real, G> Graded for (T, G) {
    type Gradient = G;

    fn graded(self) -> Option<(f64, G)> {
        Some((self.0.value()?, self.1))
    }
}

impl<T: Real, G> Graded for Option<(T, G)> {
    type Gradient = G;

    fn graded(self) -> Option<(f64, G)> {
        self?.graded()
    }
}

impl<T: Real, G, E> Graded for Result<(T, G), E> {
    type Gradient = G;

    fn graded(self) -> Option<(f64, G)> {
        self.ok()?.graded()
    }
}
