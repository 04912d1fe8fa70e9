use tapeless::Differentiable;

#[derive(Differentiable)]
#[differentiable(cotangent)]
struct S {
    x: f64,
}

fn main() {}
