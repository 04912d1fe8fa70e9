//! A macro that is only known to be given a variable may not write or hide it.
use tapeless::differentiate;

macro_rules! shadow { ($x:ident, $y:expr) => { let $x = $y; }; }
macro_rules! write { ($x:expr, $y:expr) => { $x = $y; }; }

#[differentiate]
fn shadows(x: f64, y: f64) -> f64 { shadow!(x, y); x * x }

#[differentiate]
fn shadows_a_reference(x: &[f64], y: &[f64]) -> f64 { shadow!(x, y); x[0] * x[0] }

#[differentiate]
fn writes(x: f64) -> f64 { let mut y = x; write!(y, 2.0 * x); y * x }

#[differentiate]
fn writes_behind(x: f64, v: &mut [f64]) { write!(v[0], x); v[0] *= x; }

fn main() {}
