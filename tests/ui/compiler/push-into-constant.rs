//! Active values go into a field whose cotangent holds none.
use tapeless::{differentiate, Differentiable};

#[derive(Differentiable)]
struct Path {
    #[constant]
    points: Vec<f64>,
}

#[differentiate]
fn walk(path: &mut Path, x: f64) {
    path.points.push(x * x);
}

fn main() {}
