//! Scalar functions by a name that a float has in the crate.
use tapeless::{assert_gradient, differentiate};

type Float = f64;
use f64 as Scalar;
use Float as FloatOps;

#[differentiate]
fn folded(t: Float, gain: Float) -> Float {
    let t = t - FloatOps::trunc(t * 0.5) * 2.0;
    let gain = FloatOps::abs(gain);
    let least = FloatOps::max(t, gain) + FloatOps::powi(t, 3);
    if t < 1.0 {
        t * gain + least
    } else {
        (2.0 - t) * Scalar::sqrt(gain) + Scalar::powf(gain, t) + Scalar::atan2(t, gain) * least
    }
}

/// A type of one's own has functions of its own.
#[derive(Clone, Copy, tapeless::Differentiable)]
struct Pair(f64, f64);

impl Pair {
    #[differentiate]
    fn sqrt(self) -> Pair {
        Pair(self.0 * self.1, self.1)
    }
}

#[differentiate]
fn own(x: f64, y: f64) -> f64 {
    let root = Pair::sqrt(Pair(x, y));
    root.0 * root.1
}

#[test]
fn gradients() {
    for (t, gain) in [(0.7, -2.0), (3.7, 2.0), (3.2, 0.3)] {
        assert_gradient!(folded(t, gain));
    }
    assert_gradient!(own(0.7, 1.3));
}
