//! Procedural macros of `tapeless`.

mod ir;
mod rules;
