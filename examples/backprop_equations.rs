//! The four equations of backpropagation, worked out by hand, beside what the generated adjoint gives.
//!
//! `cargo run -p tapeless-examples --example backprop_equations`

use std::fmt::Debug;

use tapeless::differentiate;

/// How many numbers go in, how many units there are in the hidden layer, how many numbers come out.
const SIZES: [usize; 3] = [3, 4, 2];

type Input = [f64; SIZES[0]];
type Hidden = [f64; SIZES[1]];
type Output = [f64; SIZES[2]];
/// The weights of the layers, a row for each unit.
type W1 = [Input; SIZES[1]];
type W2 = [Hidden; SIZES[2]];

/// `σ(z) = 1 / (1 + e^(−z))`
#[differentiate]
fn sigma(z: f64) -> f64 {
    1.0 / (1.0 + (-z).exp())
}

/// `z = W·a + b`
#[differentiate]
fn weighted<const IN: usize, const OUT: usize>(
    w: &[[f64; IN]; OUT],
    a: &[f64; IN],
    b: &[f64; OUT],
) -> [f64; OUT] {
    let mut z = *b;
    for j in 0..OUT {
        for k in 0..IN {
            z[j] += w[j][k] * a[k];
        }
    }
    z
}

/// `a = σ(z)`, element by element.
#[differentiate]
fn activated<const N: usize>(z: &[f64; N]) -> [f64; N] {
    let mut a = [0.0; N];
    for j in 0..N {
        a[j] = sigma(z[j]);
    }
    a
}

/// `C = ½ Σ (a − y)²`
#[differentiate(wrt(a))]
fn cost(a: &Output, y: &Output) -> f64 {
    let mut sum = 0.0;
    for j in 0..a.len() {
        sum += (a[j] - y[j]).powi(2);
    }
    0.5 * sum
}

/// The cost of the second layer's output, from what the first layer sums up.
#[differentiate(wrt(z1))]
fn cost_of_z1(z1: &Hidden, w2: &W2, b2: &Output, y: &Output) -> f64 {
    cost_of_z2(&weighted(w2, &activated(z1), b2), y)
}

/// The cost of the second layer's output, from what this layer sums up.
#[differentiate(wrt(z2))]
fn cost_of_z2(z2: &Output, y: &Output) -> f64 {
    cost(&activated(z2), y)
}

/// The whole network: its cost for an input `x` and a wanted output `y`.
#[differentiate(wrt(w1, b1, w2, b2))]
fn network(w1: &W1, b1: &Hidden, w2: &W2, b2: &Output, x: &Input, y: &Output) -> f64 {
    let a1 = activated(&weighted(w1, x, b1));
    let a2 = activated(&weighted(w2, &a1, b2));
    cost(&a2, y)
}

/// `σ'(z)`, element by element.
fn slopes<const N: usize>(z: &[f64; N]) -> [f64; N] {
    z.map(|z| sigma(z) * (1.0 - sigma(z)))
}

/// `u ⊙ v`
fn hadamard<const N: usize>(u: &[f64; N], v: &[f64; N]) -> [f64; N] {
    std::array::from_fn(|j| u[j] * v[j])
}

/// `Wᵀ·δ`
fn transposed<const IN: usize, const OUT: usize>(
    w: &[[f64; IN]; OUT],
    delta: &[f64; OUT],
) -> [f64; IN] {
    std::array::from_fn(|k| (0..OUT).map(|j| w[j][k] * delta[j]).sum())
}

/// `δ·aᵀ`
fn outer<const IN: usize, const OUT: usize>(delta: &[f64; OUT], a: &[f64; IN]) -> [[f64; IN]; OUT] {
    delta.map(|delta| a.map(|a| delta * a))
}

/// Prints an equation, both its sides, and checks that they agree to rounding.
fn show<T: Debug>(equation: &str, by_hand: &T, generated: &T, flat: impl Fn(&T) -> Vec<f64>) {
    println!("{equation}\n  by hand    {by_hand:.6?}\n  generated  {generated:.6?}\n");
    for (by_hand, generated) in flat(by_hand).iter().zip(flat(generated)) {
        assert!(
            (by_hand - generated).abs() <= 1e-15,
            "{by_hand} is not {generated}"
        );
    }
}

fn main() {
    let w1 = [
        [0.5, -1.2, 0.3],
        [1.1, 0.4, -0.7],
        [-0.6, 0.9, 0.2],
        [0.8, -0.1, 1.3],
    ];
    let w2 = [[0.7, -0.4, 1.1, 0.2], [-0.9, 0.6, 0.1, -0.5]];
    let (b1, b2) = ([0.1, -0.2, 0.3, 0.0], [0.4, -0.3]);
    let (x, y) = ([1.0, -0.5, 2.0], [1.0, 0.0]);

    // Forwards, layer by layer.
    let z1 = weighted(&w1, &x, &b1);
    let a1 = activated(&z1);
    let z2 = weighted(&w2, &a1, &b2);
    let a2 = activated(&z2);

    // The four equations.
    let nabla: Output = std::array::from_fn(|j| a2[j] - y[j]);
    let delta2 = hadamard(&nabla, &slopes(&z2));
    let delta1 = hadamard(&transposed(&w2, &delta2), &slopes(&z1));
    let (d_w1, d_w2) = (outer(&delta1, &x), outer(&delta2, &a1));

    // One call of the generated gradient.
    let (g_w1, g_b1, g_w2, g_b2) = network_grad(&w1, &b1, &w2, &b2, &x, &y);
    show(
        "(1) δ² = ∇ₐC ⊙ σ′(z²)",
        &delta2,
        &cost_of_z2_grad(&z2, &y),
        |v| v.to_vec(),
    );
    show(
        "(2) δ¹ = (W²)ᵀδ² ⊙ σ′(z¹)",
        &delta1,
        &cost_of_z1_grad(&z1, &w2, &b2, &y),
        |v| v.to_vec(),
    );
    show("(3) ∂C/∂b¹ = δ¹", &delta1, &g_b1, |v| v.to_vec());
    show("    ∂C/∂b² = δ²", &delta2, &g_b2, |v| v.to_vec());
    show("(4) ∂C/∂W¹ = δ¹ xᵀ", &d_w1, &g_w1, |m| m.concat());
    show("    ∂C/∂W² = δ² (a¹)ᵀ", &d_w2, &g_w2, |m| {
        m.concat()
    });
}
