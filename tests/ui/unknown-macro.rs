use tapeless::differentiate;

macro_rules! square {
    ($x:expr) => { $x * $x };
}

#[differentiate]
fn f(x: f64) -> f64 { square!(x) }

#[differentiate]
fn g(x: f64) -> f64 { square!(x).sin() }

fn main() {}
