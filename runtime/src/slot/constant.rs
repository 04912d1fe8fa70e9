//! The slot of a constant that a call may write.

use super::{project, Inactive, Slot};

/// Stands for a constant argument that a call may write. A callee for which it is constant too ignores
/// it; one that only reads it adds to nothing; and one that writes active values there does not accept
/// it, because it is no [`SlotMut`](crate::SlotMut): their derivatives would be lost.
#[derive(Clone, Copy, Debug, Default)]
pub struct Constant;

impl<C: ?Sized> Slot<C> for Constant {
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
