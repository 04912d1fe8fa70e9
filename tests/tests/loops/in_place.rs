//! Updates in place: elements, references to elements, sub-slices, scratch buffers, elimination.

use tapeless::differentiate;

#[differentiate]
fn elements(x: &[f64; 4], k: f64, n: usize) -> f64 {
    let mut a = *x;
    for i in 0..n {
        let j = i % 4;
        a[j] = a[j] * a[(j + 1) % 4] + k;
        a[(i * 3) % 4] *= k;
        a[(i + 2) % 4] -= a[j];
    }
    a[0] * a[1] + a[2] * a[3]
}

#[differentiate]
fn references(x: &[f64; 4], k: f64, n: usize) -> f64 {
    let mut a = *x;
    for i in 0..n {
        let j = (i * 3) % 4;
        let r = &mut a[j];
        *r *= k;
        *r = r.sin() + k;
        let s = &a[(i + 1) % 4];
        let t = *s * k;
        a[i % 4] += t;
    }
    a[0] * a[1] + a[2] * a[3]
}

#[differentiate]
fn sub_slices(x: &[f64], k: f64) -> f64 {
    let mut a = x.to_vec();
    for i in 0..x.len() {
        let tail = &mut a[i..];
        tail[0] *= k;
        for j in 1..tail.len() {
            tail[j] += tail[0] * tail[j - 1];
        }
    }
    let half = &a[a.len() / 2..];
    let mut y = 0.0;
    for v in half {
        y = y * k + v;
    }
    y
}

#[differentiate]
fn split(x: &[f64], k: f64) -> f64 {
    let mut a = x.to_vec();
    let (low, high) = a.split_at_mut(x.len() / 2);
    for (l, h) in low.iter_mut().zip(high.iter_mut()) {
        *l *= *h;
        *h += *l * k;
    }
    a.iter().map(|v| v * v).sum()
}

#[differentiate]
fn scratch_outside(x: &[f64], k: f64, n: usize) -> f64 {
    let mut scratch = [0.0; 8];
    let mut y = k;
    for _ in 0..n {
        for (i, v) in x.iter().enumerate() {
            scratch[i] = v * y;
        }
        for i in 0..x.len() {
            y += scratch[i].sin();
        }
    }
    y
}

#[differentiate]
fn scratch_inside(x: &[f64], k: f64, n: usize) -> f64 {
    let mut y = k;
    for step in 0..n {
        let mut scratch = vec![0.0; x.len()];
        for i in 0..x.len() {
            scratch[i] = x[i] * y + step as f64;
        }
        for i in 1..x.len() {
            scratch[i] *= scratch[i - 1];
        }
        y = scratch.iter().sum::<f64>().tanh() + k;
    }
    y
}

/// Elimination without pivoting, in place, and back substitution.
#[differentiate]
fn solved(a: &[[f64; 3]; 3], b: &[f64; 3]) -> f64 {
    let mut a = *a;
    let mut x = *b;
    for k in 0..3 {
        for i in k + 1..3 {
            let factor = a[i][k] / a[k][k];
            for j in k..3 {
                a[i][j] -= factor * a[k][j];
            }
            x[i] -= factor * x[k];
        }
    }
    for i in (0..3).rev() {
        for j in i + 1..3 {
            x[i] -= a[i][j] * x[j];
        }
        x[i] /= a[i][i];
    }
    x[0] + x[1] * x[2]
}

/// The determinant, with pivoting.
#[differentiate]
fn determinant(a: &[[f64; 3]; 3]) -> f64 {
    let mut a = *a;
    let mut det = 1.0;
    for k in 0..3 {
        let mut p = k;
        for i in k + 1..3 {
            if a[i][k].abs() > a[p][k].abs() {
                p = i;
            }
        }
        if p != k {
            a.swap(p, k);
            det = -det;
        }
        det *= a[k][k];
        for i in k + 1..3 {
            let factor = a[i][k] / a[k][k];
            for j in k..3 {
                a[i][j] -= factor * a[k][j];
            }
        }
    }
    det
}

/// The Cholesky factor of a packed matrix, in place.
#[differentiate]
fn cholesky(packed: &[f64; 9]) -> f64 {
    let mut l = *packed;
    for j in 0..3 {
        for k in 0..j {
            l[j * 3 + j] -= l[j * 3 + k] * l[j * 3 + k];
        }
        l[j * 3 + j] = l[j * 3 + j].sqrt();
        for i in j + 1..3 {
            for k in 0..j {
                l[i * 3 + j] -= l[i * 3 + k] * l[j * 3 + k];
            }
            l[i * 3 + j] /= l[j * 3 + j];
        }
    }
    l[0].ln() + l[4].ln() + l[8].ln() + l[7] * l[3]
}

#[differentiate]
fn prefix_sums(x: &[f64], k: f64) -> f64 {
    let mut a = x.to_vec();
    for i in 1..a.len() {
        a[i] += a[i - 1] * k;
    }
    let mut y = 0.0;
    for v in &a {
        y += v * v;
    }
    y
}

#[test]
fn in_place() {
    let x = [0.5, -0.3, 1.2, 0.7, -1.1];
    for n in [0, 1, 2, 5, 12] {
        check!(
            elements,
            elements_value_and_grad,
            (&[0.5, -0.3, 1.2, 0.7], 0.8, n)
        );
        check!(
            references,
            references_value_and_grad,
            (&[0.5, -0.3, 1.2, 0.7], 0.8, n)
        );
    }
    for n in [0, 1, 2, 5] {
        check!(sub_slices, sub_slices_value_and_grad, (&x[..n], 0.8));
        check!(split, split_value_and_grad, (&x[..n], 0.8));
        check!(prefix_sums, prefix_sums_value_and_grad, (&x[..n], 0.8));
        for trips in [0, 1, 4] {
            check!(
                scratch_outside,
                scratch_outside_value_and_grad,
                (&x[..n], 0.8, trips)
            );
            check!(
                scratch_inside,
                scratch_inside_value_and_grad,
                (&x[..n], 0.8, trips)
            );
        }
    }
}

#[test]
fn elimination() {
    let a = [[1.5, -0.3, 1.2], [3.7, 2.4, -0.6], [-0.2, 0.9, 2.3]];
    check!(solved, solved_value_and_grad, (&a, &[0.5, 0.6, -0.7]));
    check!(determinant, determinant_value_and_grad, (&a));
    check!(
        cholesky,
        cholesky_value_and_grad,
        (&[2.0, 0.0, 0.0, 0.5, 3.0, 0.0, 0.3, -0.4, 1.5])
    );
}
