//! The accumulator of a single scalar.

use super::{project, Slot};
use crate::Real;

/// Collects the cotangent of one scalar. The first contribution is an assignment rather than
/// `0.0 + x`, so that a value used once costs no addition.
#[derive(Clone, Copy, Debug)]
pub struct Fresh<T>(Option<T>);

impl<T> Fresh<T> {
    /// Nothing has been added yet.
    #[inline(always)]
    pub const fn new() -> Self {
        Fresh(None)
    }
}

impl<T: Real> Fresh<T> {
    /// The sum of what was added: zero if nothing was.
    #[inline(always)]
    pub fn take_or_zero(self) -> T {
        match self.0 {
            Some(sum) => sum,
            None => T::zero(),
        }
    }

    #[inline(always)]
    fn place(&mut self) -> &mut T {
        self.0.get_or_insert_with(T::zero)
    }
}

impl<T> Default for Fresh<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Real> Slot<T> for &mut Fresh<T> {
    type Of<'a, D: ?Sized + 'a>
        = &'a mut D
    where
        Self: 'a,
        T: 'a;

    #[inline(always)]
    fn get(&mut self) -> Option<&mut T> {
        Some(self.place())
    }

    #[inline(always)]
    fn add(&mut self, c: T) {
        self.0 = Some(match self.0 {
            Some(sum) => sum + c,
            None => c,
        });
    }

    project::table!(everywhere [T, slot, slot.place()]);
}
