use tapeless::derivative;

#[derivative(x = 1.0, yy = 2.0)]
fn f(x: f64, #[constant] y: f64) -> f64 {
    x + 2.0 * y
}

fn main() {}
