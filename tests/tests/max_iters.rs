//! `#[max_iters(N)]`: running longer panics, and the message names the loop and `N`.

use std::panic::{catch_unwind, UnwindSafe};

use tapeless::differentiate;

/// What a function panics with.
fn message<T>(run: impl FnOnce() -> T + UnwindSafe) -> String {
    match catch_unwind(run) {
        Ok(_) => String::new(),
        Err(panic) => panic.downcast_ref::<String>().cloned().unwrap_or_default(),
    }
}

/// Iterations that depend on each other are recorded.
#[differentiate(no_alloc)]
fn recorded(x: f64, n: usize) -> f64 {
    let mut y = x;
    #[max_iters(4)]
    for _ in 0..n {
        y = (y * x).sin();
    }
    y
}

/// Independent ones are not.
#[differentiate(no_alloc)]
fn independent(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    #[max_iters(4)]
    for i in 0..x.len() {
        sum += x[i].sin();
    }
    sum
}

#[differentiate(no_alloc)]
fn endless(x: f64, limit: f64) -> f64 {
    let mut y = x;
    #[max_iters(4)]
    while y < limit {
        y = y * y + x;
    }
    y
}

#[test]
fn within_the_bound() {
    assert!(recorded_grad(0.5, 4).is_finite());
    let mut d = [0.0; 4];
    independent_grad_into(&[1.0; 4], &mut d);
    assert_eq!(d, [1.0_f64.cos(); 4]);
    assert!(endless_grad(1.0, 5.0).0 > 0.0);
}

#[test]
fn beyond_the_bound() {
    let messages = [
        message(|| recorded_grad(0.5, 5)),
        message(|| independent_grad_into(&[1.0; 5], &mut [0.0; 5])),
        message(|| endless_grad(1.0, 1e12)),
    ];
    for (message, name) in messages.iter().zip(["for _ in", "for i in", "while"]) {
        assert!(message.contains(name), "{message}");
        assert!(message.contains("max_iters(4)"), "{message}");
    }
}
