//! Functions of every construct through all stages, against finite differences.
#![allow(dead_code, clippy::all)]

mod arms;
mod fields;
mod iterators;
mod loops;
mod memory;
mod reordered;
mod streams;
mod types;
mod whole;
