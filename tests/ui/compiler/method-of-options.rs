//! A method of options that has no rule, and that no other crate can give one.
use tapeless::differentiate;

#[differentiate]
fn taken(x: Option<f64>, y: f64) -> f64 {
    let looked = x.inspect(|x| println!("{x}"));
    looked.unwrap_or(y) * y
}

fn main() {}
