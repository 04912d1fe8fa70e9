use tapeless::derivative;

#[derivative(x = 1.0)]
fn f(x: &[f64]) -> f64 {
    x[0]
}

fn main() {}
