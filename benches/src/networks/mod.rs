//! Training steps of three networks: by the generated gradient, and by one written by hand with the same kernels.
//!
//! A step is the loss, its gradient and plain gradient descent (`f32`, rate 0.01, one thread).

mod heap;
mod stack;

use crate::measure::Variant;

/// The learning rate.
const RATE: f32 = 0.01;

/// A network at a batch size.
pub struct Row {
    /// What stands in the table.
    pub network: &'static str,
    /// How many inputs, hidden units and outputs it has.
    pub sizes: [usize; 3],
    /// How many samples a step sees.
    pub batch: usize,
    /// The published microseconds of the hand-written step, and of PyTorch's.
    pub figures: [f64; 2],
    /// The generated step, and the hand-written one.
    pub variants: Vec<Variant<'static>>,
}

/// All rows of the table.
pub fn rows() -> Vec<Row> {
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
            sizes,
            batch,
            figures,
            variants,
        });
    }
    let sizes = [2, 16, 1];
    for (network, figures, variants) in [
        ("2-16-1", [0.34, 485.0], heap::regression(sizes, 1)),
        ("2-16-1 stack", [0.058, 485.0], stack::regression()),
    ] {
        rows.push(Row {
            network,
            sizes,
            batch: 1,
            figures,
            variants,
        });
    }
    rows
}
