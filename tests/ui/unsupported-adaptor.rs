use tapeless::differentiate;

#[differentiate]
fn f(x: &[f64]) -> f64 {
    let scale = 2.0;
    x.iter().rfold(scale, |a, b| a * b)
}

#[differentiate]
fn g(x: f64, n: usize) -> f64 {
    std::iter::repeat_with(|| x * x).take(n).sum()
}

fn main() {}
