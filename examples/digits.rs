//! A network of two layers learns to read handwritten digits, by the derivative of its own loss.
//!
//! `cargo run --release -p tapeless-examples --example digits -- [--data PATH] [--epochs N] [--seed N]`
//!
//! Without `--data` it learns the 1,797 digits of 8×8 pixels that are embedded here. `PATH` is a folder of IDX files,
//! as MNIST comes, or one file of images beside its labels.

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use tapeless::matrix::DMatrix;
use tapeless::nn::{gather, schedule, Batches, ConfusionMatrix, HeapLinear, Optimizer, Rng, Sgd};
use tapeless::{differentiate, Differentiable};
use tapeless_examples::data::{DataSet, Images};
use tapeless_examples::progress::Training;

const HIDDEN: usize = 64;
const CLASSES: usize = Images::CLASSES;
const BATCH: usize = 32;
const RATE: f32 = 0.1;
const MOMENTUM: f32 = 0.9;

/// Two layers: pixels → `HIDDEN` units → a score for each class.
#[derive(Clone, Debug, Differentiable)]
struct Network {
    hidden: HeapLinear<f32>,
    output: HeapLinear<f32>,
}

#[differentiate]
impl Network {
    /// The scores of a batch, a row for each image.
    fn scores(&self, #[constant] pixels: &DMatrix<f32>) -> DMatrix<f32> {
        let hidden = self.hidden.forward_relu(pixels);
        self.output.forward(&hidden)
    }

    /// The mean over a batch of the cross entropy: −ln of the probability that the network gives to the right class.
    fn loss(&self, #[constant] pixels: &DMatrix<f32>, labels: &[usize]) -> f32 {
        self.scores(pixels).softmax_cross_entropy(labels)
    }
}

impl Network {
    fn new(pixels: usize, rng: &mut Rng) -> Self {
        Network {
            hidden: HeapLinear::new(pixels, HIDDEN, rng),
            output: HeapLinear::new(HIDDEN, CLASSES, rng),
        }
    }

    /// How often each class is taken for each.
    fn judge(&self, images: &Images, batch: &mut Batch) -> ConfusionMatrix<CLASSES> {
        let mut matrix = ConfusionMatrix::new();
        let all: Vec<usize> = (0..images.len()).collect();
        for indices in all.chunks(BATCH) {
            batch.fill(images, indices);
            matrix.add(&self.scores(&batch.pixels), &batch.labels);
        }
        matrix
    }
}

/// Some images as the network takes them: pixels from 0 to 1, a row for each image.
struct Batch {
    pixels: DMatrix<f32>,
    labels: Vec<usize>,
    scale: f32,
}

impl Batch {
    fn new(images: &Images) -> Self {
        Batch {
            pixels: DMatrix::zeros(BATCH, images.area()),
            labels: Vec::new(),
            scale: 1.0 / f32::from(images.brightest()),
        }
    }

    /// Takes the images of these indices.
    fn fill(&mut self, images: &Images, indices: &[usize]) {
        let scale = self.scale;
        self.pixels.set_rows(indices.len());
        gather(&images.pixels, indices, &mut self.pixels, |pixel| {
            scale * f32::from(pixel)
        });
        self.labels.clear();
        self.labels
            .extend(indices.iter().map(|&i| images.labels[i]));
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

/// Trains a network by mini-batches; prints how it goes.
fn train(images: &Images, options: &Options) -> Network {
    let mut batch = Batch::new(images);
    let mut network = Network::new(images.area(), &mut Rng::with_seed(options.seed));
    let mut gradient = network.zero_cotangent();
    let mut optimizer = Optimizer::new(
        Sgd {
            momentum: MOMENTUM,
            ..Sgd::new(RATE)
        },
        &network,
    );
    let mut batches = Batches::new(images.len(), BATCH, options.seed);
    let progress = Training::new(
        "digits",
        options.epochs.saturating_mul(images.len().div_ceil(BATCH)),
    );
    for epoch in 0..options.epochs {
        // A falling rate, lest the noise of small batches keep it from settling.
        optimizer.rule.rate = schedule::cosine(RATE, 0.0, options.epochs, epoch);
        let mut total = 0.0;
        for indices in batches.epoch() {
            batch.fill(images, indices);
            let loss = network.loss_grad_into(&batch.pixels, &batch.labels, &mut gradient);
            optimizer.step(&mut network, &gradient);
            total += loss * indices.len() as f32;
            progress.step();
        }
        let loss = total / images.len() as f32;
        let accuracy = 100.0 * network.judge(images, &mut batch).accuracy();
        progress.epoch(&format!(
            "epoch {:2}  loss {loss:.4}  training accuracy {accuracy:5.1} %",
            epoch + 1
        ));
    }
    progress.finish();
    network
}

fn print(matrix: &ConfusionMatrix<CLASSES>) {
    let line = |counts: &[usize]| {
        counts
            .iter()
            .map(|count| format!("{count:5}"))
            .collect::<String>()
    };
    println!("\nrows: what it is, columns: what it was taken for");
    println!(
        "    {}",
        line(&std::array::from_fn::<_, CLASSES, _>(|class| class))
    );
    for (class, row) in matrix.counts.iter().enumerate() {
        println!("{class:4}{}", line(row));
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
    let network = train(&set.train, &options);
    // Scaled as in training, whatever the brightest of the others.
    let matrix = network.judge(&set.test, &mut Batch::new(&set.train));
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
