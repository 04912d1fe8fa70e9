use tapeless::{differentiate, Differentiable};

#[derive(Clone, Differentiable)]
struct Total(f64);

#[differentiate]
fn add(total: &mut Total, x: f64) -> f64 {
    total.0 += x;
    x
}

#[differentiate]
fn lost(#[constant] total: &mut Total, x: f64) -> f64 {
    add(total, x * x) * total.0
}

fn main() {}
