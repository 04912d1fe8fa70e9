//! Derivatives by finite differences: slow, approximate, and independent of everything else here.

use std::vec::Vec;

/// How often [`central`] halves its step.
const LEVELS: usize = 5;

/// The gradient of `f` at a point by forward differences `(f(x + h) − f(x)) / h`: one evaluation
/// per coordinate and one more, good for half the digits.
///
/// ```
/// use tapeless::check::finite_difference::forward;
///
/// let gradient = forward(|x| x[0] * x[1], &[2.0, 3.0]);
/// assert!((gradient[0] - 3.0).abs() < 1e-6);
/// ```
pub fn forward(mut f: impl FnMut(&[f64]) -> f64, at: &[f64]) -> Vec<f64> {
    let mut x = at.to_vec();
    let base = f(&x);
    (0..at.len())
        .map(|i| {
            let step = magnitude(at[i]) * 2.0_f64.powi(-26);
            let moved = f(displaced(&mut x, i, step));
            x[i] = at[i];
            (moved - base) / step
        })
        .collect()
}

/// The gradient of `f` at a point by central differences `(f(x + h) − f(x − h)) / 2h`, at five
/// steps extrapolated to zero after Richardson. Of the extrapolated values that with the least
/// estimated error is taken (Ridders, 1982), so that steps which leave the domain of `f` do no
/// harm. Ten evaluations per coordinate, good for some ten digits where `f` is smooth.
///
/// ```
/// use tapeless::check::finite_difference::central;
///
/// let gradient = central(|x| x[0].sin() * x[1], &[2.0, 3.0]);
/// assert!((gradient[0] - 3.0 * 2.0_f64.cos()).abs() < 1e-10);
/// ```
pub fn central(mut f: impl FnMut(&[f64]) -> f64, at: &[f64]) -> Vec<f64> {
    let mut x = at.to_vec();
    (0..at.len())
        .map(|i| {
            let widest = magnitude(at[i]) * 2.0_f64.powi(-6);
            let slope = extrapolate(widest, |step| {
                let above = f(displaced(&mut x, i, step));
                x[i] = at[i];
                let below = f(displaced(&mut x, i, -step));
                x[i] = at[i];
                (above - below) / (2.0 * step)
            });
            slope
        })
        .collect()
}

/// `x` with coordinate `i` moved by `step`.
fn displaced(x: &mut [f64], i: usize, step: f64) -> &[f64] {
    x[i] += step;
    x
}

/// A power of two near `|x|`, so that `x ± h` is exact, in single precision too. Not too small, or
/// rounding takes over.
fn magnitude(x: f64) -> f64 {
    2.0_f64.powi(x.abs().clamp(1e-3, 1e6).log2().floor() as i32)
}

/// Neville's scheme over halved steps of a quantity whose error is even in the step.
fn extrapolate(widest: f64, mut difference: impl FnMut(f64) -> f64) -> f64 {
    let mut step = widest;
    let mut row = [f64::NAN; LEVELS];
    row[0] = difference(step);
    let (mut best, mut least) = (row[0], f64::INFINITY);
    for level in 1..LEVELS {
        step /= 2.0;
        let previous = row;
        row[0] = difference(step);
        let mut weight = 1.0;
        for k in 1..=level {
            weight *= 4.0;
            row[k] = row[k - 1] + (row[k - 1] - previous[k - 1]) / (weight - 1.0);
            let error = (row[k] - row[k - 1])
                .abs()
                .max((row[k] - previous[k - 1]).abs());
            if error < least || !best.is_finite() {
                (best, least) = (row[k], error);
            }
        }
    }
    best
}
