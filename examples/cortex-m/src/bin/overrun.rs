//! What happens when a loop runs longer than its `#[max_iters]`: a panic that names the loop and the bound, before
//! anything is written where it does not belong. This firmware is meant to fail.
#![no_std]
#![no_main]

use core::hint::black_box;

use cortex_m_rt::entry;
use tapeless::differentiate;
use tapeless_cortex_m::Report;

/// The state of a logistic map after so many steps.
#[differentiate(no_alloc)]
fn population(rate: f32, steps: usize) -> f32 {
    let mut share = 0.5;
    #[max_iters(16)]
    for _ in 0..steps {
        share = rate * share * (1.0 - share);
    }
    share
}

#[entry]
fn main() -> ! {
    let mut report = Report::default();
    let enough = population_grad(black_box(2.5), black_box(16));
    report.check(enough.is_finite(), "the loop may run as often as it says");
    population_grad(black_box(2.5), black_box(17));
    report.finish()
}
