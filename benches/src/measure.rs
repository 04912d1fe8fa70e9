//! Interleaved timing: a shared machine is slow for whole stretches of time, so that only samples taken in turn can be
//! compared, and of those the least disturbed ones, the minima. It is the thread's own time that is taken: a sample of
//! some milliseconds is hardly ever left alone on a busy machine.

use crate::gradient::Sink;
use cpu_time::ThreadTime;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// One of the implementations compared.
pub struct Variant<'a> {
    /// What stands in the table.
    pub name: &'static str,
    /// One evaluation: returns the value, and puts the gradient where it is wanted.
    pub run: Box<dyn FnMut(&mut Sink) -> f64 + 'a>,
}

impl Variant<'_> {
    /// Seconds per evaluation over `repeats` evaluations, after one that brings caches and allocator back from where the
    /// variant before left them.
    fn sample(&mut self, repeats: u32) -> f64 {
        black_box((self.run)(&mut Sink::closed()));
        let start = ThreadTime::now();
        for _ in 0..repeats {
            black_box((self.run)(&mut Sink::closed()));
        }
        start.elapsed().as_secs_f64() / f64::from(repeats)
    }
}

/// Seconds per evaluation.
#[derive(Clone, Copy)]
pub struct Times {
    /// The least disturbed sample.
    pub min: f64,
    /// The sample in the middle.
    pub median: f64,
}

/// A sample takes at least so long, so that the clock does not count.
const SAMPLE: f64 = 50e-6;
/// At least so many rounds, however long an evaluation takes: of fewer, the minima scatter by a tenth.
const ROUNDS: usize = 20;

/// The times of the variants, sampled in turn until `budget` has passed.
pub fn interleaved(variants: &mut [Variant<'_>], budget: Duration) -> Vec<Times> {
    let repeats: Vec<u32> = variants.iter_mut().map(calibrate).collect();
    let mut samples = vec![Vec::new(); variants.len()];
    let start = Instant::now();
    while samples[0].len() < ROUNDS || start.elapsed() < budget {
        for ((variant, repeats), samples) in variants.iter_mut().zip(&repeats).zip(&mut samples) {
            samples.push(variant.sample(*repeats));
        }
    }
    samples.into_iter().map(summary).collect()
}

/// Evaluations per sample.
fn calibrate(variant: &mut Variant<'_>) -> u32 {
    variant.sample(1);
    (SAMPLE / variant.sample(3).max(1e-9)).clamp(1.0, 1e5) as u32
}

fn summary(mut samples: Vec<f64>) -> Times {
    // A virtual machine's clock of the thread's time stands still or steps back now and then.
    let stood_still = samples.iter().all(|seconds| *seconds <= 0.0);
    samples.retain(|seconds| *seconds > 0.0 || stood_still);
    samples.sort_by(f64::total_cmp);
    Times {
        min: samples[0],
        median: samples[samples.len() / 2],
    }
}
