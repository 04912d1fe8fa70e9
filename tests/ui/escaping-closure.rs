use tapeless::differentiate;

#[differentiate]
fn f(x: f64) -> f64 {
    apply(|y| x * y)
}

fn apply(g: impl Fn(f64) -> f64) -> f64 {
    g(1.0)
}

fn main() {}
