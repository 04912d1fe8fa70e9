//! Every construct of the language that is differentiated, a file per construct.

mod assorted;
mod branch;
mod call;
mod constant;
mod kink;
mod method;
mod names;
mod operator;
mod parameter;
mod result;
mod programs;
mod sibling;
mod statement;
mod structures;
