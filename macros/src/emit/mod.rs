//! The last stage: tokens.

pub mod item;
pub mod names;
