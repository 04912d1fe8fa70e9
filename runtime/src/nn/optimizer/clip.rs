//! Clipping of gradients.

use num_traits::Float;

use crate::nn::loss::clip;
use crate::{Parameters, Real};

/// What an optimiser does to a gradient before it follows it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Clip<T> {
    /// Nothing.
    #[default]
    Off,
    /// Brings each element into `-bound..=bound`.
    Value(T),
    /// Scales the whole gradient so that its Euclidean norm is at most this. PyTorch's
    /// `clip_grad_norm_`.
    Norm(T),
}

/// The factor that brings the norm of a whole gradient down to `most`.
pub(super) fn factor_of<P: Parameters>(
    parameters: &mut P,
    gradient: &P::Cotangent,
    most: P::Scalar,
) -> P::Scalar {
    let mut squares = P::Scalar::default();
    parameters.visit(gradient, |_, run| squares += sum_of_squares(run));
    factor(squares.sqrt(), most)
}

/// Brings each element of a flat gradient into `-bound..=bound`. NaN stays NaN.
pub fn clip_value<T: Real>(gradient: &mut [T], bound: T) {
    gradient.iter_mut().for_each(|g| *g = clip(*g, bound));
}

/// Scales a flat gradient so that its Euclidean norm is at most `most`, and returns the norm it had.
///
/// ```
/// let mut gradient = [3.0, 4.0];
/// assert_eq!(tapeless::nn::clip_norm(&mut gradient, 1.0), 5.0);
/// assert!((gradient[0] - 0.6_f64).abs() < 1e-6);
/// ```
pub fn clip_norm<T: Real>(gradient: &mut [T], most: T) -> T {
    let norm = sum_of_squares(gradient).sqrt();
    let factor = factor(norm, most);
    gradient.iter_mut().for_each(|g| *g *= factor);
    norm
}

fn sum_of_squares<T: Real>(run: &[T]) -> T {
    crate::matrix::product::dot(run, run)
}

/// `most / (norm + 1e-6)`, but no enlargement; a NaN norm gives NaN.
fn factor<T: Real>(norm: T, most: T) -> T {
    let factor = most / (norm + T::__lit(1e-6));
    if factor > T::one() {
        T::one()
    } else {
        factor
    }
}
