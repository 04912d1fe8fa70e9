use tapeless::{differentiate, Differentiable};

#[derive(Differentiable)]
struct Holder<T> {
    inside: T,
}

#[differentiate]
fn f(x: f64) -> f64 {
    let mut y = x;
    let holder = Holder { inside: &mut y };
    *holder.inside *= x;
    y
}

fn main() {}
