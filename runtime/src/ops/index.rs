//! Indexing.

use core::ops::Index;

#[cfg(feature = "alloc")]
use alloc::vec::Vec;

use crate::{Cotangent, Differentiable, Slot};

/// The rule of `a[i]`, read.
///
/// `Vec`s, arrays and slices have it for elements.
#[diagnostic::on_unimplemented(
    message = "no derivative rule for `{Self}` indexed by `{I}`",
    label = "this element cannot be differentiated",
    note = "wrap the access in a function `g` beside which you write a `g_vjp`"
)]
pub trait IndexVjp<I>: Index<I> + Differentiable
where
    Self::Output: Differentiable,
{
    /// Returns `&self[index]`, and adds `d_out`, the cotangent of that element, to its place in the
    /// slot.
    ///
    /// # Panics
    ///
    /// If the index is out of bounds, or the slot has not the shape of `self`.
    fn index_vjp(
        &self,
        index: I,
        d_out: <Self::Output as Differentiable>::Cotangent,
        d_self: impl Slot<Self::Cotangent>,
    ) -> &Self::Output;
}

impl<T: Differentiable, const N: usize> IndexVjp<usize> for [T; N] {
    #[inline(always)]
    fn index_vjp(
        &self,
        index: usize,
        d_out: T::Cotangent,
        mut d_self: impl Slot<Self::Cotangent>,
    ) -> &T {
        if let Some(d) = d_self.get() {
            d[index].accumulate(&d_out);
        }
        &self[index]
    }
}

#[cfg(feature = "alloc")]
macro_rules! sequences {
    ($($sequence:ty),*) => {$(
        impl<T: Differentiable> IndexVjp<usize> for $sequence {
            #[inline(always)]
            fn index_vjp(
                &self,
                index: usize,
                d_out: T::Cotangent,
                mut d_self: impl Slot<Vec<T::Cotangent>>,
            ) -> &T {
                if let Some(d) = d_self.get() {
                    d[index].accumulate(&d_out);
                }
                &self[index]
            }
        }
    )*};
}

#[cfg(feature = "alloc")]
sequences!([T], Vec<T>);
