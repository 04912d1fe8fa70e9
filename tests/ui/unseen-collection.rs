use tapeless::differentiate;

fn gathered(x: &[f64]) -> Vec<Vec<f64>> {
    vec![x.to_vec()]
}

#[differentiate]
fn f(x: &[f64]) -> f64 {
    let rows = gathered(x);
    rows.iter().flatten().map(|v| v * v).sum()
}

#[differentiate]
fn g(x: &[f64]) -> f64 {
    let squares = x.iter().map(|v| v * v).collect();
    std::convert::identity::<Vec<f64>>(squares)[0]
}

fn main() {}
