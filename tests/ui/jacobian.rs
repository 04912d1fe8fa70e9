use tapeless::differentiate;

#[differentiate(jacobian)]
fn one(x: f64) -> f64 {
    x * x
}

#[differentiate(jacobian)]
fn any_number(x: &[f64]) -> Vec<f64> {
    x.iter().map(|x| x * x).collect()
}

#[differentiate(jacobian)]
fn unnamed<const N: usize>(x: [f64; N]) -> [f64; N] {
    x.map(|x| x * x)
}

#[differentiate(jacobian)]
fn out(x: f64, y: &mut [f64; 2]) {
    y[0] = x;
}

#[differentiate]
fn shift(x: f64, y: &mut [f64; 2]) {
    y[0] += x;
}

#[differentiate(jacobian)]
fn calling(x: f64, y: [f64; 2]) -> [f64; 2] {
    let mut moved = y;
    shift(x * moved[1], &mut moved);
    moved
}

#[differentiate(jacobian)]
fn handed(g: impl Fn(f64) -> f64, x: f64) -> (f64, f64) {
    (g(x), x)
}

fn main() {}
