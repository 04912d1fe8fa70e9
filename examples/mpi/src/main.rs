//! Several processes train one network: each takes the gradient of its share of every batch, and MPI averages them.
//!
//! `./run`, or `cargo build --release` and `mpirun -n 2 target/release/tapeless-mpi`; it needs an MPI library and
//! libclang (Debian's `openmpi-bin`, `libopenmpi-dev` and `libclang-dev`).
//!
//! All processes make the same data and start from the same weights, so nothing but gradients is sent. In the end each
//! process trains alone, on whole batches, and compares: the exit code says whether the weights agree to rounding.

mod network;

use std::process::ExitCode;

use mpi::collective::SystemOperation;
use mpi::topology::SimpleCommunicator;
use mpi::traits::{Communicator, CommunicatorCollectives};
use tapeless::nn::{share, Adam, Batches, Optimizer};
use tapeless::Parameters;

use network::{Network, Samples};

const SAMPLES: usize = 600;
const BATCH: usize = 50;
const EPOCHS: usize = 60;
const RATE: f64 = 0.01;
const SEED: u64 = 4;

/// How far the weights may be apart: the sums of gradients have another order, and the steps carry that on.
const ROUNDING: f64 = 1e-9;

fn main() -> ExitCode {
    let Some(universe) = mpi::initialize() else {
        eprintln!("error: MPI cannot be initialised");
        return ExitCode::FAILURE;
    };
    let world = universe.world();
    let samples = Samples::new(SAMPLES, SEED);
    let together = train(&samples, |network, batch| {
        averaged(&world, network, &samples, batch)
    });
    let alone = train(&samples, |network, batch| {
        network.gradient(&samples, batch, 1.0)
    });
    judge(&world, &samples, &together, &alone)
}

/// Trains by the gradients of batches, flat.
fn train(samples: &Samples, gradient: impl Fn(&Network, &[usize]) -> Vec<f64>) -> Network {
    let mut network = Network::new(SEED);
    let mut weights = vec![0.0; network.count()];
    network.write_flat(&mut weights);
    let mut adam = Optimizer::new(Adam::new(RATE), &weights);
    let mut batches = Batches::new(samples.len(), BATCH, SEED);
    for _ in 0..EPOCHS {
        for batch in batches.epoch() {
            adam.step(&mut weights, &gradient(&network, batch));
            network.read_flat(&weights);
        }
    }
    network
}

/// The gradient of a batch, of which each process works on a share: the mean over processes, each with the weight of
/// its share, is the gradient of the whole batch. It arrives at all of them.
fn averaged(
    world: &SimpleCommunicator,
    network: &Network,
    samples: &Samples,
    batch: &[usize],
) -> Vec<f64> {
    let mine = share(batch.len(), world.rank() as usize, world.size() as usize);
    let weight = mine.len() as f64 / batch.len() as f64;
    let gradient = network.gradient(samples, &batch[mine], weight);
    let mut mean = vec![0.0; gradient.len()];
    world.all_reduce_into(&gradient[..], &mut mean[..], SystemOperation::sum());
    mean
}

/// Compares what this process found with the others and with what it found alone.
fn judge(
    world: &SimpleCommunicator,
    samples: &Samples,
    together: &Network,
    alone: &Network,
) -> ExitCode {
    let apart = together.distance(alone);
    let differs = u8::from(!identical(world, together) || !(apart <= ROUNDING));
    let mut any = 0;
    world.all_reduce_into(&differs, &mut any, SystemOperation::max());
    if world.rank() == 0 {
        println!(
            "{} processes: {:.1} % right, weights at most {apart:.1e} from those of one process",
            world.size(),
            100.0 * together.accuracy(samples)
        );
    }
    if any > 0 {
        eprintln!("process {}: the weights do not agree", world.rank());
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// Whether all processes have the same weights, to the last bit.
fn identical(world: &SimpleCommunicator, network: &Network) -> bool {
    let mut weights = vec![0.0; network.count()];
    network.write_flat(&mut weights);
    let (mut least, mut most) = (weights.clone(), weights.clone());
    world.all_reduce_into(&weights[..], &mut least[..], SystemOperation::min());
    world.all_reduce_into(&weights[..], &mut most[..], SystemOperation::max());
    least == most
}
