//! The dense types as values that have gradients and can be optimised.

use crate::ops::IndexVjp;
use crate::{Cotangent, Differentiable, Parameters, Real, Slot};

use super::dense::{each_type, same_shape, update, Dense};

macro_rules! dense {
    ($([$($generics:tt)*] $dense:ty;)*) => {$(
        impl<$($generics)*> Differentiable for $dense {
            type Cotangent = Self;

            #[inline]
            fn zero_cotangent(&self) -> Self {
                self.zeros_like()
            }
        }

        impl<$($generics)*> Cotangent for $dense {
            #[inline]
            #[track_caller]
            fn accumulate(&mut self, other: &Self) {
                update("accumulate", self, other, |a, b| a + b);
            }

            #[inline]
            fn fill_zero(&mut self) {
                self.as_mut_slice().fill(T::zero());
            }
        }

        impl<$($generics)*> Parameters for $dense {
            type Scalar = T;

            #[inline]
            fn count(&self) -> usize {
                self.as_slice().len()
            }

            #[inline]
            #[track_caller]
            fn visit(&mut self, d: &Self, mut f: impl FnMut(&mut [T], &[T])) {
                same_shape("visit", self.shape(), d.shape());
                f(self.as_mut_slice(), d.as_slice());
            }

            #[inline]
            fn write_flat(&self, out: &mut [T]) {
                let flat = self.as_slice();
                out[..flat.len()].copy_from_slice(flat);
            }

            #[inline]
            fn read_flat(&mut self, from: &[T]) {
                let flat = self.as_mut_slice();
                flat.copy_from_slice(&from[..flat.len()]);
            }

            #[inline]
            fn write_flat_cotangent(d: &Self, out: &mut [T]) {
                d.write_flat(out);
            }

            #[inline]
            fn __count_cotangent(d: &Self) -> usize {
                d.count()
            }
        }
    )*};
}

each_type!(dense);

macro_rules! elements {
    ($([$($generics:tt)*] $dense:ty: $index:ty;)*) => {$(
        impl<$($generics)*> IndexVjp<$index> for $dense {
            #[inline]
            fn index_vjp(&self, index: $index, d_out: T, mut d_self: impl Slot<Self>) -> &T {
                if let Some(d_self) = d_self.get() {
                    same_shape("index", self.shape(), d_self.shape());
                    d_self[index] += d_out;
                }
                &self[index]
            }
        }
    )*};
}

elements! {
    [T: Real, const R: usize, const C: usize] super::Matrix<T, R, C>: (usize, usize);
    [T: Real, const N: usize] super::Vector<T, N>: usize;
}
#[cfg(feature = "alloc")]
elements! {
    [T: Real] super::DMatrix<T>: (usize, usize);
    [T: Real] super::DVector<T>: usize;
}
