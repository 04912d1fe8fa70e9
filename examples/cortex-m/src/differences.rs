//! A gradient against differences of its function.

use tapeless::Parameters;

/// As many parameters as fit.
const LIMIT: usize = 96;

/// 2⁻⁵: adding it to a number of that order loses few bits.
const STEP: f32 = 0.03125;

/// The largest difference between a gradient and central differences of `f`, relative to the largest of these.
///
/// In `f32` the step has to be long, so the differences are extrapolated: with `D(h)` the central one,
/// `(4 D(h) − D(2 h)) / 3` is wrong by `h⁴` only (Richardson).
///
/// # Panics
///
/// If there are more than 96 parameters.
pub fn compare<P: Parameters<Scalar = f32> + Clone>(
    f: impl Fn(&P) -> f32,
    at: &P,
    gradient: &P::Cotangent,
) -> f32 {
    let mut start = [0.0; LIMIT];
    let mut slopes = [0.0; LIMIT];
    at.write_flat(&mut start);
    P::write_flat_cotangent(gradient, &mut slopes);
    let moved = |index: usize, step: f32| {
        let (mut point, mut flat) = (at.clone(), start);
        flat[index] += step;
        point.read_flat(&flat);
        f(&point)
    };
    let central = |index, step: f32| (moved(index, step) - moved(index, -step)) / (2.0 * step);
    let (mut largest, mut steepest) = (0.0, 0.0);
    for (index, slope) in slopes[..at.count()].iter().enumerate() {
        let difference = (4.0 * central(index, STEP) - central(index, 2.0 * STEP)) / 3.0;
        largest = larger(largest, libm::fabsf(difference - slope));
        steepest = larger(steepest, libm::fabsf(difference));
    }
    largest / steepest
}

/// Not `max`, which would pass over a gradient that is no number.
fn larger(a: f32, b: f32) -> f32 {
    if a > b {
        a
    } else {
        b
    }
}
