//! Large products through the crates `gemm` or `matrixmultiply`.
//!
//! Both take pointers, so this file is the crate's one exception from `forbid(unsafe_code)`, and it
//! is compiled only where one of the two features asks for it. What makes the calls sound is checked
//! here: shapes agree (by the caller), and every element that strides can reach lies in its slice
//! (by the constructors of the views, whose fields nobody outside can write).
#![allow(unsafe_code)]

use core::any::TypeId;

use crate::Real;

use super::product::{plain, Target};
use super::view::{View, ViewMut};

/// `C = A·B` or `C += A·B` for `f32` and `f64`; for any other scalar in plain loops.
pub(super) fn product<T: Real>(a: View<'_, T>, b: View<'_, T>, c: ViewMut<'_, T>, target: Target) {
    if TypeId::of::<T>() == TypeId::of::<f32>() {
        packed_f32(a, b, c, target);
    } else if TypeId::of::<T>() == TypeId::of::<f64>() {
        packed_f64(a, b, c, target);
    } else {
        plain(a, b, c, target);
    }
}

macro_rules! packed {
    ($($name:ident: $float:ty, $matrixmultiply:ident;)*) => {$(
        #[cfg(feature = "gemm")]
        fn $name<T: Real>(a: View<'_, T>, b: View<'_, T>, c: ViewMut<'_, T>, target: Target) {
            // SAFETY: `T` is this float, see `product`; shapes and strides as said at the top.
            unsafe {
                ::gemm::gemm::<$float>(
                    a.rows, b.cols, a.cols,
                    c.data.as_mut_ptr().cast(), c.col_stride as isize, c.row_stride as isize,
                    target == Target::Accumulate,
                    a.data.as_ptr().cast(), a.col_stride as isize, a.row_stride as isize,
                    b.data.as_ptr().cast(), b.col_stride as isize, b.row_stride as isize,
                    1.0, 1.0, false, false, false, ::gemm::Parallelism::None,
                );
            }
        }

        #[cfg(not(feature = "gemm"))]
        fn $name<T: Real>(a: View<'_, T>, b: View<'_, T>, c: ViewMut<'_, T>, target: Target) {
            let beta = if target == Target::Accumulate { 1.0 } else { 0.0 };
            // SAFETY: `T` is this float, see `product`; shapes and strides as said at the top.
            unsafe {
                ::matrixmultiply::$matrixmultiply(
                    a.rows, a.cols, b.cols, 1.0,
                    a.data.as_ptr().cast(), a.row_stride as isize, a.col_stride as isize,
                    b.data.as_ptr().cast(), b.row_stride as isize, b.col_stride as isize,
                    beta,
                    c.data.as_mut_ptr().cast(), c.row_stride as isize, c.col_stride as isize,
                );
            }
        }
    )*};
}

packed! {
    packed_f32: f32, sgemm;
    packed_f64: f64, dgemm;
}
