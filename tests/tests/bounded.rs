//! `#[max_iters]`, `#[checkpoints]`: bounds on what a loop stores.

use std::panic::{catch_unwind, AssertUnwindSafe};

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
fn panic_of(run: impl FnOnce()) -> String {
    let panic = catch_unwind(AssertUnwindSafe(run)).expect_err("it has to panic");
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
