//! A macro may look at variables, and leave with a failure; but not with a value, of which the derivative is not seen.
use std::cell::Cell;
use tapeless::differentiate;

macro_rules! leave { ($x:ident) => { if $x.is_nan() { return $x; } }; }
macro_rules! succeed { ($x:ident) => { if $x > 1.0 { return Ok($x); } }; }
macro_rules! keep { ($kept:expr) => { $kept; }; }

#[differentiate]
fn leaves(x: f64) -> f64 { leave!(x); x * x }

#[differentiate]
fn succeeds(x: f64) -> Result<f64, ()> { succeed!(x); Ok(x * x) }

#[differentiate]
fn through_a_cell(x: f64, #[constant] c: &Cell<f64>) -> f64 { keep!(c.set(x)); c.get() * x }

fn main() {}
