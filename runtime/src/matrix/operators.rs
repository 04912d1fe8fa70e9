//! Operators of the dense types, beside their rules.
//!
//! `A + B`, `A - B`, `-A`, products with a scalar on either side and the quotient by one, for all
//! four types; `A * B` and `A * v` as matrix products. Each for values and references.

use core::borrow::Borrow;
use core::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Sub, SubAssign};

use crate::ops::{
    AddAssignVjp, AddVjp, DivAssignVjp, DivVjp, MulAssignVjp, MulVjp, NegVjp, SubAssignVjp, SubVjp,
};
use crate::{Real, Slot, SlotMut};

use super::dense::{each_type, map, update, Dense};
use super::product::dot;
use super::{Matrix, Vector};

#[cfg(feature = "alloc")]
use super::{DMatrix, DVector};

/// `a` with `f` applied to each pair of elements.
#[inline]
#[track_caller]
fn joined<D: Dense>(name: &str, a: &D, b: &D, f: impl Fn(D::Scalar, D::Scalar) -> D::Scalar) -> D {
    let mut out = a.clone();
    update(name, &mut out, b, f);
    out
}

/// `d += f(d_out)`, if anybody wants it.
#[inline]
#[track_caller]
fn add<D: Dense>(d: Option<&mut D>, d_out: &D, f: impl Fn(D::Scalar) -> D::Scalar) {
    if let Some(d) = d {
        update("cotangent", d, d_out, |d, d_out| d + f(d_out));
    }
}

/// `d += Σ a · b`, if anybody wants it.
#[inline]
fn add_dot<D: Dense>(d: Option<&mut D::Scalar>, a: &D, b: &D, scale: D::Scalar) {
    if let Some(d) = d {
        *d += scale * dot(a.as_slice(), b.as_slice());
    }
}

/// One operator of two types: its value and its adjoint over references, and from them the operator
/// and its rule for each listed pair of values and references.
macro_rules! binary {
    (
        $generics:tt $op:ident $method:ident $vjp:ident $vjp_method:ident:
            $left:ty, $right:ty => $out:ty;
        |$a:ident, $b:ident| $value:expr;
        |$d:ident, $d_a:ident, $d_b:ident| $adjoint:expr;
        $(($left_form:ty, $right_form:ty))*
    ) => {$(
        binary! {
            @ $generics $op $method $vjp $vjp_method: $left, $right => $out;
            |$a, $b| $value; |$d, $d_a, $d_b| $adjoint; $left_form, $right_form
        }
    )*};
    (
        @ [$($generics:tt)*] $op:ident $method:ident $vjp:ident $vjp_method:ident:
            $left:ty, $right:ty => $out:ty;
        |$a:ident, $b:ident| $value:expr;
        |$d:ident, $d_a:ident, $d_b:ident| $adjoint:expr;
        $left_form:ty, $right_form:ty
    ) => {
        impl<$($generics)*> $op<$right_form> for $left_form {
            type Output = $out;

            #[inline]
            #[track_caller]
            fn $method(self, rhs: $right_form) -> $out {
                let ($a, $b) = (Borrow::<$left>::borrow(&self), Borrow::<$right>::borrow(&rhs));
                $value
            }
        }

        impl<$($generics)*> $vjp<$right_form> for $left_form {
            #[inline]
            #[track_caller]
            fn $vjp_method(
                self,
                rhs: $right_form,
                d_out: $out,
                mut d_self: impl Slot<$left>,
                mut d_rhs: impl Slot<$right>,
            ) -> $out {
                let ($a, $b) = (Borrow::<$left>::borrow(&self), Borrow::<$right>::borrow(&rhs));
                let ($d, $d_a, $d_b) = (&d_out, d_self.get(), d_rhs.get());
                $adjoint;
                $value
            }
        }
    };
}

/// A compound assignment: what it does, and how its rule feeds the operand and the old value.
macro_rules! assign {
    (
        $generics:tt $op:ident $method:ident $vjp:ident $vjp_method:ident: $left:ty, $right:ty;
        |$a:ident, $b:ident| $value:expr;
        |$d:ident, $d_b:ident| $operand:expr; $old:expr;
        $($right_form:ty),*
    ) => {$(
        assign! {
            @ $generics $op $method $vjp $vjp_method: $left, $right;
            |$a, $b| $value; |$d, $d_b| $operand; $old; $right_form
        }
    )*};
    (
        @ [$($generics:tt)*] $op:ident $method:ident $vjp:ident $vjp_method:ident: $left:ty, $right:ty;
        |$a:ident, $b:ident| $value:expr;
        |$d:ident, $d_b:ident| $operand:expr; $old:expr;
        $right_form:ty
    ) => {
        impl<$($generics)*> $op<$right_form> for $left {
            #[inline]
            #[track_caller]
            fn $method(&mut self, rhs: $right_form) {
                let ($a, $b) = (self, Borrow::<$right>::borrow(&rhs));
                $value;
            }
        }

        impl<$($generics)*> $vjp<$right_form> for $left {
            #[inline]
            #[track_caller]
            fn $vjp_method(
                &mut self,
                rhs: $right_form,
                mut d_self: impl SlotMut<$left>,
                mut d_rhs: impl Slot<$right>,
            ) {
                let ($a, $b) = (self, Borrow::<$right>::borrow(&rhs));
                if let Some($d) = d_self.get() {
                    let $d_b = d_rhs.get();
                    $operand;
                    $old;
                }
                $value;
            }
        }
    };
}

macro_rules! elementwise {
    ($([$($generics:tt)*] $dense:ty;)*) => {$(
        binary! {
            [$($generics)*] Add add AddVjp add_vjp: $dense, $dense => $dense;
            |a, b| joined("add", a, b, |a, b| a + b);
            |d, d_a, d_b| { add(d_a, d, |d| d); add(d_b, d, |d| d) };
            ($dense, $dense) (&$dense, $dense) ($dense, &$dense) (&$dense, &$dense)
        }
        binary! {
            [$($generics)*] Sub sub SubVjp sub_vjp: $dense, $dense => $dense;
            |a, b| joined("sub", a, b, |a, b| a - b);
            |d, d_a, d_b| { add(d_a, d, |d| d); add(d_b, d, |d| -d) };
            ($dense, $dense) (&$dense, $dense) ($dense, &$dense) (&$dense, &$dense)
        }
        binary! {
            [$($generics)*] Mul mul MulVjp mul_vjp: $dense, T => $dense;
            |a, s| map(a, |a| a * *s);
            |d, d_a, d_s| { add(d_a, d, |d| d * *s); add_dot(d_s, a, d, T::one()) };
            ($dense, T) (&$dense, T)
        }
        binary! {
            [$($generics)*] Div div DivVjp div_vjp: $dense, T => $dense;
            |a, s| map(a, |a| a / *s);
            |d, d_a, d_s| { add(d_a, d, |d| d / *s); add_dot(d_s, a, d, -(*s * *s).recip()) };
            ($dense, T) (&$dense, T)
        }
        assign! {
            [$($generics)*] AddAssign add_assign AddAssignVjp add_assign_vjp: $dense, $dense;
            |a, b| update("add_assign", a, b, |a, b| a + b);
            |d, d_b| add(d_b, d, |d| d); ();
            $dense, &$dense
        }
        assign! {
            [$($generics)*] SubAssign sub_assign SubAssignVjp sub_assign_vjp: $dense, $dense;
            |a, b| update("sub_assign", a, b, |a, b| a - b);
            |d, d_b| add(d_b, d, |d| -d); ();
            $dense, &$dense
        }
        assign! {
            [$($generics)*] MulAssign mul_assign MulAssignVjp mul_assign_vjp: $dense, T;
            |a, s| a.as_mut_slice().iter_mut().for_each(|a| *a *= *s);
            |d, d_s| add_dot(d_s, &*a, d, T::one()); d.as_mut_slice().iter_mut().for_each(|d| *d *= *s);
            T
        }
        assign! {
            [$($generics)*] DivAssign div_assign DivAssignVjp div_assign_vjp: $dense, T;
            |a, s| a.as_mut_slice().iter_mut().for_each(|a| *a /= *s);
            |d, d_s| add_dot(d_s, &*a, d, -(*s * *s).recip()); d.as_mut_slice().iter_mut().for_each(|d| *d /= *s);
            T
        }
        elementwise!(- [$($generics)*] $dense; $dense);
        elementwise!(- [$($generics)*] &$dense; $dense);
    )*};
    (- [$($generics:tt)*] $form:ty; $dense:ty) => {
        impl<$($generics)*> Neg for $form {
            type Output = $dense;

            #[inline]
            fn neg(self) -> $dense {
                map(Borrow::<$dense>::borrow(&self), |a| -a)
            }
        }

        impl<$($generics)*> NegVjp for $form {
            #[inline]
            #[track_caller]
            fn neg_vjp(self, d_out: $dense, mut d_self: impl Slot<$dense>) -> $dense {
                add(d_self.get(), &d_out, |d| -d);
                -self
            }
        }
    };
}

each_type!(elementwise);

/// A scalar on the left: the orphan rule wants each float type by name.
macro_rules! scalar_left {
    ($($(#[$cfg:meta])* [$($generics:tt)*] $float:ty, $dense:ty;)*) => {$(
        $(#[$cfg])*
        binary! {
            [$($generics)*] Mul mul MulVjp mul_vjp: $float, $dense => $dense;
            |s, a| map(a, |a| *s * a);
            |d, d_s, d_a| { add_dot(d_s, a, d, 1.0); add(d_a, d, |d| d * *s) };
            ($float, $dense) ($float, &$dense)
        }
    )*};
}

scalar_left! {
    [const R: usize, const C: usize] f32, Matrix<f32, R, C>;
    [const R: usize, const C: usize] f64, Matrix<f64, R, C>;
    [const N: usize] f32, Vector<f32, N>;
    [const N: usize] f64, Vector<f64, N>;
    #[cfg(feature = "alloc")]
    [] f32, DMatrix<f32>;
    #[cfg(feature = "alloc")]
    [] f64, DMatrix<f64>;
    #[cfg(feature = "alloc")]
    [] f32, DVector<f32>;
    #[cfg(feature = "alloc")]
    [] f64, DVector<f64>;
}

/// `A * B`, as the method that it stands for.
macro_rules! products {
    ($($(#[$cfg:meta])* [$($generics:tt)*] $left:ty, $right:ty => $out:ty: $method:ident $pullback:ident;)*) => {$(
        $(#[$cfg])*
        binary! {
            [$($generics)*] Mul mul MulVjp mul_vjp: $left, $right => $out;
            |a, b| a.$method(b);
            |d, d_a, d_b| a.$pullback(b, d, d.clone(), d_a, d_b);
            ($left, $right) (&$left, $right) ($left, &$right) (&$left, &$right)
        }
    )*};
}

products! {
    [T: Real, const R: usize, const K: usize, const C: usize]
        Matrix<T, R, K>, Matrix<T, K, C> => Matrix<T, R, C>: matmul matmul_pullback;
    [T: Real, const R: usize, const C: usize]
        Matrix<T, R, C>, Vector<T, C> => Vector<T, R>: matvec matvec_pullback;
    #[cfg(feature = "alloc")]
    [T: Real] DMatrix<T>, DMatrix<T> => DMatrix<T>: matmul matmul_pullback;
    #[cfg(feature = "alloc")]
    [T: Real] DMatrix<T>, DVector<T> => DVector<T>: matvec matvec_pullback;
}
