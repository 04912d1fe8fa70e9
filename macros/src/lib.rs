//! Procedural macros of `tapeless`.
#![allow(dead_code)]

mod analyse;
mod diagnostics;
mod differentiate;
mod emit;
mod ir;
mod lower;
mod parse;
mod rules;
mod simplify;
