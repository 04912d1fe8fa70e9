//! Loops that must store something and may not allocate: bounded by a number in the code, by `#[max_iters]`, or by
//! `#[checkpoints]`.

use core::hint::black_box;

use tapeless::differentiate;

#[differentiate(wrt(rate), no_alloc)]
fn counted(rate: f64) -> f64 {
    let mut x = 0.3;
    for _ in 0..32 {
        x = rate * x * (1.0 - x);
    }
    x
}

#[differentiate(wrt(rate), no_alloc)]
fn bounded(rate: f64, steps: usize) -> f64 {
    let mut x = 0.3;
    #[max_iters(32)]
    for _ in 0..steps {
        x = rate * x * (1.0 - x);
    }
    x
}

#[differentiate(wrt(rate), no_alloc)]
fn bounded_while(rate: f64, close: f64) -> f64 {
    let mut x = 0.3;
    #[max_iters(32)]
    while x < close {
        x = rate * x * (1.0 - 0.1 * x);
    }
    x
}

#[differentiate(wrt(rate), no_alloc)]
fn checkpointed(rate: f64, steps: usize) -> f64 {
    let mut x = 0.3;
    #[checkpoints(3)]
    for _ in 0..steps {
        x = rate * x * (1.0 - x);
    }
    x
}

/// All store the same states, or what leads to them.
pub fn all() -> bool {
    let rate = black_box(3.2);
    let expected = counted_value_and_grad(rate);
    bounded_value_and_grad(rate, 32) == expected
        && checkpointed_value_and_grad(rate, 32) == expected
        && (0..32).all(|steps| bounded_grad(rate, steps) == checkpointed_grad(rate, steps))
        && agrees(rate)
}

/// The gradient of a loop that runs as long as it has to.
fn agrees(rate: f64) -> bool {
    let step = 1e-6;
    let slope = (bounded_while(rate + step, 5.0) - bounded_while(rate - step, 5.0)) / (2.0 * step);
    libm::fabs(bounded_while_grad(rate, 5.0) - slope) < 1e-6 * libm::fabs(slope)
}
