//! Ranges that have a name: gone through, adapted, taken as positions of a slice.
use std::ops::{Range, RangeInclusive};

use tapeless::check::finite_difference;
use tapeless::{assert_gradient, differentiate};

#[differentiate]
fn closed(x: f64, n: usize) -> f64 {
    let r = 0..=n;
    let mut s = 0.0;
    for i in r {
        s += x.powi(i as i32);
    }
    s
}

#[differentiate]
fn copied(x: f64, n: usize) -> f64 {
    let r = 1..=n;
    let count = r.clone().count();
    let mut s = 0.0;
    for i in r.clone() {
        s += x.powi(i as i32);
    }
    for i in r {
        s *= x * i as f64 + count as f64;
    }
    s
}

#[differentiate]
fn chosen(x: f64, n: usize, up: bool) -> f64 {
    let r = if up { 1..=n } else { n..=2 * n };
    r.map(|i| x.powi(i as i32)).sum()
}

#[differentiate]
fn part(x: &[f64], lo: usize, hi: usize) -> f64 {
    let (r, all) = (lo..hi, 0..=hi);
    x[r].iter().map(|v| v * v).sum::<f64>() + x[all][lo].sin()
}

#[differentiate]
fn given(x: f64, open: Range<usize>, closed: RangeInclusive<usize>) -> f64 {
    let mut s = 1.0;
    for i in open {
        s += x.powi(i as i32) * s;
    }
    closed.map(|i| x.powi(i as i32)).sum::<f64>() * s
}

#[test]
fn ranges_with_a_name_are_what_they_are_without() {
    for n in [0, 1, 4] {
        assert_gradient!(closed(0.7, n));
        assert_gradient!(copied(0.7, n));
        assert_gradient!(chosen(0.7, n, true));
        assert_gradient!(chosen(0.7, n, false));
        assert_eq!(copied_value_and_grad(0.7, n).0, copied(0.7, n));
    }
    assert_gradient!(part(&[0.3, 0.5, -0.2, 0.9], 1, 3));
    assert_gradient!(part(&[0.3, 0.5, -0.2, 0.9], 2, 2));
    let differences = finite_difference::central(|x| given(x[0], 1..3, 2..=4), &[0.7]);
    assert!((given_grad(0.7, 1..3, 2..=4) - differences[0]).abs() < 1e-7);
}
