use tapeless::differentiate;

#[differentiate]
fn is_large(x: f64) -> bool {
    x > 1e3
}

#[differentiate]
fn forget(x: f64) {
    let _ = x;
}

fn main() {}
