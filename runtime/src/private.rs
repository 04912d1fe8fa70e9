//! What generated code names. No part of the public interface.

use crate::{Differentiable, Real};

// Refusals name it by the path of this crate, which resolves in every edition.
pub use core::compile_error;

pub use crate::backwards::stepped_back;
pub use crate::cast::CastVjp;
pub use crate::checkpoint::Checkpoints;
pub use crate::convert::ConvertVjp;
pub use crate::integer::{IntegerVjp, SignedVjp};
pub use crate::parameters::{Leaves, ScalarOr};
pub use crate::scalar::RealVjp;
pub use crate::seed::Seed;
pub use crate::slot::blank::Blank;
pub use crate::slot::constant::Constant;
pub use crate::slot::elements::{Elements, ElementsAt};
pub use crate::slot::fit::{add_to, fit, fit_place, Fit, Fits};
pub use crate::slot::fresh::{Gather, Sum};
pub use crate::storage::{bounded, keep, Branch, Keep, Stack};
#[cfg(feature = "alloc")]
pub use crate::storage::{copied_slice, pop_above, recall, reserve, restore};
pub use crate::{
    __keep_slice as keep_slice, __storage_above as storage_above,
    __storage_bounded as storage_bounded, __storage_recall as storage_recall,
    __storage_reserve as storage_reserve, __storage_restore as storage_restore,
    __storage_vec as storage_vec, __with_alloc as with_alloc,
};

/// The parts of `alloc` that generated code names: the user's crate may not have declared it.
#[cfg(feature = "alloc")]
pub mod alloc {
    pub use alloc::boxed::Box;
    pub use alloc::vec;
    pub use alloc::vec::Vec;
}

/// The zero cotangent of a value, with its shape.
#[inline(always)]
pub fn zero<T: Differentiable + ?Sized>(value: &T) -> T::Cotangent {
    value.zero_cotangent()
}

/// Takes the cotangent of a place that is overwritten, and clears it.
#[inline(always)]
pub fn take<C>(place: &mut C, zero: C) -> C {
    core::mem::replace(place, zero)
}

/// What flows back into the one part of `[part; n]`.
#[inline(always)]
pub fn sum<T: Real>(cotangents: &[T]) -> T {
    cotangents.iter().copied().fold(T::zero(), |sum, d| sum + d)
}

/// Checks, on entry of a sibling, that the cotangent of a slice is as long as the slice. `name` is
/// the parameter's.
///
/// # Panics
///
/// If it is not.
#[inline(always)]
#[track_caller]
pub fn check_len(name: &str, cotangent: usize, primal: usize) {
    if cotangent != primal {
        length_mismatch(name, cotangent, primal);
    }
}

#[cold]
#[track_caller]
fn length_mismatch(name: &str, cotangent: usize, primal: usize) -> ! {
    panic!("`d_{name}` has length {cotangent}, but `{name}` has length {primal}")
}
