use tapeless::differentiate;

#[differentiate(forward, hessian)]
fn f(x: f64) -> f64 {
    x * x
}

fn main() {}
