//! Options of references to floats, and what they are copied to.
use tapeless::{assert_gradient, differentiate};

#[differentiate]
fn of_reference(found: Option<&f64>, k: f64) -> f64 {
    found.copied().unwrap_or(0.5) * k
}

#[differentiate]
fn matched(found: Option<&f64>, k: f64) -> f64 {
    match found {
        Some(x) => x * k,
        None => k * k,
    }
}

#[differentiate]
fn tried(found: Option<&f64>) -> Option<f64> {
    let x = found?;
    Some(x * x)
}

#[differentiate]
fn element(xs: &[f64], i: usize) -> f64 {
    xs.get(i).copied().unwrap_or(0.0) * xs.last().cloned().unwrap_or(1.0)
}

#[differentiate]
fn largest(xs: &[f64]) -> f64 {
    let first = xs.first().copied();
    let most = xs.iter().max_by(|a, b| a.total_cmp(b)).copied();
    most.unwrap_or(0.0) * first.unwrap_or_default()
}

fn is_large(found: Option<&f64>) -> bool {
    found.is_some_and(|x| *x > 1e6)
}

/// Handed on inside of a macro, it is what it was.
#[differentiate]
fn asserted(found: Option<&f64>, k: f64) -> f64 {
    assert!((k < 1e6) && !(is_large(found)));
    k * k
}

#[test]
fn what_is_found_is_read_as_a_value() {
    assert_eq!(of_reference_grad(Some(&3.0), 2.0), (Some(2.0), 3.0));
    assert_eq!(of_reference_grad(None, 2.0), (None, 0.5));
    assert_eq!(matched_grad(Some(&3.0), 2.0), (Some(2.0), 3.0));
    assert_eq!(matched_grad(None, 2.0), (None, 4.0));
    assert_eq!(tried_grad(Some(&3.0)), Some(Some(6.0)));
    assert_eq!(tried_grad(None), None);
    assert_eq!(asserted_grad(Some(&3.0), 2.0), (Some(0.0), 4.0));
}

#[test]
fn elements_that_may_not_be_there() {
    for i in [0, 2, 3, 9] {
        assert_gradient!(element(&[0.3, 0.8, -0.4, 1.2], i));
        assert_gradient!(element(&[], i));
    }
    assert_gradient!(largest(&[0.3, 0.8, -0.4]));
    assert_gradient!(largest(&[]));
}
