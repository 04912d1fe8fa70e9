//! The adjoint of the network's loss, by hand.

use super::sigmoid;

/// Adjoint of [`super::loss`]: gradients with respect to `main` and `extra`. Every result of `exp` and `tanh` is kept, so that
/// the reverse sweep evaluates neither.
pub fn loss_adjoint(
    b: usize,
    main: &[f64],
    extra: &[f64],
    state: &[f64],
    sequence: &[f64],
    d_main: &mut [f64],
    d_extra: &mut [f64],
) -> f64 {
    d_main.fill(0.0);
    d_extra.fill(0.0);
    let steps = sequence.len() / b - 1;
    let layers = main.len() / (8 * b);
    let mut trace = Trace::new(steps, layers, b);
    let total = forward(b, main, extra, state, sequence, &mut trace);
    let seed = -1.0 / (sequence.len() - b) as f64;
    let mut carried = vec![0.0; 2 * layers * b];
    let mut d_input = vec![0.0; b];
    let width = 2 * b;
    for t in (0..steps).rev() {
        let gold = &sequence[(t + 1) * b..(t + 2) * b];
        let gates = &trace.gates[t * layers * GATES * b..(t + 1) * layers * GATES * b];
        let (before, after) = trace.states[t * layers * width..].split_at(layers * width);
        reverse_output(
            extra,
            &after[(layers - 1) * width..],
            trace.share(t),
            gold,
            seed,
            d_extra,
            &mut d_input,
        );
        for k in (0..layers).rev() {
            // The cotangent of the layer's input becomes the one of the hidden values of the layer below.
            let d_state = &mut carried[k * width..(k + 1) * width];
            for (d, i) in d_state.iter_mut().zip(&d_input) {
                *d += i;
            }
            let input = if k == 0 {
                &trace.inputs[t * b..]
            } else {
                &after[(k - 1) * width..]
            };
            let parameters = &main[4 * k * width..4 * (k + 1) * width];
            let d_parameters = &mut d_main[4 * k * width..4 * (k + 1) * width];
            let gates = &gates[k * GATES * b..(k + 1) * GATES * b];
            reverse_step(
                parameters,
                &before[k * width..(k + 1) * width],
                input,
                gates,
                d_state,
                d_parameters,
                &mut d_input,
            );
        }
        for ((d, c), i) in d_extra
            .iter_mut()
            .zip(&sequence[t * b..(t + 1) * b])
            .zip(&d_input)
        {
            *d += c * i;
        }
    }
    seed * total
}

/// Per step, layer and unit: forget, in, out, change, and tanh of the cell.
const GATES: usize = 5;

/// What the reverse sweep needs of the forward sweep.
struct Trace {
    b: usize,
    /// Hidden values and cells before each step, and after the last: `[steps + 1, layers, 2, b]`.
    states: Vec<f64>,
    /// `[steps, layers, GATES, b]`.
    gates: Vec<f64>,
    /// What the first layer reads: `[steps, b]`.
    inputs: Vec<f64>,
    /// `exp y / (2 + Σ exp y)`: `[steps, b]`.
    shares: Vec<f64>,
}

impl Trace {
    fn new(steps: usize, layers: usize, b: usize) -> Self {
        Self {
            b,
            states: vec![0.0; (steps + 1) * layers * 2 * b],
            gates: vec![0.0; steps * layers * GATES * b],
            inputs: vec![0.0; steps * b],
            shares: vec![0.0; steps * b],
        }
    }

    fn share(&self, t: usize) -> &[f64] {
        &self.shares[t * self.b..(t + 1) * self.b]
    }
}

fn forward(
    b: usize,
    main: &[f64],
    extra: &[f64],
    state: &[f64],
    sequence: &[f64],
    trace: &mut Trace,
) -> f64 {
    let layers = main.len() / (8 * b);
    let mut total = 0.0;
    trace.states[..state.len()].copy_from_slice(state);
    let outputs = trace
        .inputs
        .chunks_exact_mut(b)
        .zip(trace.shares.chunks_exact_mut(b));
    for (t, (first, share)) in outputs.enumerate() {
        let (before, after) = trace.states[t * state.len()..].split_at_mut(state.len());
        for ((x, c), w) in first.iter_mut().zip(&sequence[t * b..]).zip(extra) {
            *x = c * w;
        }
        for k in 0..layers {
            let (below, after) = after.split_at_mut(2 * k * b);
            let input = if k == 0 {
                &*first
            } else {
                &below[2 * (k - 1) * b..]
            };
            let gates = &mut trace.gates[(t * layers + k) * GATES * b..][..GATES * b];
            forward_step(
                &main[8 * k * b..8 * (k + 1) * b],
                &before[2 * k * b..2 * (k + 1) * b],
                input,
                gates,
                after,
            );
        }
        let top = &after[2 * (layers - 1) * b..];
        total += forward_output(extra, top, &sequence[(t + 1) * b..(t + 2) * b], share);
    }
    total
}

/// One step's part of the total; `share` receives the gradient of the log-sum.
fn forward_output(extra: &[f64], hidden: &[f64], gold: &[f64], share: &mut [f64]) -> f64 {
    let b = gold.len();
    let mut sum = 2.0;
    let mut weighted = 0.0;
    for i in 0..b {
        let y = hidden[i] * extra[b + i] + extra[2 * b + i];
        weighted += gold[i] * y;
        share[i] = y.exp();
        sum += share[i];
    }
    let scale = 1.0 / sum;
    for s in share.iter_mut() {
        *s *= scale;
    }
    weighted - gold.iter().sum::<f64>() * sum.ln()
}

fn forward_step(
    parameters: &[f64],
    before: &[f64],
    input: &[f64],
    gates: &mut [f64],
    after: &mut [f64],
) {
    let b = before.len() / 2;
    let (w, bias) = parameters.split_at(4 * b);
    let (hidden, cell) = before.split_at(b);
    for i in 0..b {
        let forget = sigmoid(input[i] * w[i] + bias[i]);
        let ingate = sigmoid(hidden[i] * w[b + i] + bias[b + i]);
        let outgate = sigmoid(input[i] * w[2 * b + i] + bias[2 * b + i]);
        let change = (hidden[i] * w[3 * b + i] + bias[3 * b + i]).tanh();
        let next = cell[i] * forget + ingate * change;
        let squashed = next.tanh();
        after[b + i] = next;
        after[i] = outgate * squashed;
        gates[i] = forget;
        gates[b + i] = ingate;
        gates[2 * b + i] = outgate;
        gates[3 * b + i] = change;
        gates[4 * b + i] = squashed;
    }
}

/// Original: `y = hidden·extra₁ + extra₂`, `gold·(y − ln(2 + Σ exp y))`.
/// Adjoint: `d_y = d·(gold − Σ gold·share)`, then along the products.
fn reverse_output(
    extra: &[f64],
    hidden: &[f64],
    share: &[f64],
    gold: &[f64],
    seed: f64,
    d_extra: &mut [f64],
    d_hidden: &mut [f64],
) {
    let b = gold.len();
    let golden: f64 = gold.iter().sum();
    for i in 0..b {
        let d_y = seed * (gold[i] - golden * share[i]);
        d_extra[b + i] += d_y * hidden[i];
        d_extra[2 * b + i] += d_y;
        d_hidden[i] = d_y * extra[b + i];
    }
}

/// The reverse of one step of one layer. `d_state` holds the cotangents of the hidden values and cells after the step on
/// entry, before it on return; `d_input` is overwritten.
fn reverse_step(
    parameters: &[f64],
    before: &[f64],
    input: &[f64],
    gates: &[f64],
    d_state: &mut [f64],
    d_parameters: &mut [f64],
    d_input: &mut [f64],
) {
    let b = d_input.len();
    let (d_w, d_bias) = d_parameters.split_at_mut(4 * b);
    let (d_hidden, d_cell) = d_state.split_at_mut(b);
    let (w, input) = (&parameters[..4 * b], &input[..b]);
    let (hidden, cell) = before.split_at(b);
    for i in 0..b {
        let [forget, ingate, outgate, change, squashed] = std::array::from_fn(|g| gates[g * b + i]);
        let d_next = d_cell[i] + d_hidden[i] * outgate * (1.0 - squashed * squashed);
        let d_forget = d_next * cell[i] * forget * (1.0 - forget);
        let d_ingate = d_next * change * ingate * (1.0 - ingate);
        let d_outgate = d_hidden[i] * squashed * outgate * (1.0 - outgate);
        let d_change = d_next * ingate * (1.0 - change * change);
        d_cell[i] = d_next * forget;
        d_hidden[i] = d_ingate * w[b + i] + d_change * w[3 * b + i];
        d_input[i] = d_forget * w[i] + d_outgate * w[2 * b + i];
        d_w[i] += d_forget * input[i];
        d_w[b + i] += d_ingate * hidden[i];
        d_w[2 * b + i] += d_outgate * input[i];
        d_w[3 * b + i] += d_change * hidden[i];
        d_bias[i] += d_forget;
        d_bias[b + i] += d_ingate;
        d_bias[2 * b + i] += d_outgate;
        d_bias[3 * b + i] += d_change;
    }
}
