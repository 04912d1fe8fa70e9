//! Procedural macros of `tapeless`.
#![allow(dead_code)]

mod analyse;
mod diagnostics;
mod ir;
mod lower;
mod rules;
