//! The fields of derived types: [`Parameters`] of the right scalar, or something without floats.
//!
//! A derive does not see whether `mode: Mode` is a model or an enum of options. [`Leaves`] is both: every
//! type that is `Parameters<Scalar = S>` has leaves of `S`, and what has no floats has no leaves, of
//! any `S`.
//!
//! Both traits have a lifetime that means nothing: a bound that mentions one, under a `for<'a>`, is
//! decided where an implementation is used, even if it is false.

use core::cmp::Ordering;
use core::marker::PhantomData;
use core::ops::{Range, RangeFrom, RangeFull, RangeInclusive, RangeTo, RangeToInclusive};

#[cfg(feature = "alloc")]
use alloc::string::String;

use crate::{Differentiable, Parameters, Real};

/// A field of a type whose floats are `S`: the methods are those of [`Parameters`], and do nothing
/// unless it has floats.
#[diagnostic::on_unimplemented(
    message = "the floats of `{Self}` are not all `{S}`, or cannot be visited",
    note = "derive `Differentiable` for it, or mark the field of this type `#[constant]`"
)]
pub trait Leaves<'a, S: Real>: Differentiable {
    /// How many floats there are.
    #[inline(always)]
    fn count(&self) -> usize {
        0
    }

    /// [`Parameters::visit`].
    #[inline(always)]
    fn visit(&mut self, _d: &Self::Cotangent, _f: impl FnMut(&mut [S], &[S])) {}

    /// [`Parameters::write_flat`].
    #[inline(always)]
    fn write_flat(&self, _out: &mut [S]) {}

    /// [`Parameters::read_flat`].
    #[inline(always)]
    fn read_flat(&mut self, _from: &[S]) {}

    /// [`Parameters::write_flat_cotangent`].
    #[inline(always)]
    fn write_flat_cotangent(_d: &Self::Cotangent, _out: &mut [S]) {}

    /// How many floats a cotangent has.
    #[inline(always)]
    fn __count_cotangent(_d: &Self::Cotangent) -> usize {
        0
    }
}

/// The scalar of a type that has floats, `Otherwise` of one that has none.
pub trait ScalarOr<'a, Otherwise> {
    /// That scalar.
    type Scalar;
}

impl<P: Parameters<Scalar = S>, S: Real> Leaves<'_, S> for P {
    #[inline(always)]
    fn count(&self) -> usize {
        P::count(self)
    }

    #[inline(always)]
    fn visit(&mut self, d: &Self::Cotangent, f: impl FnMut(&mut [S], &[S])) {
        P::visit(self, d, f);
    }

    #[inline(always)]
    fn write_flat(&self, out: &mut [S]) {
        P::write_flat(self, out);
    }

    #[inline(always)]
    fn read_flat(&mut self, from: &[S]) {
        P::read_flat(self, from);
    }

    #[inline(always)]
    fn write_flat_cotangent(d: &Self::Cotangent, out: &mut [S]) {
        P::write_flat_cotangent(d, out);
    }

    #[inline(always)]
    fn __count_cotangent(d: &Self::Cotangent) -> usize {
        P::__count_cotangent(d)
    }
}

impl<P: Parameters, Otherwise> ScalarOr<'_, Otherwise> for P {
    type Scalar = P::Scalar;
}

macro_rules! inert {
    ($([$($generics:tt)*] $inert:ty;)*) => {$(
        impl<S: Real, $($generics)*> Leaves<'_, S> for $inert {}

        impl<S, $($generics)*> ScalarOr<'_, S> for $inert {
            type Scalar = S;
        }
    )*};
}

inert! {
    [] i8; [] i16; [] i32; [] i64; [] i128; [] isize;
    [] u8; [] u16; [] u32; [] u64; [] u128; [] usize;
    [] bool; [] char; [] (); [] &str; [] Ordering; [] RangeFull;
    [T: ?Sized] PhantomData<T>;
    [I] Range<I>; [I] RangeInclusive<I>; [I] RangeFrom<I>; [I] RangeTo<I>; [I] RangeToInclusive<I>;
}

#[cfg(feature = "alloc")]
inert! { [] String; }
