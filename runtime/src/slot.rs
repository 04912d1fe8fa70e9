//! Where a cotangent goes.
//!
//! Activity is decided at each call, by the type of what is passed: a `&mut C` collects, an
//! [`Inactive`] makes the code that would feed it vanish. A slot is handed on to callees by
//! *projection* onto a part of what it points to, never wrapped, so that its type does not grow
//! under recursion and inactivity stays static at every depth.

#[cfg(feature = "alloc")]
use alloc::{boxed::Box, vec::Vec};

use crate::{Cotangent, Real};

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
        Self: 'a;

    /// Lends the part of the place that `f` selects.
    #[doc(hidden)]
    fn project<'a, D: ?Sized + 'a>(
        &'a mut self,
        f: impl FnOnce(&'a mut C) -> &'a mut D,
    ) -> Self::Of<'a, D>
    where
        C: 'a;

    /// Lends two disjoint parts of the place side by side.
    #[doc(hidden)]
    fn project2<'a, D1: ?Sized + 'a, D2: ?Sized + 'a>(
        &'a mut self,
        f: impl FnOnce(&'a mut C) -> (&'a mut D1, &'a mut D2),
    ) -> (Self::Of<'a, D1>, Self::Of<'a, D2>)
    where
        C: 'a;

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
