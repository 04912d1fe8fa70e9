//! Learning rates over time, as pure functions of the step: assign the result to the rule's `rate`.
//!
//! ```
//! use tapeless::nn::{schedule, Optimizer, Sgd};
//!
//! let mut optimizer = Optimizer::with_state(Sgd::new(0.1), [0.0; 0]);
//! for epoch in 0..30 {
//!     optimizer.rule.rate = schedule::step(0.1, 10, 0.5, epoch);
//! }
//! assert_eq!(optimizer.rule.rate, 0.025);
//! # let _ = optimizer.step(&mut 1.0, &1.0);
//! ```

use crate::matrix::arithmetic::count;
use crate::Real;

/// Always `rate`.
pub fn constant<T: Real>(rate: T, _step: usize) -> T {
    rate
}

/// `rate`, times `factor` after every `every` steps. PyTorch's `StepLR`.
pub fn step<T: Real>(rate: T, every: usize, factor: T, step: usize) -> T {
    exponential(rate, factor, step / every.max(1))
}

/// `rate · factorˢᵗᵉᵖ`. PyTorch's `ExponentialLR`.
pub fn exponential<T: Real>(rate: T, factor: T, step: usize) -> T {
    rate * factor.powi(i32::try_from(step).unwrap_or(i32::MAX))
}

/// From `rate` down to `least` along half a cosine of `total` steps. PyTorch's `CosineAnnealingLR`.
pub fn cosine<T: Real>(rate: T, least: T, total: usize, step: usize) -> T {
    anneal(rate, least, count::<T>(step) / count(total.max(1)))
}

/// From `start · rate` in a straight line to `rate`, reached after `total` steps. PyTorch's
/// `LinearLR`.
pub fn warm_up<T: Real>(rate: T, start: T, total: usize, step: usize) -> T {
    let part = count::<T>(step.min(total)) / count(total.max(1));
    rate * (start + (T::one() - start) * part)
}

/// From `most / 25` up to `most` over the first three tenths of `total` steps, then down to
/// `most / 250000`, along cosines. PyTorch's `OneCycleLR` with its defaults.
pub fn one_cycle<T: Real>(most: T, total: usize, step: usize) -> T {
    let first = most / T::__lit(25.0);
    let last = first / T::__lit(1e4);
    let up = T::__lit(0.3) * count(total) - T::one();
    let now = count::<T>(step.min(total.saturating_sub(1)));
    if now <= up {
        return anneal(first, most, now / up);
    }
    let down = count::<T>(total) - T::one() - up;
    anneal(most, last, (now - up) / down)
}

/// From `a` at 0 to `b` at 1, along half a cosine.
fn anneal<T: Real>(a: T, b: T, part: T) -> T {
    let half = T::__lit(0.5);
    b + (a - b) * half * (T::one() + (T::PI() * part).cos())
}
