//! Sorting in place: a network, insertion, exchanges.

use tapeless::differentiate;

#[differentiate]
fn network(x: &[f64; 4], k: f64) -> f64 {
    let mut a = *x;
    for (i, j) in [(0, 1), (2, 3), (0, 2), (1, 3), (1, 2)] {
        let (low, high) = (a[i].min(a[j]), a[i].max(a[j]));
        a[i] = low;
        a[j] = high;
    }
    ((a[0] * k + a[1]) * k + a[2]) * k + a[3]
}

#[differentiate]
fn insertion(x: &[f64], k: f64) -> f64 {
    let mut a = x.to_vec();
    for i in 1..a.len() {
        let v = a[i];
        let mut j = i;
        while j > 0 && a[j - 1] > v {
            a[j] = a[j - 1];
            j -= 1;
        }
        a[j] = v;
    }
    let mut y = 0.0;
    for v in &a {
        y = y * k + v * v;
    }
    y
}

#[differentiate]
fn exchanges(x: &[f64], k: f64) -> f64 {
    let mut a = x.to_vec();
    for i in 0..a.len() {
        for j in i + 1..a.len() {
            if a[j] < a[i] {
                a.swap(i, j);
            }
        }
    }
    let mut y = k;
    for v in a {
        y = y * v + k;
    }
    y
}

#[differentiate]
fn rotated(x: &[f64], k: f64, n: usize) -> f64 {
    let mut a = x.to_vec();
    for _ in 0..n {
        let first = a[0];
        for i in 1..a.len() {
            a[i - 1] = a[i] * k;
        }
        let last = a.len() - 1;
        a[last] = first * first;
    }
    a[0] + a[1] * k
}

#[test]
fn sorting() {
    for x in [
        [0.5, -0.3, 1.2, 0.7],
        [4.0, 3.0, 2.0, 1.0],
        [1.0, 2.0, 3.0, 4.0],
        [2.0, 4.0, 1.0, 3.0],
    ] {
        check!(network, network_value_and_grad, (&x, 0.7));
        for n in 0..=4 {
            check!(insertion, insertion_value_and_grad, (&x[..n], 0.7));
            check!(exchanges, exchanges_value_and_grad, (&x[..n], 0.7));
        }
        for n in [0, 1, 3] {
            check!(rotated, rotated_value_and_grad, (&x, 0.7, n));
        }
    }
}
