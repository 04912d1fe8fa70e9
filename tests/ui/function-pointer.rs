use tapeless::differentiate;

struct Activation {
    function: fn(f64) -> f64,
}

#[differentiate(wrt(x))]
fn of_a_field(activation: &Activation, x: f64) -> f64 {
    (activation.function)(x)
}

#[differentiate]
fn constant(#[constant] g: impl Fn(f64) -> f64, x: f64) -> f64 {
    let y = x * 2.0;
    g(y) * x
}

#[differentiate]
fn handed_on(x: f64) -> f64 {
    let table: [fn(f64) -> f64; 2] = [f64::sin, f64::cos];
    let mut s = x;
    if let Some(f) = table.first() {
        s = f(s);
    }
    s
}

fn main() {}
