//! `#[max_iters(N)]`: running longer panics, the message names the loop and `N`, and cotangents are as they were.

use std::panic::{catch_unwind, AssertUnwindSafe};

use tapeless::check::assert_gradient;
use tapeless::differentiate;

/// Scales the elements by a state that goes on after each.
#[differentiate(no_alloc)]
fn scaled(x: &mut [f64; 4], rate: f64, steps: usize) {
    let mut state = 0.5;
    #[max_iters(4)]
    for step in 0..steps {
        x[step % 4] *= state;
        state = rate * state * (1.0 - state);
    }
}

/// What a panic says.
fn panic_of<T>(run: impl FnOnce() -> T) -> String {
    let run = catch_unwind(AssertUnwindSafe(run)).map(drop);
    let panic = run.expect_err("it has to panic");
    match panic.downcast::<String>() {
        Ok(said) => *said,
        Err(_) => String::from("something that is not text"),
    }
}

#[test]
fn an_overrun_names_the_loop_and_its_bound_and_leaves_cotangents_alone() {
    let mut x = [1.0, 2.0, 3.0, 4.0];
    let (mut d_x, mut d_rate) = ([1.0, -1.0, 2.0, -2.0], 7.0);
    let said = panic_of(|| scaled_vjp(&mut x, 3.0, 5, &mut d_x, &mut d_rate, ()));
    assert!(said.contains("for step in 0 .. steps"), "{said}");
    assert!(said.contains("more than 4 times"), "{said}");
    assert_eq!((d_x, d_rate), ([1.0, -1.0, 2.0, -2.0], 7.0));
    // The trip count is known, so the loop has not even begun.
    assert_eq!(x, [1.0, 2.0, 3.0, 4.0]);
}

#[test]
fn as_often_as_it_says_is_not_an_overrun() {
    let (mut x, mut d_x, mut d_rate) = ([1.0; 4], [1.0; 4], 0.0);
    scaled_vjp(&mut x, 3.0, 4, &mut d_x, &mut d_rate, ());
    let step = 1e-6;
    let sum = |rate: f64| {
        let mut x = [1.0; 4];
        scaled(&mut x, rate, 4);
        x.iter().sum::<f64>()
    };
    let slope = (sum(3.0 + step) - sum(3.0 - step)) / (2.0 * step);
    assert!((d_rate - slope).abs() < 1e-8, "{d_rate} against {slope}");
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
        panic_of(|| recorded_grad(0.5, 5)),
        panic_of(|| independent_grad_into(&[1.0; 5], &mut [0.0; 5])),
        panic_of(|| endless_grad(1.0, 1e12)),
    ];
    for (message, name) in messages.iter().zip(["for _ in", "for i in", "while"]) {
        assert!(message.contains(name), "{message}");
        assert!(message.contains("max_iters(4)"), "{message}");
    }
}

/// As often as its bound says, and no oftener: looking at the condition once more is no iteration.
#[differentiate]
fn whiles(x: f64, n: usize) -> f64 {
    let (mut s, mut i) = (x, 0);
    #[max_iters(4)]
    while i < n {
        s = s.sin() * x;
        i += 1;
        if s > 2.0 {
            break;
        }
    }
    #[max_iters(4)]
    loop {
        if i == 0 {
            break;
        }
        s = s.cos() * x;
        i -= 1;
    }
    #[max_iters(5)]
    loop {
        s = s.sin() + x;
        i += 1;
        if i > n {
            break s;
        }
    }
}

#[test]
fn exactly_as_often_as_the_bound() {
    for n in 0..5 {
        assert_gradient!(whiles(0.8, n));
    }
    assert!(std::panic::catch_unwind(|| whiles_grad(0.8, 5)).is_err());
}
