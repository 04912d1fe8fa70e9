use tapeless::differentiate;

trait Scalar: Copy + core::ops::Add<Output = Self> {}

impl Scalar for f64 {}
impl Scalar for i32 {}

#[differentiate]
fn sum<S: Scalar>(x: S, y: S) -> S {
    x + y
}

fn main() {
    let _ = sum_grad(1.0, 2.0);
    let _ = sum_vjp(1, 2, 1, tapeless::Inactive, tapeless::Inactive);
}
