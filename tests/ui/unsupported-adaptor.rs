use tapeless::differentiate;

#[differentiate]
fn f(x: &[f64]) -> f64 {
    let scale = 2.0;
    x.iter().rfold(scale, |a, b| a * b)
}

fn main() {}
