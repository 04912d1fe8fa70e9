//! Sums without a type of their own: the items say what it is.

use num_traits::Float;
use std::iter::{Product, Sum};
use tapeless::differentiate;

use super::close;

#[differentiate]
fn ackley<T: Float + Sum>(x: &[T], b: T, c: T) -> T {
    let n = T::from(x.len()).unwrap();
    let one = T::one();
    -(-b * ((one / n) * x.iter().map(|x| x.powi(2)).sum()).sqrt()).exp()
        - ((one / n) * x.iter().map(|x| (c * *x).cos()).sum()).exp()
}

#[test]
fn a_sum_of_generic_items() {
    let x = [0.3, -0.7, 1.1];
    let (value, (dx, db, dc)) = ackley_value_and_grad(&x, 0.2, 3.0);
    assert_eq!(value, ackley(&x, 0.2, 3.0));
    let h = 1e-5;
    let f = |x: &[f64], b: f64, c: f64| ackley(x, b, c);
    for i in 0..3 {
        let (mut hi, mut lo) = (x, x);
        hi[i] += h;
        lo[i] -= h;
        let slope = (f(&hi, 0.2, 3.0) - f(&lo, 0.2, 3.0)) / (2.0 * h);
        assert!((dx[i] - slope).abs() < 1e-8, "{} {slope}", dx[i]);
    }
    let slope = (f(&x, 0.2 + h, 3.0) - f(&x, 0.2 - h, 3.0)) / (2.0 * h);
    assert!((db - slope).abs() < 1e-8);
    let slope = (f(&x, 0.2, 3.0 + h) - f(&x, 0.2, 3.0 - h)) / (2.0 * h);
    assert!((dc - slope).abs() < 1e-8);
    assert!(ackley_grad::<f32>(&[0.3, -0.7, 1.1], 0.2, 3.0).0[0].is_finite());
}

#[differentiate]
fn pairs<T: Float + Sum + Product>(x: &[T], y: &[T]) -> T {
    let cross: T = x
        .iter()
        .zip(y)
        .enumerate()
        .map(|(i, (&x, &y))| T::from(i).unwrap() * x * y)
        .sum();
    let products = x.windows(2).map(|w| w[0] * w[1]).product();
    cross * products
}

#[test]
fn items_of_pairs_and_windows() {
    let (x, y) = ([1.0, 2.0, 3.0], [4.0, 5.0, 6.0]);
    let (value, (_, dy)) = pairs_value_and_grad(&x, &y);
    // (2·5 + 2·3·6) · (1·2 · 2·3)
    assert!(close(value, 46.0 * 12.0));
    assert!(close(dy[0], 0.0) && close(dy[1], 24.0) && close(dy[2], 72.0));
}
