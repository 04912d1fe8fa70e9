//! On-device training: a small network learns to tell iris flowers apart, one flower after the other, in `f32` and on
//! the stack.
#![no_std]
#![no_main]

use core::hint::black_box;

use cortex_m_rt::entry;
use cortex_m_semihosting::hprintln;
use fastrand::Rng;
use tapeless::{differentiate, Differentiable, Parameters};
use tapeless_cortex_m::iris::{Flower, COUNT, FLOWERS};
use tapeless_cortex_m::{compare, Bench, Report};

/// Of each split, so many flowers are learnt from; the others are held out.
const LEARNT: usize = 105;
const EPOCHS: u32 = 30;
const RATE: f32 = 0.03;
/// Of the held-out flowers, so many have to be told right: 90 %.
const ENOUGH: usize = 41;

/// Four sizes in, a tanh for each of eight units, a score for each of three species out.
#[derive(Clone, Debug, Differentiable)]
struct Network {
    hidden: [[f32; 4]; 8],
    hidden_bias: [f32; 8],
    output: [[f32; 8]; 3],
    output_bias: [f32; 3],
}

#[differentiate(no_alloc)]
impl Network {
    /// The cross entropy of a flower's species, given its sizes: −ln of the probability that the network gives it.
    fn loss(&self, #[constant] sizes: &[f32; 4], species: usize) -> f32 {
        let mut hidden = [0.0; 8];
        for unit in 0..8 {
            let mut sum: f32 = self.hidden_bias[unit];
            for input in 0..4 {
                sum += self.hidden[unit][input] * sizes[input];
            }
            hidden[unit] = libm::tanhf(sum);
        }
        let (mut total, mut right) = (0.0, 0.0);
        for candidate in 0..3 {
            let mut score: f32 = self.output_bias[candidate];
            for unit in 0..8 {
                score += self.output[candidate][unit] * hidden[unit];
            }
            total += libm::expf(score);
            if candidate == species {
                right = score;
            }
        }
        libm::logf(total) - right
    }
}

impl Network {
    /// Small weights, lest all units be alike.
    fn new(rng: &mut Rng) -> Self {
        let mut network = Network {
            hidden: [[0.0; 4]; 8],
            hidden_bias: [0.0; 8],
            output: [[0.0; 8]; 3],
            output_bias: [0.0; 3],
        };
        let unused = network.zero_cotangent();
        network.visit(&unused, |weights, _| weights.fill_with(|| rng.f32() - 0.5));
        network
    }

    /// A step down the gradient for each flower.
    fn learn(&mut self, flowers: &[usize]) {
        let mut d_self = self.zero_cotangent();
        for &flower in flowers {
            let Flower { sizes, species } = FLOWERS[flower];
            self.loss_grad_into(&centred(sizes), species, &mut d_self);
            self.visit(&d_self, |weights, slopes| {
                for (weight, slope) in weights.iter_mut().zip(slopes) {
                    *weight -= RATE * slope;
                }
            });
        }
    }

    /// How many flowers are told right: those to whose species the network gives the least cross entropy.
    fn right(&self, flowers: &[usize]) -> usize {
        let is_right = |&&flower: &&usize| {
            let Flower { sizes, species } = FLOWERS[flower];
            let losses = [0, 1, 2].map(|species| self.loss(&centred(sizes), species));
            losses.iter().all(|loss| losses[species] <= *loss)
        };
        flowers.iter().filter(is_right).count()
    }
}

/// Sizes less their means.
fn centred(sizes: [f32; 4]) -> [f32; 4] {
    const MEANS: [f32; 4] = [5.84, 3.06, 3.76, 1.20];
    core::array::from_fn(|size| sizes[size] - MEANS[size])
}

/// Trains a network on a split of the flowers.
fn train(seed: u64, report: &mut Report) -> Network {
    let mut rng = Rng::with_seed(seed);
    let mut order: [usize; COUNT] = core::array::from_fn(|flower| flower);
    rng.shuffle(&mut order);
    let (learnt, held_out) = order.split_at_mut(LEARNT);
    let mut network = Network::new(&mut rng);
    let before = network.right(held_out);
    for _ in 0..EPOCHS {
        rng.shuffle(learnt);
        network.learn(learnt);
    }
    let after = network.right(held_out);
    hprintln!(
        "split {}: {} of {} held-out flowers right before training, {} after",
        seed,
        before,
        held_out.len(),
        after
    );
    report.check(
        after >= ENOUGH,
        "nine held-out flowers in ten are told right",
    );
    network
}

#[entry]
fn main() -> ! {
    let mut report = Report::default();
    let mut network = Network::new(&mut Rng::with_seed(0));
    for seed in 1..=5 {
        network = train(seed, &mut report);
    }

    let bench = Bench::default();
    let (sizes, species) = black_box((centred(FLOWERS[77].sizes), FLOWERS[77].species));
    let mut d_network = network.zero_cotangent();
    let (_, primal) = bench.run(|| network.loss(&sizes, species));
    let (_, gradient) = bench.run(|| network.loss_grad_into(&sizes, species, &mut d_network));
    report.gradient(
        "loss",
        compare(
            |network| network.loss(&sizes, species),
            &network,
            &d_network,
        ),
        1e-3,
    );
    report.costs("loss of a 4-8-3 network", primal, gradient, 3.0);
    report.finish()
}
