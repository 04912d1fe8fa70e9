//! Operators that are spelled out as methods.

use std::ops::{Add, Div, Mul, Neg, Rem, Sub};

use tapeless::check::assert_gradient;
use tapeless::{differentiate, Real};

const TURN: f64 = 6.25;

#[differentiate]
fn normalised(angle: f64) -> f64 {
    let mut w = angle.rem(TURN);
    if w < 0.0 {
        w += TURN;
    }
    w * w
}

#[differentiate]
fn nested(a: f64, b: f64) -> f64 {
    (a * 2.0).rem(a.neg().add(7.0)).mul(b).sub(b.div(a)) + (-5.0 * a).rem(1.0) * TURN
}

#[differentiate]
fn references(x: &[f64], y: &f64) -> f64 {
    let first = &x[0];
    first.mul(y).add(&x[1]).div(y.mul(*y))
}

#[differentiate]
fn generic<T: Real>(a: T, v: &[T]) -> T {
    v[0].div(a.sub(v[1])).neg()
}

#[differentiate]
fn single(x: f32) -> f32 {
    x.mul(3.0).rem(0.7)
}

#[differentiate]
fn folded(x: &[f64]) -> f64 {
    x.iter()
        .map(|v| v.mul(0.5).sub(1.0))
        .fold(1.0, |a, b| a.mul(b))
}

#[test]
fn they_are_the_operators() {
    for angle in [-20.0, -1.0, 0.5, 17.0] {
        assert_gradient!(normalised(angle));
    }
    assert_gradient!(nested(0.7, 1.3));
    assert_gradient!(references(&[0.7, 1.3], &0.4));
    assert_gradient!(generic(0.7, &[0.3, 0.2]));
    assert_gradient!(single(1.2));
    assert_gradient!(folded(&[0.7, 1.3, -0.4]));
    assert_eq!(normalised_value_and_grad(-20.0).0, normalised(-20.0));
}

struct Clock {
    t: f64,
    hand: f32,
}

/// What a field is made of is not seen.
#[differentiate]
fn of_fields(#[constant] clock: &Clock, x: f64) -> f64 {
    let angle = clock.t.mul(x);
    angle.rem(TURN).sub(x.neg()).div(clock.hand.neg() as f64)
}

#[differentiate]
fn of_results(x: f64) -> f64 {
    normalised(x).rem(1.5).add(normalised(x).neg().mul(x))
}

#[test]
fn receivers_of_types_that_are_not_seen() {
    let clock = Clock { t: 3.0, hand: 0.5 };
    let d = of_fields_grad(&clock, 4.0);
    assert!((d - (3.0 + 1.0) / -0.5).abs() < 1e-14);
    assert_gradient!(of_results(0.7));
}

#[derive(Clone, Copy, Debug, PartialEq, tapeless::Differentiable)]
struct Pair {
    x: f64,
    y: f64,
}

impl Pair {
    /// Not the operator.
    #[differentiate]
    fn add(self, other: Pair) -> Pair {
        Pair {
            x: self.x * other.x,
            y: self.y + other.y,
        }
    }
}

#[differentiate]
fn own_method(a: Pair, b: Pair) -> f64 {
    let sum = a.add(b);
    sum.x * sum.y
}

#[test]
fn methods_of_the_users_types_are_their_own() {
    assert_gradient!(own_method(
        Pair { x: 0.3, y: 0.4 },
        Pair { x: 2.0, y: -1.0 }
    ));
}
