//! Checking gradients: finite differences, and the assertion that a generated gradient agrees with
//! them (feature `std`).

mod agree;
mod assignment;
pub mod finite_difference;
mod outcome;
mod point;
mod probe;

pub use tapeless_macros::assert_gradient;

/// What the expansion of `assert_gradient!` names.
#[doc(hidden)]
pub mod machinery {
    pub use super::agree::{assert_agreement, Leaf, Parts, Tuple};
    pub use super::finite_difference::central;
    pub use super::outcome::{Graded, Outcome};
    pub use super::point::{flatten, Floats, Pass};
    pub use super::probe::{Others, Probe, References, Slices, Values};
}
