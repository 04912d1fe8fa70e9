//! Memory that every iteration fills, elements that only one iteration touches: nothing is stored, and where an iteration
//! does see what another left, it is.

mod counting;

use counting::allocations;
use std::hint::black_box;
use tapeless::{assert_gradient, differentiate};

/// Filled by every row before it is read.
#[differentiate]
fn filled(a: &[f64], x: &[f64]) -> f64 {
    let n = x.len();
    let mut row = vec![0.0; n];
    let mut total = 0.0;
    for i in 0..n {
        for j in 0..n {
            row[j] = a[i * n + j] * x[j];
        }
        let mut sum = 0.0;
        for j in 0..n {
            sum += row[j] * row[n - 1 - j];
        }
        total += sum.sin();
    }
    total
}

/// Filled in two parts.
#[differentiate]
fn in_parts(x: &[f64], rounds: usize) -> f64 {
    let n = x.len();
    let mut k = vec![0.0; n];
    let mut total = 0.0;
    for r in 0..rounds {
        k[0] = x[0] * (r as f64 + 1.0);
        for i in 1..n {
            k[i] = x[i] * x[i - 1].cos();
        }
        for i in 0..n {
            total += k[i] * k[i] * x[i];
        }
    }
    total
}

/// The last element is never written in the loop: it keeps what it was made with.
#[differentiate]
fn but_one(x: &[f64], rounds: usize) -> f64 {
    let n = x.len();
    let mut k = vec![1.5; n + 1];
    let mut total = 0.0;
    for _ in 0..rounds {
        for i in 0..n {
            k[i] = x[i] * k[i + 1];
        }
        total += k[0] * k[n];
    }
    total
}

/// Read before it is filled: what the row before left.
#[differentiate]
fn left_over(x: &[f64], rounds: usize) -> f64 {
    let n = x.len();
    let mut k = vec![0.3; n];
    let mut total = 0.0;
    for _ in 0..rounds {
        total += k[n - 1] * x[0];
        for i in 0..n {
            k[i] = x[i] * (total + 1.0).ln_1p();
        }
    }
    total
}

/// Filled in some iterations only.
#[differentiate]
fn sometimes(x: &[f64], rounds: usize) -> f64 {
    let n = x.len();
    let mut k = vec![0.3; n];
    let mut total = 0.0;
    for r in 0..rounds {
        if r % 2 == 0 {
            for i in 0..n {
                k[i] = x[i] * (r as f64 + 0.5);
            }
        }
        for i in 0..n {
            total += (k[i] * x[i]).sin();
        }
    }
    total
}

/// Seen after the loop.
#[differentiate]
fn kept(x: &[f64], rounds: usize) -> f64 {
    let n = x.len();
    let mut k = vec![0.1; n];
    let mut total = 0.0;
    for r in 0..rounds {
        for i in 0..n {
            k[i] = x[i].powi(r as i32 + 1);
        }
        total += k[0] * k[n - 1];
    }
    total * k[n / 2]
}

/// A row of its own for every iteration, read again after it was written; written twice.
#[differentiate]
fn own_elements(x: &[f64], y: &mut [f64]) -> f64 {
    let mut total = 0.0;
    for i in 0..x.len() {
        y[i] = x[i].exp();
        total += y[i] * y[i];
        y[i] = y[i] * x[i];
    }
    for i in 0..x.len() {
        total += y[i].sin();
    }
    total
}

/// The elements of another iteration.
#[differentiate]
fn others_elements(x: &[f64]) -> f64 {
    let n = x.len();
    let mut y = vec![0.0; 2 * n];
    for i in 0..n {
        y[2 * i] = x[i] * x[i];
        y[i] = y[i] + x[i].sin();
    }
    y.iter().map(|y| y * y).sum()
}

/// Positions in a matrix, of a length that is the caller's affair.
#[differentiate]
fn product(a: &[f64], b: &[f64], n: usize, c: &mut [f64]) {
    for i in 0..n {
        for j in 0..n {
            let mut sum = 0.0;
            for k in 0..n {
                sum += a[i * n + k] * b[k * n + j];
            }
            c[i * n + j] = sum * sum;
        }
    }
}

/// The layer of a network: a number per neuron is kept in an array, no function is evaluated again.
#[differentiate]
fn layer(w: &[[f64; 3]; 4], x: &[f64; 3]) -> f64 {
    let mut hidden = [0.0; 4];
    for u in 0..4 {
        let mut sum = 0.1 * u as f64;
        for j in 0..3 {
            sum += w[u][j] * x[j];
        }
        hidden[u] = sum.tanh();
    }
    let mut total = 0.0;
    for u in 0..4 {
        total += hidden[u] * hidden[3 - u];
    }
    total
}

fn ramp(n: usize) -> Vec<f64> {
    (0..n).map(|i| 0.4 + (1.3 * i as f64).sin()).collect()
}

#[test]
fn against_differences() {
    let w = [0, 1, 2, 3].map(|u| [0, 1, 2].map(|j| (0.7 * f64::from(3 * u + j)).sin()));
    assert_gradient!(layer(&w, &[0.3, -0.8, 1.1]));
    for n in 1..5 {
        let x = ramp(n);
        assert_gradient!(filled(&ramp(n * n), &x));
        assert_gradient!(others_elements(&x));
        for rounds in [0, 1, 2, 3] {
            assert_gradient!(in_parts(&x, rounds));
            assert_gradient!(but_one(&x, rounds));
            assert_gradient!(left_over(&x, rounds));
            assert_gradient!(sometimes(&x, rounds));
            assert_gradient!(kept(&x, rounds));
        }
    }
}

/// The slope along a direction, of a function of slices that it also writes.
fn slope(f: impl Fn(&[f64]) -> f64, x: &[f64], direction: &[f64]) -> f64 {
    let at = |h: f64| {
        let moved: Vec<f64> = x.iter().zip(direction).map(|(x, d)| x + h * d).collect();
        f(&moved)
    };
    (at(1e-5) - at(-1e-5)) / 2e-5
}

#[test]
fn written_parameters() {
    for n in [0, 1, 4] {
        let (x, direction) = (ramp(n), ramp(n));
        let mut d_x = vec![0.0; n];
        let mut y = vec![0.0; n];
        own_elements_vjp(&x, &mut y, 1.0, &mut d_x, &mut vec![0.0; n]);
        let mut expected = vec![0.0; n];
        own_elements(&x, &mut expected);
        assert_eq!(y, expected);
        let along: f64 = d_x.iter().zip(&direction).map(|(a, b)| a * b).sum();
        let by_differences = slope(|x| own_elements(x, &mut vec![0.0; x.len()]), &x, &direction);
        approx::assert_relative_eq!(along, by_differences, max_relative = 1e-7, epsilon = 1e-7);
    }
    for n in [0, 1, 3] {
        let (a, b, weights) = (ramp(n * n), ramp(n * n), ramp(n * n));
        let (mut d_a, mut d_b) = (vec![0.0; n * n], vec![0.0; n * n]);
        let (mut c, mut d_c) = (vec![0.0; n * n], weights.clone());
        product_vjp(
            &a,
            &b,
            n,
            &mut c,
            &mut d_a,
            &mut d_b,
            tapeless::Inactive,
            &mut d_c,
        );
        assert_eq!(d_c, vec![0.0; n * n]);
        let weighed = |a: &[f64]| {
            let mut c = vec![0.0; n * n];
            product(a, &b, n, &mut c);
            c.iter().zip(&weights).map(|(c, w)| c * w).sum()
        };
        let along: f64 = d_a.iter().zip(&b).map(|(x, y)| x * y).sum();
        approx::assert_relative_eq!(
            along,
            slope(weighed, &a, &b),
            max_relative = 1e-7,
            epsilon = 1e-7
        );
    }
}

#[test]
fn no_more_than_its_own_scratch() {
    let count = |n: usize| {
        let (x, a) = (ramp(n), ramp(n * n));
        let (mut d_x, mut d_a) = (vec![0.0; n], vec![0.0; n * n]);
        allocations(|| filled_vjp(black_box(&a), &x, 1.0, &mut d_a[..], &mut d_x[..]))
    };
    assert_eq!(count(5), count(50));
    let product = |n: usize| {
        let (a, mut c) = (ramp(n * n), vec![0.0; n * n]);
        let (mut d_a, mut d_b, mut d_c) = (a.clone(), a.clone(), a.clone());
        allocations(|| {
            let slots = (&mut d_a[..], &mut d_b[..], &mut d_c[..]);
            product_vjp(
                &a,
                &a,
                n,
                &mut c,
                slots.0,
                slots.1,
                tapeless::Inactive,
                slots.2,
            );
        })
    };
    assert_eq!((product(3), product(8)), (0, 0));
}

/// A vector that grows is made anew by every iteration.
#[differentiate]
fn growing(x: &[f64]) -> f64 {
    let mut total = 0.0;
    for i in 0..x.len() {
        let mut v = vec![0.5; 2];
        v.push(x[i] * x[i]);
        v[0] = x[i];
        total += v.iter().map(|v| v.sin()).sum::<f64>() * v[v.len() - 1];
    }
    total
}

/// Behind the `continue` of an inner loop stands a store to what is compared.
#[differentiate]
fn stored_late(x: &[f64]) -> f64 {
    let mut last = [0.0; 1];
    let mut m = -10.0;
    for i in 0..x.len() {
        for j in 0..2 {
            if j == 0 {
                continue;
            }
            last[0] = (3.0 * x[i]).sin();
        }
        m = f64::max(m, last[0]);
    }
    m * m
}

/// Behind the `continue` of an inner loop stands a read of what another iteration left.
#[differentiate]
fn read_late(x: &[f64]) -> f64 {
    let n = x.len();
    let mut k = vec![0.3; n];
    let mut total = 0.0;
    for r in 0..n {
        for i in 0..n {
            k[i] = x[i] * x[r];
            for j in 0..2 {
                if j == 0 {
                    continue;
                }
                total += k[n - 1 - i] * x[i];
            }
        }
    }
    total
}

#[test]
fn nothing_is_taken_for_scratch_that_is_not() {
    for n in 1..6 {
        let x = ramp(n);
        assert_gradient!(growing(&x));
        assert_gradient!(stored_late(&x));
        assert_gradient!(read_late(&x));
    }
}
