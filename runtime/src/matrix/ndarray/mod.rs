//! Rules for ndarray's owned arrays (feature `ndarray`).
//!
//! `Array1` and `Array2`, on their own or behind `&`: `+`, `-`, `*`, `/` elementwise, with each other
//! and with scalars, broadcasting as ndarray does; negation; `dot` and `sum` as methods, whose rules
//! come with [`DotVjp`] and [`SumVjp`]. Any dimension can be a parameter.
//!
//! Values are computed by ndarray. The adjoint of a product goes through this crate's kernels, to
//! which a transpose is a matter of strides.

mod dot;

use core::borrow::Borrow;

use ::ndarray::{Array, Array1, Array2, Axis, Dimension, ScalarOperand};

use crate::ops::{AddVjp, DivVjp, MulVjp, NegVjp, SubVjp};
use crate::{Cotangent, Differentiable, Parameters, Real, Slot};

pub use dot::DotVjp;

/// The rule of `sum`. Import it where that is called in differentiated functions.
pub trait SumVjp: Differentiable<Cotangent = Self> + Sized {
    /// The type of an element.
    type Scalar;

    /// Returns the sum of all elements, and adds its cotangent to all of the slot.
    fn sum_vjp(&self, d_out: Self::Scalar, d_self: impl Slot<Self>) -> Self::Scalar;
}

impl<T: Real, D: Dimension> Differentiable for Array<T, D> {
    type Cotangent = Self;

    fn zero_cotangent(&self) -> Self {
        Array::zeros(self.raw_dim())
    }
}

impl<T: Real, D: Dimension> Cotangent for Array<T, D> {
    #[track_caller]
    fn accumulate(&mut self, other: &Self) {
        add(self, other, T::one());
    }

    fn fill_zero(&mut self) {
        self.fill(T::zero());
    }
}

impl<T: Real, D: Dimension> Parameters for Array<T, D> {
    type Scalar = T;

    fn count(&self) -> usize {
        self.len()
    }

    #[track_caller]
    fn visit(&mut self, d: &Self, mut f: impl FnMut(&mut [T], &[T])) {
        same_shape(self, d);
        match (self.as_slice_mut(), d.as_slice()) {
            (Some(run), Some(d)) => f(run, d),
            _ => self.zip_mut_with(d, |x, d| {
                f(core::slice::from_mut(x), core::slice::from_ref(d))
            }),
        }
    }

    fn write_flat(&self, out: &mut [T]) {
        let out = &mut out[..self.len()];
        out.iter_mut().zip(self).for_each(|(out, &x)| *out = x);
    }

    fn read_flat(&mut self, from: &[T]) {
        let from = &from[..self.len()];
        self.iter_mut().zip(from).for_each(|(x, &from)| *x = from);
    }

    fn write_flat_cotangent(d: &Self, out: &mut [T]) {
        d.write_flat(out);
    }

    fn __count_cotangent(d: &Self) -> usize {
        d.len()
    }
}

impl<T: Real, D: Dimension> SumVjp for Array<T, D> {
    type Scalar = T;

    #[track_caller]
    fn sum_vjp(&self, d_out: T, mut d_self: impl Slot<Self>) -> T {
        if let Some(d) = d_self.get() {
            same_shape(d, self);
            d.iter_mut().for_each(|d| *d += d_out);
        }
        self.sum()
    }
}

#[track_caller]
fn same_shape<T, D: Dimension>(a: &Array<T, D>, b: &Array<T, D>) {
    assert!(
        a.shape() == b.shape(),
        "shape {:?} does not go with shape {:?}",
        a.shape(),
        b.shape()
    );
}

/// `d += s · x`, of one shape.
#[track_caller]
fn add<T: Real, D: Dimension>(d: &mut Array<T, D>, x: &Array<T, D>, s: T) {
    same_shape(d, x);
    d.zip_mut_with(x, |d, &x| *d += s * x);
}

/// Original: `x` broadcast to the shape of `g`
/// Adjoint: `d_x += g`, summed along the axes that were made up
#[track_caller]
fn add_reduced<T: Real, D: Dimension, G: Dimension>(
    d_x: Option<&mut Array<T, D>>,
    x: &Array<T, D>,
    g: Array<T, G>,
) {
    let Some(d_x) = d_x else { return };
    same_shape(d_x, x);
    let mut g = g.into_dyn();
    while g.ndim() > d_x.ndim() {
        g = g.sum_axis(Axis(0));
    }
    for axis in (0..d_x.ndim()).map(Axis) {
        if d_x.len_of(axis) == 1 && g.len_of(axis) != 1 {
            g = g.sum_axis(axis).insert_axis(axis);
        }
    }
    // By now `g` has the shape of `d_x`.
    d_x.zip_mut_with(&g, |d, &g| *d += g);
}

/// An operator of two types, for each pair of values and references: what `d`, the cotangent of the
/// result, adds to either.
macro_rules! binary {
    (
        $generics:tt $op:tt $vjp:ident $vjp_method:ident: $left:ty, $right:ty => $out:ty;
        |$a:ident, $b:ident, $d:ident, $d_a:ident, $d_b:ident| $adjoint:block
        $(($left_form:ty, $right_form:ty))*
    ) => {$(
        binary! { @
            $generics $op $vjp $vjp_method: $left, $right => $out;
            |$a, $b, $d, $d_a, $d_b| $adjoint $left_form, $right_form
        }
    )*};
    (@
        [$($generics:tt)*] $op:tt $vjp:ident $vjp_method:ident: $left:ty, $right:ty => $out:ty;
        |$a:ident, $b:ident, $d:ident, $d_a:ident, $d_b:ident| $adjoint:block $left_form:ty, $right_form:ty
    ) => {
        impl<$($generics)*> $vjp<$right_form> for $left_form {
            #[track_caller]
            fn $vjp_method(self, rhs: $right_form, $d: $out, mut d_self: impl Slot<$left>, mut d_rhs: impl Slot<$right>) -> $out {
                let ($a, $b) = (Borrow::<$left>::borrow(&self), Borrow::<$right>::borrow(&rhs));
                let ($d_a, $d_b) = (d_self.get(), d_rhs.get());
                $adjoint
                self $op rhs
            }
        }
    };
}

/// The four operations of two arrays. ndarray has them for two references of one lifetime.
macro_rules! elementwise {
    ($($left:ty, $right:ty => $out:ty;)*) => {$(
        binary! {
            ['x, T: Real] + AddVjp add_vjp: $left, $right => $out;
            |a, b, d, d_a, d_b| { add_reduced(d_a, a, d.clone()); add_reduced(d_b, b, d); }
            ($left, $right) (&'x $left, $right) ($left, &'x $right) (&'x $left, &'x $right)
        }
        binary! {
            ['x, T: Real] - SubVjp sub_vjp: $left, $right => $out;
            |a, b, d, d_a, d_b| { add_reduced(d_a, a, d.clone()); add_reduced(d_b, b, -d); }
            ($left, $right) (&'x $left, $right) ($left, &'x $right) (&'x $left, &'x $right)
        }
        binary! {
            ['x, T: Real] * MulVjp mul_vjp: $left, $right => $out;
            |a, b, d, d_a, d_b| {
                if d_a.is_some() {
                    add_reduced(d_a, a, &d * b);
                }
                if d_b.is_some() {
                    add_reduced(d_b, b, d * a);
                }
            }
            ($left, $right) (&'x $left, $right) ($left, &'x $right) (&'x $left, &'x $right)
        }
        binary! {
            ['x, T: Real] / DivVjp div_vjp: $left, $right => $out;
            |a, b, d, d_a, d_b| {
                let d = d / b;
                if d_b.is_some() {
                    add_reduced(d_b, b, -(&d * a / b));
                }
                add_reduced(d_a, a, d);
            }
            ($left, $right) (&'x $left, $right) ($left, &'x $right) (&'x $left, &'x $right)
        }
    )*};
}

elementwise! {
    Array1<T>, Array1<T> => Array1<T>;
    Array2<T>, Array2<T> => Array2<T>;
    Array2<T>, Array1<T> => Array2<T>;
    Array1<T>, Array2<T> => Array2<T>;
}

/// `Σ a · b`
fn sum_of_products<T: Real, D: Dimension>(a: &Array<T, D>, b: &Array<T, D>) -> T {
    a.iter().zip(b).fold(T::zero(), |sum, (&a, &b)| sum + a * b)
}

macro_rules! scaled {
    ($($array:ident)*) => {$(
        binary! {
            [T: Real + ScalarOperand] * MulVjp mul_vjp: $array<T>, T => $array<T>;
            |a, s, d, d_a, d_s| {
                if let Some(d_a) = d_a {
                    add(d_a, &d, *s);
                }
                if let Some(d_s) = d_s {
                    *d_s += sum_of_products(a, &d);
                }
            }
            ($array<T>, T) (&$array<T>, T)
        }
        binary! {
            [T: Real + ScalarOperand] / DivVjp div_vjp: $array<T>, T => $array<T>;
            |a, s, d, d_a, d_s| {
                if let Some(d_a) = d_a {
                    add(d_a, &d, T::one() / *s);
                }
                if let Some(d_s) = d_s {
                    *d_s -= sum_of_products(a, &d) / (*s * *s);
                }
            }
            ($array<T>, T) (&$array<T>, T)
        }
        scaled!(@ $array f32);
        scaled!(@ $array f64);
        scaled!(- $array f32, &$array<f32>);
        scaled!(- $array f64, &$array<f64>);
        scaled!(- $array f32, $array<f32>);
        scaled!(- $array f64, $array<f64>);
    )*};
    (@ $array:ident $float:ty) => {
        binary! {
            [] * MulVjp mul_vjp: $float, $array<$float> => $array<$float>;
            |s, a, d, d_s, d_a| {
                if let Some(d_a) = d_a {
                    add(d_a, &d, *s);
                }
                if let Some(d_s) = d_s {
                    *d_s += sum_of_products(a, &d);
                }
            }
            ($float, $array<$float>) ($float, &$array<$float>)
        }
    };
    (- $array:ident $float:ty, $form:ty) => {
        impl NegVjp for $form {
            #[track_caller]
            fn neg_vjp(self, d_out: $array<$float>, mut d_self: impl Slot<$array<$float>>) -> $array<$float> {
                if let Some(d) = d_self.get() {
                    add(d, &d_out, -1.0);
                }
                -self
            }
        }
    };
}

scaled!(Array1 Array2);
