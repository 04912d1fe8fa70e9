//! A recurrent network of diagonal-weight LSTM cells that predicts the next character.

mod adjoint;

pub use adjoint::loss_adjoint;

use crate::sample::uniform;

/// What the network is evaluated on: `l` layers of width `b`.
pub struct Input {
    /// Width.
    pub b: usize,
    /// Weights and biases of the gates, forget, in, out, change: `[2l, 4b]`.
    pub main: Vec<f64>,
    /// Weights of the inputs; weights and biases of the outputs: `[3, b]`.
    pub extra: Vec<f64>,
    /// Initial hidden values and cells: `[2l, b]`.
    pub state: Vec<f64>,
    /// Characters, each as `b` numbers: `[c, b]`.
    pub sequence: Vec<f64>,
}

impl Input {
    /// `l` layers of width `b`, and `c` characters.
    pub fn new(l: usize, c: usize, b: usize) -> Self {
        let rng = &mut fastrand::Rng::with_seed(3);
        Self {
            b,
            main: uniform(rng, 8 * l * b, -1.0, 1.0),
            extra: uniform(rng, 3 * b, -1.0, 1.0),
            state: uniform(rng, 2 * l * b, -1.0, 1.0),
            sequence: (0..c * b)
                .map(|_| f64::from(u8::from(rng.bool())))
                .collect(),
        }
    }
}

/// `−mean gold·(y − ln(2 + Σ exp y))`, where `y` is predicted from a character and gold is the next one.
pub fn loss(b: usize, main: &[f64], extra: &[f64], state: &[f64], sequence: &[f64]) -> f64 {
    let mut state = state.to_vec();
    let mut input = vec![0.0; b];
    let mut total = 0.0;
    for pair in sequence.windows(2 * b).step_by(b) {
        let (character, gold) = pair.split_at(b);
        for i in 0..b {
            input[i] = character[i] * extra[i];
        }
        for (parameters, state) in main.chunks_exact(8 * b).zip(state.chunks_exact_mut(2 * b)) {
            let (weights, biases) = parameters.split_at(4 * b);
            let (hidden, cell) = state.split_at_mut(b);
            step(weights, biases, hidden, cell, &input);
            input.copy_from_slice(hidden);
        }
        let mut sum = 2.0;
        for i in 0..b {
            input[i] = input[i] * extra[b + i] + extra[2 * b + i];
            sum += input[i].exp();
        }
        let log_sum = sum.ln();
        for i in 0..b {
            total += gold[i] * (input[i] - log_sum);
        }
    }
    -total / (sequence.len() - b) as f64
}

/// One step of one layer.
fn step(weights: &[f64], biases: &[f64], hidden: &mut [f64], cell: &mut [f64], input: &[f64]) {
    let b = input.len();
    for i in 0..b {
        let forget = sigmoid(input[i] * weights[i] + biases[i]);
        let ingate = sigmoid(hidden[i] * weights[b + i] + biases[b + i]);
        let outgate = sigmoid(input[i] * weights[2 * b + i] + biases[2 * b + i]);
        let change = (hidden[i] * weights[3 * b + i] + biases[3 * b + i]).tanh();
        cell[i] = cell[i] * forget + ingate * change;
        hidden[i] = outgate * cell[i].tanh();
    }
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}
