//! Positions that are searched for, counted in other integers than `usize`, or not there at all.

use core::num::ParseIntError;

use tapeless::check::assert_gradient;
use tapeless::differentiate;

#[differentiate]
fn table(x: f64, at: &[f64], values: &[f64]) -> f64 {
    let i = match at.binary_search_by(|v| v.total_cmp(&x)) {
        Ok(i) => return values[i],
        Err(i) => i,
    };
    if i == 0 || i == at.len() {
        return 0.0;
    }
    let t = (x - at[i - 1]) / (at[i] - at[i - 1]);
    values[i - 1] + t * (values[i] - values[i - 1])
}

#[differentiate]
fn nearest(x: f64, at: &[f64]) -> f64 {
    let above = at.partition_point(|&v| v < x * x).min(at.len() - 1);
    let i = at.binary_search_by(|v| v.partial_cmp(&x).unwrap());
    at[above] * x + at[i.unwrap_or_else(|i| i)]
}

#[test]
fn tables_are_searched() {
    let (at, values) = ([0.0, 1.0, 2.0, 4.0], [1.0, 3.0, 2.0, 7.0]);
    for x in [-1.0, 0.5, 1.3, 1.9, 3.5, 5.0] {
        assert_gradient!(table(x, &at, &values));
    }
    for x in [0.5, 1.3, 1.9] {
        assert_gradient!(nearest(x, &at));
    }
}

#[differentiate]
fn parts(cost: f64, life: u32, first: i32) -> f64 {
    let sum = f64::from(life * (life + 1) / 2);
    let parts: Vec<f64> = (1..=life)
        .map(|year| cost * f64::from(life - year + 1) / sum)
        .collect();
    let others: Vec<f64> = (first..3).map(|i| cost.powi(2) * f64::from(i)).collect();
    parts.iter().zip(&others).map(|(a, b)| a * b).sum()
}

#[test]
fn ranges_of_other_integers() {
    for (life, first) in [(4, -2), (1, 2), (3, 3), (0, 0)] {
        assert_gradient!(parts(1.7, life, first));
    }
}

#[differentiate]
fn before(x: f64, i: usize, values: &[f64]) -> Option<f64> {
    let i = i.checked_sub(1)?;
    Some(values.get(i)? * x)
}

#[differentiate]
fn scaled(x: f64, text: &str) -> Result<f64, ParseIntError> {
    let k = text.trim().parse::<i32>()?;
    Ok(x * x * f64::from(k))
}

#[test]
fn failures_without_floats() {
    assert_gradient!(before(1.5, 2, &[2.0, 3.0]));
    assert_eq!(before_grad(1.5, 0, &[2.0]), None);
    assert_eq!(before_grad(1.5, 2, &[2.0]), None);
    assert_eq!(scaled_grad(1.5, " 4 "), Ok(12.0));
    assert!(scaled_grad(1.5, "four").is_err());
}

#[differentiate]
fn counted(x: f64, values: &[f64], n: u32) -> f64 {
    let mut sum = 0.0;
    for (k, i) in (1..=n).enumerate() {
        sum += x.powi(i as i32) / values[k];
    }
    for (value, i) in values.iter().zip(-2i32..) {
        sum += x.powi(i) * value;
    }
    let both = (1..n).zip(values).map(|(i, value)| value * f64::from(i));
    sum + both.sum::<f64>() * x
}

#[test]
fn positions_beside_ranges_of_other_integers() {
    for n in [0, 1, 3] {
        assert_gradient!(counted(0.7, &[1.2, 2.0, -3.0], n));
    }
}

#[differentiate]
#[allow(
    clippy::borrow_deref_ref,
    reason = "one of the spellings that are tried"
)]
fn extremes(values: &[f64], x: f64) -> f64 {
    let largest = values
        .iter()
        .enumerate()
        .max_by(|a, b| a.1.partial_cmp(b.1).unwrap());
    let (i, most) = largest.unwrap();
    let least = values
        .iter()
        .enumerate()
        .min_by(|a, b| (*a.1).total_cmp(&*b.1));
    let copied = values.iter().copied().enumerate();
    let k = copied
        .min_by(|a, b| (a.1 * x).total_cmp(&(b.1 * x)))
        .map_or(0, |best| best.0);
    most * x * i as f64 + values[least.unwrap().0] + values[k] * values[k]
}

#[test]
fn the_extremes_of_pairs() {
    for x in [0.5, 3.5] {
        assert_gradient!(extremes(&[1.0, 4.0, x, -2.0], x));
        assert_gradient!(extremes(&[x, 1.0, 2.0], x));
    }
}
