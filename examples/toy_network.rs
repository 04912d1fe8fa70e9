//! A network of three layers with a single number each: all eight derivatives of its loss, as generated, as derived by
//! hand, and by finite differences.
//!
//! `cargo run -p tapeless-examples --example toy_network`

use tapeless::check::finite_difference::central;
use tapeless::differentiate;

/// The offsets β and the slopes ω, from the input to the output.
type Weights = [f64; 4];

/// The activation: the rectified linear unit.
#[differentiate]
fn a(z: f64) -> f64 {
    if z > 0.0 {
        z
    } else {
        0.0
    }
}

/// `f = β3 + ω3·a[β2 + ω2·a[β1 + ω1·a[β0 + ω0·x]]]`
#[differentiate(wrt(beta, omega))]
fn network(beta: &Weights, omega: &Weights, x: f64) -> f64 {
    beta[3] + omega[3] * a(beta[2] + omega[2] * a(beta[1] + omega[1] * a(beta[0] + omega[0] * x)))
}

/// `(f − y)²`
#[differentiate(wrt(beta, omega))]
fn loss(beta: &Weights, omega: &Weights, x: f64, y: f64) -> f64 {
    (network(beta, omega, x) - y).powi(2)
}

/// The same derivatives, by the chain rule from the output back to the input.
fn by_hand(beta: &Weights, omega: &Weights, x: f64, y: f64) -> (Weights, Weights) {
    // Forwards: what each layer sums up, f, and what it passes on, h.
    let (mut f, mut h) = ([0.0; 4], [x; 4]);
    for layer in 0..4 {
        f[layer] = beta[layer] + omega[layer] * h[layer];
        if layer < 3 {
            h[layer + 1] = f[layer].max(0.0);
        }
    }
    // Backwards: δ is the derivative of the loss by f of the layer.
    let (mut d_beta, mut d_omega) = ([0.0; 4], [0.0; 4]);
    let mut delta = 2.0 * (f[3] - y);
    for layer in (0..4).rev() {
        d_beta[layer] = delta;
        d_omega[layer] = delta * h[layer];
        if layer > 0 {
            let open = if f[layer - 1] > 0.0 { 1.0 } else { 0.0 };
            delta *= omega[layer] * open;
        }
    }
    (d_beta, d_omega)
}

/// Central differences of the loss by β and ω.
fn by_differences(beta: &Weights, omega: &Weights, x: f64, y: f64) -> Vec<f64> {
    let at = |weights: &[f64]| {
        let part = |start: usize| std::array::from_fn(|i| weights[start + i]);
        loss(&part(0), &part(4), x, y)
    };
    central(at, &[*beta, *omega].concat())
}

fn main() {
    let (beta, omega) = ([1.0, 2.0, -3.0, 0.4], [0.1, 2.5, 0.6, 3.0]);
    let (x, y) = (2.3, 2.0);
    let (value, (d_beta, d_omega)) = loss_value_and_grad(&beta, &omega, x, y);
    let (hand_beta, hand_omega) = by_hand(&beta, &omega, x, y);
    let differences = by_differences(&beta, &omega, x, y);
    println!(
        "f({x}) = {:.6}, loss {value:.6}\n",
        network(&beta, &omega, x)
    );
    println!("           generated         by hand     differences");
    for (i, ((generated, by_hand), difference)) in [d_beta, d_omega]
        .concat()
        .into_iter()
        .zip([hand_beta, hand_omega].concat())
        .zip(differences)
        .enumerate()
    {
        let name = ["β", "ω"][i / 4];
        println!(
            "d/d{name}{} {generated:15.9} {by_hand:15.9} {difference:15.9}",
            i % 4
        );
        let near = |other: f64, tolerance: f64| {
            (generated - other).abs() <= tolerance * generated.abs().max(1.0)
        };
        assert!(near(by_hand, 1e-14) && near(difference, 1e-7));
    }
}
