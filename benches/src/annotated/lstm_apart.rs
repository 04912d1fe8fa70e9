//! [`crate::lstm`], annotated in two modules: the caller knows the cell by its siblings only, as it would that of
//! another crate.

pub use network::*;

#[tapeless::differentiate]
mod network {
    use super::cell::{step, step_vjp};

    /// `−mean gold·(y − ln(2 + Σ exp y))`, where `y` is predicted from a character and gold is the next one.
    pub fn loss(
        b: usize,
        main: &[f64],
        extra: &[f64],
        #[constant] state: &[f64],
        #[constant] sequence: &[f64],
    ) -> f64 {
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
}

#[tapeless::differentiate]
mod cell {

    /// One step of one layer.
    pub fn step(
        weights: &[f64],
        biases: &[f64],
        hidden: &mut [f64],
        cell: &mut [f64],
        input: &[f64],
    ) {
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
}
