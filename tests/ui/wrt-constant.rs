use tapeless::differentiate;

#[differentiate(wrt(x, k))]
fn f(x: f64, #[constant] k: f64) -> f64 {
    x * k
}

fn main() {}
