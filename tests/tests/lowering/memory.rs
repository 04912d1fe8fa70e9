//! Copies, clones, swaps, reborrows.
use tapeless::{assert_gradient, differentiate, Differentiable};

#[differentiate]
fn copies(x: &[f64; 3]) -> f64 {
    let mut a = *x;
    let (p, q) = (a, *x);
    a[0] = 3.0;
    let b = a.clone();
    p[0] * q[1] * b[2]
}

#[differentiate]
fn clones(x: &Vec<f64>) -> f64 {
    let mut a = x.clone();
    a[0] *= 2.0;
    let s = &a[1..];
    s[0] * a[0]
}

#[derive(Clone, Copy, Differentiable)]
struct Point {
    x: f64,
    y: f64,
}

#[differentiate]
fn points(x: f64) -> f64 {
    let mut p = Point { x, y: 1.0 };
    let q = p;
    p.x = 3.0 * p.y;
    (p.x, p.y) = (p.y, p.x);
    p.x * q.x + p.y
}

#[differentiate]
fn swaps(x: f64) -> f64 {
    let mut a = [[0.0; 3]; 3];
    for i in 0..3 {
        a[i][i] = x;
    }
    a.swap(0, 1);
    let t = a[0];
    let row = &a[1];
    t[1] * row[0]
}

#[differentiate]
fn reborrow(x: f64) -> f64 {
    let mut x = x;
    let y = &mut x;
    *y *= 2.0;
    *y += 1.0;
    x * x
}

#[differentiate]
fn sincos(x: f64) -> f64 {
    let (s, c) = x.sin_cos();
    let mut st = [s, c];
    let [a, b] = &mut st;
    *a += *b;
    st[0] * st[1]
}

#[differentiate]
fn swapped(x: f64, y: f64) -> f64 {
    let mut a = x;
    let mut b = y * x;
    std::mem::swap(&mut a, &mut b);
    let c = std::mem::replace(&mut a, 3.0 * b);
    a * b + c * c
}

#[test]
fn memory_agrees() {
    assert_gradient!(copies(&[0.3, 0.7, 1.1]));
    assert_gradient!(clones(&vec![0.3, 0.7, 1.1]));
    assert_gradient!(points(1.3));
    assert_gradient!(swaps(0.7));
    assert_gradient!(swapped(0.7, 0.3));
    assert_gradient!(reborrow(0.7));
    assert_gradient!(sincos(0.3));
}
