use tapeless::differentiate;

#[differentiate(wrt(x), wrt(x))]
fn f(x: f64) -> f64 {
    x
}

fn main() {}
