//! Sums that the reverse of a loop would add up once more.

use tapeless::{assert_gradient, differentiate};

/// What flows back to the shift is the sum.
#[differentiate]
fn shifted(x: &[f64], shift: f64) -> f64 {
    let sum: f64 = x.iter().map(|x| (x - shift).exp()).sum();
    (1.0 + sum).ln() * shift
}

/// Nothing is added up where there are no elements, whatever it would be multiplied with.
#[differentiate]
fn infinite(x: &[f64], shift: f64) -> f64 {
    let mut sum = 0.0;
    for v in x {
        sum += (v - shift).exp();
    }
    sum.sqrt() + shift
}

/// Sums that begin elsewhere, go over other elements, or are made of other terms.
#[differentiate]
fn others(x: &[f64], y: &[f64], a: f64, b: f64, c: f64) -> f64 {
    let mut from_one = 1.0;
    for v in x {
        from_one += (v * a).exp();
    }
    let mut fewer = 0.0;
    for v in &x[1..] {
        fewer -= (v - b).exp();
    }
    let mut twice = 0.0;
    for (v, w) in x.iter().zip(y) {
        let e = (v - c).exp();
        twice += e * w;
        twice += e;
    }
    from_one.ln() * (1.0 - fewer).sqrt() + (2.0 + twice * twice).ln()
}

/// The memory changes between the two loops.
#[differentiate]
fn changed(x: &[f64], a: f64) -> f64 {
    let mut v = x.to_vec();
    let mut sum = 0.0;
    for i in 0..v.len() {
        sum += (v[i] - a).exp();
    }
    for i in 0..v.len() {
        v[i] = v[i] * v[i] * a;
    }
    sum.ln() + v.iter().sum::<f64>().sin()
}

/// The softmax of a row, and its cross entropy, in single precision.
#[differentiate]
fn entropy(x: &[f32], target: usize) -> f32 {
    let top = x.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let sum: f32 = x.iter().map(|x| (x - top).exp()).sum();
    -((x[target] - top).exp() / sum).ln()
}

fn sample(n: usize, phase: f64) -> Vec<f64> {
    (0..n).map(|i| (1.1 * i as f64 + phase).sin()).collect()
}

#[test]
fn by_differences() {
    for n in [1, 2, 5, 20] {
        let x = sample(n, 0.3);
        assert_gradient!(shifted(&x, 0.4));
        assert_gradient!(infinite(&x, -0.2));
        assert_gradient!(others(&x, &sample(n, 1.3), 0.3, -0.1, 0.2));
        assert_gradient!(changed(&x, 0.7));
    }
    assert_gradient!(shifted(&[], 0.4));
}

#[test]
fn without_elements() {
    assert_eq!(infinite_grad(&[], 0.5), (vec![], 1.0));
}

#[test]
fn softmax_minus_target() {
    let x = [0.5f32, -1.0, 2.0, 0.0];
    let d = entropy_grad(&x, 2);
    let sum: f32 = x.iter().map(|x| x.exp()).sum();
    for (i, d) in d.iter().enumerate() {
        let target = if i == 2 { 1.0 } else { 0.0 };
        approx::assert_relative_eq!(*d, x[i].exp() / sum - target, epsilon = 1e-6);
    }
}
