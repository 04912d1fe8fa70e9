//! Constructs as published crates write them, found by counting what of their code is accepted.
#![allow(non_snake_case)]

mod alternatives;
mod blind;
mod borrowed;
mod capitals;
mod conversions;
mod elements;
mod generators;
mod given;
mod hidden_lifetimes;
mod integers;
mod looking;
mod moves;
mod names;
mod numbers;
mod reports;
mod searches;
mod sums;
mod traits;
mod unseen;

/// Whether two numbers are equal but for rounding.
fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-12 * a.abs().max(b.abs()).max(1.0)
}
