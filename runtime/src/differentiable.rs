//! What a gradient with respect to a value looks like.

use core::cmp::Ordering;
use core::marker::PhantomData;
use core::ops::{Range, RangeFrom, RangeFull, RangeInclusive, RangeTo, RangeToInclusive};

#[cfg(feature = "alloc")]
use alloc::{boxed::Box, string::String, vec::Vec};

use crate::Cotangent;

/// A type whose values have gradients.
///
/// | type | cotangent |
/// |---|---|
/// | `f32`, `f64` | themselves |
/// | integers, `bool`, `char`, `()`, `str`, `String`, `PhantomData`, ranges, `Ordering` | `()` |
/// | `[T; N]` | `[T::Cotangent; N]` |
/// | `[T]`, `Vec<T>`, `Box<[T]>` | `Vec<T::Cotangent>` |
/// | tuples, `Box<T>`, `Option<T>` | the same of cotangents |
/// | `Result<T, E>` | `Option<T::Cotangent>`: the error is inert |
/// | `&T`, `&mut T` | `T::Cotangent` |
///
/// For structs and enums there is `#[derive(Differentiable)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not `Differentiable`",
    label = "no cotangent is known for `{Self}`",
    note = "add `#[derive(Differentiable)]` to `{Self}`, or mark the parameter or field of this type `#[constant]`"
)]
pub trait Differentiable {
    /// What a gradient with respect to `Self` looks like.
    type Cotangent: Cotangent;

    /// Zero, with the shape of `self`.
    fn zero_cotangent(&self) -> Self::Cotangent;

    /// Gives a cotangent the lengths that the vectors in `self` have: what has grown gets zeros, what has shrunk is
    /// cut.
    #[doc(hidden)]
    #[inline(always)]
    fn __reshape(&self, _d: &mut Self::Cotangent) {}
}

macro_rules! scalars {
    ($($float:ty),*) => {$(
        impl Differentiable for $float {
            type Cotangent = Self;

            #[inline(always)]
            fn zero_cotangent(&self) -> Self {
                0.0
            }
        }
    )*};
}

scalars!(f32, f64);

macro_rules! inert {
    ($([$($generics:tt)*] $inert:ty;)*) => {$(
        impl<$($generics)*> Differentiable for $inert {
            type Cotangent = ();

            #[inline(always)]
            fn zero_cotangent(&self) {}
        }
    )*};
}

inert! {
    [] i8; [] i16; [] i32; [] i64; [] i128; [] isize;
    [] u8; [] u16; [] u32; [] u64; [] u128; [] usize;
    [] bool; [] char; [] (); [] str; [] Ordering; [] RangeFull;
    [T: ?Sized] PhantomData<T>;
    [I] Range<I>; [I] RangeInclusive<I>; [I] RangeFrom<I>; [I] RangeTo<I>; [I] RangeToInclusive<I>;
}

#[cfg(feature = "alloc")]
inert! { [] String; }

impl<T: Differentiable, const N: usize> Differentiable for [T; N] {
    type Cotangent = [T::Cotangent; N];

    #[inline]
    fn zero_cotangent(&self) -> Self::Cotangent {
        core::array::from_fn(|i| self[i].zero_cotangent())
    }

    #[inline]
    fn __reshape(&self, d: &mut Self::Cotangent) {
        self.iter().zip(d).for_each(|(value, d)| value.__reshape(d));
    }
}

#[cfg(feature = "alloc")]
impl<T: Differentiable> Differentiable for [T] {
    type Cotangent = Vec<T::Cotangent>;

    fn zero_cotangent(&self) -> Self::Cotangent {
        self.iter().map(T::zero_cotangent).collect()
    }

    fn __reshape(&self, d: &mut Self::Cotangent) {
        d.truncate(self.len());
        let (old, new) = self.split_at(d.len());
        old.iter()
            .zip(d.iter_mut())
            .for_each(|(value, d)| value.__reshape(d));
        d.extend(new.iter().map(T::zero_cotangent));
    }
}

#[cfg(feature = "alloc")]
impl<T: Differentiable> Differentiable for Vec<T> {
    type Cotangent = Vec<T::Cotangent>;

    fn zero_cotangent(&self) -> Self::Cotangent {
        self.as_slice().zero_cotangent()
    }

    fn __reshape(&self, d: &mut Self::Cotangent) {
        self.as_slice().__reshape(d);
    }
}

#[cfg(feature = "alloc")]
impl<T: Differentiable> Differentiable for Box<T> {
    type Cotangent = Box<T::Cotangent>;

    fn zero_cotangent(&self) -> Self::Cotangent {
        Box::new(T::zero_cotangent(self))
    }

    fn __reshape(&self, d: &mut Self::Cotangent) {
        T::__reshape(self, d);
    }
}

#[cfg(feature = "alloc")]
impl<T: Differentiable> Differentiable for Box<[T]> {
    type Cotangent = Vec<T::Cotangent>;

    fn zero_cotangent(&self) -> Self::Cotangent {
        (**self).zero_cotangent()
    }
}

impl<T: Differentiable> Differentiable for Option<T> {
    type Cotangent = Option<T::Cotangent>;

    #[inline]
    fn zero_cotangent(&self) -> Self::Cotangent {
        self.as_ref().map(T::zero_cotangent)
    }

    fn __reshape(&self, d: &mut Self::Cotangent) {
        match (self, d) {
            (Some(value), Some(d)) => value.__reshape(d),
            (value, d) => *d = value.zero_cotangent(),
        }
    }
}

impl<T: Differentiable, E> Differentiable for Result<T, E> {
    type Cotangent = Option<T::Cotangent>;

    #[inline]
    fn zero_cotangent(&self) -> Self::Cotangent {
        self.as_ref().ok().map(T::zero_cotangent)
    }
}

impl<T: Differentiable + ?Sized> Differentiable for &T {
    type Cotangent = T::Cotangent;

    #[inline(always)]
    fn zero_cotangent(&self) -> Self::Cotangent {
        T::zero_cotangent(self)
    }

    #[inline(always)]
    fn __reshape(&self, d: &mut Self::Cotangent) {
        T::__reshape(self, d);
    }
}

impl<T: Differentiable + ?Sized> Differentiable for &mut T {
    type Cotangent = T::Cotangent;

    #[inline(always)]
    fn zero_cotangent(&self) -> Self::Cotangent {
        T::zero_cotangent(self)
    }

    #[inline(always)]
    fn __reshape(&self, d: &mut Self::Cotangent) {
        T::__reshape(self, d);
    }
}

macro_rules! tuples {
    ($(($($t:ident $i:tt),*);)*) => {$(
        impl<$($t: Differentiable),*> Differentiable for ($($t,)*) {
            type Cotangent = ($($t::Cotangent,)*);

            #[inline]
            fn zero_cotangent(&self) -> Self::Cotangent {
                ($(self.$i.zero_cotangent(),)*)
            }

            #[inline]
            fn __reshape(&self, d: &mut Self::Cotangent) {
                $(self.$i.__reshape(&mut d.$i);)*
            }
        }
    )*};
}

crate::tuple::each_arity!(tuples);
