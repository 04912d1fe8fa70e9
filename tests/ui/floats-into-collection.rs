use std::collections::HashMap;

use tapeless::differentiate;

#[differentiate]
fn f(x: f64) -> f64 {
    let mut counts = HashMap::new();
    *counts.entry(x.to_bits()).or_insert(0) += 1;
    counts.insert(key(x), 3);
    counts.len() as f64 * x
}

#[differentiate(inert)]
fn key(x: f64) -> u64 {
    x.to_bits()
}

fn main() {}
