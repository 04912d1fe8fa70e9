//! Where a cotangent goes.
//!
//! Activity is decided at each call, by the type of what is passed: a `&mut C` collects, an
//! [`Inactive`] makes the code that would feed it vanish. A slot is handed on to callees by
//! *projection* onto a part of what it points to, never wrapped, so that its type does not grow
//! under recursion and inactivity stays static at every depth.

pub(crate) mod blank;
pub(crate) mod constant;
pub(crate) mod elements;
pub(crate) mod fit;
pub(crate) mod fresh;
mod in_out;
mod project;

#[cfg(feature = "alloc")]
use alloc::{boxed::Box, vec::Vec};

use crate::{Cotangent, Scalar};

pub use fresh::Fresh;
pub use in_out::{Shadow, SlotMut};

/// A place that cotangents are added to, or the static knowledge that there is none.
///
/// | slot | for |
/// |---|---|
/// | `&mut C` | `C`: what is added lands there |
/// | `&mut Vec<T>`, `&mut [T; N]` | `[T]` |
/// | `&mut Box<T>` | `T` |
/// | `Option<&mut C>` | `C`, decided at run time |
/// | [`Inactive`] | anything: nobody wants the cotangent, nothing is computed |
///
/// A hand-written rule calls [`get`](Slot::get) and adds to what it finds. Nobody outside this crate
/// implements `Slot`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot take in a cotangent of type `{C}`",
    label = "not a slot for `{C}`",
    note = "pass `&mut` of a `{C}`, or `tapeless::Inactive` if this derivative is not wanted"
)]
pub trait Slot<C: ?Sized>: Sized {
    /// The place, if anybody wants what is added there.
    fn get(&mut self) -> Option<&mut C>;

    /// A slot of the same activity for a part `D` of the place.
    #[doc(hidden)]
    type Of<'a, D: ?Sized + 'a>: Slot<D>
    where
        Self: 'a,
        C: 'a;

    project::table!(declare []);

    /// Writes a value where element `index` of the cotangent will be, if nothing is there yet that
    /// anybody asks for.
    #[doc(hidden)]
    #[inline(always)]
    fn hold(&mut self, _index: usize, _value: C::Item)
    where
        C: Holds,
    {
    }

    /// The value that was held there, leaving zero; else what `otherwise` computes.
    #[doc(hidden)]
    #[inline(always)]
    fn held(&mut self, _index: usize, otherwise: impl FnOnce() -> C::Item) -> C::Item
    where
        C: Holds,
    {
        otherwise()
    }

    /// The first addition to element `index`: an assignment, where nothing is there yet.
    #[doc(hidden)]
    #[inline(always)]
    fn first(&mut self, index: usize, value: C::Item)
    where
        C: Holds,
    {
        if let Some(d) = self.get() {
            d.add(index, value);
        }
    }

    /// `*d += c`, or nothing.
    #[doc(hidden)]
    #[inline(always)]
    fn add(&mut self, c: C)
    where
        C: Cotangent + Sized,
    {
        if let Some(d) = self.get() {
            d.accumulate(&c);
        }
    }
}

/// A cotangent of elements in which values can be [held](Slot::hold).
#[doc(hidden)]
pub trait Holds {
    /// The elements' type.
    type Item;

    /// `self[index] += value`
    fn add(&mut self, index: usize, value: Self::Item);
}

impl<T: Scalar> Holds for [T] {
    type Item = T;

    #[inline(always)]
    fn add(&mut self, index: usize, value: T) {
        self[index] += value;
    }
}

impl<T: Scalar, const N: usize> Holds for [T; N] {
    type Item = T;

    #[inline(always)]
    fn add(&mut self, index: usize, value: T) {
        self[index] += value;
    }
}

/// Nobody wants this cotangent: pass it for a parameter whose derivative is not needed, and nothing
/// is computed for it, at any depth of calls. It also fills the place of inert and constant
/// parameters.
#[derive(Clone, Copy, Debug, Default)]
pub struct Inactive;

impl<C: ?Sized> Slot<C> for Inactive {
    type Of<'a, D: ?Sized + 'a>
        = Inactive
    where
        C: 'a;

    #[inline(always)]
    fn get(&mut self) -> Option<&mut C> {
        None
    }

    project::table!(nowhere []);
}

impl<C: ?Sized> Slot<C> for Option<&mut C> {
    type Of<'a, D: ?Sized + 'a>
        = Option<&'a mut D>
    where
        Self: 'a,
        C: 'a;

    #[inline(always)]
    fn get(&mut self) -> Option<&mut C> {
        self.as_deref_mut()
    }

    project::table!(perhaps []);
}

/// A `&mut` slot: `$root` is the place behind `$slot`.
macro_rules! places {
    ($([$($generics:tt)*] $slot:ty as $place:ty: |$s:ident| $root:expr;)*) => {$(
        impl<$($generics)*> Slot<$place> for &mut $slot {
            type Of<'a, D: ?Sized + 'a> = &'a mut D where Self: 'a, $place: 'a;

            #[inline(always)]
            fn get(&mut self) -> Option<&mut $place> {
                let $s = self;
                Some($root)
            }

            project::table!(everywhere [$place, $s, $root]);
        }
    )*};
}

places! {
    [C: ?Sized] C as C: |slot| &mut **slot;
    [T, const N: usize] [T; N] as [T]: |slot| slot.as_mut_slice();
}

#[cfg(feature = "alloc")]
places! {
    [T] Vec<T> as [T]: |slot| slot.as_mut_slice();
    [C: ?Sized] Box<C> as C: |slot| &mut ***slot;
}
