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

const STEPS: usize = 32;

/// As long as its type says, or a constant.
#[differentiate]
fn sized<const N: usize>(rate: &[f64; N]) -> f64 {
    let mut x = 0.3;
    for &rate in rate {
        x = rate * x * (1.0 - x);
    }
    for step in 1..N {
        x = rate[step] * x * (1.0 - x);
    }
    for _ in 0..STEPS - 1 {
        x = rate[0] * x * (1.0 - x);
    }
    for (rate, twice) in rate.iter().zip(&[2.0; 3]) {
        x = (rate * x * twice) * (1.0 - x);
    }
    x
}

/// A loop is bounded by what the compiler knows of its length.
pub fn sizes() -> bool {
    let rate = black_box([0.9, 1.1, 1.2, 0.8, 1.3]);
    let gradient = sized_grad(&rate);
    let step = 1e-6;
    (0..rate.len()).all(|at| {
        let moved = |by: f64| {
            let mut moved = rate;
            moved[at] += by;
            sized(&moved)
        };
        let slope = (moved(step) - moved(-step)) / (2.0 * step);
        libm::fabs(gradient[at] - slope) < 1e-9
    })
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
