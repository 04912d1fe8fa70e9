use tapeless::differentiate;

#[differentiate]
fn product([a, b]: [f64; 2]) -> f64 {
    a * b
}

#[differentiate]
fn f(x: &[f64]) -> f64 {
    product(x[..2].try_into().unwrap())
}

fn main() {}
