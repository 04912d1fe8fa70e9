//! A network of two layers learns to read handwritten digits, by the derivative of its own loss.
//!
//! `cargo run --release -p tapeless-examples --example digits -- [--data PATH] [--epochs N] [--seed N]`
//!
//! Without `--data` it learns the 1,797 digits of 8×8 pixels that are embedded here. `PATH` is a folder of IDX files,
//! as MNIST comes, or one file of images beside its labels.

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use tapeless::matrix::{DMatrix, Matrix, Vector};
use tapeless::nn::{init, schedule, Batches, ConfusionMatrix, Optimizer, Rng, Sgd};
use tapeless::{differentiate, Differentiable};
use tapeless_examples::data::{DataSet, Images};
use tapeless_examples::progress::Training;

const HIDDEN: usize = 32;
const CLASSES: usize = Images::CLASSES;
const BATCH: usize = 32;
const RATE: f32 = 0.1;
const MOMENTUM: f32 = 0.9;

/// Weights, row after row: one row for each unit of the layer.
#[derive(Clone, Debug, Differentiable)]
struct Network {
    hidden: Vec<f32>,
    hidden_bias: [f32; HIDDEN],
    output: [[f32; HIDDEN]; CLASSES],
    output_bias: [f32; CLASSES],
}

#[differentiate]
impl Network {
    /// A score for each class: the hidden units' ReLU, then a weighted sum.
    fn scores(&self, #[constant] pixels: &[f32]) -> [f32; CLASSES] {
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

    /// The mean over a batch of the cross entropy: −ln of the probability that the network gives to the right class.
    fn loss(&self, #[constant] batch: &[f32], labels: &[usize]) -> f32 {
        let mut total = 0.0;
        for (pixels, &label) in batch.chunks_exact(batch.len() / labels.len()).zip(labels) {
            let scores = self.scores(pixels);
            let top = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            let sum: f32 = scores.iter().map(|score| (score - top).exp()).sum();
            total += top + sum.ln() - scores[label];
        }
        total / labels.len() as f32
    }
}

impl Network {
    /// Kaiming's weights for the hidden layer, Xavier's for the output.
    fn new(pixels: usize, rng: &mut Rng) -> Self {
        let mut hidden = DMatrix::zeros(HIDDEN, pixels);
        init::kaiming_uniform(&mut hidden, rng);
        let mut output = Matrix::zeros();
        init::xavier_uniform(&mut output, 1.0, rng);
        Network {
            hidden: hidden.as_slice().to_vec(),
            hidden_bias: [0.0; HIDDEN],
            output: output.0,
            output_bias: [0.0; CLASSES],
        }
    }
}

/// What the command line says.
struct Options {
    data: Option<PathBuf>,
    epochs: usize,
    seed: u64,
}

impl Options {
    fn parse() -> Result<Self, lexopt::Error> {
        use lexopt::prelude::*;
        let mut options = Options {
            data: None,
            epochs: 30,
            seed: 1,
        };
        let mut arguments = lexopt::Parser::from_env();
        while let Some(argument) = arguments.next()? {
            match argument {
                Long("data") => options.data = Some(arguments.value()?.into()),
                Long("epochs") => options.epochs = arguments.value()?.parse()?,
                Long("seed") => options.seed = arguments.value()?.parse()?,
                other => return Err(other.unexpected()),
            }
        }
        Ok(options)
    }
}

/// Images as the network takes them: pixels from 0 to 1, in one run.
struct Samples {
    pixels: Vec<f32>,
    labels: Vec<usize>,
}

impl Samples {
    fn new(images: &Images, brightest: u8) -> Self {
        let scale = 1.0 / f32::from(brightest);
        Samples {
            pixels: images
                .pixels
                .iter()
                .map(|&pixel| scale * f32::from(pixel))
                .collect(),
            labels: images.labels.clone(),
        }
    }

    /// Those of these indices.
    fn gather(&self, indices: &[usize], batch: &mut Samples) {
        let area = self.pixels.len() / self.labels.len();
        batch.pixels.clear();
        batch.labels.clear();
        for &i in indices {
            batch
                .pixels
                .extend_from_slice(&self.pixels[i * area..][..area]);
            batch.labels.push(self.labels[i]);
        }
    }
}

impl Network {
    /// How often each class is taken for each.
    fn judge(&self, samples: &Samples) -> ConfusionMatrix<CLASSES> {
        let mut matrix = ConfusionMatrix::new();
        let area = samples.pixels.len() / samples.labels.len();
        for (pixels, &label) in samples.pixels.chunks_exact(area).zip(&samples.labels) {
            matrix.add(&Vector::new(self.scores(pixels)), &[label]);
        }
        matrix
    }
}

/// Trains a network by mini-batches; prints how it goes.
fn train(samples: &Samples, options: &Options) -> Network {
    let area = samples.pixels.len() / samples.labels.len();
    let mut network = Network::new(area, &mut Rng::with_seed(options.seed));
    let mut gradient = network.zero_cotangent();
    let mut optimizer = Optimizer::new(
        Sgd {
            momentum: MOMENTUM,
            ..Sgd::new(RATE)
        },
        &network,
    );
    let mut batches = Batches::new(samples.labels.len(), BATCH, options.seed);
    let mut batch = Samples {
        pixels: Vec::new(),
        labels: Vec::new(),
    };
    let progress = Training::new(
        "digits",
        options.epochs * samples.labels.len().div_ceil(BATCH),
    );
    for epoch in 0..options.epochs {
        optimizer.rule.rate = schedule::cosine(RATE, 0.0, options.epochs, epoch);
        let mut total = 0.0;
        for indices in batches.epoch() {
            samples.gather(indices, &mut batch);
            let loss = network.loss_grad_into(&batch.pixels, &batch.labels, &mut gradient);
            optimizer.step(&mut network, &gradient);
            total += loss * indices.len() as f32;
            progress.step();
        }
        let loss = total / samples.labels.len() as f32;
        let accuracy = 100.0 * network.judge(samples).accuracy();
        progress.epoch(&format!(
            "epoch {:2}  loss {loss:.4}  training accuracy {accuracy:5.1} %",
            epoch + 1
        ));
    }
    progress.finish();
    network
}

fn print(matrix: &ConfusionMatrix<CLASSES>) {
    println!("\nrows: what it is, columns: what it was taken for");
    println!(
        "     {}",
        (0..CLASSES)
            .map(|class| format!("{class:4}"))
            .collect::<String>()
    );
    for (class, row) in matrix.counts.iter().enumerate() {
        println!(
            "{class:4} {}",
            row.iter()
                .map(|count| format!("{count:4}"))
                .collect::<String>()
        );
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let options = Options::parse()?;
    let set = match &options.data {
        Some(path) => DataSet::load(path, options.seed)?,
        None => DataSet::digits(options.seed)?,
    };
    println!(
        "{} images to learn from, {} to be tested with",
        set.train.len(),
        set.test.len()
    );
    let brightest = set.train.brightest();
    let network = train(&Samples::new(&set.train, brightest), &options);
    let matrix = network.judge(&Samples::new(&set.test, brightest));
    print(&matrix);
    println!("\ntest accuracy {:.1} %", 100.0 * matrix.accuracy());
    Ok(())
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
