//! Procedural macros of `tapeless`.

#[allow(dead_code)]
mod diagnostics;
mod ir;
mod rules;
