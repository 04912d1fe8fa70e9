use tapeless::differentiate;

#[derive(tapeless::Differentiable)]
struct Pair((f64, f64));

#[differentiate]
fn f(pair: &Pair) -> f64 {
    let (.., y) = pair.0;
    y
}

fn main() {}
