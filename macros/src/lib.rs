//! Procedural macros of `tapeless`.
#![allow(dead_code)]

mod analyse;
mod emit;
mod ir;
mod rules;
