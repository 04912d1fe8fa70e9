//! Calls as statements, of functions of which it is not seen whether they have a result.
use tapeless::{assert_gradient, differentiate};

#[differentiate]
fn double(x: &mut f64) -> f64 {
    *x *= *x;
    *x * 2.0
}

#[differentiate]
fn triple(x: &mut f64) {
    *x *= 3.0;
}

#[differentiate]
fn scale<T: tapeless::Real>(xs: &mut [T], k: T) -> [T; 2] {
    for x in xs.iter_mut() {
        *x *= k * *x;
    }
    [k, k]
}

#[differentiate]
fn shift(xs: &mut [f64], #[constant] by: impl Fn(f64) -> f64, k: f64) -> (f64, f64) {
    xs[0] += by(2.0) * k;
    (k, xs[0])
}

#[differentiate]
fn both(a: f64) -> f64 {
    let mut x = a.sin();
    double(&mut x);
    triple(&mut x);
    x * a
}

#[differentiate]
fn again_and_again(a: f64, n: usize) -> f64 {
    let mut x = a;
    if a > 0.0 {
        double(&mut x);
    }
    for i in 0..n {
        double(&mut x);
        if i == 1 {
            triple(&mut x);
        }
    }
    x
}

#[differentiate]
fn coerced(a: f64, k: f64) -> f64 {
    let mut xs = vec![a, k];
    scale(&mut xs, k);
    shift(&mut xs, |x| x * x, a);
    let mut pair = [a, xs[0]];
    scale(&mut pair, k);
    pair[1] * xs[1]
}

#[test]
fn a_dropped_result_adds_nothing() {
    assert_gradient!(both(0.7));
    for n in 0..4 {
        assert_gradient!(again_and_again(0.9, n));
        assert_gradient!(again_and_again(-0.9, n));
    }
    assert_gradient!(coerced(0.6, 0.8));
}
