//! Constant fields, of every type.

use tapeless::check::assert_gradient;
use tapeless::{differentiate, Differentiable};

#[derive(Clone, Debug)]
struct Config {
    rate: f64,
    table: Vec<f64>,
}

#[derive(Clone, Debug, Differentiable)]
struct Model {
    k: f64,
    #[constant]
    scale: f64,
    #[constant]
    weights: [f64; 2],
    #[constant]
    data: Vec<f64>,
    #[constant]
    config: Config,
    order: Vec<usize>,
}

#[differentiate]
fn scalar(m: &Model, x: f64) -> f64 {
    let annotated: f64 = m.scale;
    m.k * m.scale * x + annotated * x.sin()
}

#[differentiate]
fn elements(m: &Model, x: f64) -> f64 {
    let annotated: f64 = m.data[1];
    m.k * m.weights[0] * x * m.weights[1] + m.data[m.order[0]] * annotated * x
}

#[differentiate]
fn stopped(m: &Model, x: f64) -> f64 {
    m.k * tapeless::constant(m.config.rate) * x * tapeless::constant(m.config.table[0])
}

#[differentiate]
fn loops(m: &Model, x: f64) -> f64 {
    let mut total = 0.0;
    for i in 0..m.order.len() {
        total += x * m.data[m.order[i]] * m.k;
    }
    for (i, w) in m.weights.iter().enumerate() {
        total += w * x * i as f64;
    }
    total
}

#[differentiate]
fn dot(a: &[f64], b: &[f64]) -> f64 {
    a[0] * b[0] + a[1] * b[1]
}

#[differentiate]
fn handed_on(m: &Model, x: &[f64; 2]) -> f64 {
    dot(&m.weights, x) + dot(&m.data, &m.weights) * m.k
}

#[differentiate]
impl Model {
    fn method(&self, x: f64) -> f64 {
        if x > self.data[0] {
            self.k * x
        } else {
            self.weights[1] * x
        }
    }
}

/// In a model that is lent to be written, too.
#[differentiate]
fn beside_what_is_written(m: &mut Model, x: f64) -> f64 {
    m.k *= m.scale;
    m.k = m.k * m.scale + x.max(m.scale);
    m.scale.sin() * m.k + m.scale * m.scale + dot(&m.data, &[x, m.k])
}

#[differentiate]
fn taken_over(mut m: Model, x: f64) -> f64 {
    m.k = m.k * m.scale * x;
    m.k + m.scale
}

#[test]
fn fields() {
    let m = Model {
        k: 2.0,
        scale: 3.0,
        weights: [1.0, 2.0],
        data: vec![0.5, 0.7],
        config: Config {
            rate: 2.0,
            table: vec![1.0],
        },
        order: vec![0, 1],
    };
    assert_gradient!(scalar(&m, 1.5));
    assert_gradient!(elements(&m, 1.5));
    assert_gradient!(stopped(&m, 1.5));
    assert_gradient!(loops(&m, 1.5));
    assert_gradient!(handed_on(&m, &[1.5, 2.5]));
    assert_gradient!(m.method(1.5));
    assert_gradient!(m.method(0.3));
    assert_gradient!(beside_what_is_written(&mut m.clone(), 1.5));
    assert_gradient!(taken_over(m.clone(), 1.5));
}
