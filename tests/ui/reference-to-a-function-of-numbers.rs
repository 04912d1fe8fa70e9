use tapeless::differentiate;

trait Scalar: Copy {
    fn max(&self, other: &Self) -> Self;
}

#[differentiate]
fn larger<S: Scalar>(x: S, y: S) -> S {
    x.max(&y)
}

fn main() {}
