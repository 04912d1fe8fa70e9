use tapeless::differentiate;

#[differentiate]
fn f(x: f64) -> impl Copy {
    x
}

#[differentiate]
fn first(x: &[f64]) -> &f64 {
    &x[0]
}

fn main() {}
