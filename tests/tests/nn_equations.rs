//! The four equations of backpropagation, written out by hand, against the adjoints of the
//! operations of a two-layer network.

use tapeless::matrix::{Matrix, Vector};
use tapeless::nn::{init, Rng, StackLinear};
use tapeless::{Differentiable, Inactive, Parameters};

const IN: usize = 3;
const HIDDEN: usize = 5;
const OUT: usize = 2;

type Net = (StackLinear<f64, IN, HIDDEN>, StackLinear<f64, HIDDEN, OUT>);
type Sample = (Vector<f64, IN>, Vector<f64, OUT>);

fn sigmoid(z: f64) -> f64 {
    1.0 / (1.0 + (-z).exp())
}

/// `σ'(z)`
fn slope(z: f64) -> f64 {
    sigmoid(z) * (1.0 - sigmoid(z))
}

/// `z = W a + b`
fn weighted<const I: usize, const O: usize>(
    layer: &StackLinear<f64, I, O>,
    a: &[f64; I],
) -> [f64; O] {
    std::array::from_fn(|j| {
        layer.bias[j] + (0..I).map(|k| layer.weight[(j, k)] * a[k]).sum::<f64>()
    })
}

/// (3) `∂C/∂b = δ`, (4) `∂C/∂W = δ aᵀ`
fn gradient<const I: usize, const O: usize>(
    delta: [f64; O],
    a: [f64; I],
) -> StackLinear<f64, I, O> {
    tapeless::nn::Linear {
        weight: Matrix(delta.map(|delta| a.map(|a| delta * a))),
        bias: Vector(delta),
    }
}

/// The oracle, for the loss `C = mean (a² − y)²`, hence `∇_a C = 2 (a² − y) / n`.
fn equations((first, second): &Net, (x, y): &Sample) -> Net {
    let z1 = weighted(first, &x.0);
    let a1 = z1.map(sigmoid);
    let z2 = weighted(second, &a1);
    let a2 = z2.map(sigmoid);
    // (1) δ² = ∇_a C ⊙ σ'(z²)
    let delta2: [f64; OUT] =
        std::array::from_fn(|j| 2.0 * (a2[j] - y[j]) / OUT as f64 * slope(z2[j]));
    // (2) δ¹ = (W²)ᵀ δ² ⊙ σ'(z¹)
    let delta1: [f64; HIDDEN] = std::array::from_fn(|k| {
        (0..OUT)
            .map(|j| second.weight[(j, k)] * delta2[j])
            .sum::<f64>()
            * slope(z1[k])
    });
    (gradient(delta1, x.0), gradient(delta2, a1))
}

fn loss((first, second): &Net, (x, y): &Sample) -> f64 {
    second.forward(&first.forward(x).sigmoid()).sigmoid().mse(y)
}

/// What a generated adjoint calls, in the order in which it does.
fn adjoints((first, second): &Net, (x, y): &Sample) -> (f64, Net) {
    let mut d = (first.zero_cotangent(), second.zero_cotangent());
    let z1 = first.forward(x);
    let a1 = z1.sigmoid();
    let z2 = second.forward(&a1);
    let a2 = z2.sigmoid();
    let mut d_a2 = Vector::zeros();
    let loss = a2.mse_vjp(y, 1.0, &mut d_a2, Inactive);
    let mut d_z2 = Vector::zeros();
    z2.sigmoid_pullback(&a2, d_a2, &mut d_z2);
    let mut d_a1 = Vector::zeros();
    second.forward_pullback(&a1, &z2, d_z2, &mut d.1, &mut d_a1);
    let mut d_z1 = Vector::zeros();
    z1.sigmoid_pullback(&a1, d_a1, &mut d_z1);
    first.forward_pullback(x, &z1, d_z1, &mut d.0, Inactive);
    (loss, d)
}

#[test]
fn agree_to_rounding() {
    let rng = &mut Rng::with_seed(3);
    let net: Net = (StackLinear::new(rng), StackLinear::new(rng));
    for _ in 0..20 {
        let mut sample: Sample = (Vector::zeros(), Vector::zeros());
        init::normal(&mut sample.0, 0.0, 1.0, rng);
        init::uniform(&mut sample.1, 0.0, 1.0, rng);
        let (value, by_rules) = adjoints(&net, &sample);
        assert_eq!(value, loss(&net, &sample));
        let (mut got, mut expected) = ([0.0; 32], [0.0; 32]);
        by_rules.write_flat(&mut got);
        equations(&net, &sample).write_flat(&mut expected);
        for (got, expected) in got.iter().zip(expected) {
            assert!((got - expected).abs() <= 4.0 * f64::EPSILON * expected.abs().max(0.1));
        }
    }
}
