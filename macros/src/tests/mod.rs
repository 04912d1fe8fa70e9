//! Tests of the whole macro, outside the compiler.

mod past_memory;
mod robustness;
mod storage;
