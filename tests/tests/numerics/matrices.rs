//! Factorizations in place, and what is solved with them.

use tapeless::{assert_gradient, differentiate};

#[differentiate]
fn cholesky(a: &mut [f64], n: usize) -> Option<f64> {
    let mut log_det = 0.0;
    for j in 0..n {
        for i in j..n {
            let mut s = a[i * n + j];
            for k in 0..j {
                s -= a[i * n + k] * a[j * n + k];
            }
            if i == j {
                if s <= 0.0 {
                    return None;
                }
                a[j * n + j] = s.sqrt();
                log_det += 2.0 * a[j * n + j].ln();
            } else {
                a[i * n + j] = s / a[j * n + j];
            }
        }
    }
    Some(log_det)
}

#[differentiate]
fn gaussian_log_density(cov: &[f64], x: &[f64]) -> Option<f64> {
    let n = x.len();
    let mut l = cov.to_vec();
    let log_det = cholesky(&mut l, n)?;
    let mut y = x.to_vec();
    for i in 0..n {
        let (done, rest) = y.split_at_mut(i);
        let dot: f64 = done
            .iter()
            .zip(&l[i * n..i * n + i])
            .map(|(y, l)| y * l)
            .sum();
        rest[0] = (rest[0] - dot) / l[i * n + i];
    }
    Some(-0.5 * (y.iter().map(|y| y * y).sum::<f64>() + log_det))
}

#[test]
fn a_covariance_is_factored() {
    let cov = [2.0, 0.3, -0.1, 0.3, 1.5, 0.4, -0.1, 0.4, 0.9];
    assert_gradient!(gaussian_log_density(&cov, &[0.5, -0.2, 1.1]));
    assert_gradient!(gaussian_log_density(&[1.3], &[0.5]));
    assert!(gaussian_log_density_grad(&[-1.0], &[0.5]).is_none());
}

/// Solves `a x = b` with partial pivoting.
#[differentiate]
fn solve<const N: usize>(a: &[[f64; N]; N], b: &[f64; N]) -> [f64; N] {
    let mut a = *a;
    let mut x = *b;
    for col in 0..N {
        let mut pivot = col;
        for row in col + 1..N {
            if a[row][col].abs() > a[pivot][col].abs() {
                pivot = row;
            }
        }
        if pivot != col {
            a.swap(pivot, col);
            x.swap(pivot, col);
        }
        for row in col + 1..N {
            let factor = a[row][col] / a[col][col];
            for k in col..N {
                a[row][k] -= factor * a[col][k];
            }
            x[row] -= factor * x[col];
        }
    }
    for row in (0..N).rev() {
        for k in row + 1..N {
            x[row] -= a[row][k] * x[k];
        }
        x[row] /= a[row][row];
    }
    x
}

#[differentiate]
fn solved_norm(a: &[[f64; 3]; 3], b: &[f64; 3]) -> f64 {
    solve(a, b)
        .iter()
        .enumerate()
        .map(|(i, x)| (i as f64 + 1.0) * x * x)
        .sum()
}

#[test]
fn systems_are_solved() {
    let a = [[0.1, 2.0, -1.0], [1.5, 0.2, 0.3], [-0.7, 1.0, 3.0]];
    assert_gradient!(solved_norm(&a, &[1.0, -0.5, 2.0]));
}

#[differentiate]
mod householder {
    /// The upper triangle of a QR factorization, in place.
    pub fn reflect(a: &mut Vec<Vec<f64>>) {
        let (m, n) = (a.len(), a[0].len());
        for k in 0..n.min(m - 1) {
            let mut norm = 0.0;
            for row in a.iter().skip(k) {
                norm += row[k] * row[k];
            }
            let norm = norm.sqrt();
            if norm == 0.0 {
                continue;
            }
            let alpha = if a[k][k] > 0.0 { -norm } else { norm };
            let mut v = vec![0.0; m];
            v[k] = a[k][k] - alpha;
            for i in k + 1..m {
                v[i] = a[i][k];
            }
            let vv: f64 = v.iter().map(|x| x * x).sum();
            for j in k..n {
                let dot: f64 = (k..m).map(|i| v[i] * a[i][j]).sum();
                let scale = 2.0 * dot / vv;
                for i in k..m {
                    a[i][j] -= scale * v[i];
                }
            }
        }
    }

    pub fn diagonal(a: &[Vec<f64>], weights: &[f64]) -> f64 {
        let mut r = a.to_vec();
        reflect(&mut r);
        weights
            .iter()
            .enumerate()
            .map(|(i, w)| w * r[i][i].abs().ln())
            .sum()
    }
}

#[test]
fn reflections() {
    let a = vec![vec![1.0, 0.5], vec![-0.3, 2.0], vec![0.8, 0.1]];
    assert_gradient!(householder::diagonal(&a, &[0.7, 1.3]));
}

/// Butterflies on interleaved parts.
#[differentiate]
fn fft(data: &mut [(f64, f64)]) {
    let n = data.len();
    let mut j = 0;
    for i in 1..n {
        let mut bit = n >> 1;
        while j & bit != 0 {
            j ^= bit;
            bit >>= 1;
        }
        j |= bit;
        if i < j {
            data.swap(i, j);
        }
    }
    let mut len = 2;
    while len <= n {
        let angle = -2.0 * std::f64::consts::PI / len as f64;
        for block in data.chunks_exact_mut(len) {
            let (low, high) = block.split_at_mut(len / 2);
            for (k, (a, b)) in low.iter_mut().zip(high.iter_mut()).enumerate() {
                let (s, c) = (angle * k as f64).sin_cos();
                let t = (b.0 * c - b.1 * s, b.0 * s + b.1 * c);
                *b = (a.0 - t.0, a.1 - t.1);
                *a = (a.0 + t.0, a.1 + t.1);
            }
        }
        len *= 2;
    }
}

#[differentiate]
fn band_power(signal: &[f64], low: usize, high: usize) -> f64 {
    let mut z: Vec<(f64, f64)> = signal.iter().map(|&x| (x, 0.0)).collect();
    fft(&mut z);
    z[low..high]
        .iter()
        .map(|(re, im)| (re * re + im * im).sqrt())
        .sum()
}

#[test]
fn spectra() {
    let signal: Vec<f64> = (0..8)
        .map(|i| (i as f64 * 0.9).sin() + 0.1 * i as f64)
        .collect();
    assert_gradient!(band_power(&signal, 1, 4));
}

#[differentiate]
fn power_iteration<const N: usize>(a: &[[f64; N]; N], tolerance: f64) -> f64 {
    let mut v = [1.0; N];
    let mut value = 0.0;
    loop {
        let mut w = [0.0; N];
        for (w, row) in w.iter_mut().zip(a) {
            *w = row.iter().zip(&v).map(|(a, v)| a * v).sum();
        }
        let norm = w.iter().map(|x| x * x).sum::<f64>().sqrt();
        v = w.map(|x| x / norm);
        let change = (norm - value).abs();
        value = norm;
        if change < tolerance {
            break value;
        }
    }
}

#[test]
fn the_largest_eigenvalue() {
    let a = [[2.0, 0.5, 0.1], [0.5, 1.0, -0.2], [0.1, -0.2, 0.5]];
    let (value, (da, _)) = power_iteration_value_and_grad(&a, 1e-15);
    let at = |h: f64| {
        let mut a = a;
        a[0][1] += h;
        power_iteration(&a, 1e-15)
    };
    assert_eq!(value, at(0.0));
    assert!((da[0][1] - (at(1e-5) - at(-1e-5)) / 2e-5).abs() < 1e-6);
}
