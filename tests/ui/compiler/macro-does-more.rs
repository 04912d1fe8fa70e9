//! What a macro may not do to the function that calls it: the compiler finds it.
use tapeless::differentiate;

macro_rules! leave { ($x:ident) => { if $x.is_nan() { return $x; } }; }
macro_rules! succeed { ($x:ident) => { if $x > 1.0 { return Ok($x); } }; }
macro_rules! shadow { ($x:ident, $y:expr) => { let $x = $y; }; }
macro_rules! write { ($x:expr, $y:expr) => { $x = $y; }; }

#[differentiate]
fn leaves(x: f64) -> f64 { leave!(x); x * x }

#[differentiate]
fn succeeds(x: f64) -> Result<f64, ()> { succeed!(x); Ok(x * x) }

#[differentiate]
fn shadows(x: &f64, y: &f64) -> f64 { shadow!(x, y); x * x }

#[differentiate]
fn writes(x: f64) -> f64 { let mut y = x; write!(y, 2.0 * x); y * x }

#[differentiate]
fn writes_through(x: f64, v: &mut [f64]) { write!(v[0], x); v[0] *= x; }

#[differentiate]
fn writes_a_cell(x: f64, #[constant] c: &std::cell::Cell<f64>) -> f64 { write!(_, c.set(x)); c.get() * x }

fn main() {}
