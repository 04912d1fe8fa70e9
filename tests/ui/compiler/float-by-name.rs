//! What is called like a number of elements is a float.
use tapeless::{differentiate, Differentiable};

#[derive(Differentiable)]
struct Vector {
    x: f64,
    y: f64,
}

impl Vector {
    fn len(&self) -> f64 {
        self.x.hypot(self.y)
    }
}

#[differentiate]
fn scaled(v: &Vector, k: f64) -> f64 {
    v.len() * k
}

fn main() {}
