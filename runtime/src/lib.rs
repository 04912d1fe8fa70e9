//! Gradients of plain Rust functions, generated at compile time: reverse mode without a tape, on
//! stable, `no_std`.
//!
//! This package holds what generated code calls and what types take part in it: which values can be
//! differentiated ([`Differentiable`], [`Cotangent`], [`Parameters`], [`Real`], [`Scalar`]), where a cotangent
//! goes ([`Slot`], [`SlotMut`], [`Inactive`]), the rules of operators ([`ops`]), and the tools that
//! check a gradient (`check`, feature `std`).
#![no_std]
#![cfg_attr(
    not(any(feature = "gemm", feature = "matrixmultiply")),
    forbid(unsafe_code)
)]

#[cfg(not(any(feature = "std", feature = "libm")))]
compile_error!(
    "tapeless needs scalar math: enable its feature `std` (the default), or `libm` where there is no std"
);

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

#[cfg(feature = "std")]
pub mod check;

mod argument;
mod attempt;
mod backwards;
mod cast;
mod checkpoint;
mod convert;
mod cotangent;
mod differentiable;
mod dropped;
mod integer;
mod looked;
pub mod matrix;
pub mod nn;
pub mod ops;
mod parameters;
mod real;
mod receiver;
mod scalar;
mod seed;
mod sequence;
mod slot;
mod storage;
mod tuple;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

pub use cotangent::Cotangent;
pub use differentiable::Differentiable;
pub use parameters::Parameters;
pub use real::{Real, Scalar};
pub use seed::Seed;
pub use slot::{Fresh, Inactive, Shadow, Slot, SlotMut};
pub use tapeless_macros::assert_gradient;

pub use tapeless_macros::{derivative, differentiate, Differentiable};

/// The identity, through which no gradient flows: inside a differentiated function the value of
/// `constant(expr)` is that of `expr` and its derivative is zero.
///
/// ```
/// assert_eq!(tapeless::constant(2.5), 2.5);
/// ```
#[inline(always)]
pub fn constant<T>(value: T) -> T {
    value
}

/// What `use tapeless::constant;` brings in besides: generated code sees by it that the function is this one.
#[doc(hidden)]
pub mod constant {
    /// There is no other `constant::Ours`.
    pub struct Ours;
}
