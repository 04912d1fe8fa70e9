//! Procedural macros of `tapeless`.
#![allow(dead_code)]

mod analyse;
mod ir;
mod rules;
