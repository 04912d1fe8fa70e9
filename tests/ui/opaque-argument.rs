use tapeless::differentiate;

#[differentiate]
fn f(x: f64, g: impl Iterator<Item = f64>, h: &dyn Fn(&mut f64) -> f64) -> f64 {
    x + g.count() as f64 + h(&mut 1.0)
}

#[differentiate]
fn unseen<S, F: Fn(S) -> f64>(g: F, s: S, x: f64) -> f64 {
    g(s) * x
}

fn main() {}
