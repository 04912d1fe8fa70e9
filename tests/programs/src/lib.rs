//! Random programs of the supported language, and what they must compute.
//!
//! The build script makes programs from seeds, prints them under `#[differentiate]`, and the test makes the same
//! programs again, runs them over forward dual numbers, and compares. To look at other seeds:
//!
//! Each program is differentiated as the macro does it and in one other way: with loops recorded instead of fused, with
//! values stored instead of recomputed, with checkpoints, without allocation, and so on. All must agree. The build script
//! asks the compiler, which it has as a library, for what the macro would not choose. Or it is written otherwise: with a
//! type parameter for `f64`, with methods, with an enum of its own for options, in `f32`.
//!
//! ```text
//! PROGRAMS_WAYS=all cargo test -p tapeless-programs
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
