//! Vectors of positions, written element by element, that say which floats are read.

use tapeless::check::assert_gradient;
use tapeless::differentiate;

#[differentiate]
fn selection_sort(x: &[f64]) -> f64 {
    let n = x.len();
    let mut order: Vec<usize> = (0..n).collect();
    for i in 0..n {
        for j in i + 1..n {
            if x[order[j]] < x[order[i]] {
                order.swap(i, j);
            }
        }
    }
    let mut sum = 0.0;
    for (k, i) in order.iter().enumerate() {
        sum += x[*i] * x[*i] * (k + 1) as f64;
    }
    sum
}

#[differentiate]
fn ranked(x: &[f64]) -> f64 {
    let mut order: Vec<usize> = (0..x.len()).collect();
    order.sort_by(|a, b| x[*a].partial_cmp(&x[*b]).unwrap());
    order
        .iter()
        .enumerate()
        .map(|(k, i)| x[*i] * k as f64)
        .sum::<f64>()
        * x[0]
}

#[differentiate]
fn combinations(x: &[f64], k: usize) -> f64 {
    let n = x.len();
    let mut a: Vec<usize> = (0..k).collect();
    let mut total = 0.0;
    loop {
        let mut product = 1.0;
        for i in 0..k {
            product *= x[a[i]];
        }
        total += product;
        let mut i = k;
        while i > 0 {
            i -= 1;
            if a[i] != i + n - k {
                break;
            }
        }
        if i == 0 && a[i] == n - k {
            break;
        }
        a[i] += 1;
        for j in i + 1..k {
            a[j] = a[j - 1] + 1;
        }
    }
    total
}

#[test]
fn gradients() {
    let x = [0.7, -1.2, 2.0, 0.3];
    assert_gradient!(selection_sort(&x));
    assert_gradient!(ranked(&x));
    assert_gradient!(combinations(&x, 2));
    assert_gradient!(combinations(&x, 3));
}
