//! Operators, and elements by their index.

use ::ndarray::{Array, Array1, Array2, Axis, Dimension, ScalarOperand};

use crate::matrix::foreign::{assign, binary, elements};
use crate::ops::NegVjp;
use crate::{Real, Slot};

use super::{add, same_shape};

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

/// Compound assignments of an array by one that may be broadcast to its shape.
macro_rules! assigned {
    ($($left:ty, $right:ty;)*) => {$(
        assign! {
            ['x, T: Real] += AddAssignVjp add_assign_vjp: $left, $right;
            |_a, b, d, d_b| { add_reduced(d_b, b, d.clone()); }
            (&'x $right)
        }
        assign! {
            ['x, T: Real] -= SubAssignVjp sub_assign_vjp: $left, $right;
            |_a, b, d, d_b| { add_reduced(d_b, b, -d.clone()); }
            (&'x $right)
        }
        assign! {
            ['x, T: Real] *= MulAssignVjp mul_assign_vjp: $left, $right;
            |a, b, d, d_b| {
                if d_b.is_some() {
                    add_reduced(d_b, b, a * &*d);
                }
                *d *= b;
            }
            (&'x $right)
        }
        assign! {
            ['x, T: Real] /= DivAssignVjp div_assign_vjp: $left, $right;
            |a, b, d, d_b| {
                *d /= b;
                if d_b.is_some() {
                    add_reduced(d_b, b, -(a * &*d / b));
                }
            }
            (&'x $right)
        }
    )*};
}

assigned! {
    Array1<T>, Array1<T>;
    Array2<T>, Array2<T>;
    Array2<T>, Array1<T>;
}

elements! {
    [T: Real] Array1<T>: usize;
    [T: Real] Array2<T>: (usize, usize);
    [T: Real] Array2<T>: [usize; 2];
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
        assign! {
            [T: Real + ScalarOperand] *= MulAssignVjp mul_assign_vjp: $array<T>, T;
            |a, s, d, d_s| {
                if let Some(d_s) = d_s {
                    *d_s += sum_of_products(a, d);
                }
                *d *= *s;
            }
            (T)
        }
        assign! {
            [T: Real + ScalarOperand] /= DivAssignVjp div_assign_vjp: $array<T>, T;
            |a, s, d, d_s| {
                if let Some(d_s) = d_s {
                    *d_s -= sum_of_products(a, d) / (*s * *s);
                }
                *d /= *s;
            }
            (T)
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
