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
//! `benches/compare`, a workspace of its own, adds candle and PyTorch to the table, if they are there.
//!
//! With a workspace neither step asks for memory, but the crate `gemm` does, for what it packs: twice for each large
//! product. So the generated step may ask as often as the hand-written one.

use std::alloc::System;
use std::time::Duration;

use stats_alloc::{Region, StatsAlloc, INSTRUMENTED_SYSTEM};
use tapeless_benches::gradient::Sink;
use tapeless_benches::measure::{interleaved, Variant};
use tapeless_benches::networks::{rows, Row};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const BUDGET: Duration = Duration::from_millis(1500);

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

/// How often a row may be measured before it counts as too slow: the machine may have been busy.
const TRIES: usize = 3;
/// How many times the hand-written step the generated one may take.
const MOST: f64 = 1.1;

/// Prints a line, and tells whether it is as it should be.
fn measure(row: &mut Row) -> bool {
    let [generated, by_hand] = least(&mut row.variants);
    let ratio = generated / by_hand;
    let [ours, theirs] = [0, 1].map(|i| allocations(&mut row.variants[i]));
    println!(
        "{:12} {:5} {generated:12.3} {by_hand:12.3} {ratio:7.3} {ours:11} {theirs:8} {:9} {:9}",
        row.network, row.batch, row.figures[0], row.figures[1]
    );
    ratio <= MOST && ours <= theirs
}

/// Microseconds of the generated step, and of the one written by hand.
fn least(variants: &mut [Variant<'_>]) -> [f64; 2] {
    let mut least = [f64::INFINITY; 2];
    for _ in 0..TRIES {
        let times = interleaved(variants, BUDGET);
        least = [0, 1].map(|i: usize| least[i].min(times[i].min * 1e6));
        if least[0] <= MOST * least[1] {
            break;
        }
    }
    least
}

/// How often a step asks for memory.
fn allocations(variant: &mut Variant<'_>) -> usize {
    let region = Region::new(ALLOCATOR);
    (variant.run)(&mut Sink::closed());
    let change = region.change();
    change.allocations + change.reallocations
}
