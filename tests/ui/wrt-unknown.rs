use tapeless::differentiate;

#[differentiate(wrt(wieghts, bias))]
fn f(weights: &[f64], x: f64) -> f64 {
    weights[0] * x
}

fn main() {}
