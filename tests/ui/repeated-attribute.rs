use tapeless::{derivative, differentiate};

#[differentiate]
#[derivative(x = 2.0 * x)]
fn f(x: f64) -> f64 {
    x * x
}

fn main() {}
