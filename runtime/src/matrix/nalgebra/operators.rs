//! Operators, and elements by their index.

use ::nalgebra::{DMatrix, DVector, RealField, RowDVector, SMatrix};

use crate::matrix::dense::same_shape;
use crate::matrix::foreign::{assign, binary, elements};
use crate::matrix::product::{add_scaled, dot, product_adjoint};
use crate::matrix::view::{View, ViewMut};
use crate::ops::NegVjp;
use crate::{Real, Slot};

use super::add;

/// nalgebra's owned storages are contiguous, column after column.
macro_rules! column_major {
    ($view:ident, $matrix:expr, $slice:ident) => {{
        let shape = $matrix.shape();
        $view::strided($matrix.$slice(), shape, 1, shape.0)
    }};
}

macro_rules! elementwise {
    ($([$($generics:tt)*] $matrix:ty;)*) => {$(
        binary! {
            [$($generics)*] + AddVjp add_vjp: $matrix, $matrix => $matrix;
            |_a, _b, d, d_a, d_b| {
                add!("add", d_a, T::one(), &d);
                add!("add", d_b, T::one(), &d);
            }
            ($matrix, $matrix) (&$matrix, $matrix) ($matrix, &$matrix) (&$matrix, &$matrix)
        }
        binary! {
            [$($generics)*] - SubVjp sub_vjp: $matrix, $matrix => $matrix;
            |_a, _b, d, d_a, d_b| {
                add!("sub", d_a, T::one(), &d);
                add!("sub", d_b, -T::one(), &d);
            }
            ($matrix, $matrix) (&$matrix, $matrix) ($matrix, &$matrix) (&$matrix, &$matrix)
        }
        binary! {
            [$($generics)*] * MulVjp mul_vjp: $matrix, T => $matrix;
            |a, s, d, d_a, d_s| {
                add!("mul", d_a, *s, &d);
                if let Some(d_s) = d_s {
                    *d_s += dot(a.as_slice(), d.as_slice());
                }
            }
            ($matrix, T) (&$matrix, T)
        }
        binary! {
            [$($generics)*] / DivVjp div_vjp: $matrix, T => $matrix;
            |a, s, d, d_a, d_s| {
                add!("div", d_a, T::one() / *s, &d);
                if let Some(d_s) = d_s {
                    *d_s -= dot(a.as_slice(), d.as_slice()) / (*s * *s);
                }
            }
            ($matrix, T) (&$matrix, T)
        }
        assign! {
            [$($generics)*] += AddAssignVjp add_assign_vjp: $matrix, $matrix;
            |_a, _b, d, d_b| { add!("add_assign", d_b, T::one(), &*d); }
            ($matrix) (&$matrix)
        }
        assign! {
            [$($generics)*] -= SubAssignVjp sub_assign_vjp: $matrix, $matrix;
            |_a, _b, d, d_b| { add!("sub_assign", d_b, -T::one(), &*d); }
            ($matrix) (&$matrix)
        }
        assign! {
            [$($generics)*] *= MulAssignVjp mul_assign_vjp: $matrix, T;
            |a, s, d, d_s| {
                if let Some(d_s) = d_s {
                    *d_s += dot(a.as_slice(), d.as_slice());
                }
                *d *= *s;
            }
            (T)
        }
        assign! {
            [$($generics)*] /= DivAssignVjp div_assign_vjp: $matrix, T;
            |a, s, d, d_s| {
                if let Some(d_s) = d_s {
                    *d_s -= dot(a.as_slice(), d.as_slice()) / (*s * *s);
                }
                *d /= *s;
            }
            (T)
        }
        elements! {
            [$($generics)*] $matrix: usize;
            [$($generics)*] $matrix: (usize, usize);
        }
        elementwise!(- [$($generics)*] $matrix; $matrix);
        elementwise!(- [$($generics)*] &$matrix; $matrix);
    )*};
    (- [$($generics:tt)*] $form:ty; $matrix:ty) => {
        impl<$($generics)*> NegVjp for $form {
            #[track_caller]
            fn neg_vjp(self, d_out: $matrix, mut d_self: impl Slot<$matrix>) -> $matrix {
                add!("neg", d_self.get(), -T::one(), &d_out);
                -self
            }
        }
    };
}

elementwise! {
    [T: Real + RealField, const R: usize, const C: usize] SMatrix<T, R, C>;
    [T: Real + RealField] DMatrix<T>;
    [T: Real + RealField] DVector<T>;
    [T: Real + RealField] RowDVector<T>;
}

/// A scalar on the left.
macro_rules! scalar_left {
    ($([$($generics:tt)*] $float:ty, $matrix:ty;)*) => {$(
        binary! {
            [$($generics)*] * MulVjp mul_vjp: $float, $matrix => $matrix;
            |s, a, d, d_s, d_a| {
                add!("mul", d_a, *s, &d);
                if let Some(d_s) = d_s {
                    *d_s += dot(a.as_slice(), d.as_slice());
                }
            }
            ($float, $matrix) ($float, &$matrix)
        }
    )*};
}

scalar_left! {
    [const R: usize, const C: usize] f32, SMatrix<f32, R, C>;
    [const R: usize, const C: usize] f64, SMatrix<f64, R, C>;
    [] f32, DMatrix<f32>;
    [] f64, DMatrix<f64>;
    [] f32, DVector<f32>;
    [] f64, DVector<f64>;
}

macro_rules! products {
    ($([$($generics:tt)*] $left:ty, $right:ty => $out:ty;)*) => {$(
        binary! {
            [$($generics)*] * MulVjp mul_vjp: $left, $right => $out;
            |a, b, d, d_a, d_b| {
                product_adjoint(
                    column_major!(View, a, as_slice),
                    column_major!(View, b, as_slice),
                    column_major!(View, d, as_slice),
                    d_a.map(|d_a| column_major!(ViewMut, d_a, as_mut_slice)),
                    d_b.map(|d_b| column_major!(ViewMut, d_b, as_mut_slice)),
                );
            }
            ($left, $right) (&$left, $right) ($left, &$right) (&$left, &$right)
        }
    )*};
}

products! {
    [T: Real + RealField, const R: usize, const K: usize, const C: usize]
        SMatrix<T, R, K>, SMatrix<T, K, C> => SMatrix<T, R, C>;
    [T: Real + RealField] DMatrix<T>, DMatrix<T> => DMatrix<T>;
    [T: Real + RealField] DMatrix<T>, DVector<T> => DVector<T>;
}
