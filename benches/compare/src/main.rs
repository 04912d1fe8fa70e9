//! Microseconds per training step of small networks, in one run: by the generated gradient, by one written by hand with
//! the same kernels, by candle, and by PyTorch where Python can import it.
//!
//! ```text
//! cargo run --release   # from this folder; PYTHON=… names the interpreter that has PyTorch, if it is not `python3`
//! ```
//!
//! Measured on two shared cores of a Xeon with AVX-512, candle 0.11.1, no PyTorch there (what it takes elsewhere stands
//! in the table of `networks`):
//!
//! | network | batch | generated | by hand | candle |
//! |---|---|---|---|---|
//! | 784-128-10 | 1 | 38.8 | 38.9 | 666 |
//! | | 8 | 73.5 | 73.7 | 782 |
//! | | 64 | 218 | 218 | 1202 |
//! | | 256 | 761 | 781 | 3048 |
//! | 64-32-10 | 1 | 1.00 | 0.96 | 31.0 |
//! | | 64 | 12.0 | 12.1 | 73.5 |
//! | 2-16-1 | 1 | 0.224 | 0.225 | 17.8 |
//! | 2-16-1 on the stack | 1 | 0.038 | 0.055 | 17.9 |
//!
//! A step is the loss, its gradient and plain gradient descent (`f32`, rate 0.01, one thread) on the same batch again
//! and again, as a user of each library would write it. It is the least disturbed sample that is printed, by the clock
//! on the wall: candle and PyTorch have threads of their own.

mod by_candle;
mod by_pytorch;
mod clock;

use tapeless_benches::gradient::Sink;
use tapeless_benches::measure::Variant;
use tapeless_benches::networks::{rows, Row};

use by_pytorch::Times;

fn main() -> candle_core::Result<()> {
    // One thread for everybody; read when the first product is run.
    std::env::set_var("RAYON_NUM_THREADS", "1");
    let pytorch = Times::measure();
    println!("microseconds per step; {}", pytorch.version);
    println!(
        "{:12} {:>5} {:>10} {:>10} {:>10} {:>10}",
        "network", "batch", "generated", "by hand", "candle", "PyTorch"
    );
    for row in &mut rows() {
        measure(row, &pytorch)?;
    }
    Ok(())
}

/// Prints a line.
fn measure(row: &mut Row, pytorch: &Times) -> candle_core::Result<()> {
    let [generated, by_hand] = [0, 1].map(|i| ours(&mut row.variants[i]));
    let candle = by_candle::microseconds(row.sizes, row.batch)?;
    let pytorch = pytorch.of(row.sizes, row.batch);
    println!(
        "{:12} {:5} {generated:10.3} {by_hand:10.3} {candle:10.3} {:>10}",
        row.network,
        row.batch,
        pytorch.map_or_else(|| "-".to_owned(), |time| format!("{time:.3}"))
    );
    Ok(())
}

fn ours(variant: &mut Variant<'_>) -> f64 {
    clock::microseconds(|| (variant.run)(&mut Sink::closed()))
}
