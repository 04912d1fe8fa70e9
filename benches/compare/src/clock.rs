//! The time of a step, by the clock on the wall.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// How long a step is looked at.
const BUDGET: Duration = Duration::from_millis(1000);
/// A sample takes about so many seconds, so that the clock does not count.
const SAMPLE: f64 = 200e-6;

/// Microseconds per step: of all samples the one least disturbed.
pub fn microseconds<R>(mut step: impl FnMut() -> R) -> f64 {
    let mut sample = |repeats: u32| {
        let start = Instant::now();
        for _ in 0..repeats {
            black_box(step());
        }
        start.elapsed().as_secs_f64() / f64::from(repeats)
    };
    sample(3);
    let repeats = (SAMPLE / sample(3).max(1e-9)).clamp(1.0, 1e5) as u32;
    let (start, mut least) = (Instant::now(), f64::INFINITY);
    while start.elapsed() < BUDGET {
        least = least.min(sample(repeats));
    }
    least * 1e6
}
