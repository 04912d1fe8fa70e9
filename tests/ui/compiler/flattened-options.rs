//! What is flattened is not seen, and taken for sequences.
use tapeless::{differentiate, Differentiable};

#[derive(Differentiable)]
struct Readings {
    values: Vec<Option<f64>>,
}

#[differentiate]
fn sum(readings: &Readings, k: f64) -> f64 {
    readings.values.iter().flatten().map(|x| x * k).sum()
}

fn main() {}
