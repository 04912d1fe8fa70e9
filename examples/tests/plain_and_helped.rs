//! The same loss in plain loops and by the matrix helpers: values and gradients agree.

use tapeless::matrix::DMatrix;
use tapeless::nn::{init, HeapLinear, Rng};
use tapeless::{differentiate, Differentiable, Parameters};

const PIXELS: usize = 64;
const HIDDEN: usize = 32;
const CLASSES: usize = 10;

/// Weights, a row for each unit of the layer.
#[derive(Clone, Debug, Differentiable)]
struct Plain {
    hidden: Vec<f64>,
    hidden_bias: [f64; HIDDEN],
    output: [[f64; HIDDEN]; CLASSES],
    output_bias: [f64; CLASSES],
}

#[differentiate]
impl Plain {
    fn scores(&self, #[constant] pixels: &[f64]) -> [f64; CLASSES] {
        let mut hidden = self.hidden_bias;
        for (unit, weights) in hidden
            .iter_mut()
            .zip(self.hidden.chunks_exact(pixels.len()))
        {
            for (weight, pixel) in weights.iter().zip(pixels) {
                *unit += weight * pixel;
            }
            if *unit <= 0.0 {
                *unit = 0.0;
            }
        }
        let mut scores = self.output_bias;
        for (score, weights) in scores.iter_mut().zip(&self.output) {
            for (weight, unit) in weights.iter().zip(&hidden) {
                *score += weight * unit;
            }
        }
        scores
    }

    fn loss(&self, #[constant] batch: &[f64], labels: &[usize]) -> f64 {
        let mut total = 0.0;
        for (pixels, &label) in batch.chunks_exact(batch.len() / labels.len()).zip(labels) {
            let scores = self.scores(pixels);
            let top = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let sum: f64 = scores.iter().map(|score| (score - top).exp()).sum();
            total += top + sum.ln() - scores[label];
        }
        total / labels.len() as f64
    }
}

#[derive(Clone, Debug, Differentiable)]
struct Helped {
    hidden: HeapLinear<f64>,
    output: HeapLinear<f64>,
}

#[differentiate]
impl Helped {
    fn loss(&self, #[constant] x: &DMatrix<f64>, labels: &[usize]) -> f64 {
        let hidden = self.hidden.forward_relu(x);
        self.output.forward(&hidden).softmax_cross_entropy(labels)
    }
}

/// The same weights, in the other form: the order of fields and rows is the same.
fn plain(helped: &Helped) -> Plain {
    let mut plain = Plain {
        hidden: vec![0.0; HIDDEN * PIXELS],
        hidden_bias: [0.0; HIDDEN],
        output: [[0.0; HIDDEN]; CLASSES],
        output_bias: [0.0; CLASSES],
    };
    let mut flat = vec![0.0; helped.count()];
    helped.write_flat(&mut flat);
    plain.read_flat(&flat);
    plain
}

#[test]
fn agree() {
    let rng = &mut Rng::with_seed(4);
    let helped = Helped {
        hidden: HeapLinear::new(PIXELS, HIDDEN, rng),
        output: HeapLinear::new(HIDDEN, CLASSES, rng),
    };
    let mut x = DMatrix::zeros(7, PIXELS);
    init::uniform(&mut x, 0.0, 1.0, rng);
    let labels: Vec<usize> = (0..7).map(|_| rng.usize(..CLASSES)).collect();
    let plain = plain(&helped);
    let (value, by_helpers) = helped.loss_value_and_grad(&x, &labels);
    let (by_loops, gradient) = plain.loss_value_and_grad(x.as_slice(), &labels);
    assert!((value - by_loops).abs() < 1e-13);
    let (mut expected, mut got) = (vec![0.0; plain.count()], vec![0.0; plain.count()]);
    Plain::write_flat_cotangent(&gradient, &mut expected);
    Helped::write_flat_cotangent(&by_helpers, &mut got);
    for (got, expected) in got.iter().zip(expected) {
        assert!((got - expected).abs() < 1e-14, "{got} is not {expected}");
    }
}
