use tapeless::differentiate;

#[differentiate(wrt = x, name = "g", no_alloc(true))]
fn f(x: f64) -> f64 {
    x
}

#[differentiate(,)]
fn g(x: f64) -> f64 {
    x
}

fn main() {}
