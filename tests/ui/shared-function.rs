use tapeless::differentiate;

#[differentiate]
fn f(g: impl Fn(f64) -> f64, x: f64) -> f64 {
    both(&g, |t| g(t * x), x)
}

#[differentiate]
fn both(g: impl Fn(f64) -> f64, h: impl Fn(f64) -> f64, x: f64) -> f64 {
    g(x) * h(x)
}

fn main() {}
