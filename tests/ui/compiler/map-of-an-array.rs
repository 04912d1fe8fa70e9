//! What stands behind the field is an array, which nothing in the body says.
use tapeless::{differentiate, Differentiable};

#[derive(Differentiable)]
struct Body {
    place: [f64; 3],
}

#[differentiate]
fn scaled(body: &Body, k: f64) -> Body {
    let place = body.place.map(|x| x * k);
    Body { place }
}

fn main() {}
