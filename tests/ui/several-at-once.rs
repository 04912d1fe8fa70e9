use tapeless::differentiate;

#[differentiate(fast, wrt(y))]
fn f(x: f64, n: usize) -> f64 {
    x * n as f64
}

fn main() {}
