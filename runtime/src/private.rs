//! What generated code names. No part of the public interface.

#[cfg(feature = "alloc")]
use ::alloc::vec::Vec;

use crate::{Differentiable, Scalar};

// Refusals name it by the path of this crate, which resolves in every edition.
pub use core::compile_error;

pub use crate::argument::Argument;
pub use crate::attempt::{Attempt, Failure, Leave, Success};
pub use crate::backwards::stepped_back;
pub use crate::cast::CastVjp;
pub use crate::checkpoint::Checkpoints;
pub use crate::convert::ConvertVjp;
pub use crate::integer::{IntegerVjp, SignedVjp};
pub use crate::parameters::{Leaves, ScalarOr};
pub use crate::receiver::KeepFor;
pub use crate::scalar::{functions, OperatorVjp, RealVjp};
pub use crate::seed::Seed;
pub use crate::sequence::{MapArrayVjp, MapOptionVjp, SequenceVjp, TryFromVjp, TryIntoVjp};
pub use crate::slot::blank::Blank;
pub use crate::slot::constant::Constant;
pub use crate::slot::elements::{Elements, ElementsAt, ElementsPart};
pub use crate::slot::fit::{add_to, fit, fit_place, Fit, Fits};
pub use crate::slot::fresh::{again, Gather, Sum};
pub use crate::storage::{bounded, keep, Branch, Keep, Stack};
#[cfg(feature = "alloc")]
pub use crate::storage::{
    copied_slice, pop_above, push, recall, refill, refill_along, reserve, restore, room,
};
pub use crate::{
    __dropped_method as dropped_method, __keep_slice as keep_slice, __receiver as receiver,
    __storage_above as storage_above, __storage_bounded as storage_bounded,
    __storage_push as storage_push, __storage_recall as storage_recall,
    __storage_reserve as storage_reserve, __storage_restore as storage_restore,
    __storage_room as storage_room, __storage_vec as storage_vec, __with_alloc as with_alloc,
};

/// What finds out whether a call has a result that it drops; to be imported as a whole.
pub mod dropped {
    pub use crate::dropped::{
        nothing, Dropped, Filled, Mentions, NothingFor, Unit1 as _, Unit2 as _, Unit3 as _,
        Unit4 as _, Unit5 as _, Unit6 as _, Unit7 as _, Unit8 as _, Value1 as _, Value2 as _,
        Value3 as _, Value4 as _, Value5 as _, Value6 as _, Value7 as _, Value8 as _,
    };
}

/// What finds out whether a value carries floats.
pub mod looked {
    pub use crate::looked::{Carrying, Looked, Other, Scalars};
}

/// The parts of `alloc` that generated code names: the user's crate may not have declared it.
#[cfg(feature = "alloc")]
pub mod alloc {
    pub use alloc::boxed::Box;
    pub use alloc::vec;
    pub use alloc::vec::Vec;
}

/// The type of a function. What its parameter mentions may have lifetimes without names, even in bounds and in the types of
/// results: `<fn(<View as Differentiable>::Cotangent) as Function>::Argument` is the cotangent of a `View<'_>`, whatever
/// the lifetime.
pub trait Function {
    /// The type of its parameter.
    type Argument;
}

impl<T> Function for fn(T) {
    type Argument = T;
}

/// A slot of which nothing is known but what it takes in, like the slots of a `_vjp`.
#[inline(always)]
pub fn slot<C: ?Sized, S: crate::Slot<C>>(slot: S) -> impl crate::Slot<C> {
    slot
}

/// A slot for the cotangent of a value, of which only that is known.
#[inline(always)]
pub fn slot_for<T: Differentiable + ?Sized, S: crate::Slot<T::Cotangent>>(
    _: &T,
    slot: S,
) -> impl crate::Slot<T::Cotangent> {
    slot
}

/// The same for the elements of a slice.
#[inline(always)]
pub fn slice_slot_for<T: Differentiable, S: crate::Slot<[T::Cotangent]>>(
    _: &[T],
    slot: S,
) -> impl crate::Slot<[T::Cotangent]> {
    slot
}

/// The zero cotangent of a value, with its shape.
#[inline(always)]
pub fn zero<T: Differentiable + ?Sized>(value: &T) -> T::Cotangent {
    value.zero_cotangent()
}

/// The cotangent of a vector that the function lengthened or shortened, with the lengths that there are now: what came
/// with the shape of the initial contents gets zeros behind it, or is cut.
#[inline]
pub fn resized<'d, T: Differentiable + ?Sized>(
    cotangent: &'d mut T::Cotangent,
    value: &T,
) -> &'d mut T::Cotangent {
    value.__reshape(cotangent);
    cotangent
}

/// The cotangent of a vector: what is pushed to and popped from a part of a value is taken for one.
#[diagnostic::on_unimplemented(
    message = "what grows or shrinks here is taken for a `Vec` of active elements, but its cotangent is a `{Self}`",
    note = "active values cannot be put into a field that is `#[constant]`; of another collection put `#[differentiate]` on the method and on the call's function as parts of one module, or write its rule"
)]
pub trait Grown {}

#[cfg(feature = "alloc")]
impl<C> Grown for Vec<C> {}

/// The same, confirmed.
#[inline(always)]
pub fn grown<L: Grown>(cotangent: &mut L) -> &mut L {
    cotangent
}

/// Takes the cotangent of a place that is overwritten, and clears it.
#[inline(always)]
pub fn take<C>(place: &mut C, zero: C) -> C {
    core::mem::replace(place, zero)
}

/// What flows back into the one part of `[part; n]`.
#[inline(always)]
pub fn sum<T: Scalar>(cotangents: &[T]) -> T {
    cotangents
        .iter()
        .copied()
        .fold(T::__lit(0.0), |sum, d| sum + d)
}

/// The sum of the products of the elements of two slices of one length, in lanes: a sum in order would wait for every
/// addition before the next.
#[inline]
pub fn dot<T: Scalar>(a: &[T], b: &[T]) -> T {
    const LANES: usize = 8;
    let b = &b[..a.len()];
    let in_order = |a: &[T], b: &[T]| {
        let products = a.iter().zip(b).map(|(a, b)| *a * *b);
        products.fold(T::__lit(0.0), |sum, product| sum + product)
    };
    if a.len() < 2 * LANES {
        return in_order(a, b);
    }
    let mut sums = [T::__lit(0.0); LANES];
    let (blocks, others) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    let rest = in_order(blocks.remainder(), others.remainder());
    for (a, b) in blocks.zip(others) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += *a * *b;
        }
    }
    // Half is added to half, as it lies in registers: neighbours first would have the compiler shuffle in the loop above.
    let [a, b, c, d, e, f, g, h] = sums;
    rest + (((a + e) + (c + g)) + ((b + f) + (d + h)))
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
