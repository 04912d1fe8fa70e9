//! Procedural macros of `tapeless`.

#[allow(dead_code)]
mod diagnostics;
mod ir;
#[allow(dead_code)]
mod lower;
#[allow(dead_code)]
mod rules;
