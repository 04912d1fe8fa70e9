use tapeless::differentiate;

fn g(_: &mut f64, _: &mut f64) {}

#[differentiate]
fn f(v: &mut [f64]) {
    let mut parts = v.iter_mut();
    let a = parts.next().unwrap();
    let b = parts.next().unwrap();
    g(a, b)
}

fn main() {}
