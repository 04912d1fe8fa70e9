//! Vectors that an inner loop fills with much work, kept from its forward run for its second.

use tapeless::{assert_gradient, differentiate};

/// A product with a triangle, per point and component, in memory that all share.
#[differentiate]
mod triangular {
    pub fn mixture(d: usize, centres: &[f64], below: &[f64], points: &[f64]) -> f64 {
        let k = centres.len() / d;
        let mut product = vec![0.0; d];
        let mut terms = vec![0.0; k];
        let mut total = 0.0;
        for point in points.chunks_exact(d) {
            for j in 0..k {
                for (i, p) in product.iter_mut().enumerate() {
                    *p = point[i] - centres[j * d + i];
                }
                for i in (1..d).rev() {
                    for m in 0..i {
                        product[i] += below[i * (i - 1) / 2 + m] * product[m];
                    }
                }
                terms[j] = -0.5 * product.iter().map(|p| p * p).sum::<f64>();
            }
            total += log_sum_exp(&terms);
        }
        total
    }

    fn log_sum_exp(v: &[f64]) -> f64 {
        v.iter().map(|v| v.exp()).sum::<f64>().ln()
    }
}

/// Functions that take long fill it; the vector's length is another in every iteration.
#[differentiate]
fn growing(x: &[f64], runs: usize) -> f64 {
    let mut total = 0.0;
    for r in 0..runs {
        let mut norm = 0.0;
        for j in 0..x.len() {
            let mut waves = vec![0.0; j + 1];
            for (i, w) in waves.iter_mut().enumerate() {
                *w = (x[j] * (i + r) as f64).sin();
            }
            norm += waves.iter().map(|w| w * w * w).sum::<f64>() * waves[j / 2];
        }
        total += (1.0 + norm * norm).sqrt();
    }
    total
}

/// The second run reads it, and something made from it, more than once; backwards over the components.
#[differentiate]
fn backwards(x: &[f64], scales: &[f64]) -> f64 {
    let mut total = 0.0;
    for s in scales {
        let mut norm = 0.0;
        for j in (0..x.len()).rev() {
            let mut rows = vec![0.0; x.len()];
            for (i, r) in rows.iter_mut().enumerate() {
                for v in x {
                    *r += (i + j) as f64 * v * s;
                }
            }
            let last = rows[x.len() - 1];
            norm += rows.iter().map(|r| r * last).sum::<f64>() * x[j];
        }
        total += (norm * norm + 1.0).ln();
    }
    total
}

/// Two runs that look alike, over what changed in between: the second one's reverse must not take what the first filled.
#[differentiate]
mod changed_between {
    fn spread(a: &[f64], terms: &mut [f64]) {
        for j in 0..3 {
            let mut v = vec![0.0; a.len()];
            for i in 0..a.len() {
                for m in 0..a.len() {
                    v[i] += a[m] * (i + m + j) as f64;
                }
            }
            terms[j] = v.iter().map(|v| v * v).sum::<f64>();
        }
    }

    /// Iterations that are independent of each other.
    pub fn apart(x: &[f64], k: f64, n: usize) -> f64 {
        let mut total = 0.0;
        let mut terms = vec![0.0; 3];
        let mut a = vec![0.0; x.len()];
        for s in 0..n {
            for i in 0..a.len() {
                a[i] = x[i] + k * s as f64;
            }
            spread(&a, &mut terms);
            let p = terms.iter().sum::<f64>().sqrt();
            for i in 0..a.len() {
                a[i] = k * a[i] * x[i] + 0.5;
            }
            spread(&a, &mut terms);
            total += p * terms.iter().map(|t| 1.0 + t).sum::<f64>().ln();
        }
        total
    }

    /// Iterations that go on from one another.
    pub fn onwards(x: &[f64], k: f64, n: usize) -> f64 {
        let mut total = 0.0;
        let mut terms = vec![0.0; 3];
        let mut a = x.to_vec();
        for _ in 0..n {
            spread(&a, &mut terms);
            let p = terms.iter().sum::<f64>().sqrt();
            a[0] = k * a[0] + 0.5;
            spread(&a, &mut terms);
            total += p * terms.iter().map(|t| 1.0 + t).sum::<f64>().ln();
        }
        total
    }
}

/// Numbers without a pattern.
fn sample(n: usize, phase: f64) -> Vec<f64> {
    (0..n).map(|i| (1.7 * i as f64 + phase).sin()).collect()
}

#[test]
fn by_differences() {
    use triangular::*;
    for (d, k, n) in [(1, 1, 1), (3, 2, 2), (2, 3, 0), (4, 0, 1), (3, 1, 4)] {
        let (centres, points) = (sample(k * d, 0.3), sample(n * d, 0.9));
        let below = sample(d * (d - 1) / 2, 0.1);
        if k > 0 {
            assert_gradient!(mixture(d, &centres, &below, &points));
        }
    }
    for n in [0, 1, 2, 5] {
        for runs in [0, 1, 3] {
            let x = sample(n, 0.4);
            assert_gradient!(growing(&x, runs));
            let scales = sample(runs, 1.2);
            assert_gradient!(backwards(&x, &scales));
        }
    }
}

#[test]
fn what_changed_in_between_by_differences() {
    for len in [1, 2, 4] {
        for n in [0, 1, 3] {
            let (x, k) = (sample(len, 0.7), 0.8);
            assert_gradient!(changed_between::apart(&x, k, n));
            assert_gradient!(changed_between::onwards(&x, k, n));
        }
    }
}

#[test]
fn as_by_hand() {
    // One point, one component: −½‖P(x − c)‖² with P = [[1, 0], [b, 1]].
    let (c, b, x) = ([0.5, -1.0], [2.0], [1.0, 0.25]);
    let r = [0.5, 1.25 + 2.0 * 0.5];
    let d = triangular::mixture_grad(2, &c, &b, &x);
    approx::assert_relative_eq!(d.0[0], r[0] + 2.0 * r[1], epsilon = 1e-12);
    approx::assert_relative_eq!(d.0[1], r[1], epsilon = 1e-12);
    approx::assert_relative_eq!(d.1[0], -r[1] * 0.5, epsilon = 1e-12);
}
