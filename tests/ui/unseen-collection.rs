use tapeless::differentiate;

#[differentiate]
fn g(x: &[f64]) -> f64 {
    let squares = x.iter().map(|v| v * v).collect();
    std::convert::identity::<Vec<f64>>(squares)[0]
}

fn main() {}
