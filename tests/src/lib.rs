//! Support for the tests of this package.

pub mod oracle;

/// The README, each of its examples compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;

/// The chapter on microcontrollers, likewise.
#[cfg(doctest)]
#[doc = include_str!("../../docs/embedded.md")]
pub struct Embedded;

/// The chapter on functions that are handed functions, likewise.
#[cfg(doctest)]
#[doc = include_str!("../../docs/functions.md")]
pub struct Functions;

/// The chapter on networks, likewise.
#[cfg(doctest)]
#[doc = include_str!("../../docs/networks.md")]
pub struct Networks;
