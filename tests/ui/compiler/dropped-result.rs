//! A result is dropped whose cotangent without a contribution nobody knows.
use tapeless::differentiate;

#[differentiate]
fn halve(xs: &mut [f64]) -> Vec<f64> {
    xs[0] *= 0.5;
    xs.to_vec()
}

#[differentiate]
fn quarter(xs: &mut [f64]) {
    halve(xs);
    halve(xs);
}

fn main() {}
