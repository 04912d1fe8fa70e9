use tapeless::derivative;

#[derivative(x)]
fn f(x: f64) -> f64 {
    x
}

#[derivative(x.y = 1.0)]
fn g(x: f64) -> f64 {
    x
}

fn main() {}
