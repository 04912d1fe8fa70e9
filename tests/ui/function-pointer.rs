use tapeless::differentiate;

#[differentiate]
fn chosen(x: f64, c: bool) -> f64 {
    let g: fn(f64) -> f64 = if c { f64::sin } else { f64::cos };
    g(x) + g(2.0)
}

#[differentiate]
fn constant(#[constant] g: impl Fn(f64) -> f64, x: f64) -> f64 {
    let y = x * 2.0;
    g(y) * x
}

fn main() {}
