use tapeless::differentiate;

#[derive(tapeless::Differentiable)]
enum Shape {
    Circle(f64),
    Square(f64),
}

#[differentiate]
fn area(shape: &Shape) -> f64 {
    match shape {
        Shape::Circle(r) => 3.0 * r * r,
        Shape::Square(a) => a * a,
    }
}

fn main() {}
