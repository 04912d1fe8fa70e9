use tapeless::differentiate;

#[differentiate]
struct Point {
    x: f64,
}

#[differentiate]
pub use std::f64::consts::PI;

fn main() {}
