//! Support for the tests of this package.

pub mod oracle;

/// The README, each of its examples compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;
