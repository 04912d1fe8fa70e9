//! Fits a damped wave to noisy measurements by gradient descent: with all of them in each step (batch), with one
//! (stochastic), and with a few (mini-batch).
//!
//! `cargo run --release -p tapeless-examples --example gradient_descent`

use tapeless::differentiate;
use tapeless::matrix::Vector;
use tapeless::nn::{descend, init, schedule, Batches, Rng};

/// How high the wave is at 0, how fast it dies away, and how fast it swings.
type Wave = [f64; 3];

const SAMPLES: usize = 120;
const TRUTH: Wave = [2.0, 0.4, 1.8];
/// The deviation of the noise.
const NOISE: f64 = 0.1;

/// `height · e^(−decay·t) · cos(frequency·t)`
#[differentiate]
fn wave(parameters: &Wave, t: f64) -> f64 {
    let [height, decay, frequency] = *parameters;
    height * (-decay * t).exp() * (frequency * t).cos()
}

/// The mean of the squared errors at the samples of a batch.
#[differentiate(wrt(parameters))]
fn loss(parameters: &Wave, batch: &[usize], t: &[f64], y: &[f64]) -> f64 {
    let mut sum = 0.0;
    for &i in batch {
        let error = wave(parameters, t[i]) - y[i];
        sum += error * error;
    }
    sum / batch.len() as f64
}

/// Times, and what was measured then.
struct Measurements {
    t: Vec<f64>,
    y: Vec<f64>,
}

fn measure(rng: &mut Rng) -> Measurements {
    let mut noise = Vector::<f64, SAMPLES>::zeros();
    init::normal(&mut noise, 0.0, NOISE, rng);
    let t: Vec<f64> = (0..SAMPLES)
        .map(|i| 6.0 * i as f64 / SAMPLES as f64)
        .collect();
    let y = t
        .iter()
        .zip(noise.0)
        .map(|(&t, noise)| wave(&TRUTH, t) + noise);
    Measurements { y: y.collect(), t }
}

/// Descends by batches of this size; returns where it ends.
fn fit(data: &Measurements, size: usize, epochs: usize, rate: f64) -> Wave {
    let mut batches = Batches::new(SAMPLES, size, 3);
    let (mut parameters, mut gradient) = ([1.0, 0.2, 1.5], [0.0; 3]);
    for epoch in 0..epochs {
        // A falling rate, lest the noise of small batches keep it from settling.
        let rate = schedule::cosine(rate, 0.0, epochs, epoch);
        for batch in batches.epoch() {
            loss_grad_into(&parameters, batch, &data.t, &data.y, &mut gradient);
            descend(&mut parameters, &gradient, rate);
        }
    }
    parameters
}

fn main() {
    let data = measure(&mut Rng::with_seed(1));
    let all: Vec<usize> = (0..SAMPLES).collect();
    println!("the truth        {TRUTH:?}");
    // As many gradients of single measurements for each: epochs are the same, steps are not.
    for (name, size, rate) in [
        ("batch", SAMPLES, 0.5),
        ("stochastic", 1, 0.02),
        ("mini-batch of 8", 8, 0.1),
    ] {
        let found = fit(&data, size, 300, rate);
        let error = loss(&found, &all, &data.t, &data.y);
        let steps = 300 * SAMPLES.div_ceil(size);
        println!(
            "{name:15}  [{:.3}, {:.3}, {:.3}]  loss {error:.5} after {steps} steps",
            found[0], found[1], found[2]
        );
        assert!(error < 1.2 * NOISE * NOISE, "as near as the noise allows");
        assert!(found
            .iter()
            .zip(TRUTH)
            .all(|(found, truth)| (found - truth).abs() < 0.1));
    }
}
