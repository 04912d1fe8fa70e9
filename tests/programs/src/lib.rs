//! Random programs of the supported language, and what they must compute.
//!
//! The build script makes programs from seeds, prints them under `#[differentiate]`, and the test makes the same
//! programs again, runs them over forward dual numbers, and compares. To look at other seeds:
//!
//! ```text
//! PROGRAMS=200 PROGRAMS_FROM=1000 cargo test -p tapeless-programs
//! PROGRAMS=1 PROGRAMS_FROM=1017 PROGRAMS_FEATURES=math,branch cargo test -p tapeless-programs
//! ```

pub mod dual;
pub mod generate;
pub mod harness;
pub mod interpret;
pub mod math;
pub mod print;
pub mod shrink;
pub mod syntax;
