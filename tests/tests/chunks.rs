//! Loops over the chunks of slices: of any size, with elements left over, from the end, nested, of memory that changes.

use std::panic::catch_unwind;
use tapeless::{assert_gradient, differentiate};

/// The points' chunks go outside, the centres' inside, where the iterations are counted.
#[differentiate]
fn weighted(d: usize, centres: &[f64], points: &[f64]) -> f64 {
    let mut total = 0.0;
    for p in points.chunks_exact(d) {
        for (i, c) in centres.chunks_exact(d).enumerate() {
            let mut square = 0.0;
            for (c, p) in c.iter().zip(p) {
                square += (c - p) * (c - p);
            }
            total += (1.0 + i as f64) * square.sqrt();
        }
    }
    total
}

/// From the last chunk to the first, of a vector behind a reference; what comes later weighs more.
#[differentiate]
#[allow(clippy::ptr_arg)]
fn from_the_end(v: &Vec<f64>, k: f64) -> f64 {
    let mut sum = 0.0;
    for c in v.chunks_exact(3).rev() {
        sum = sum * k + c[0] * c[1].sin() - c[2];
    }
    sum
}

/// The first elements of the vector change between its loops, and while the second goes through what was copied.
#[differentiate]
fn changing(v: &[f64], d: usize) -> f64 {
    let mut own = v.to_vec();
    let mut total = 0.0;
    for c in own.chunks_exact(d) {
        total += c[0] * c[d - 1];
    }
    for i in 0..own.len() {
        own[i] *= total;
    }
    let read = own.clone();
    for c in read.chunks_exact(d) {
        own[0] += c[0].cos() * c[d - 1];
    }
    total * own[0]
}

fn numbers(n: usize) -> Vec<f64> {
    (0..n).map(|i| (i as f64 * 1.3).sin() + 0.1).collect()
}

#[test]
fn by_differences() {
    for n in [0, 1, 2, 5, 6, 13] {
        let v = numbers(n);
        for d in [1, 2, 3, 7] {
            let points: Vec<f64> = numbers(7).iter().map(|x| x + 0.05).collect();
            assert_gradient!(weighted(d, &v, &points));
            if n > 0 {
                assert_gradient!(changing(&v, d));
            }
        }
        assert_gradient!(from_the_end(&v, 0.7));
    }
}

#[test]
fn chunks_of_nothing_are_refused_as_ever() {
    let v = numbers(4);
    assert!(catch_unwind(|| weighted(0, &v, &v)).is_err());
    assert!(catch_unwind(|| weighted_grad(0, &v, &v)).is_err());
}
