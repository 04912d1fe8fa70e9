//! Every construct of the language that is differentiated, a file per construct.

mod assorted;
mod branch;
mod call;
mod constant;
mod duals;
mod enums;
mod kink;
mod method;
mod names;
mod operator;
mod parameter;
mod programs;
mod result;
mod sibling;
mod statement;
mod structures;
