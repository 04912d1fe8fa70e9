//! Procedural macros of `tapeless`.
#![allow(dead_code)]

mod diagnostics;
mod emit;
mod ir;
mod parse;
mod rules;
