use tapeless::differentiate;

#[differentiate]
fn f(x: f64, g: impl Fn(f64) -> f64, h: &dyn Fn(f64) -> f64) -> f64 {
    g(x) + h(x)
}

fn main() {}
