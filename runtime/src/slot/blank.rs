//! A gradient that has just been cleared.

use super::{project, Elements, Slot};
use crate::Real;

/// A slot of zeros. As long as nothing has been added to an element, a value may be held there that
/// the reverse sweep needs again.
#[doc(hidden)]
pub struct Blank<'a, T>(pub &'a mut [T]);

impl<T: Real> Slot<[T]> for Blank<'_, T> {
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
    fn hold(&mut self, index: usize, value: <[T] as Elements>::Item) {
        if let Some(d) = self.0.get_mut(index) {
            *d = value;
        }
    }

    #[inline(always)]
    fn held(
        &mut self,
        index: usize,
        otherwise: impl FnOnce() -> <[T] as Elements>::Item,
    ) -> <[T] as Elements>::Item {
        match self.0.get_mut(index) {
            Some(d) => core::mem::replace(d, T::zero()),
            None => otherwise(),
        }
    }

    project::table!(everywhere [[T], slot, slot.0]);
}
