use tapeless::differentiate;

#[differentiate]
fn f(x: f64) -> f64 {
    let lazy = async { x };
    drop(lazy);
    x
}

fn main() {}
