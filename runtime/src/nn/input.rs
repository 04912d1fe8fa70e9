//! What a layer can be applied to.

use crate::matrix::{Matrix, Sealed, Vector};
use crate::{Cotangent, Differentiable, Real, Slot, SlotMut};

#[cfg(feature = "alloc")]
use crate::matrix::{DMatrix, DVector};

use super::layer::Linear;

/// What a layer takes in: a sample, or the rows of a batch.
///
/// Implemented by the four dense types, each for the layers that fit it.
pub trait Input<W, B>: Differentiable<Cotangent = Self> + Sealed + Sized {
    /// What the layer makes of it.
    type Output: Differentiable<Cotangent = Self::Output> + Cotangent;

    #[doc(hidden)]
    fn __linear(&self, w: &W, b: &B) -> Self::Output;
    #[doc(hidden)]
    fn __linear_relu(&self, w: &W, b: &B) -> Self::Output;
    #[doc(hidden)]
    fn __linear_into(&self, w: &W, b: &B, out: &mut Self::Output);
    #[doc(hidden)]
    fn __linear_relu_into(&self, w: &W, b: &B, out: &mut Self::Output);
    #[doc(hidden)]
    fn __linear_into_pullback(
        &self,
        layer: &Linear<W, B>,
        out: &Self::Output,
        d_self: impl Slot<Self>,
        d_layer: (Option<&mut W>, Option<&mut B>),
        d_out: impl SlotMut<Self::Output>,
    );
    #[doc(hidden)]
    fn __linear_relu_into_pullback(
        &self,
        layer: &Linear<W, B>,
        out: &Self::Output,
        d_self: impl Slot<Self>,
        d_layer: (Option<&mut W>, Option<&mut B>),
        d_out: impl SlotMut<Self::Output>,
    );
}

macro_rules! inputs {
    ($($(#[$cfg:meta])* [$($generics:tt)*] $x:ty: ($w:ty, $b:ty) -> $out:ty;)*) => {$(
        $(#[$cfg])*
        impl<$($generics)*> Input<$w, $b> for $x {
            type Output = $out;

            inputs! { @ ($w, $b) -> $out;
                __linear __linear_into __linear_into_pullback: linear linear_into linear_into_pullback
            }
            inputs! { @ ($w, $b) -> $out;
                __linear_relu __linear_relu_into __linear_relu_into_pullback:
                    linear_relu linear_relu_into linear_relu_into_pullback
            }
        }
    )*};
    (@ ($w:ty, $b:ty) -> $out:ty; $name:ident $into:ident $pullback:ident: $map:ident $map_into:ident $map_pullback:ident) => {
        #[inline(always)]
        #[track_caller]
        fn $name(&self, w: &$w, b: &$b) -> $out {
            self.$map(w, b)
        }

        #[inline(always)]
        #[track_caller]
        fn $into(&self, w: &$w, b: &$b, out: &mut $out) {
            self.$map_into(w, b, out);
        }

        #[inline(always)]
        #[track_caller]
        fn $pullback(
            &self,
            layer: &Linear<$w, $b>,
            out: &$out,
            d_self: impl Slot<Self>,
            (d_w, d_b): (Option<&mut $w>, Option<&mut $b>),
            d_out: impl SlotMut<$out>,
        ) {
            self.$map_pullback(&layer.weight, &layer.bias, out, d_self, d_w, d_b, d_out);
        }
    };
}

inputs! {
    [T: Real, const ROWS: usize, const IN: usize, const OUT: usize] Matrix<T, ROWS, IN>:
        (Matrix<T, OUT, IN>, Vector<T, OUT>) -> Matrix<T, ROWS, OUT>;
    [T: Real, const IN: usize, const OUT: usize] Vector<T, IN>:
        (Matrix<T, OUT, IN>, Vector<T, OUT>) -> Vector<T, OUT>;
    #[cfg(feature = "alloc")]
    [T: Real] DMatrix<T>: (DMatrix<T>, DVector<T>) -> DMatrix<T>;
    #[cfg(feature = "alloc")]
    [T: Real] DVector<T>: (DMatrix<T>, DVector<T>) -> DVector<T>;
}
