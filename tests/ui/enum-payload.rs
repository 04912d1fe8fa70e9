use tapeless::differentiate;

#[derive(tapeless::Differentiable)]
enum Shape {
    Circle(f64),
}

impl Shape {
    #[differentiate]
    fn area(&self) -> f64 {
        let Self::Circle(r) = self;
        3.0 * r * r
    }
}

fn main() {}
