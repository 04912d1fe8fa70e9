use tapeless::derivative;

#[derivative(x = 1.0, x = 2.0)]
fn f(x: f64) -> f64 {
    x
}

fn main() {}
