use tapeless::differentiate;

#[differentiate(no_alloc)]
fn f(x: &[f64]) -> f64 {
    let mut y = x.to_vec();
    y[0] *= x[1];
    y[0] * y[1]
}

fn main() {}
