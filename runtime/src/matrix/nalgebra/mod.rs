//! Rules for nalgebra's matrices and vectors (feature `nalgebra`).
//!
//! `SMatrix` (and so `SVector`), `DMatrix`, `DVector`, on their own or behind `&`: sums, differences,
//! negation, products with each other and with scalars, as operators, compound assignments too;
//! elements by index; `dot`, `norm`, `norm_squared`, `sum`, `component_mul`, `transpose` as methods,
//! whose rules come with [`NalgebraVjp`]; `new` from all elements, with [`New3Vjp`] and its like.
//!
//! Values are computed by nalgebra. The adjoint of a product goes through this crate's kernels, to
//! which a transpose is a matter of strides.

mod constructor;
mod operators;

use ::nalgebra::{DMatrix, DVector, RealField, RowDVector, SMatrix};

use crate::{Cotangent, Differentiable, Parameters, Real, Slot};

use super::dense::same_shape;
use super::product::add_scaled;

pub use constructor::{New2Vjp, New3Vjp, New4Vjp, New6Vjp, New9Vjp};

/// The methods of nalgebra that have rules. Import it where they are called in differentiated
/// functions.
pub trait NalgebraVjp: Differentiable<Cotangent = Self> + Sized {
    /// The type of an element.
    type Scalar: Real;
    /// The type of the transpose.
    type Transposed: Differentiable<Cotangent = Self::Transposed>;

    /// The rule of `dot`.
    fn dot_vjp(
        &self,
        rhs: &Self,
        d_out: Self::Scalar,
        d_self: impl Slot<Self>,
        d_rhs: impl Slot<Self>,
    ) -> Self::Scalar;
    /// The rule of `norm_squared`.
    fn norm_squared_vjp(&self, d_out: Self::Scalar, d_self: impl Slot<Self>) -> Self::Scalar;
    /// The rule of `norm`, whose derivative at 0 is 0.
    fn norm_vjp(&self, d_out: Self::Scalar, d_self: impl Slot<Self>) -> Self::Scalar;
    /// The rule of `sum`.
    fn sum_vjp(&self, d_out: Self::Scalar, d_self: impl Slot<Self>) -> Self::Scalar;
    /// The rule of `component_mul`.
    fn component_mul_vjp(
        &self,
        rhs: &Self,
        d_out: Self,
        d_self: impl Slot<Self>,
        d_rhs: impl Slot<Self>,
    ) -> Self;
    /// The rule of `transpose`.
    fn transpose_vjp(&self, d_out: Self::Transposed, d_self: impl Slot<Self>) -> Self::Transposed;
}

/// `d += s · x`, if anybody wants it.
macro_rules! add {
    ($name:literal, $d:expr, $s:expr, $x:expr) => {
        if let Some(d) = $d {
            let x = $x;
            same_shape($name, d.shape(), x.shape());
            add_scaled(d.as_mut_slice(), $s, x.as_slice());
        }
    };
}
use add;

macro_rules! types {
    ($([$($generics:tt)*] $matrix:ty => $transposed:ty;)*) => {$(
        impl<$($generics)*> Differentiable for $matrix {
            type Cotangent = Self;

            fn zero_cotangent(&self) -> Self {
                let mut zero = self.clone();
                zero.fill_zero();
                zero
            }
        }

        impl<$($generics)*> Cotangent for $matrix {
            #[track_caller]
            fn accumulate(&mut self, other: &Self) {
                add!("accumulate", Some(self), T::one(), other);
            }

            fn fill_zero(&mut self) {
                self.as_mut_slice().fill(T::zero());
            }
        }

        impl<$($generics)*> Parameters for $matrix {
            type Scalar = T;

            fn count(&self) -> usize {
                self.len()
            }

            #[track_caller]
            fn visit(&mut self, d: &Self, mut f: impl FnMut(&mut [T], &[T])) {
                same_shape("visit", self.shape(), d.shape());
                f(self.as_mut_slice(), d.as_slice());
            }

            fn write_flat(&self, out: &mut [T]) {
                out[..self.len()].copy_from_slice(self.as_slice());
            }

            fn read_flat(&mut self, from: &[T]) {
                let count = self.len();
                self.as_mut_slice().copy_from_slice(&from[..count]);
            }

            fn write_flat_cotangent(d: &Self, out: &mut [T]) {
                d.write_flat(out);
            }

            fn __count_cotangent(d: &Self) -> usize {
                d.len()
            }
        }

        impl<$($generics)*> NalgebraVjp for $matrix {
            type Scalar = T;
            type Transposed = $transposed;

            #[track_caller]
            fn dot_vjp(&self, rhs: &Self, d_out: T, mut d_self: impl Slot<Self>, mut d_rhs: impl Slot<Self>) -> T {
                add!("dot", d_self.get(), d_out, rhs);
                add!("dot", d_rhs.get(), d_out, self);
                self.dot(rhs)
            }

            #[track_caller]
            fn norm_squared_vjp(&self, d_out: T, mut d_self: impl Slot<Self>) -> T {
                add!("norm_squared", d_self.get(), d_out + d_out, self);
                self.norm_squared()
            }

            #[track_caller]
            fn norm_vjp(&self, d_out: T, mut d_self: impl Slot<Self>) -> T {
                let out = self.norm();
                if out != T::zero() {
                    add!("norm", d_self.get(), d_out / out, self);
                }
                out
            }

            fn sum_vjp(&self, d_out: T, mut d_self: impl Slot<Self>) -> T {
                if let Some(d) = d_self.get() {
                    same_shape("sum", d.shape(), self.shape());
                    d.as_mut_slice().iter_mut().for_each(|d| *d += d_out);
                }
                self.sum()
            }

            #[track_caller]
            fn component_mul_vjp(&self, rhs: &Self, d_out: Self, mut d_self: impl Slot<Self>, mut d_rhs: impl Slot<Self>) -> Self {
                add!("component_mul", d_self.get(), T::one(), d_out.component_mul(rhs));
                add!("component_mul", d_rhs.get(), T::one(), d_out.component_mul(self));
                self.component_mul(rhs)
            }

            #[track_caller]
            fn transpose_vjp(&self, d_out: $transposed, mut d_self: impl Slot<Self>) -> $transposed {
                add!("transpose", d_self.get(), T::one(), d_out.transpose());
                self.transpose()
            }
        }
    )*};
}

types! {
    [T: Real + RealField, const R: usize, const C: usize] SMatrix<T, R, C> => SMatrix<T, C, R>;
    [T: Real + RealField] DMatrix<T> => DMatrix<T>;
    [T: Real + RealField] DVector<T> => RowDVector<T>;
    [T: Real + RealField] RowDVector<T> => DVector<T>;
}
