//! Compares a gradient with finite differences.

use core::any::Any as Anything;
use core::fmt::Write;
use std::string::String;
use std::vec::Vec;

use super::assignment::{assignments, Row};
use super::point::Floats;

/// A gradient, before it is known whether it is one component or a tuple of them.
pub struct Parts<'a, G>(pub &'a G);

/// The ways to read a gradient as a list of components, one for each active argument.
pub type Readings<'a> = Vec<Vec<&'a dyn Anything>>;

/// A tuple is one component, or one for each of its elements.
pub trait Tuple<'a> {
    /// Both readings.
    fn readings(&self) -> Readings<'a>;
}

/// Anything else is one component.
pub trait Leaf<'a> {
    /// The one reading.
    fn readings(&self) -> Readings<'a>;
}

impl<'a, G: 'static> Leaf<'a> for Parts<'a, G> {
    fn readings(&self) -> Readings<'a> {
        Vec::from([Vec::from([self.0 as &dyn Anything])])
    }
}

macro_rules! tuples {
    ($(($($t:ident $i:tt),*);)*) => {$(
        impl<'a, $($t: 'static),*> Tuple<'a> for &Parts<'a, ($($t,)*)> {
            fn readings(&self) -> Readings<'a> {
                let whole: &dyn Anything = self.0;
                Vec::from([Vec::from([whole]), Vec::from([$(&self.0.$i as &dyn Anything),*])])
            }
        }
    )*};
}

crate::tuple::each_arity!(tuples);

/// How far two numbers may be apart, relative to `max(1, |a|, |b|, |f|)`, for `f64` arguments.
const TOLERANCE: f64 = 1e-6;
/// The same where there are `f32` among the arguments.
const TOLERANCE_SINGLE: f64 = 2e-3;

/// Asserts that the value of a function and its gradient agree with what evaluation and finite
/// differences say. `call` is how the call reads.
///
/// Which arguments the gradient is taken with respect to is not known here: its components belong
/// to arguments of the right type, in order, and if more than one assignment is possible, that which
/// agrees best is taken.
///
/// # Panics
///
/// If they do not agree.
#[track_caller]
pub fn assert_agreement(
    call: &str,
    tolerance: Option<f64>,
    (expected, value): (f64, f64),
    arguments: &[&dyn Floats],
    readings: &Readings<'_>,
    differences: &[f64],
) {
    let single = arguments.iter().any(|a| a.epsilon() > 1e-10);
    let default = if single { TOLERANCE_SINGLE } else { TOLERANCE };
    let tolerance = tolerance.unwrap_or(default);
    let same = expected == value || (expected.is_nan() && value.is_nan());
    assert!(
        same || (expected - value).abs() <= tolerance * expected.abs().max(1.0),
        "the value of `{call}` is {expected}, but {value} came with the gradient",
    );
    let scale = expected.abs();
    let best = readings
        .iter()
        .flat_map(|components| assignments(arguments, components, differences))
        .min_by(|a, b| worst(a, scale).total_cmp(&worst(b, scale)));
    let Some(best) = best else {
        panic!("the gradient of `{call}` has no component for some argument, or one too many");
    };
    let wrong = report(&best, scale, tolerance);
    assert!(
        wrong.is_empty(),
        "the gradient of `{call}` is wrong:{wrong}"
    );
}

/// The largest error among the rows.
fn worst(rows: &[Row], scale: f64) -> f64 {
    rows.iter().map(|row| row.error(scale)).fold(0.0, f64::max)
}

/// A line for each derivative that is off.
fn report(rows: &[Row], scale: f64, tolerance: f64) -> String {
    let mut lines = String::new();
    for row in rows {
        let error = row.error(scale);
        if error > tolerance {
            let _ = write!(
                lines,
                "\n  argument {}, float {}: {}, but differences say {} (off by {error:.1e}, tolerance {tolerance:.1e})",
                row.argument, row.index, row.derivative, row.difference,
            );
        }
    }
    lines
}
