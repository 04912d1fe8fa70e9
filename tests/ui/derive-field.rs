use tapeless::Differentiable;

#[derive(Differentiable)]
struct S {
    x: f64,
    p: *const f64,
}

fn main() {}
