use tapeless::differentiate;

#[differentiate]
fn f(x: [f64; 2], k: usize) -> f64 {
    let mut a = x;
    let mut b = x;
    let r = if k > 1 { &mut a } else { &mut b };
    r[0] = 2.0 * r[1];
    a[0] + b[0]
}

fn main() {}
