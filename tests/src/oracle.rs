//! What gradients are compared with: central differences, dual numbers, and how closely.

use num_dual::Dual64;

/// Against central differences, relative to the larger of 1, both slopes and the value.
pub const BY_DIFFERENCES: f64 = 1e-6;
/// Against dual numbers and other exact oracles.
pub const EXACT: f64 = 1e-12;
/// Results in `f32` against those in `f64`.
pub const SINGLE: f64 = 2e-5;

/// Whether `a` and `b` agree to `tolerance`, relative to the larger of 1, `|a|`, `|b|` and `|scale|`.
pub fn agree(a: f64, b: f64, scale: f64, tolerance: f64) -> bool {
    a == b || (a - b).abs() <= tolerance * 1f64.max(a.abs()).max(b.abs()).max(scale.abs())
}

/// The gradient by central differences, extrapolated to a vanishing step (Richardson).
pub fn differences(f: impl Fn(&[f64]) -> f64, at: &[f64]) -> Vec<f64> {
    let central = |arg: usize, step: f64| {
        let moved = |offset: f64| {
            let mut moved = at.to_vec();
            moved[arg] += offset;
            f(&moved)
        };
        (moved(step) - moved(-step)) / (2.0 * step)
    };
    let extrapolated =
        |arg: usize, step: f64| (4.0 * central(arg, step / 2.0) - central(arg, step)) / 3.0;
    (0..at.len())
        .map(|arg| extrapolated(arg, 1e-3 * at[arg].abs().max(1.0)))
        .collect()
}

/// The gradient by forward-mode dual numbers of `num-dual`.
pub fn duals(f: impl Fn(&[Dual64]) -> Dual64, at: &[f64]) -> Vec<f64> {
    let directional = |arg: usize| {
        let seeded = at
            .iter()
            .enumerate()
            .map(|(index, &x)| Dual64::new(x, f64::from(u8::from(index == arg))));
        f(&seeded.collect::<Vec<_>>()).eps
    };
    (0..at.len()).map(directional).collect()
}

/// `count` points of a box given by its intervals, at irregular distances, so that no kink is hit. They are exact in
/// `f32`, so that both widths see the same points.
pub fn points(intervals: &[(f64, f64)], count: usize) -> Vec<Vec<f64>> {
    const STRIDES: [f64; 4] = [0.618_034, 0.754_878, 0.819_173, 0.856_675];
    let coordinate = |(number, (arg, &(low, high))): (usize, (usize, &(f64, f64)))| {
        let share = (number as f64 * STRIDES[arg % STRIDES.len()]).fract();
        f64::from((low + (high - low) * share) as f32)
    };
    (1..=count)
        .map(|number| {
            intervals
                .iter()
                .enumerate()
                .map(|interval| coordinate((number, interval)))
                .collect()
        })
        .collect()
}
