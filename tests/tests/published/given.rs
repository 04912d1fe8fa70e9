//! Constant iterators that the function is given.

use tapeless::check::assert_gradient;
use tapeless::{differentiate, Real};

#[differentiate]
fn polynomial<I>(x: f64, #[constant] coefficients: I) -> f64
where
    I: IntoIterator<Item = f64>,
{
    coefficients
        .into_iter()
        .fold(0.0, |sum, coefficient| sum * x + coefficient)
}

#[differentiate]
fn weighted<T: Real>(x: &[T], #[constant] weights: impl Iterator<Item = T>) -> T {
    weights.enumerate().map(|(i, w)| w * x[i] * x[i]).sum()
}

#[differentiate]
fn looped<'a, I: IntoIterator<Item = &'a f64>>(x: f64, #[constant] factors: I) -> f64 {
    let mut product = x;
    for factor in factors {
        product *= factor + product.sin();
    }
    product
}

#[differentiate]
fn caller(x: f64, y: f64) -> f64 {
    polynomial(x * y, [0.3, -1.2, 0.5]) + looped(y, &[1.0, 2.0])
}

#[test]
fn items_are_gathered() {
    for x in [0.0, 0.4, -1.7] {
        let (value, d) = polynomial_value_and_grad(x, vec![3.0, 2.0, 1.0]);
        assert_eq!((value, d), (3.0 * x * x + 2.0 * x + 1.0, 6.0 * x + 2.0));
        assert_gradient!(caller(x, 0.8));
    }
    assert_eq!(polynomial_grad(2.0, []), 0.0);
    let d = weighted_grad(&[1.0, 2.0, 3.0], [0.5, 0.25].into_iter());
    assert_eq!(d, [1.0, 1.0, 0.0]);
}
