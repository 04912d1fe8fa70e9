//! Vectors built in loops.

use tapeless::differentiate;

#[differentiate]
fn pushed(x: f64, n: usize) -> f64 {
    let mut v = Vec::new();
    for i in 0..n {
        v.push((x * i as f64).sin());
    }
    let mut y = x;
    for a in &v {
        y = y * a + x;
    }
    y
}

#[differentiate]
fn pushed_from_itself(x: f64, n: usize) -> f64 {
    let mut v = Vec::with_capacity(n + 1);
    v.push(x);
    for i in 0..n {
        let next = v[i] * v[i] * 0.5 + x;
        v.push(next);
    }
    v[n]
}

#[differentiate]
fn pushed_sometimes(x: &[f64], k: f64) -> f64 {
    let mut kept = Vec::new();
    for &v in x {
        if v > 0.0 {
            kept.push(v * k);
        }
    }
    let mut y = k;
    for i in 0..kept.len() {
        y = (y + kept[i]).sin();
    }
    y
}

#[differentiate]
fn pushed_and_popped(x: &[f64], k: f64) -> f64 {
    let mut v: Vec<f64> = Vec::new();
    let mut y = k;
    for &a in x {
        v.push(a * y);
        if a < 0.0 {
            if let Some(b) = v.pop() {
                y += b * b;
            }
        }
    }
    while let Some(b) = v.pop() {
        y = y * b + k;
    }
    y
}

#[differentiate]
fn extended(x: &[f64], k: f64, n: usize) -> f64 {
    let mut v = Vec::new();
    for _ in 0..n {
        v.extend_from_slice(x);
    }
    for a in &mut v {
        *a *= k;
    }
    v.iter().map(|a| a * a).sum()
}

#[differentiate]
fn built(x: &[f64], k: f64) -> Vec<f64> {
    let mut v = Vec::new();
    let mut y = k;
    for &a in x {
        y = y * a + k;
        v.push(y);
    }
    v
}

#[test]
fn vectors() {
    let x = [0.5, -0.3, 1.2, 0.7, -1.1];
    for n in 0..=x.len() {
        check!(pushed, pushed_value_and_grad, (0.7, n));
        check!(
            pushed_from_itself,
            pushed_from_itself_value_and_grad,
            (0.7, n)
        );
        check!(
            pushed_sometimes,
            pushed_sometimes_value_and_grad,
            (&x[..n], 0.7)
        );
        check!(
            pushed_and_popped,
            pushed_and_popped_value_and_grad,
            (&x[..n], 0.7)
        );
        check!(extended, extended_value_and_grad, (&x[..2], 0.7, n));
        let (mut d_x, mut d_k) = (vec![0.0; n], 0.0);
        let out = built_vjp(&x[..n], 0.7, vec![1.0; n], &mut d_x, &mut d_k);
        assert_eq!(out, built(&x[..n], 0.7));
        assert_eq!(d_k == 0.0, n == 0);
    }
}
