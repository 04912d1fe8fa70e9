//! Results whose errors are not `Copy`, on functions whose results are not seen.

use tapeless::check::assert_gradient;
use tapeless::differentiate;

#[differentiate]
fn root(x: f64) -> Result<f64, String> {
    if x > 0.0 {
        Ok(x.sqrt())
    } else {
        Err(format!("{x} has none"))
    }
}

#[differentiate]
fn mapped(x: f64, y: f64) -> Result<f64, String> {
    let c = root(x * y).map(|c| c * x)?;
    Ok(c * y)
}

#[differentiate]
fn chained(x: f64, y: f64) -> Result<f64, String> {
    root(x)
        .and_then(|a| root(y * a))
        .map(|c| c * x)
        .or_else(|e| if x > -1.0 { Ok(y * y) } else { Err(e) })
}

#[differentiate]
fn converted(x: f64, y: f64) -> Result<f64, usize> {
    let a = root(x).map_err(|e| e.len())?;
    let b = root(y).ok().unwrap_or(x);
    Ok(a * b + root(x * y).unwrap_or_else(|_| y) + root(x).unwrap_or_default())
}

#[differentiate]
fn told_by_the_error(x: f64, y: f64) -> f64 {
    let a: Result<f64, usize> = converted(x, y);
    a.unwrap_or_else(|length| length as f64 * y)
}

#[test]
fn against_differences() {
    for (x, y) in [(1.3, 0.7), (-0.5, 0.8), (0.5, -0.8)] {
        if x * y > 0.0 {
            assert_gradient!(mapped(x, y));
        }
        if y > 0.0 {
            assert_gradient!(chained(x, y));
        }
        if x > 0.0 {
            assert_gradient!(converted(x, y));
        }
        assert_gradient!(told_by_the_error(x, y));
    }
}

#[test]
fn failures() {
    assert_eq!(mapped_grad(-1.0, 1.0), Err("-1 has none".to_owned()));
    assert_eq!(chained_grad(-2.0, 1.0), Err("-2 has none".to_owned()));
    assert_eq!(converted_grad(-2.0, 1.0), Err(11));
}

/// Options that come out of closures, in parts.
#[differentiate]
fn out_of_closures(n: Option<f64>, v: &[f64]) -> f64 {
    n.and_then(|a| v.first().map(|b| a * b)).unwrap_or(1.0)
        + n.or_else(|| v.last().copied()).map_or(2.0, |k| k * k)
        + n.and_then(|_| v.get(1).copied()).unwrap_or(0.5)
        + n.or_else(|| root(v.len() as f64 * 2.0).ok()).unwrap_or(1.0)
}

#[test]
fn options_out_of_closures() {
    for v in [&[][..], &[3.0], &[3.0, 5.0]] {
        for n in [Some(2.0), None] {
            assert_gradient!(out_of_closures(n, v));
        }
    }
}

fn counted(text: &str, calls: &std::cell::Cell<usize>) -> Result<usize, String> {
    calls.set(calls.get() + 1);
    text.parse().map_err(|_| "no number".to_owned())
}

/// What carries no floats is evaluated once.
#[differentiate]
fn inert(x: f64, text: &str, #[constant] calls: &std::cell::Cell<usize>) -> f64 {
    let k = counted(text, calls).ok();
    x * k.unwrap_or(3) as f64
}

#[test]
fn inert_results_are_left_as_they_are() {
    let calls = std::cell::Cell::new(0);
    assert_eq!(inert_grad(2.0, "4", &calls), 4.0);
    assert_eq!(inert_grad(2.0, "four", &calls), 3.0);
    assert_eq!(calls.get(), 2);
}
