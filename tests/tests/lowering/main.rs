//! Functions of every construct through all stages, against finite differences.
#![allow(dead_code, clippy::all)]

mod arms;
mod chosen;
mod collections;
mod entries;
mod fields;
mod gone_through;
mod iterators;
mod loops;
mod made;
mod mapped;
mod memory;
mod named_ranges;
mod ordinary;
mod references;
mod reordered;
mod streams;
mod to_arrays;
mod types;
mod until_failure;
mod whole;
