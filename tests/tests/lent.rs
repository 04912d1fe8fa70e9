//! Functions that return a reference to a part of an argument.

use tapeless::check::assert_gradient;
use tapeless::{differentiate, Differentiable};

#[derive(Clone, Debug, Differentiable)]
struct Layer {
    weights: Vec<f64>,
    bias: f64,
}

#[derive(Clone, Debug, Differentiable)]
struct Net {
    layers: Vec<Layer>,
}

/// A part that a search for positions finds.
#[differentiate]
fn trimmed(values: &[f64]) -> &[f64] {
    let large = |x: &f64| x.abs() > 0.1;
    let begin = values.iter().position(large).unwrap_or(0);
    let end = values.iter().rposition(large).unwrap_or(values.len() - 1) + 1;
    &values[begin..end]
}

/// The whole, or a part of it.
#[differentiate]
fn tail(values: &[f64], from: usize) -> &[f64] {
    if from == 0 {
        return values;
    }
    &values[from..]
}

#[differentiate]
fn either<'a>(a: &'a [f64; 3], b: &'a [f64; 3], k: f64) -> &'a [f64; 3] {
    if k > 0.0 {
        return a;
    }
    b
}

#[differentiate]
fn largest(values: &[f64]) -> &f64 {
    let mut best = 0;
    for i in 1..values.len() {
        if values[i] > values[best] {
            best = i;
        }
    }
    &values[best]
}

/// Something that stands in no argument, among what does.
#[differentiate]
fn first(values: &[f64]) -> &f64 {
    values.first().unwrap_or(&2.0)
}

#[differentiate]
fn layer(net: &Net, at: usize) -> &Layer {
    &net.layers[at]
}

#[differentiate]
fn weights(net: &Net, at: usize) -> &[f64] {
    &layer(net, at).weights
}

impl Net {
    #[differentiate]
    fn last(&self) -> &Layer {
        &self.layers[self.layers.len() - 1]
    }
}

#[differentiate]
fn present_value(rate: f64, values: &[f64]) -> f64 {
    let values = trimmed(values);
    let mut sum = 0.0;
    for (i, v) in values.iter().enumerate() {
        sum += v / (1.0 + rate).powi(i as i32);
    }
    sum
}

#[differentiate]
fn energy(values: &[f64], from: usize) -> f64 {
    let part = tail(values, from);
    part.iter().map(|x| x * x * x).sum::<f64>() * part[part.len() - 1]
}

#[differentiate]
fn chosen(a: [f64; 3], b: [f64; 3], k: f64) -> f64 {
    let x = either(&a, &b, k);
    x[0] * x[1] * k + x[2]
}

#[differentiate]
fn output(net: &Net, x: f64) -> f64 {
    let mut sum = x;
    for at in 0..net.layers.len() {
        for w in weights(net, at) {
            sum += (w * x + layer(net, at).bias).sin();
        }
    }
    sum * net.last().bias
}

#[test]
fn parts_of_slices() {
    for values in [&[0.0, 1.5, -0.5, 0.7, 0.0, 0.0][..], &[1.2], &[2.0, 0.3]] {
        assert_gradient!(present_value(0.05, values));
        assert_gradient!(energy(values, 0));
    }
    assert_gradient!(energy(&[0.3, 1.5, 0.7, 1.1], 2));
}

#[test]
fn one_of_two() {
    for k in [0.8, -0.8] {
        assert_gradient!(chosen([0.3, 1.5, 0.7], [1.1, 0.2, -0.4], k));
    }
}

#[test]
fn parts_of_structs() {
    let layer = |bias| Layer {
        weights: vec![0.3, bias, 1.1],
        bias,
    };
    let net = Net {
        layers: vec![layer(0.4), layer(-0.7)],
    };
    assert_gradient!(output(&net, 0.6));
}

#[test]
fn what_is_lent_is_the_same() {
    let values = [0.0, 1.5, 0.0];
    let mut d = [0.0; 3];
    let part = trimmed_vjp(&values, vec![2.0], &mut d[..]);
    assert!(core::ptr::eq(part, trimmed(&values)));
    assert_eq!(d, [0.0, 2.0, 0.0]);
    let (a, b) = ([1.0, 2.0, 3.0], [4.0, 5.0, 6.0]);
    let (mut d_a, mut d_b, mut d_k) = ([0.0; 3], [0.0; 3], 0.0);
    let one = either_vjp(&a, &b, -1.0, [1.0; 3], &mut d_a, &mut d_b, &mut d_k);
    assert!(core::ptr::eq(one, &b));
    assert_eq!((d_a, d_b, d_k), ([0.0; 3], [1.0; 3], 0.0));
    let mut d = [0.0; 3];
    assert_eq!(*largest_vjp(&values, 3.0, &mut d[..]), 1.5);
    assert_eq!(d, [0.0, 3.0, 0.0]);
    assert_eq!(*first_vjp(&[], 3.0, &mut [][..]), 2.0);
    assert_eq!(*first_vjp(&values, 3.0, &mut d[..]), 0.0);
    assert_eq!(d, [3.0, 3.0, 0.0]);
}
