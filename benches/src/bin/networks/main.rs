//! Microseconds per training step of three networks: by the generated gradient, and by one written by hand with the
//! same kernels.
//!
//! ```text
//! cargo run --release --bin networks   # from the folder `benches`, whose configuration asks for all instructions
//! ```
//!
//! A step is the loss, its gradient and plain gradient descent (`f32`, rate 0.01, one thread). Beside the times: the
//! ratio of the generated step to the hand-written one, how often either asks for memory in a step, and the times
//! published for the hand-written step and PyTorch 2.15 on a Cascade Lake of 2.5 GHz.
//!
//! With a workspace neither step asks for memory, but the crate `gemm` does, for what it packs: twice for each large
//! product. So the generated step may ask as often as the hand-written one.

mod heap;
mod stack;

use std::alloc::System;
use std::time::Duration;

use stats_alloc::{Region, StatsAlloc, INSTRUMENTED_SYSTEM};
use tapeless_benches::gradient::Sink;
use tapeless_benches::measure::{interleaved, Variant};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const BUDGET: Duration = Duration::from_millis(1500);
/// The learning rate.
const RATE: f32 = 0.01;

/// A network at a batch size.
struct Row {
    network: &'static str,
    batch: usize,
    /// The published microseconds of the hand-written step, and of PyTorch's.
    figures: [f64; 2],
    /// The generated step, and the hand-written one.
    variants: Vec<Variant<'static>>,
}

/// All rows of the table.
fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    for (network, sizes, batch, figures) in [
        ("784-128-10", [784, 128, 10], 1, [50.0, 657.0]),
        ("784-128-10", [784, 128, 10], 8, [82.0, 719.0]),
        ("784-128-10", [784, 128, 10], 64, [292.0, 1071.0]),
        ("784-128-10", [784, 128, 10], 256, [1071.0, 1981.0]),
        ("64-32-10", [64, 32, 10], 1, [2.4, 484.0]),
        ("64-32-10", [64, 32, 10], 64, [21.0, 589.0]),
    ] {
        let variants = heap::classifier(sizes, batch);
        rows.push(Row {
            network,
            batch,
            figures,
            variants,
        });
    }
    for (network, figures, variants) in [
        ("2-16-1", [0.34, 485.0], heap::regression([2, 16, 1], 1)),
        ("2-16-1 stack", [0.058, 485.0], stack::regression()),
    ] {
        rows.push(Row {
            network,
            batch: 1,
            figures,
            variants,
        });
    }
    rows
}

fn main() {
    println!(
        "{:12} {:>5} {:>12} {:>12} {:>7} {:>11} {:>8} {:>9} {:>9}",
        "network",
        "batch",
        "generated/µs",
        "by hand/µs",
        "ratio",
        "allocations",
        "by hand",
        "figure",
        "PyTorch"
    );
    let mut faults = 0;
    for row in &mut rows() {
        faults += u32::from(!measure(row));
    }
    if faults > 0 {
        eprintln!("{faults} rows above 1.10 times the hand-written step, or with more allocations");
        std::process::exit(1);
    }
}

/// Prints a line, and tells whether it is as it should be.
fn measure(row: &mut Row) -> bool {
    let times = interleaved(&mut row.variants, BUDGET);
    let [generated, by_hand] = [0, 1].map(|i| times[i].min * 1e6);
    let ratio = generated / by_hand;
    let [ours, theirs] = [0, 1].map(|i| allocations(&mut row.variants[i]));
    println!(
        "{:12} {:5} {generated:12.3} {by_hand:12.3} {ratio:7.3} {ours:11} {theirs:8} {:9} {:9}",
        row.network, row.batch, row.figures[0], row.figures[1]
    );
    ratio <= 1.1 && ours <= theirs
}

/// How often a step asks for memory.
fn allocations(variant: &mut Variant<'_>) -> usize {
    let region = Region::new(ALLOCATOR);
    (variant.run)(&mut Sink::closed());
    let change = region.change();
    change.allocations + change.reallocations
}
