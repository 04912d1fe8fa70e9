//! Training by mini-batches, and testing.

use std::time::Instant;

use tapeless::matrix::DMatrix;
use tapeless::nn::{correct, gather, parallel_gradient, share, Batches, Optimizer};
use tapeless::{Differentiable, Inactive};
use tapeless_examples::data::{DataSet, Images};
use tapeless_examples::progress::Training;

use crate::network::{loss_vjp, Network, NetworkCotangent, Workspace, WorkspaceCotangent};
use crate::options::Options;
use crate::rule::Choice;

/// How a training went.
pub struct History {
    /// By which optimiser.
    pub name: String,
    /// The loss, over time in epochs, averaged over some steps.
    pub losses: Vec<(f64, f64)>,
    /// The test accuracy in percent, after each epoch.
    pub accuracies: Vec<(f64, f64)>,
    /// How long it took.
    pub seconds: f64,
}

impl History {
    /// The last test accuracy, in percent.
    pub fn accuracy(&self) -> f64 {
        self.accuracies.last().map_or(0.0, |point| point.1)
    }
}

/// A batch is worked on in so many parts, which may run on as many threads: always the same number, so that the
/// result does not depend on the threads.
const PARTS: usize = 2;

/// How many steps make a point of the loss's curve.
const SMOOTHED: usize = 20;

/// A part of a batch, and the place for its intermediate results.
struct Part {
    x: DMatrix<f32>,
    work: Workspace,
    d_work: WorkspaceCotangent,
    labels: Vec<usize>,
}

impl Part {
    fn new(rows: usize, area: usize) -> Self {
        let work = Workspace::new(rows);
        Part {
            x: DMatrix::zeros(rows, area),
            d_work: work.zero_cotangent(),
            work,
            labels: Vec::with_capacity(rows),
        }
    }

    /// Takes the images of these indices: bytes become floats from 0 to 1 a batch at a time.
    fn fill(&mut self, images: &Images, indices: &[usize]) {
        self.x.set_rows(indices.len());
        self.work.set_rows(indices.len());
        self.d_work.set_rows(indices.len());
        gather(&images.pixels, indices, &mut self.x, |pixel| {
            f32::from(pixel) / 255.0
        });
        self.labels.clear();
        self.labels
            .extend(indices.iter().map(|&i| images.labels[i]));
    }

    /// Adds to the gradient, this part's loss having a weight; returns what it contributes to the loss.
    fn add_gradient(
        &mut self,
        network: &Network,
        weight: f32,
        gradient: &mut NetworkCotangent,
    ) -> f32 {
        if self.labels.is_empty() {
            return 0.0;
        }
        let Part {
            x,
            work,
            d_work,
            labels,
        } = self;
        weight
            * loss_vjp(
                network, x, labels, work, weight, gradient, Inactive, Inactive, d_work,
            )
    }
}

type Parts = Vec<(NetworkCotangent, Part)>;

/// Leaves the gradient of a batch in the first part, and returns the batch's loss.
fn gradient(network: &Network, images: &Images, batch: &[usize], parts: &mut Parts) -> f32 {
    parallel_gradient(parts, |i, gradient, part| {
        let mine = share(batch.len(), i, PARTS);
        let weight = mine.len() as f32 / batch.len() as f32;
        part.fill(images, &batch[mine]);
        part.add_gradient(network, weight, gradient)
    })
}

/// Trains a network; prints how it goes.
pub fn train(network: &mut Network, choice: &Choice, set: &DataSet, options: &Options) -> History {
    let (images, start) = (&set.train, Instant::now());
    let part = || {
        (
            network.zero_cotangent(),
            Part::new(options.batch.div_ceil(PARTS), images.area()),
        )
    };
    let mut parts: Parts = (0..PARTS).map(|_| part()).collect();
    let mut optimizer = Optimizer::new(choice.rule, network);
    let mut batches = Batches::new(images.len(), options.batch, options.seed);
    let steps = images.len().div_ceil(options.batch);
    let mut run = Run::new(choice, steps, options.epochs);
    for epoch in 1..=options.epochs {
        for batch in batches.epoch() {
            let loss = gradient(network, images, batch, &mut parts);
            optimizer.step(network, &parts[0].0);
            run.step(loss, batch.len());
        }
        run.epoch(epoch, test(network, &set.test));
    }
    run.history.seconds = start.elapsed().as_secs_f64();
    run.progress.finish();
    run.history
}

/// The share of test images that are told right, in percent.
fn test(network: &Network, images: &Images) -> f64 {
    const ROWS: usize = 256;
    let mut part = Part::new(ROWS, images.area());
    let all: Vec<usize> = (0..images.len()).collect();
    let right = all.chunks(ROWS).map(|indices| {
        part.fill(images, indices);
        network.run(&part.x, &mut part.work);
        correct(&part.work.logits, &part.labels)
    });
    100.0 * right.sum::<usize>() as f64 / images.len() as f64
}

/// A training under way: what is shown, and what is kept of it.
struct Run {
    history: History,
    progress: Training,
    steps: usize,
    done: usize,
    recent: Vec<f32>,
    epoch: (Instant, f64, usize),
}

impl Run {
    fn new(choice: &Choice, steps: usize, epochs: usize) -> Self {
        Run {
            history: History {
                name: choice.name.clone(),
                losses: Vec::new(),
                accuracies: Vec::new(),
                seconds: 0.0,
            },
            progress: Training::new(&choice.name, steps * epochs),
            steps,
            done: 0,
            recent: Vec::new(),
            epoch: (Instant::now(), 0.0, 0),
        }
    }

    fn step(&mut self, loss: f32, samples: usize) {
        self.done += 1;
        self.epoch.1 += f64::from(loss) * samples as f64;
        self.epoch.2 += samples;
        self.recent.push(loss);
        self.progress.step();
        if self.recent.len() < SMOOTHED {
            return;
        }
        let mean = self.recent.drain(..).sum::<f32>() / SMOOTHED as f32;
        let time = self.done as f64 / self.steps as f64;
        self.history.losses.push((time, f64::from(mean)));
        let accuracy = self.history.accuracy();
        self.progress.note(format!(
            "loss {mean:.3}  accuracy {accuracy:.1} %  {:.0} samples/s",
            self.speed()
        ));
    }

    /// Samples per second of this epoch.
    fn speed(&self) -> f64 {
        self.epoch.2 as f64 / self.epoch.0.elapsed().as_secs_f64().max(1e-9)
    }

    fn epoch(&mut self, epoch: usize, accuracy: f64) {
        let (speed, loss) = (self.speed(), self.epoch.1 / self.epoch.2.max(1) as f64);
        self.history.accuracies.push((epoch as f64, accuracy));
        let line = format!(
            "epoch {epoch:2}  loss {loss:.4}  test accuracy {accuracy:5.2} %  {speed:.0} samples/s"
        );
        self.progress.epoch(&line);
        self.epoch = (Instant::now(), 0.0, 0);
    }
}
