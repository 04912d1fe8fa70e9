//! Iterator chains and closures.
use tapeless::{assert_gradient, differentiate, Real};

#[differentiate]
fn collected(x: f64) -> f64 {
    let v: Vec<f64> = (0..10).map(|i| x * i as f64).collect();
    let m = v.iter().cloned().fold(f64::INFINITY, f64::min);
    m + v.iter().map(|a| (a - m).powi(2)).sum::<f64>() / v.len() as f64
}

#[differentiate]
fn closures(x: f64, y: f64) -> f64 {
    let f = |a: f64, b: f64| a * b + x;
    let g = |a| f(a, y);
    g(x) + [x, y].iter().map(|v| g(*v)).sum::<f64>()
}

#[differentiate]
fn sigmoid(w: &[f64], b: f64, x: &[f64]) -> f64 {
    let z = w.iter().zip(x.iter()).map(|(w, x)| w * x).sum::<f64>() + b;
    1.0 / (1.0 + (-z).exp())
}

#[differentiate]
fn variance<T: Real>(x: &[T]) -> T {
    let n = T::from(x.len()).unwrap();
    let mean = x.iter().copied().sum::<T>() / n;
    let var = x.iter().map(|&v| (v - mean) * (v - mean)).sum::<T>() / n;
    var.sqrt()
}

#[differentiate]
fn adds(x: f64) -> f64 {
    let mut acc = 0.0;
    let mut add = |v: f64| acc += v * x;
    add(1.0);
    add(x);
    acc
}

#[differentiate]
fn chained(a: &[f64], b: &[f64]) -> f64 {
    a.iter().chain(b.iter()).map(|v| v * v).sum::<f64>()
}

#[differentiate]
fn halved(a: &[f64]) -> f64 {
    let (lo, hi) = a.split_at(a.len() / 2);
    lo.iter()
        .zip(hi)
        .map(|(x, y)| x * y)
        .fold(0.0, |s, v| s + v)
}

#[differentiate]
fn firsts(xs: &[f64]) -> f64 {
    let Some((first, rest)) = xs.split_first() else {
        return 0.0;
    };
    let last = rest.last().copied().unwrap_or(1.0);
    first * rest[0] * last
}

#[differentiate]
fn best(a: f64, xs: &[f64]) -> f64 {
    let best = xs
        .iter()
        .enumerate()
        .min_by(|(_, p), (_, q)| p.total_cmp(q));
    match best {
        Some((i, v)) => v * a * (i + 1) as f64,
        None => a,
    }
}

#[test]
fn iterators_agree() {
    assert_gradient!(collected(0.7));
    assert_gradient!(sigmoid(&[0.3, -0.7], 0.1, &[1.0, 0.2]));
    assert_gradient!(best(0.5, &[0.3, -0.7, 0.2]));
    assert_gradient!(variance(&[0.3, -0.7, 0.2]));
    assert_gradient!(chained(&[0.3, 0.1], &[0.2]));
    assert_gradient!(halved(&[0.3, 0.1, 0.4, 0.9]));
    assert_gradient!(firsts(&[0.7, 0.3, 0.1]));
}

#[test]
fn closures_agree() {
    assert_gradient!(closures(0.7, 0.3));
    assert_gradient!(adds(0.3));
}
