use tapeless::differentiate;

#[differentiate]
fn f(x: f64) -> impl Copy {
    x
}

#[differentiate]
fn first(x: &mut [f64]) -> &mut f64 {
    &mut x[0]
}

fn main() {}
