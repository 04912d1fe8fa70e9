use tapeless::Differentiable;

#[derive(Clone, Copy, Differentiable)]
union U {
    x: f32,
    bits: u32,
}

fn main() {}
