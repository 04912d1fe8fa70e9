//! Initial weights, from a seeded generator: the same seed gives the same weights everywhere.
//!
//! A weight matrix is `(out, in)`, as PyTorch keeps it: its columns are the fan-in, its rows the
//! fan-out.

use fastrand::Rng;
use num_traits::{Float, FloatConst, One, Zero};

use crate::matrix::arithmetic::count;
use crate::matrix::Dense;
use crate::{Real, Scalar};

/// A number from 0 to 1, drawn in the width of its type.
fn unit<T: Real>(rng: &mut Rng) -> T {
    if size_of::<T>() > size_of::<f32>() {
        return T::__lit(rng.f64());
    }
    T::from(rng.f32()).unwrap_or_else(T::zero)
}

/// All zeros.
pub fn zeros<D: Dense>(weights: &mut D) {
    weights.as_mut_slice().fill(D::Scalar::zero());
}

/// Uniform between `low` and `high`.
pub fn uniform<D: Dense>(weights: &mut D, low: D::Scalar, high: D::Scalar, rng: &mut Rng) {
    for w in weights.as_mut_slice() {
        *w = low + (high - low) * unit::<D::Scalar>(rng);
    }
}

/// Normal, by the method of Box and Muller.
pub fn normal<D: Dense>(weights: &mut D, mean: D::Scalar, deviation: D::Scalar, rng: &mut Rng) {
    for w in weights.as_mut_slice() {
        // 1 − u is never 0.
        let radius = (D::Scalar::one() - unit::<D::Scalar>(rng)).ln() * D::Scalar::__lit(-2.0);
        let angle = D::Scalar::TAU() * unit::<D::Scalar>(rng);
        *w = mean + deviation * radius.sqrt() * angle.cos();
    }
}

/// Uniform with the given standard deviation.
fn uniform_of<D: Dense>(weights: &mut D, deviation: D::Scalar, rng: &mut Rng) {
    let bound = deviation * D::Scalar::__lit(3.0).sqrt();
    uniform(weights, -bound, bound, rng);
}

/// `gain · √(2 / (fan_in + fan_out))`
fn xavier<D: Dense>(weights: &D, gain: D::Scalar) -> D::Scalar {
    let (outputs, inputs) = weights.shape();
    gain * (D::Scalar::__lit(2.0) / count::<D::Scalar>(inputs + outputs)).sqrt()
}

/// `√(2 / fan_in)`, the gain of a ReLU.
fn kaiming<D: Dense>(weights: &D) -> D::Scalar {
    (D::Scalar::__lit(2.0) / count::<D::Scalar>(weights.shape().1)).sqrt()
}

/// Xavier's (Glorot's), uniform: keeps variances through layers of sigmoids. `gain` is 1 but for
/// tanh (5/3).
pub fn xavier_uniform<D: Dense>(weights: &mut D, gain: D::Scalar, rng: &mut Rng) {
    uniform_of(weights, xavier(weights, gain), rng);
}

/// Xavier's (Glorot's), normal.
pub fn xavier_normal<D: Dense>(weights: &mut D, gain: D::Scalar, rng: &mut Rng) {
    normal(weights, D::Scalar::zero(), xavier(weights, gain), rng);
}

/// Kaiming's (He's), uniform: keeps variances through layers of ReLUs.
pub fn kaiming_uniform<D: Dense>(weights: &mut D, rng: &mut Rng) {
    uniform_of(weights, kaiming(weights), rng);
}

/// Kaiming's (He's), normal.
pub fn kaiming_normal<D: Dense>(weights: &mut D, rng: &mut Rng) {
    normal(weights, D::Scalar::zero(), kaiming(weights), rng);
}

/// What PyTorch's `nn.Linear` starts with: weights and biases uniform within `±1/√fan_in`, the
/// fan-in being that of the weights.
pub fn pytorch<W: Dense, B: Dense<Scalar = W::Scalar>>(
    weights: &mut W,
    bias: &mut B,
    rng: &mut Rng,
) {
    let bound = count::<W::Scalar>(weights.shape().1.max(1)).sqrt().recip();
    uniform(weights, -bound, bound, rng);
    uniform(bias, -bound, bound, rng);
}

/// Fills the mask of [`dropout`](crate::matrix::Matrix::dropout): 0 with probability `p`, and
/// `1 / (1 − p)` otherwise, so that expectations stay what they were.
///
/// # Panics
///
/// If `p` is not a probability below 1.
#[track_caller]
pub fn dropout_mask<D: Dense>(mask: &mut D, p: D::Scalar, rng: &mut Rng) {
    assert!(
        p >= D::Scalar::zero() && p < D::Scalar::one(),
        "dropout: {p} is no probability below 1"
    );
    let kept = (D::Scalar::one() - p).recip();
    for m in mask.as_mut_slice() {
        *m = if unit::<D::Scalar>(rng) < p {
            D::Scalar::zero()
        } else {
            kept
        };
    }
}
