//! Every construct of the language that is differentiated, a file per construct.
//!
//! The bodies are written in every style there is, not in the best one.
#![allow(clippy::all, redundant_semicolons, unused_must_use)]
#![allow(confusable_idents, mixed_script_confusables, uncommon_codepoints)]

mod absent;
mod assorted;
mod branch;
mod call;
mod constant;
mod dropped;
mod duals;
mod enums;
mod errors;
mod found;
mod given;
mod grown_parts;
mod kink;
mod macros;
mod memory_only;
mod method;
mod names;
mod names_taken;
mod operator;
mod overwritten;
mod parameter;
mod picked;
mod picks;
mod programs;
mod resized;
mod result;
mod sibling;
mod statement;
mod structures;
mod tuples_met;
mod variants;
