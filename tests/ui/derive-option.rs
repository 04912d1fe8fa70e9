use tapeless::Differentiable;

#[derive(Differentiable)]
#[differentiable(rename = D)]
struct S {
    x: f64,
}

fn main() {}
