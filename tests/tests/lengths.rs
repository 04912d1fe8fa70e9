//! Lengths that the macro knows by a name: where loops are over the same elements, and where they only seem to be.

use tapeless::{assert_gradient, differentiate};

/// Scratch of one length, slices of the same, and a loop over the least of both.
#[differentiate]
fn blocks(x: &[f64], w: &[f64], d: usize) -> f64 {
    let mut scratch = vec![0.0; d];
    let mut total = 0.0;
    for i in 0..x.len() / d {
        for ((s, v), w) in scratch.iter_mut().zip(&x[i * d..(i + 1) * d]).zip(w) {
            *s = v * w;
        }
        let norm = scratch.iter().map(|s| s * s).sum::<f64>();
        for (s, v) in scratch.iter().zip(x[i * d..].iter().rev()) {
            total += s * v * norm.sqrt();
        }
    }
    total
}

/// The name stands for another number later on.
#[differentiate]
fn shadowed(x: &[f64], n: usize) -> f64 {
    let mut v = vec![1.0; n];
    let n = n + 1;
    let mut w = vec![0.5; n];
    for i in 0..v.len() {
        v[i] *= x[i];
    }
    for i in 0..w.len() {
        w[i] += x[i % x.len()];
    }
    let n = 2;
    v.iter().sum::<f64>() * w.iter().map(|w| w * w).sum::<f64>() * n as f64
}

/// Lengths that change, and one that was asked for before.
#[differentiate]
fn growing(x: &[f64], n: usize) -> f64 {
    let mut v = vec![0.0; n];
    let before = v.len();
    for i in 0..before {
        v[i] = x[i] * x[i];
    }
    for &y in x {
        v.push(y.sin());
    }
    let mut total = 0.0;
    for i in 0..v.len() {
        total += v[i] * (i + before) as f64;
    }
    v.truncate(n);
    for (a, b) in v.iter().zip(x) {
        total += a * b;
    }
    total
}

/// A length for every iteration of a loop that carries it.
#[differentiate]
fn halves(x: &[f64]) -> f64 {
    let mut n = x.len();
    let mut total = 0.0;
    while n > 0 {
        let mut part = vec![0.0; n];
        for (p, v) in part.iter_mut().zip(x) {
            *p = v * n as f64;
        }
        for p in &part[..part.len()] {
            total += p.sin() * total;
        }
        total += part[n - 1];
        n /= 2;
    }
    total
}

fn sample(n: usize, phase: f64) -> Vec<f64> {
    (0..n).map(|i| (1.9 * i as f64 + phase).cos()).collect()
}

#[test]
fn by_differences() {
    for d in [1, 2, 3, 7] {
        for n in [0, 1, 2, 4] {
            let x = sample(n * d + n % 2, 0.4);
            assert_gradient!(blocks(&x, &sample(d, 0.1), d));
            assert_gradient!(blocks(&x, &sample(d - 1, 0.1), d));
            assert_gradient!(halves(&x));
        }
        let x = sample(d, 0.8);
        assert_gradient!(shadowed(&x, d));
        assert_gradient!(shadowed(&x, d - 1));
        assert_gradient!(growing(&x, d));
        assert_gradient!(growing(&x, 0));
    }
}

/// A vector that is too short is found out as in the function itself.
#[test]
#[should_panic]
fn too_short() {
    let _ = blocks_grad(&[1.0, 2.0, 3.0], &[1.0], 0);
}
