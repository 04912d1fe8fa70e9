use tapeless::differentiate;

#[differentiate]
fn f(x: f64, #[constant(yes)] k: f64) -> f64 {
    #[constant]
    let y = x * k;
    y
}

fn main() {}
