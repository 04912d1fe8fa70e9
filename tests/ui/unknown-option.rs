use tapeless::differentiate;

#[differentiate(wtr(x), fast)]
fn f(x: f64) -> f64 {
    x
}

fn main() {}
