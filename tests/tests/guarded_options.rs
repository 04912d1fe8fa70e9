//! Guards that read what is inside of an option in parts.
use tapeless::{assert_gradient, differentiate};
#[differentiate]
fn last(xs: &[f64], tol: f64) -> f64 {
    let mut out = 0.0;
    let mut group: Vec<f64> = vec![];
    for p in xs {
        match group.last() {
            Some(&l) if p - l > tol => {
                out += l * tol;
                group.clear();
            }
            Some(l) if *l > 1.0 => out += l * l,
            None => out += tol,
            _ => {}
        }
        group.push(*p);
    }
    out
}
#[differentiate]
fn merged(a: &[f64], b: &[f64]) -> f64 {
    let (mut x, mut y) = (a.iter().peekable(), b.iter().peekable());
    let mut s = 0.0;
    let mut w = 1.0;
    loop {
        let v = match (x.peek(), y.peek()) {
            (Some(p), Some(q)) if p <= q => x.next().unwrap(),
            (Some(_), None) => x.next().unwrap(),
            (_, Some(_)) => y.next().unwrap(),
            (None, None) => break,
        };
        s += v * v * w;
        w *= 0.9;
    }
    s
}
#[differentiate]
fn valued(xs: &[f64], k: f64) -> f64 {
    let m = match xs.first() {
        Some(x) if *x > k => x * k,
        Some(x) => x + k,
        None => k * k,
    };
    let n = match xs.iter().copied().find(|v| *v < 0.0) {
        Some(v) if v < -1.0 => return v * k,
        Some(v) => v * v,
        None => 1.0,
    };
    m * n
}
#[differentiate]
fn got(xs: &[f64], i: usize, k: f64) -> f64 {
    match (xs.get(i), xs.get(i + 1)) {
        (Some(a), Some(b)) if b > a => (b - a) * k,
        (Some(a), Some(b)) => a * b,
        (Some(a), None) => a * k,
        _ => k,
    }
}
#[test]
fn gradients() {
    for xs in [
        &[][..],
        &[0.4],
        &[1.4, 0.3, -0.8, 0.9],
        &[0.3, 1.2, -1.5, 0.7, 2.0],
    ] {
        assert_gradient!(last(xs, 0.31));
        assert_gradient!(merged(xs, &[0.35, 0.6]));
        assert_gradient!(merged(xs, &[]));
        assert_gradient!(valued(xs, 0.7));
        for i in 0..4 {
            assert_gradient!(got(xs, i, 0.3));
        }
    }
}
