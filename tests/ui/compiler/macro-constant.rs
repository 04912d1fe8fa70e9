//! Behind the macro `x` is a constant, in the function as it was written.
use tapeless::differentiate;

macro_rules! settings {
    () => {
        const x: f64 = 2.0;
    };
}

#[differentiate]
fn scaled(x: f64, y: f64) -> f64 {
    settings!();
    x * y
}

fn main() {}
