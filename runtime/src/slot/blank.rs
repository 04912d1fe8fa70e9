//! A gradient that has just been cleared.

use super::{project, Holds, Slot};
use crate::Scalar;

/// A slot of zeros. As long as nothing has been added to an element, a value may be held there that
/// the reverse sweep needs again, and what is added first is assigned.
#[doc(hidden)]
pub struct Blank<'a, C: ?Sized>(pub &'a mut C);

impl<T: Scalar> Slot<[T]> for Blank<'_, [T]> {
    type Of<'a, D: ?Sized + 'a>
        = &'a mut D
    where
        Self: 'a,
        T: 'a;

    #[inline(always)]
    fn get(&mut self) -> Option<&mut [T]> {
        Some(self.0)
    }

    #[inline(always)]
    fn hold(&mut self, index: usize, value: <[T] as Holds>::Item) {
        if let Some(d) = self.0.get_mut(index) {
            *d = value;
        }
    }

    #[inline(always)]
    fn held(
        &mut self,
        index: usize,
        otherwise: impl FnOnce() -> <[T] as Holds>::Item,
    ) -> <[T] as Holds>::Item {
        match self.0.get_mut(index) {
            Some(d) => core::mem::replace(d, T::__lit(0.0)),
            None => otherwise(),
        }
    }

    #[inline(always)]
    fn first(&mut self, index: usize, value: <[T] as Holds>::Item) {
        self.0[index] = value;
    }

    project::table!(everywhere [[T], slot, slot.0]);
}

impl<T: Scalar, const N: usize> Slot<[T; N]> for Blank<'_, [T; N]> {
    type Of<'a, D: ?Sized + 'a>
        = &'a mut D
    where
        Self: 'a,
        T: 'a;

    #[inline(always)]
    fn get(&mut self) -> Option<&mut [T; N]> {
        Some(self.0)
    }

    #[inline(always)]
    fn first(&mut self, index: usize, value: <[T; N] as Holds>::Item) {
        self.0[index] = value;
    }

    project::table!(everywhere [[T; N], slot, slot.0]);
}
