use tapeless::differentiate;

#[differentiate]
fn f(x: f64) -> f64 {
    const { 2.0 } * x
}

fn main() {}
