use tapeless::{differentiate, Differentiable};

#[derive(Differentiable)]
struct Rest<'a> {
    values: &'a [f64],
}

#[differentiate]
fn advance(rest: &mut Rest<'_>) -> f64 {
    let first = rest.values[0];
    rest.values = &rest.values[1..];
    2.0 * first
}

fn main() {}
