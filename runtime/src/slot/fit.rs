//! A slot for one cotangent where that of another type is asked for.
//!
//! Calls coerce `&[T; N]`, `&Vec<T>` and `&Box<T>` to what they contain, and nothing in the tokens of
//! a call shows it: the slot has to follow by its types alone. And a field that is `#[constant]` has
//! the cotangent `()` although its value is a float.

#[cfg(feature = "alloc")]
use alloc::{boxed::Box, vec::Vec};

use super::elements::Nowhere;
use super::{project, Inactive, Slot};
use crate::{Cotangent, Scalar};

/// A cotangent that serves where a `C` is asked for.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "a cotangent of type `{C}` cannot flow into one of type `{Self}`",
    note = "a field marked `#[constant]` has the cotangent `()`: `tapeless::constant(…)` around the field says that its gradient is not wanted",
    note = "where a type is lent as what it derefs to, lend the field that holds it: `&value.field`"
)]
pub trait Fits<C: ?Sized> {
    /// A slot for a part of the `C`.
    type Of<'a, S: Slot<Self> + 'a, D: ?Sized + 'a>: Slot<D>
    where
        Self: 'a,
        C: 'a;

    /// The `C`, unless nothing is collected here.
    fn place(&mut self) -> Option<&mut C>;

    project::table!(declare_fit []);
}

/// A slot for a `D` that serves as one for whatever a `D` fits. Parts of it are no longer wrapped.
#[doc(hidden)]
pub struct Fit<S, D: ?Sized>(S, core::marker::PhantomData<fn(&mut D)>);

/// Wraps what a projection lent.
#[doc(hidden)]
#[inline(always)]
pub fn fit<S: Slot<D>, D: ?Sized>(slot: S) -> Fit<S, D> {
    Fit(slot, core::marker::PhantomData)
}

/// Wraps a place.
#[doc(hidden)]
#[inline(always)]
pub fn fit_place<D: ?Sized>(place: &mut D) -> Fit<&mut D, D> {
    Fit(place, core::marker::PhantomData)
}

/// `*into += *value`, or nothing where nothing is collected.
#[doc(hidden)]
#[inline(always)]
#[track_caller]
pub fn add_to<D: Fits<C> + ?Sized, C: Cotangent + ?Sized>(into: &mut D, value: &C) {
    if let Some(place) = into.place() {
        place.accumulate(value);
    }
}

impl<S: Slot<D>, D: Fits<C> + ?Sized, C: ?Sized> Slot<C> for Fit<S, D> {
    type Of<'a, P: ?Sized + 'a>
        = D::Of<'a, S, P>
    where
        Self: 'a,
        C: 'a;

    #[inline(always)]
    fn get(&mut self) -> Option<&mut C> {
        self.0.get().and_then(D::place)
    }

    project::table!(fitting []);
}

/// One cotangent inside another, always there: `$inside` of `$d`.
macro_rules! inside {
    ($([$($generics:tt)*] $outer:ty as $inner:ty: |$d:ident| $inside:expr;)*) => {$(
        impl<$($generics)*> Fits<$inner> for $outer {
            type Of<'a, S: Slot<Self> + 'a, D: ?Sized + 'a> = S::Of<'a, D> where Self: 'a, $inner: 'a;

            #[inline(always)]
            fn place(&mut self) -> Option<&mut $inner> {
                let $d = self;
                Some($inside)
            }

            project::table!(fit_inside [$inner, $d, $inside]);
        }
    )*};
}

inside! {
    [C: ?Sized] C as C: |d| d;
    [T, const N: usize] [T; N] as [T]: |d| d.as_mut_slice();
}

#[cfg(feature = "alloc")]
inside! {
    [T] Vec<T> as [T]: |d| d.as_mut_slice();
    [C: ?Sized] Box<C> as C: |d| &mut **d;
}

/// What the cotangent of a constant is taken for: nothing is collected.
macro_rules! nowhere {
    ($([$($generics:tt)*] $outer:ty as $inner:ty;)*) => {$(
        impl<$($generics)*> Fits<$inner> for $outer {
            type Of<'a, S: Slot<Self> + 'a, D: ?Sized + 'a> = Inactive where Self: 'a, $inner: 'a;

            #[inline(always)]
            fn place(&mut self) -> Option<&mut $inner> {
                None
            }

            project::table!(fit_nowhere [$inner]);
        }
    )*};
}

nowhere! {
    [T: Scalar] () as T;
    [T] () as [T];
    [T, const N: usize] () as [T; N];
    [T] () as Option<T>;
    [] Nowhere as ();
    [T: Scalar] Nowhere as T;
    [T: Scalar] Nowhere as [T];
    [T: Scalar, const N: usize] Nowhere as [T; N];
    [T: Scalar] Nowhere as Option<T>;
}

#[cfg(feature = "alloc")]
nowhere! {
    [T] () as Vec<T>;
    [T: Scalar] Nowhere as Vec<T>;
}
