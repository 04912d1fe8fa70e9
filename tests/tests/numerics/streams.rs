//! Chains of iterators.

use tapeless::{assert_gradient, differentiate};

#[differentiate]
fn moving_average(x: &[f64], n: usize) -> f64 {
    x.windows(n)
        .map(|w| w.iter().sum::<f64>() / n as f64)
        .map(|m| m * m)
        .sum()
}

#[differentiate]
fn blocks(x: &[f64], n: usize) -> f64 {
    x.chunks(n)
        .rev()
        .enumerate()
        .map(|(i, c)| (i + 1) as f64 * c.iter().rev().fold(0.0, |acc, v| acc * 0.5 + v * v))
        .sum()
}

#[differentiate]
fn until(x: &[f64], limit: f64) -> f64 {
    x.iter()
        .scan(0.0, |sum, v| {
            *sum += v * v;
            Some(*sum)
        })
        .take_while(|s| *s < limit)
        .map(|s| s.sqrt())
        .sum()
}

#[differentiate]
fn pairs(x: &[f64]) -> f64 {
    (0..x.len())
        .flat_map(|i| (i + 1..x.len()).map(move |j| (i, j)))
        .map(|(i, j)| (x[i] - x[j]).powi(2).exp_m1())
        .sum::<f64>()
}

#[differentiate]
fn rows(a: &[Vec<f64>]) -> f64 {
    a.iter()
        .flat_map(|row| row.iter())
        .step_by(2)
        .map(|v| v.sin())
        .product()
}

#[differentiate]
fn doubled(a: &mut [f64], b: &mut [f64], k: f64) {
    for v in a.iter_mut().chain(b.iter_mut()) {
        *v = *v * *v * k;
    }
}

#[differentiate]
fn both(x: &[f64], k: f64) -> f64 {
    let mut left = x.to_vec();
    let mut right = [0.5, k];
    doubled(&mut left, &mut right, k);
    for (i, v) in left.iter_mut().chain(&mut right).enumerate().skip(1) {
        if i == 3 {
            continue;
        }
        *v += v.sin();
    }
    left.iter().chain(&right).map(|v| v * v).sum()
}

#[differentiate]
fn windows_of_two(a: &[f64], b: &[f64]) -> f64 {
    a.windows(2).chain(b.windows(2)).map(|w| w[0] * w[1]).sum()
}

#[differentiate]
fn rows_of_two(a: &[Vec<f64>], b: &[Vec<f64>]) -> f64 {
    let mut s = 1.0;
    for row in a.iter().chain(b) {
        s *= row.iter().sum::<f64>();
    }
    s
}

#[differentiate]
fn ranked(x: &[f64]) -> f64 {
    let mut sorted = x.to_vec();
    sorted.sort_by(|a, b| a.partial_cmp(b).unwrap());
    let n = sorted.len();
    let median = if n % 2 == 1 {
        sorted[n / 2]
    } else {
        0.5 * (sorted[n / 2 - 1] + sorted[n / 2])
    };
    x.iter().map(|v| (v - median).abs()).sum::<f64>() / n as f64
}

#[differentiate]
fn options(x: &[f64]) -> Option<f64> {
    let first = x.first().copied()?;
    let last = x.last().filter(|v| **v > 0.0).map(|v| v.sqrt());
    let third = x.get(2).copied().unwrap_or(first * 0.5);
    last.or(Some(first))
        .and_then(|l| if l > 10.0 { None } else { Some(l * third) })
}

#[differentiate]
fn powers(x: &[f64], n: i32, m: u32) -> f64 {
    let up: Vec<f64> = (0..=n).map(|i| x[0].powi(i)).collect();
    let down: f64 = (1..m).zip(x).map(|(k, x)| x / k as f64).sum();
    let signed: Vec<f64> = (-n..n).rev().step_by(2).map(|i| x[1].powi(i)).collect();
    up.iter().product::<f64>() + down + signed.iter().sum::<f64>()
}

#[test]
fn chains() {
    let x = [0.4, -0.3, 1.2, 0.8, -0.6];
    assert_gradient!(moving_average(&x, 2));
    assert_gradient!(moving_average(&x, 5));
    assert_gradient!(blocks(&x, 2));
    assert_gradient!(blocks(&x, 7));
    assert_gradient!(until(&x, 1.9));
    assert_gradient!(until(&x, 0.01));
    assert_gradient!(pairs(&x));
    let ragged = vec![vec![0.3, 0.4], vec![0.5, 0.6, 0.7]];
    assert_gradient!(rows(&ragged));
    assert_gradient!(both(&x, 1.3));
    assert_gradient!(both(&[], 1.3));
    assert_gradient!(windows_of_two(&x, &x[1..]));
    assert_gradient!(windows_of_two(&x, &[1.0]));
    assert_gradient!(rows_of_two(&ragged, &ragged));
    assert_gradient!(ranked(&x));
    assert_gradient!(ranked(&x[..4]));
    assert_gradient!(options(&x));
    assert_gradient!(options(&x[..4]));
    assert_gradient!(options(&x[..1]));
    assert!(options_grad(&[]).is_none());
    assert_gradient!(powers(&x, 3, 4));
    assert_gradient!(powers(&x, 0, 0));
    assert_gradient!(powers(&x, -1, 9));
}
