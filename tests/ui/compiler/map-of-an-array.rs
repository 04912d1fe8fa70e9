//! What the method gives is an array, which nothing in the body says.
use tapeless::{differentiate, Differentiable};

#[derive(Differentiable)]
struct Body {
    place: [f64; 3],
}

impl Body {
    fn place(&self) -> [f64; 3] {
        self.place
    }
}

#[differentiate]
fn scaled(body: &Body, k: f64) -> Body {
    let place = body.place().map(|x| x * k);
    Body { place }
}

fn main() {}
