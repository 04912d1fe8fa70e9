//! Gradients on a microcontroller, measured: what the firmwares in `bin` have in common.
//!
//! * [`Bench`] runs a function and says how much stack it took and how many instructions.
//! * [`compare`] holds a gradient against differences of its function.
//! * [`iris`] and [`samples`] are data in flash.

#![no_std]

mod bench;
mod differences;
pub mod iris;
mod report;
pub mod samples;
mod size;
mod stack;
mod timer;

pub use bench::{Bench, Cost};
pub use differences::compare;
pub use report::Report;
