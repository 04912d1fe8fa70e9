//! Slots of in-out parameters: they hold the cotangent of the final contents on entry, and of the
//! initial contents on return, so that the reverse sweep always needs a buffer to work in.

use core::borrow::BorrowMut;

#[cfg(feature = "alloc")]
use alloc::{boxed::Box, vec::Vec};

use super::{Inactive, Slot};
use crate::Differentiable;

/// The slot of an in-out parameter `&mut S`: it holds the cotangent of the final contents on entry,
/// and that of the initial contents on return.
///
/// A function that lengthens or shortens a `&mut Vec` takes the slot in the shape of the final contents. One in the
/// shape of the initial contents gets zeros for what is new, and loses what is gone: so gradients start.
///
/// [`Inactive`] says zero on entry and not wanted on return; the buffer that the reverse sweep works
/// in is then made on the spot: on the stack, or on the heap for a slice (feature `alloc`).
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot hold the cotangent `{C}` of an in-out parameter",
    label = "not an in-out slot for `{C}`",
    note = "pass `&mut` of a `{C}`; `tapeless::Inactive` needs the feature `alloc` if that is a slice",
    note = "`Constant` stands for an argument marked `#[constant]`: this call may write an active value there, whose derivative would be lost"
)]
pub trait SlotMut<C: ?Sized>: Slot<C> {
    /// The buffer: the slot's own, or else zeros with the shape of `primal`, kept in `spare`.
    #[doc(hidden)]
    fn open<'a, P: Shadow<C> + ?Sized>(
        &'a mut self,
        primal: &P,
        spare: &'a mut Option<P::Buffer>,
    ) -> &'a mut C
    where
        C: 'a;
}

/// A value whose cotangent, as a place, is a `C`: `[T]` is shadowed by `[T::Cotangent]`, all else by
/// `Self::Cotangent`.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not `Differentiable` with cotangent `{C}`",
    note = "add `#[derive(Differentiable)]` to `{Self}`, or mark the parameter `#[constant]`"
)]
pub trait Shadow<C: ?Sized> {
    /// What can own a `C`.
    type Buffer: BorrowMut<C>;

    /// Zeros, with the shape of `self`.
    fn zero_buffer(&self) -> Self::Buffer;
}

impl<T: Differentiable> Shadow<T::Cotangent> for T {
    type Buffer = T::Cotangent;

    #[inline(always)]
    fn zero_buffer(&self) -> T::Cotangent {
        self.zero_cotangent()
    }
}

#[cfg(feature = "alloc")]
impl<T: Differentiable> Shadow<[T::Cotangent]> for [T] {
    type Buffer = Vec<T::Cotangent>;

    #[inline]
    fn zero_buffer(&self) -> Vec<T::Cotangent> {
        self.zero_cotangent()
    }
}

#[cfg(not(feature = "alloc"))]
impl<T: Differentiable> Shadow<[T::Cotangent]> for [T] {
    type Buffer = [T::Cotangent; 0];

    /// Without `alloc`, no slot of a slice ever asks: `Inactive` is not a `SlotMut<[T]>` then.
    fn zero_buffer(&self) -> [T::Cotangent; 0] {
        unreachable!("without `alloc` there is no buffer for a slice")
    }
}

impl<C> SlotMut<C> for Inactive {
    #[inline(always)]
    fn open<'a, P: Shadow<C> + ?Sized>(
        &'a mut self,
        primal: &P,
        spare: &'a mut Option<P::Buffer>,
    ) -> &'a mut C
    where
        C: 'a,
    {
        spare.insert(primal.zero_buffer()).borrow_mut()
    }
}

#[cfg(feature = "alloc")]
impl<C> SlotMut<[C]> for Inactive {
    #[inline(always)]
    fn open<'a, P: Shadow<[C]> + ?Sized>(
        &'a mut self,
        primal: &P,
        spare: &'a mut Option<P::Buffer>,
    ) -> &'a mut [C]
    where
        C: 'a,
    {
        spare.insert(primal.zero_buffer()).borrow_mut()
    }
}

impl<C> SlotMut<C> for Option<&mut C> {
    #[inline(always)]
    fn open<'a, P: Shadow<C> + ?Sized>(
        &'a mut self,
        primal: &P,
        spare: &'a mut Option<P::Buffer>,
    ) -> &'a mut C
    where
        C: 'a,
    {
        match self {
            Some(place) => place,
            None => spare.insert(primal.zero_buffer()).borrow_mut(),
        }
    }
}

#[cfg(feature = "alloc")]
impl<C> SlotMut<[C]> for Option<&mut [C]> {
    #[inline(always)]
    fn open<'a, P: Shadow<[C]> + ?Sized>(
        &'a mut self,
        primal: &P,
        spare: &'a mut Option<P::Buffer>,
    ) -> &'a mut [C]
    where
        C: 'a,
    {
        match self {
            Some(place) => place,
            None => spare.insert(primal.zero_buffer()).borrow_mut(),
        }
    }
}

macro_rules! places {
    ($([$($generics:tt)*] $slot:ty as $place:ty: |$s:ident| $root:expr;)*) => {$(
        impl<$($generics)*> SlotMut<$place> for &mut $slot {
            #[inline(always)]
            fn open<'a, P: Shadow<$place> + ?Sized>(
                &'a mut self,
                _: &P,
                _: &'a mut Option<P::Buffer>,
            ) -> &'a mut $place
            where
                $place: 'a,
            {
                let $s = self;
                $root
            }
        }
    )*};
}

places! {
    [C: ?Sized] C as C: |slot| slot;
    [T, const N: usize] [T; N] as [T]: |slot| slot.as_mut_slice();
}

#[cfg(feature = "alloc")]
places! {
    [T] Vec<T> as [T]: |slot| slot.as_mut_slice();
    [C: ?Sized] Box<C> as C: |slot| &mut ***slot;
}
