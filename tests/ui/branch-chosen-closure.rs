//! A branch chooses between closures.

use tapeless::differentiate;

#[differentiate]
fn either(x: f64, double: bool) -> f64 {
    let twice = |v: f64| 2.0 * v;
    let square = |v: f64| v * v;
    let chosen = if double { twice } else { square };
    chosen(x)
}

fn main() {}
