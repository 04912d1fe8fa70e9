use tapeless::differentiate;

fn total<'a>(xs: impl Iterator<Item = &'a f64>) -> f64 {
    xs.sum()
}

#[differentiate]
fn handed_on(xs: &[f64]) -> f64 {
    let squares = xs.iter();
    total(squares)
}

fn main() {}
