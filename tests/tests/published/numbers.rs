//! Numbers of a generic float where only the type of the parameter says which.

use num_traits::{Float, FromPrimitive};
use tapeless::check::assert_gradient;
use tapeless::differentiate;

#[differentiate]
fn moment<T: Float>(v: &[T], mean: Option<T>, deviation: Option<T>) -> T {
    let mean = mean.unwrap_or_else(|| first(v));
    let deviation = deviation.unwrap_or_else(|| spread(v, Some(mean)));
    v.iter()
        .map(|&x| ((x - mean) / deviation).powi(3))
        .fold(T::zero(), |sum, x| sum + x)
}

#[differentiate]
fn first<T: Float>(v: &[T]) -> T {
    v[0] * v[1]
}

#[differentiate]
fn spread<T: Float>(v: &[T], mean: Option<T>) -> T {
    let mean = mean.unwrap_or_else(|| first(v));
    v[1] - mean * mean
}

#[differentiate]
fn mapped<T: Float + FromPrimitive>(at: &[T; 2]) -> T {
    let two = T::from_f64(2.0).unwrap();
    let four = T::from_f64(4.0).unwrap();
    let [x, y] = at.map(|x| four * x - two);
    two * (x + y + T::one()).powi(2) * y
}

#[differentiate]
fn converted<T: Float, const N: usize>(coefficients: [f64; N]) -> [T; N] {
    coefficients.map(|c| T::from(c).unwrap())
}

#[differentiate]
fn through(a: f64, b: f64) -> f64 {
    let [a, b]: [f64; 2] = converted([a, b * b]);
    a * b
}

#[differentiate]
fn given(v: &[f64], mean: f64, deviation: f64) -> f64 {
    moment(v, Some(mean), None) * moment(v, Some(mean), Some(deviation)) + moment(v, None, None)
}

#[test]
fn generic_numbers() {
    let v = [0.3, 1.7, -0.4];
    assert_gradient!(given(&v, 0.2, 1.1));
    assert_gradient!(mapped(&[0.3, 0.8]));
    assert_gradient!(through(0.3, 0.8));
}
