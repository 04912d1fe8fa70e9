use tapeless::differentiate;

#[differentiate(in_trait)]
fn f(x: f64) -> f64 {
    x
}

struct S;

#[differentiate(name = h, associated, inert)]
impl S {
    fn g(x: f64) -> f64 {
        x
    }
}

fn main() {}
