use tapeless::differentiate;

#[differentiate]
fn f(x: &[f64]) -> f64 {
    x.iter().scan(0.0, |s, v| Some(*s + v)).sum()
}

fn main() {}
