use tapeless::{differentiate, Differentiable};

#[differentiate(inert)]
fn f(x: f64, y: &mut [f64]) -> f64 {
    y[0] = x;
    x
}

#[derive(Differentiable)]
struct Point {
    x: f64,
}

#[differentiate(inert)]
fn point(x: f64) -> Point {
    Point { x }
}

#[differentiate(inert)]
fn handed(g: impl Fn(f64) -> f64, n: usize) -> f64 {
    g(n as f64)
}

fn main() {}
