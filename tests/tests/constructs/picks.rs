//! The last item of an iterator that may have none.

use tapeless::check::assert_gradient;
use tapeless::differentiate;

#[differentiate]
fn last_of_what_is_left(v: &[f64]) -> f64 {
    let strided = v.iter().step_by(2).skip(1).last().copied().unwrap_or(1.0);
    let pair = v.iter().zip(v.iter().skip(1)).last();
    let counted = v.iter().enumerate().skip(1).last();
    strided * pair.map(|(a, b)| a * b).unwrap_or(0.1)
        + counted.map_or(0.0, |(i, x)| i as f64 * x)
        + v.iter().rev().next().copied().unwrap_or(0.5)
            * v.iter().rev().nth(2).copied().unwrap_or(0.5)
}

#[test]
fn of_any_length() {
    let v = [1.3, 0.4, 0.7, 1.1, 0.9];
    for n in 0..=v.len() {
        assert_gradient!(last_of_what_is_left(&v[..n]));
    }
}

/// Ranges that are given, with their end and without; a slice that becomes a vector.
#[differentiate]
fn over_ranges(
    v: &[f64],
    with: std::ops::RangeInclusive<usize>,
    without: std::ops::Range<usize>,
) -> f64 {
    let mut kept = v.to_owned();
    kept.retain(|x| *x > 0.5);
    kept.push(2.0);
    let mut product = kept[0];
    for i in with {
        product *= v[0] + i as f64;
    }
    for i in without {
        product += v[0] * i as f64;
    }
    product * kept.iter().sum::<f64>()
}

#[test]
fn of_any_range() {
    for n in 0..4 {
        assert_gradient!(over_ranges(&[1.3, 0.4], 1..=n, 1..n));
    }
}
