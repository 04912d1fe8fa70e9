//! Layers.

use tapeless::{assert_gradient, differentiate, Differentiable};

#[differentiate]
fn attention(q: &[f64], keys: &[Vec<f64>], values: &[Vec<f64>]) -> Vec<f64> {
    let scale = 1.0 / (q.len() as f64).sqrt();
    let scores: Vec<f64> = keys
        .iter()
        .map(|k| k.iter().zip(q).map(|(k, q)| k * q).sum::<f64>() * scale)
        .collect();
    let top = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let weights: Vec<f64> = scores.iter().map(|s| (s - top).exp()).collect();
    let total: f64 = weights.iter().sum();
    let mut out = vec![0.0; values[0].len()];
    for (w, v) in weights.iter().zip(values) {
        for (o, v) in out.iter_mut().zip(v) {
            *o += w / total * v;
        }
    }
    out
}

#[differentiate]
fn attended(q: &[f64], keys: &[Vec<f64>], values: &[Vec<f64>]) -> f64 {
    attention(q, keys, values)
        .iter()
        .map(|x| x.tanh())
        .product()
}

#[test]
fn a_head_attends() {
    let keys = vec![vec![0.2, -0.4], vec![1.0, 0.3], vec![-0.5, 0.8]];
    let values = vec![
        vec![0.5, 0.1, -0.3],
        vec![-1.0, 0.7, 0.4],
        vec![0.6, 0.6, 0.9],
    ];
    assert_gradient!(attended(&[0.7, -1.1], &keys, &values));
}

#[derive(Clone, Debug, Differentiable)]
enum Layer {
    Dense { w: Vec<Vec<f64>>, b: Vec<f64> },
    Scale(f64),
    Relu,
}

#[differentiate]
impl Layer {
    fn apply(&self, x: &[f64]) -> Vec<f64> {
        match self {
            Layer::Dense { w, b } => w
                .iter()
                .zip(b)
                .map(|(row, b)| b + row.iter().zip(x).map(|(w, x)| w * x).sum::<f64>())
                .collect(),
            Layer::Scale(k) => x.iter().map(|x| k * x).collect(),
            Layer::Relu => x.iter().map(|&x| if x > 0.0 { x } else { 0.0 }).collect(),
        }
    }
}

#[differentiate]
fn network(layers: &[Layer], x: &[f64]) -> f64 {
    let mut x = x.to_vec();
    for layer in layers {
        x = layer.apply(&x);
    }
    x.iter().map(|x| x * x).sum::<f64>().sqrt()
}

#[test]
fn layers_of_every_kind() {
    let layers = [
        Layer::Dense {
            w: vec![vec![0.3, -0.8], vec![1.1, 0.4], vec![-0.2, -0.9]],
            b: vec![0.1, 0.0, 0.2],
        },
        Layer::Relu,
        Layer::Scale(1.7),
        Layer::Dense {
            w: vec![vec![0.5, 0.5, -0.7]],
            b: vec![0.3],
        },
    ];
    let x = [0.9, 0.2];
    let (value, (dl, dx)) = network_value_and_grad(&layers, &x);
    assert_eq!(value, network(&layers, &x));
    let with = |change: &dyn Fn(&mut [Layer; 4], f64), h: f64| {
        let mut layers = layers.clone();
        change(&mut layers, h);
        network(&layers, &x)
    };
    let slope =
        |change: &dyn Fn(&mut [Layer; 4], f64)| (with(change, 1e-6) - with(change, -1e-6)) / 2e-6;
    let LayerCotangent::Scale(dk) = dl[2] else {
        panic!()
    };
    assert!(
        (dk - slope(&|l, h| if let Layer::Scale(k) = &mut l[2] {
            *k += h
        }))
        .abs()
            < 1e-8
    );
    let LayerCotangent::Dense { w, b } = &dl[0] else {
        panic!()
    };
    let dw = slope(&|l, h| {
        if let Layer::Dense { w, .. } = &mut l[0] {
            w[1][0] += h
        }
    });
    let db = slope(&|l, h| {
        if let Layer::Dense { b, .. } = &mut l[0] {
            b[1] += h
        }
    });
    assert!((w[1][0] - dw).abs() < 1e-8 && (b[1] - db).abs() < 1e-8);
    let at = |h: f64| network(&layers, &[0.9 + h, 0.2]);
    assert!((dx[0] - (at(1e-6) - at(-1e-6)) / 2e-6).abs() < 1e-8);
}

#[differentiate]
trait Activation {
    fn at(&self, x: f64) -> f64;
}

#[derive(Clone, Differentiable)]
struct Leaky {
    slope: f64,
}

#[derive(Clone, Differentiable)]
struct Swish {
    beta: f64,
}

#[differentiate(in_trait)]
impl Activation for Leaky {
    fn at(&self, x: f64) -> f64 {
        if x < 0.0 {
            self.slope * x
        } else {
            x
        }
    }
}

#[differentiate(in_trait)]
impl Activation for Swish {
    fn at(&self, x: f64) -> f64 {
        x / (1.0 + (-self.beta * x).exp())
    }
}

#[differentiate]
fn activated<A: Activation + Clone, B: Activation + Clone>(a: &A, b: &B, x: &[f64]) -> f64 {
    x.iter().map(|&x| b.at(a.at(x))).sum()
}

#[test]
fn activations_behind_a_trait() {
    let (a, b) = (Leaky { slope: 0.2 }, Swish { beta: 1.4 });
    let (_, (da, db, _)) = activated_value_and_grad(&a, &b, &[-1.0, 0.5, 2.0]);
    let at = |s, t| activated(&Leaky { slope: s }, &Swish { beta: t }, &[-1.0, 0.5, 2.0]);
    assert!((da.slope - (at(0.20001, 1.4) - at(0.19999, 1.4)) / 2e-5).abs() < 1e-8);
    assert!((db.beta - (at(0.2, 1.40001) - at(0.2, 1.39999)) / 2e-5).abs() < 1e-8);
}

/// A convolution with a stride, in single precision.
#[differentiate]
fn convolved(x: &[f32], kernel: &[f32; 3], stride: usize) -> f32 {
    let mut energy = 0.0;
    for window in x.windows(3).step_by(stride) {
        let y: f32 = window.iter().zip(kernel).map(|(a, b)| a * b).sum();
        energy += y.max(0.0).powi(2);
    }
    energy
}

/// Layer normalization.
#[differentiate]
fn normalized(x: &mut [f32], gain: &[f32], eps: f32) {
    let n = x.len() as f32;
    let mean = x.iter().sum::<f32>() / n;
    let var = x.iter().map(|v| (v - mean).powi(2)).sum::<f32>() / n;
    let inv = (var + eps).sqrt().recip();
    for (v, g) in x.iter_mut().zip(gain) {
        *v = (*v - mean) * inv * g;
    }
}

#[differentiate]
fn normalized_then(x: &[f32], gain: &[f32]) -> f32 {
    let mut y = x.to_vec();
    normalized(&mut y, gain, 1e-5);
    y.iter().zip(x).map(|(a, b)| a * b).sum()
}

#[test]
fn single_precision() {
    assert_gradient!(convolved(
        &[0.3, -0.2, 0.9, 1.1, -0.7, 0.4],
        &[0.5, -0.4, 0.8],
        2
    ));
    assert_gradient!(normalized_then(
        &[0.3, -0.2, 0.9, 1.1],
        &[1.0, 0.5, -0.4, 0.8]
    ));
}
