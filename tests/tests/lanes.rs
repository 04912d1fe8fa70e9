//! Products of elements that the reverse sweep adds up to one number.

use tapeless::{assert_gradient, differentiate};

/// The lower triangle by columns: what flows back to an element of `v` is a product of two slices.
#[differentiate]
fn columns(below: &[f64], v: &[f64], out: &mut [f64]) -> f64 {
    let d = v.len();
    let mut start = 0;
    for j in 0..d {
        let column = &below[start..start + d - j - 1];
        for (o, l) in out[j + 1..].iter_mut().zip(column) {
            *o -= l * v[j];
        }
        start += column.len();
    }
    out.iter().map(|o| o * o * o).sum::<f64>()
}

/// The factor is scaled, and the vector is one of those that an iteration of the outer loop makes.
#[differentiate]
fn rows(m: &[Vec<f64>], x: &[f64], scale: f64) -> f64 {
    let mut total = 0.0;
    for (row, &v) in m.iter().zip(x) {
        let mut y = vec![0.5; row.len()];
        for i in 0..row.len() {
            y[i] += scale * row[i] * v;
        }
        total += y.iter().map(|y| y.sin()).sum::<f64>();
    }
    total
}

/// Elements that are taken out of their cotangent in the same loop.
#[differentiate]
fn outer(a: &[f64], b: &[f64], n: usize) -> f64 {
    let mut y = vec![0.0; b.len()];
    for i in 0..n {
        for j in 0..b.len() {
            y[j] = (y[j] + a[i] * b[j]) * 0.5;
        }
    }
    y.iter().map(|y| y * y).sum::<f64>().sqrt()
}

/// Not products of elements of one iteration: what is read was written by another, or stands elsewhere.
#[differentiate]
fn shifted(a: &[f64], b: &[f64]) -> f64 {
    let mut y = a.to_vec();
    for i in 0..a.len() {
        for j in 1..b.len() {
            y[j] += y[j - 1] * b[i];
        }
    }
    y.iter().map(|y| y * y).sum()
}

#[differentiate]
fn single(below: &[f32], v: &[f32]) -> f32 {
    let mut out = vec![0.25f32; below.len()];
    for x in v {
        for i in 1..below.len() {
            out[i] += below[i] * x;
        }
    }
    out.iter().map(|o| o * o).sum()
}

fn sample(n: usize, phase: f64) -> Vec<f64> {
    (0..n).map(|i| (1.3 * i as f64 + phase).sin()).collect()
}

#[test]
fn by_differences() {
    for d in [0usize, 1, 2, 3, 9, 17, 18, 34] {
        let (below, v) = (sample(d * d.saturating_sub(1) / 2, 0.2), sample(d, 0.7));
        let mut out = sample(d, 1.1);
        assert_gradient!(columns(&below, &v, &mut out));
        let m: Vec<Vec<f64>> = (0..3).map(|r| sample(d, r as f64)).collect();
        assert_gradient!(rows(&m, &sample(3, 0.4), 0.6));
        assert_gradient!(shifted(&v, &sample(d, 0.9)));
        if d > 0 {
            assert_gradient!(outer(&sample(3, 0.5), &v, 3));
        }
    }
}

#[test]
fn in_single_precision() {
    for n in [0, 1, 2, 16, 17, 40] {
        let below: Vec<f32> = (0..n).map(|i| (i as f32).cos()).collect();
        let v = [0.5, -0.25, 2.0];
        let (_, d_v) = single_grad(&below, &v);
        // 2·(¼ + b·Σv)·b, over all but the first.
        let expected: f32 = below
            .iter()
            .skip(1)
            .map(|b| 2.0 * (0.25 + b * 2.25) * b)
            .sum();
        for d in d_v {
            approx::assert_relative_eq!(d, expected, epsilon = 1e-4, max_relative = 1e-5);
        }
    }
}
