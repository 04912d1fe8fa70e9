//! Functions that are given: constants go into them, and what comes out is one.

use tapeless::check::assert_gradient;
use tapeless::differentiate;

#[differentiate]
fn by_pointer(g: fn(f64) -> f64, x: f64) -> f64 {
    let k = g(2.0);
    k * x * x
}

#[differentiate]
fn unnamed(#[constant] g: impl Fn(f64) -> f64, x: f64) -> f64 {
    let at = 0.5;
    g(at) * x + x * g(at + 1.0)
}

#[differentiate]
fn dynamic(#[constant] g: &dyn Fn(f64) -> f64, x: f64) -> f64 {
    (0..3).map(|i| g(i as f64) * x.sin()).sum::<f64>() * x
}

#[differentiate]
fn generic<F: Fn(f64, usize) -> f64>(#[constant] g: F, x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for (i, v) in x.iter().enumerate() {
        let weight: f64 = g(1.5, i);
        if weight > 2.0 {
            continue;
        }
        sum += weight * v * v;
    }
    sum
}

struct Table {
    entry: fn(f64) -> f64,
}

#[differentiate]
fn in_a_field(#[constant] table: &Table, x: f64) -> f64 {
    (table.entry)(2.0) * x * x
}

#[differentiate]
fn in_a_variable(x: f64) -> f64 {
    let h: fn(f64) -> f64 = f64::sqrt;
    h(2.0) * x * x
}

#[test]
fn of_constants() {
    assert_gradient!(by_pointer(f64::exp, 1.5));
    assert_gradient!(unnamed(|x: f64| x * 3.0, 1.5));
    assert_gradient!(dynamic(&|x| x + 1.0, 1.5));
    assert_gradient!(generic(|x: f64, i: usize| x * i as f64, &[0.5, 1.5, 2.5]));
    assert_gradient!(in_a_field(&Table { entry: f64::exp }, 1.5));
    assert_gradient!(in_a_variable(1.5));
}
