use tapeless::differentiate;

#[differentiate]
fn solve(f: impl Fn(f64) -> f64, x: f64) -> f64 {
    f(x)
}

#[differentiate]
fn square(x: f64) -> f64 {
    x * x
}

#[differentiate]
fn f(x: f64) -> f64 {
    solve(square, x)
}

fn main() {}
