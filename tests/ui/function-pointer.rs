use tapeless::differentiate;

#[differentiate]
fn f(x: f64, g: fn(f64) -> f64) -> f64 {
    g(x) + g(2.0)
}

#[differentiate]
fn constant(#[constant] g: impl Fn(f64) -> f64, x: f64) -> f64 {
    let y = x * 2.0;
    g(y) * x
}

fn main() {}
