//! The compiler inside the macro, as a library: a procedural macro cannot be linked into a program, but its sources can
//! be compiled into one. For examples, measurements and tests that feed it token streams.
//!
//! The modules are those of `macros/src/lib.rs`.

#![allow(dead_code)] // the same sources, seen from elsewhere

#[path = "../../../macros/src/analyse/mod.rs"]
pub mod analyse;
#[path = "../../../macros/src/choices.rs"]
pub mod choices;
#[path = "../../../macros/src/closures.rs"]
pub mod closures;
#[path = "../../../macros/src/diagnostics/mod.rs"]
pub mod diagnostics;
#[path = "../../../macros/src/differentiate/mod.rs"]
pub mod differentiate;
#[path = "../../../macros/src/emit/mod.rs"]
pub mod emit;
#[path = "../../../macros/src/inline/mod.rs"]
pub mod inline;
#[path = "../../../macros/src/ir/mod.rs"]
pub mod ir;
#[path = "../../../macros/src/lower/mod.rs"]
pub mod lower;
#[path = "../../../macros/src/parse/mod.rs"]
pub mod parse;
#[path = "../../../macros/src/pipeline.rs"]
pub mod pipeline;
#[path = "../../../macros/src/prepare/mod.rs"]
pub mod prepare;
#[path = "../../../macros/src/rows/mod.rs"]
pub mod rows;
#[path = "../../../macros/src/rules/mod.rs"]
pub mod rules;
#[path = "../../../macros/src/seen.rs"]
pub mod seen;
#[path = "../../../macros/src/simplify/mod.rs"]
pub mod simplify;
