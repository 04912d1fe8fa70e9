//! Methods that lend a part of `self`, called by methods beside them.

use tapeless::check::assert_gradient;
use tapeless::{differentiate, Differentiable};

#[derive(Clone, Debug, Differentiable)]
struct Layer {
    weights: Vec<f64>,
    bias: [f64; 3],
    inner: Inner,
    columns: usize,
}

#[derive(Clone, Debug, Differentiable)]
struct Inner {
    scale: f64,
}

#[differentiate]
impl Layer {
    fn weights(&self) -> &[f64] {
        &self.weights
    }

    fn row(&self, i: usize) -> &[f64] {
        &self.weights()[i * self.columns..(i + 1) * self.columns]
    }

    fn bias(&self) -> &[f64; 3] {
        &self.bias
    }

    fn inner(&self) -> &Inner {
        &self.inner
    }

    fn scale(&self) -> &f64 {
        &self.inner().scale
    }

    fn columns(&self) -> &usize {
        &self.columns
    }

    fn total(&self, x: f64) -> f64 {
        self.weights().iter().map(|w| w * w).sum::<f64>() * x
    }

    fn output(&self, i: usize, x: &[f64]) -> f64 {
        let row = self.row(i);
        let mut sum = self.bias()[i];
        for j in 0..*self.columns() {
            sum += row[j] * x[j];
        }
        sum * self.scale() + self.inner().scale
    }

    fn last(&self, x: &[f64]) -> f64 {
        let i = self.columns;
        let row = self.row(self.columns - 1);
        self.output(i - 1, x) * row[i - 1] + row.iter().sum::<f64>()
    }
}

#[test]
fn parts_of_self() {
    let layer = Layer {
        weights: vec![0.5, -0.25, 1.5, 0.75],
        bias: [0.1, 0.2, 0.3],
        inner: Inner { scale: 1.25 },
        columns: 2,
    };
    assert_gradient!(layer.total(0.3));
    assert_gradient!(layer.output(0, &[0.7, -1.1]));
    assert_gradient!(layer.output(1, &[0.7, -1.1]));
    assert_gradient!(layer.last(&[0.7, -1.1]));
}
