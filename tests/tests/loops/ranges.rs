//! `for` over ranges.

use tapeless::differentiate;

#[differentiate]
fn half_open(x: f64, n: usize) -> f64 {
    let mut y = x;
    for i in 0..n {
        y = y.sin() + x * i as f64;
    }
    y * x
}

#[differentiate]
fn closed(x: f64, low: i32, high: i32) -> f64 {
    let mut y = x;
    for i in low..=high {
        y = 0.5 * y * y + x / f64::from(i * i + 1);
    }
    y
}

#[differentiate]
fn reversed(c: &[f64], x: f64) -> f64 {
    let mut y = 0.0;
    for i in (0..c.len()).rev() {
        y = y * x + c[i];
    }
    y
}

#[differentiate]
fn reversed_closed(x: f64, n: u32) -> f64 {
    let mut y = 1.0;
    for i in (1..=n).rev() {
        y = 1.0 + x / (y * f64::from(i));
    }
    y
}

#[differentiate]
fn stepped(x: f64, from: usize, to: usize, step: usize) -> f64 {
    let mut y = x;
    for i in (from..to).step_by(step) {
        y = (y + i as f64).cos() * x;
    }
    y
}

#[differentiate]
fn stepped_closed(x: f64, n: usize) -> f64 {
    let mut y = x;
    for i in (0..=n).step_by(3) {
        y = y * x.cos() + i as f64;
    }
    y
}

#[differentiate]
fn reversed_steps(x: f64, n: usize) -> f64 {
    let mut y = x;
    for i in (0..n).step_by(2).rev() {
        y = (y * x + i as f64).sqrt();
    }
    for i in (0..n).rev().step_by(2) {
        y = (y * x + i as f64).sqrt();
    }
    y
}

#[differentiate]
fn literal(x: f64) -> f64 {
    let mut y = x;
    for _ in 0..5 {
        y = y.exp() - 1.0;
        y *= 0.7;
    }
    y
}

#[differentiate]
fn constant_generic<const N: usize>(x: &[f64; N], k: f64) -> f64 {
    let mut y = k;
    for i in 0..N {
        y = y.tanh() * x[i] + k;
    }
    y
}

#[differentiate]
fn neighbours<const N: usize>(x: &[f64; N]) -> f64 {
    let mut total = 0.0;
    for i in 0..N - 1 {
        let d = x[i + 1] - x[i];
        total += d * d * x[i];
    }
    total
}

#[differentiate]
fn bounds_change(x: f64, n: usize) -> f64 {
    let mut low = 0;
    let mut y = x;
    for i in low..n {
        low += 2;
        y = y * x + (low + i) as f64 * 0.01;
    }
    for i in low..3 * n {
        y = (y + i as f64).sin();
    }
    y
}

#[test]
fn ranges() {
    for n in [0, 1, 2, 7, 40] {
        check!(half_open, half_open_value_and_grad, (0.7, n));
        check!(stepped_closed, stepped_closed_value_and_grad, (0.7, n));
        check!(reversed_steps, reversed_steps_value_and_grad, (0.7, n));
        check!(
            reversed_closed,
            reversed_closed_value_and_grad,
            (0.7, n as u32)
        );
        check!(bounds_change, bounds_change_value_and_grad, (0.7, n));
        for step in [1, 2, 5, 100] {
            check!(stepped, stepped_value_and_grad, (0.7, 1, n, step));
        }
    }
    for (low, high) in [(0, -1), (0, 0), (3, 3), (-3, 4)] {
        check!(closed, closed_value_and_grad, (0.7, low, high));
    }
    check!(reversed, reversed_value_and_grad, (&[], 0.7));
    check!(reversed, reversed_value_and_grad, (&[1.5], 0.7));
    check!(
        reversed,
        reversed_value_and_grad,
        (&[1.5, -0.5, 0.3, 2.0], 0.7)
    );
    check!(literal, literal_value_and_grad, (0.7));
    check!(
        constant_generic,
        constant_generic_value_and_grad,
        (&[], 0.7)
    );
    check!(
        constant_generic,
        constant_generic_value_and_grad,
        (&[0.3, 0.4, 1.5], 0.7)
    );
    check!(neighbours, neighbours_value_and_grad, (&[0.3]));
    check!(
        neighbours,
        neighbours_value_and_grad,
        (&[0.3, 0.4, 1.5, -0.7])
    );
}
