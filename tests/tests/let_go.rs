//! Values that cannot be cloned, wrapped in options and results or handed to functions once.

use tapeless::check::assert_gradient;
use tapeless::{differentiate, Differentiable};

#[derive(Debug, PartialEq)]
struct Fault(String);

#[derive(Debug, PartialEq, Differentiable)]
struct Bounds {
    lower: f64,
    upper: f64,
}

#[differentiate]
impl Bounds {
    fn new(lower: f64, upper: f64) -> Bounds {
        Bounds { lower, upper }
    }
}

#[differentiate]
fn halved(x: f64) -> f64 {
    0.5 * x
}

/// Leaves a loop with results whose errors own text.
#[differentiate]
fn root(start: f64, a: f64) -> Result<f64, Fault> {
    let mut x = start;
    for _ in 0..20 {
        let next = 0.5 * (x + a / x);
        if (next - x).abs() < 1e-9 {
            return Ok(halved(next));
        }
        if next > 100.0 {
            return Ok(next * a);
        }
        x = next;
    }
    Err(Fault(format!("no root of {a}")))
}

#[differentiate]
fn bracket(x: f64, step: f64) -> Option<Bounds> {
    let mut low = x - step;
    for i in 0..10 {
        low -= step * step * i as f64;
        if low < 0.0 {
            return Some(Bounds::new(low, x + step));
        }
    }
    None
}

#[differentiate]
fn at_once(x: f64, step: f64) -> Option<Bounds> {
    if x < 50.0 {
        return Some(Bounds::new(x, x * step));
    }
    None
}

#[differentiate]
fn width(bounds: Bounds, k: f64) -> f64 {
    k * (bounds.upper - bounds.lower) * bounds.upper
}

/// What the pattern takes out goes into a call whose result is the function's, wrapped.
#[differentiate]
fn search(x: f64, step: f64) -> Option<f64> {
    if let Some(found) = bracket(x, step) {
        Some(width(found, 2.0))
    } else if let Some(found) = at_once(x, step) {
        Some(width(found, step))
    } else {
        None
    }
}

#[differentiate]
fn checked(x: f64, step: f64) -> Result<f64, Fault> {
    let bounds = Bounds::new(x * step, x + step);
    if x < 0.0 {
        return Err(Fault("negative".into()));
    }
    Ok(width(bounds, x))
}

/// The wrapped result is used twice: its cotangent has two parts when the call is reversed.
#[differentiate]
fn twice(x: f64, step: f64) -> f64 {
    let area = Some(halved(x * step));
    area.unwrap_or(0.0) * x + area.unwrap_or(1.0) * step
}

fn columns(x: &[f64], rows: usize) -> Result<usize, Fault> {
    match x.len() % rows {
        0 => Ok(x.len() / rows),
        _ => Err(Fault("no matrix".into())),
    }
}

#[differentiate]
fn total(xs: &[f64]) -> f64 {
    xs.iter().map(|x| x * x).sum()
}

/// The number inside a result that is neither `Copy` nor `Clone` is read again in the reverse sweep, in every iteration.
#[differentiate]
fn row_sums(x: &[f64], rows: usize) -> f64 {
    let columns = columns(x, rows).unwrap();
    let mut sums = Vec::with_capacity(rows);
    for i in 0..rows {
        let mut sum = 0.0;
        for j in 0..columns {
            sum += x[i * columns + j].abs() * x[j];
        }
        sums.push(sum);
    }
    total(&sums)
}

#[test]
fn a_number_inside_a_result() {
    assert_gradient!(row_sums(&[0.3, -1.2, 0.7, 1.1, 0.4, -0.6], 2));
}

#[test]
fn results_leave_loops() {
    for a in [2.0, 9.0, 2000.0] {
        assert_gradient!(root(1.5, a));
    }
    assert_eq!(root(f64::NAN, 2.0), Err(Fault("no root of 2".into())));
    assert_eq!(
        root_value_and_grad(f64::NAN, 2.0),
        Err(Fault("no root of 2".into()))
    );
}

#[test]
fn structs_are_handed_over_once() {
    for (x, step) in [(3.0, 0.7), (30.0, 0.1), (0.1, 2.0)] {
        assert_gradient!(search(x, step));
        assert_gradient!(checked(x, step));
        assert_gradient!(twice(x, step));
    }
    assert_eq!(search_value_and_grad(80.0, 0.1), None);
    assert!(checked_grad(-1.0, 1.0).is_err());
}

#[test]
fn a_result_into_which_nothing_flows() {
    let (mut d_x, mut d_step) = (0.0, 0.0);
    assert!(search_vjp(3.0, 0.7, None, &mut d_x, &mut d_step).is_some());
    assert_eq!((d_x, d_step), (0.0, 0.0));
    let bounds = bracket_vjp(3.0, 0.7, None, &mut d_x, &mut d_step);
    assert!(bounds.is_some());
    assert_eq!((d_x, d_step), (0.0, 0.0));
}
