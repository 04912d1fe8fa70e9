use tapeless::differentiate;

fn g(_: &mut [f64], _: &mut [f64]) {}

#[differentiate]
fn f(v: &mut [f64]) {
    let mut parts = v.chunks_mut(2);
    let a = parts.next().unwrap();
    let b = parts.next().unwrap();
    g(a, b)
}

fn main() {}
