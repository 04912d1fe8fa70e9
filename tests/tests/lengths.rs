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

/// More blocks than there are.
#[differentiate]
fn first_blocks(x: &[f64], d: usize, n: usize) -> f64 {
    let mut scratch = vec![0.0; d];
    let mut total = 0.0;
    for i in 0..n {
        for (s, v) in scratch.iter_mut().zip(&x[i * d..(i + 1) * d]) {
            *s = v * v;
        }
        total += scratch.iter().sum::<f64>().sqrt();
    }
    total
}

#[test]
fn as_many_as_there_are() {
    let x = sample(6, 0.9);
    assert_gradient!(first_blocks(&x, 2, 3));
    assert_gradient!(first_blocks(&x, 3, 1));
}

/// A slice that is too short is found out as in the function itself.
#[test]
#[should_panic(expected = "range end index 8 out of range for slice of length 6")]
fn too_short() {
    let _ = first_blocks_grad(&sample(6, 0.9), 2, 4);
}

/// Vectors that are exchanged, replaced, or handed to functions that make them longer.
#[differentiate]
mod other_lengths {
    pub fn swapped(x: &[f64], n: usize, m: usize) -> f64 {
        let mut a = vec![0.5; n];
        let mut b = vec![0.25; m];
        std::mem::swap(&mut a, &mut b);
        for i in 0..a.len() {
            a[i] *= x[i];
        }
        for i in 0..b.len() {
            b[i] += x[i] * x[i];
        }
        a.iter().sum::<f64>() * b.iter().sum::<f64>()
    }

    pub fn replaced(x: &[f64], n: usize) -> f64 {
        let mut a = vec![1.0; n];
        let mut total = a.len() as f64;
        a = x.to_vec();
        for i in 0..a.len() {
            total += a[i] * a[i];
        }
        a = vec![x[0]; n + 1];
        for v in &a {
            total += v.sin();
        }
        total
    }

    pub fn lengthened(x: &[f64], n: usize) -> f64 {
        let mut a = vec![0.1; n];
        lengthen(&mut a, x);
        let mut total = 0.0;
        for i in 0..a.len() {
            total += a[i] * a[i] * i as f64;
        }
        total
    }

    fn lengthen(a: &mut Vec<f64>, x: &[f64]) {
        for v in x {
            a.push(v.cos());
        }
    }
}

#[test]
fn other_lengths_by_differences() {
    use other_lengths::*;
    let x = sample(4, 0.3);
    for n in [0, 1, 3, 4] {
        for m in [0, 2, 4] {
            assert_gradient!(swapped(&x, n, m));
        }
        assert_gradient!(replaced(&x, n));
        assert_gradient!(lengthened(&x, n));
    }
}
