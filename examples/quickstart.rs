//! The README's example, and a descent along its gradient to the bottom of the valley.
//!
//! `cargo run -p tapeless-examples --example quickstart`

use tapeless::differentiate;

#[differentiate]
fn rosenbrock(x: f64, y: f64) -> f64 {
    (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2)
}

/// A step of gradient descent, halved until it decreases the function enough (Armijo).
fn step(x: f64, y: f64) -> (f64, f64) {
    let (value, (dx, dy)) = rosenbrock_value_and_grad(x, y);
    let mut rate = 1.0;
    let decrease = 0.3 * (dx * dx + dy * dy);
    while rosenbrock(x - rate * dx, y - rate * dy) > value - rate * decrease {
        rate *= 0.5;
    }
    (x - rate * dx, y - rate * dy)
}

fn main() {
    let (value, (dx, dy)) = rosenbrock_value_and_grad(1.2, 1.0);
    println!("rosenbrock(1.2, 1.0) = {value:.3}, gradient ({dx:.3}, {dy:.3})");
    assert!(
        (value - 19.4).abs() < 1e-10 && (dx - 211.6).abs() < 1e-10 && (dy + 88.0).abs() < 1e-10
    );

    let (mut x, mut y) = (1.2, 1.0);
    for _ in 0..20_000 {
        (x, y) = step(x, y);
    }
    println!("after descending: ({x:.6}, {y:.6}), the minimum is (1, 1)");
    assert!((x - 1.0).abs() < 1e-4 && (y - 1.0).abs() < 1e-4);
}
