//! Functions that tell their caller something beside the result, if the caller asks.

use tapeless::check::assert_gradient;
use tapeless::{differentiate, Inactive};

#[differentiate]
fn ln_abs(x: f64, sign: Option<&mut i32>) -> f64 {
    if let Some(sign) = sign {
        *sign = 1;
        if x < 0.0 && (x.floor() % 2.0) == 0.0 {
            *sign = -1;
        } else {
            *sign += 2;
        }
    }
    if x.is_nan() {
        return f64::NAN;
    }
    x.abs().ln() * x
}

/// Under the name of the parameter there is something else.
#[differentiate]
fn shadowed(x: f64, told: Option<&mut usize>, other: Option<f64>) -> f64 {
    if let Some(steps) = told {
        *steps = 3 + x as usize;
    }
    let told = other;
    let mut y = x;
    if let Some(told) = told {
        y *= told * x;
    }
    y
}

#[differentiate]
fn without(x: f64) -> f64 {
    ln_abs(x * x, None) + x
}

#[test]
fn reports() {
    for x in [0.3, -1.5, -2.5, 4.0] {
        assert_gradient!(without(x));
        let (mut sign, mut expected) = (7, 7);
        let (mut d, value) = (0.0, ln_abs(x, Some(&mut expected)));
        let got = ln_abs_vjp(x, Some(&mut sign), 1.0, &mut d, Inactive);
        assert_eq!((got, sign), (value, expected));
        assert!((d - (x.abs().ln() + 1.0)).abs() < 1e-14);
    }
    let (mut steps, mut d_x, mut d_other) = (0, 0.0, Some(0.0));
    let other = Some(0.5);
    shadowed_vjp(
        2.0,
        Some(&mut steps),
        other,
        1.0,
        &mut d_x,
        Inactive,
        &mut d_other,
    );
    assert_eq!((steps, d_x, d_other), (5, 2.0, Some(4.0)));
}
