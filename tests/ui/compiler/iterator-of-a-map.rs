//! What is gone through by positions has none.
use std::collections::HashMap;

use tapeless::{differentiate, Differentiable};

#[derive(Differentiable)]
struct Poly {
    #[constant]
    factors: HashMap<i32, f64>,
    #[constant]
    degree: u32,
}

impl Poly {
    fn iter(&self) -> impl Iterator<Item = f64> + '_ {
        self.factors.values().copied()
    }

    #[differentiate]
    fn at(&self, x: f64) -> f64 {
        self.factors.iter().map(|(p, f)| f * x.powi(*p)).sum()
    }

    #[differentiate]
    fn sum(&self, x: f64) -> f64 {
        self.iter().map(|f| f * x).sum()
    }
}

fn main() {}
