//! `View` hides a lifetime, which has to have a name where its cotangent is spoken of.
use tapeless::{differentiate, Differentiable};

#[derive(Differentiable)]
struct View<'a> {
    xs: &'a [f64],
}

#[differentiate]
fn first(view: &View, x: f64) -> f64 {
    view.xs[0] * x
}

fn main() {}
