//! What only an arm uses that was not taken has no cotangent: its derivative does not matter, be it infinite.

use tapeless::{assert_gradient, differentiate, Real};

/// The unit vector's first component, or the component itself.
#[differentiate]
fn direction(x: f64, y: f64) -> f64 {
    let r = (x * x + y * y).sqrt();
    if r > 1e-9 {
        x / r
    } else {
        x
    }
}

/// A quotient before it is known whether there is one.
#[differentiate]
fn ratio(a: f64, b: f64) -> f64 {
    let q = a / b;
    let scaled = 2.0 * q;
    if b.abs() < 1e-12 {
        a
    } else {
        scaled * q
    }
}

/// Each of several functions, in an arm of its own.
#[differentiate]
fn chosen(x: f64, which: u32) -> f64 {
    let (log, power, exp, arc) = (x.ln(), x.powf(0.5), (x - 1.0).exp(), x.acos());
    match which {
        0 => log,
        1 => power * power,
        2 => exp,
        3 if x < 0.5 => arc,
        _ => x,
    }
}

/// Through arms inside arms, and out of a loop.
#[differentiate]
fn nested(x: f64, y: f64, rounds: u32) -> f64 {
    let root = x.sqrt();
    let mut total = y;
    for round in 0..rounds {
        let log = total.ln();
        if round % 2 == 0 {
            if y > 2.0 {
                total += root * log;
            } else {
                total += x;
            }
        } else if x > 1.0 {
            continue;
        }
    }
    total
}

/// A return before it is used.
#[differentiate]
fn early(x: f64) -> f64 {
    let root = x.sqrt();
    if x <= 0.0 {
        return 3.0 * x;
    }
    root * root
}

#[differentiate]
fn length(x: f64, y: f64) -> f64 {
    (x * x + y * y).sqrt()
}

/// Of a function that is called.
#[differentiate]
fn called(x: f64, y: f64) -> f64 {
    let r: f64 = length(x, y);
    (r > 0.0).then(|| r * r * x).unwrap_or(y)
}

#[differentiate]
fn generic<T: Real>(x: T, y: T) -> T {
    let r = (x * x + y * y).sqrt();
    if r > T::zero() {
        x / r + y
    } else {
        y
    }
}

/// What is used elsewhere too has the derivative that it has.
#[differentiate]
fn used_too(x: f64) -> f64 {
    let root = x.sqrt();
    let twice = if x > 1.0 { 2.0 * root } else { 0.0 };
    twice + root
}

#[test]
fn at_the_points_where_they_are_infinite() {
    assert_eq!(direction_grad(0.0, 0.0), (1.0, 0.0));
    assert_eq!(ratio_grad(3.0, 0.0), (1.0, 0.0));
    assert_eq!(ratio_grad(0.0, 0.0), (1.0, 0.0));
    assert_eq!(chosen_grad(0.0, 4), 1.0);
    assert_eq!(chosen_grad(-1.0, 4), 1.0);
    assert_eq!(chosen_grad(1.0, 3), 1.0);
    assert_eq!(chosen_grad(1e4, 7), 1.0);
    assert_eq!(nested_grad(0.0, 1.5, 3), (2.0, 1.0));
    assert_eq!(nested_grad(0.0, 0.0, 2), (1.0, 1.0));
    assert_eq!(early_grad(0.0), 3.0);
    assert_eq!(early_grad(-1.0), 3.0);
    assert_eq!(called_grad(0.0, 0.0), (0.0, 1.0));
    assert_eq!(generic_grad(0.0_f64, 0.0), (0.0, 1.0));
    assert_eq!(generic_grad(0.0_f32, 0.0), (0.0, 1.0));
    assert_eq!(used_too_grad(0.0), f64::INFINITY);
}

#[test]
fn where_they_are_finite() {
    for (x, y) in [(0.3, 0.4), (-1.5, 2.5), (0.0, 1.0)] {
        assert_gradient!(direction(x, y));
        assert_gradient!(ratio(x, y));
        assert_gradient!(called(x, y));
        assert_gradient!(generic(x, y));
    }
    for which in 0..5 {
        assert_gradient!(chosen(0.3, which));
        assert_gradient!(nested(0.8, 1.5 + f64::from(which), which));
        assert_gradient!(nested(1.8, 2.5, which));
    }
    for x in [0.3, 1.7] {
        assert_gradient!(early(x));
        assert_gradient!(used_too(x));
    }
}
