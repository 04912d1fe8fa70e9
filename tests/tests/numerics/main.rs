//! Numeric functions as people write them, each with its attribute, in annotated modules, and in both widths.

#![allow(clippy::manual_clamp, clippy::ptr_arg)] // As people write them.

mod dynamics;
mod estimation;
mod finance;
mod handed_on;
mod matrices;
mod networks;
mod roots;
mod streams;
mod tables;
mod writes;
