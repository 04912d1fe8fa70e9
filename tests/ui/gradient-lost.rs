use tapeless::differentiate;

#[differentiate]
fn f(x: f64, #[constant] doubled: &mut f64) -> f64 {
    *doubled = 2.0 * x;
    x
}

fn main() {}
