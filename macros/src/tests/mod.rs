//! Tests of the whole macro, outside the compiler.

mod robustness;
mod storage;
