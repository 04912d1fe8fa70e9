//! Rust text from IR built by hand.

mod branches;
mod builder;
mod calls;
mod loops;
mod values;
