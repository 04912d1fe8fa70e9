//! Procedural macros of `tapeless`.
#![allow(dead_code)]

mod analyse;
mod diagnostics;
mod emit;
mod ir;
mod parse;
mod rules;
