//! Loops whose reverses follow one another and become one: what one leaves for the next stays in registers, shifted by an
//! element or not, and sequences of no or one element lose nothing.

use std::hint::black_box;
use tapeless::differentiate;

/// A chain: what one loop writes the next reads, shifted by one.
#[differentiate]
fn chain(x: &[f64], steps: usize, h: f64) -> f64 {
    let n = x.len();
    let mut y = vec![0.1; n];
    let mut stage = vec![0.0; n];
    let mut k1 = vec![0.0; n];
    let mut k2 = vec![0.0; n];
    for _ in 0..steps {
        if n > 0 {
            k1[0] = x[0];
            k2[0] = x[0];
        }
        for i in 1..x.len() {
            k1[i] = x[i] * y[i - 1];
        }
        for ((o, y), k) in stage.iter_mut().zip(&y).zip(&k1) {
            *o = y + 0.5 * h * k;
        }
        for i in 1..x.len() {
            k2[i] = x[i] * stage[i - 1] * stage[i - 1];
        }
        for i in 0..n {
            y[i] += h * (k1[i] + 2.0 * k2[i]);
        }
    }
    y.iter().sum()
}

/// Filled whole, read one before: the classical scheme for a first-order equation.
#[differentiate]
fn scheme(x: &[f64], steps: usize) -> f64 {
    let n = x.len();
    let mut y = vec![0.3; n];
    let mut s = vec![0.0; n];
    let mut k = vec![0.0; n];
    for _ in 0..steps {
        k[0] = x[0];
        for i in 1..n {
            k[i] = x[i] * y[i - 1];
        }
        for i in 0..n {
            s[i] = y[i] + 0.25 * k[i];
        }
        k[0] = x[0] * s[0];
        for i in 1..n {
            k[i] = x[i] * s[i - 1];
        }
        for i in 0..n {
            y[i] += 0.1 * k[i];
        }
    }
    y.iter().sum()
}

/// Both neighbours are read: the reverse of the second loop gathers from three iterations.
#[differentiate]
fn stencil(x: &[f64], steps: usize) -> f64 {
    let n = x.len();
    let mut y = x.to_vec();
    let mut a = vec![0.0; n];
    let mut b = vec![0.0; n];
    for _ in 0..steps {
        for i in 0..n {
            a[i] = y[i] * x[i];
        }
        b[0] = a[0];
        b[n - 1] = a[n - 1];
        for i in 1..n - 1 {
            b[i] = a[i - 1] * a[i] - 0.5 * a[i + 1];
        }
        for i in 0..n {
            y[i] += 0.2 * b[i];
        }
    }
    y.iter().sum()
}

/// Backwards: what the second loop reads is written later than that of its own position.
#[differentiate]
fn ahead(x: &[f64], steps: usize) -> f64 {
    let n = x.len();
    let mut y = vec![0.4; n];
    let mut a = vec![0.0; n + 1];
    let mut b = vec![0.0; n];
    for _ in 0..steps {
        for i in 0..n {
            a[i] = y[i] * x[i].sin();
        }
        a[n] = x[0];
        for i in 0..n {
            b[i] = a[i + 1] * a[i];
        }
        for i in 0..n {
            y[i] = y[i] * 0.5 + b[i];
        }
    }
    y.iter().sum()
}

fn agree(f: impl Fn(&[f64]) -> f64, grad: &[f64], x: &[f64]) {
    let h = 1e-4;
    for i in 0..x.len() {
        let at = |step: f64| {
            let mut x = x.to_vec();
            x[i] += step;
            f(&x)
        };
        // Richardson.
        let central = |h: f64| (at(h) - at(-h)) / (2.0 * h);
        let difference = (4.0 * central(h) - central(2.0 * h)) / 3.0;
        let scale = difference.abs().max(1.0);
        assert!(
            (grad[i] - difference).abs() < 1e-7 * scale,
            "{i} of {}",
            x.len()
        );
    }
}

fn point(n: usize) -> Vec<f64> {
    (0..n).map(|i| 0.5 + (i as f64 * 1.3).sin() * 0.4).collect()
}

#[test]
fn chains() {
    for (n, steps) in [(0, 2), (1, 3), (2, 1), (3, 4), (9, 0), (9, 5)] {
        let x = point(n);
        let (value, (grad, d_h)) = chain_value_and_grad(black_box(&x), steps, 0.3);
        assert_eq!(value, chain(black_box(&x), steps, 0.3));
        agree(|x| chain(x, steps, 0.3), &grad, &x);
        let at = |h: f64| chain(&x, steps, h);
        let difference = (at(0.3 + 1e-5) - at(0.3 - 1e-5)) / 2e-5;
        assert!((d_h - difference).abs() < 1e-6 * difference.abs().max(1.0));
    }
}

#[test]
fn schemes() {
    for (n, steps) in [(1, 3), (2, 2), (3, 4), (10, 5)] {
        let x = point(n);
        agree(|x| scheme(x, steps), &scheme_grad(&x, steps), &x);
        // Buffers that already hold something are added to.
        let mut d = vec![1.0; n];
        let value = scheme_vjp(&x, steps, 1.0, &mut d[..], tapeless::Inactive);
        assert_eq!(value, scheme(&x, steps));
        let grad: Vec<f64> = d.iter().map(|d| d - 1.0).collect();
        agree(|x| scheme(x, steps), &grad, &x);
    }
}

#[test]
fn neighbours() {
    for (n, steps) in [(1, 2), (2, 2), (3, 3), (8, 3)] {
        let x = point(n);
        agree(|x| stencil(x, steps), &stencil_grad(&x, steps), &x);
        agree(|x| ahead(x, steps), &ahead_grad(&x, steps), &x);
    }
}
