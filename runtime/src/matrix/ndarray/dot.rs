//! Products of arrays, and the views of arrays that their adjoints work on.

use alloc::vec::Vec;

use ::ndarray::{Array, Array1, Array2, Dimension};

use crate::matrix::product::product_adjoint;
use crate::matrix::view::{View, ViewMut};
use crate::{Differentiable, Real, Slot};

use super::add;

/// The rule of `dot`. Import it where that is called in differentiated functions.
pub trait DotVjp<Rhs>: Differentiable<Cotangent = Self> + Sized {
    /// What the product is.
    type Output: Differentiable<Cotangent = Self::Output>;

    /// Returns `self.dot(rhs)`, and adds to the slots what its cotangent contributes to the factors.
    fn dot_vjp(
        &self,
        rhs: &Rhs,
        d_out: Self::Output,
        d_self: impl Slot<Self>,
        d_rhs: impl Slot<Rhs>,
    ) -> Self::Output;
}

/// The strides of an array whose elements all lie in one run of memory, forwards.
fn strides<T, D: Dimension>(a: &Array<T, D>) -> Option<(usize, usize)> {
    let stride = |axis: usize| {
        a.strides()
            .get(axis)
            .map_or(Ok(0), |&stride| usize::try_from(stride))
    };
    match a.ndim() {
        1 => Some((0, stride(0).ok()?)),
        _ => Some((stride(0).ok()?, stride(1).ok()?)),
    }
}

/// Rows and columns; a vector is a single row.
fn shape<T, D: Dimension>(a: &Array<T, D>) -> (usize, usize) {
    match *a.shape() {
        [cols] => (1, cols),
        [rows, cols, ..] => (rows, cols),
        [] => (1, 1),
    }
}

/// What `f` makes of the elements of `a`, as a view; of a copy, if they do not lie in one run.
fn viewed<T: Real, D: Dimension, R>(a: &Array<T, D>, f: impl FnOnce(View<'_, T>) -> R) -> R {
    let (rows, cols) = shape(a);
    if let (Some(data), Some((down, across))) = (a.as_slice_memory_order(), strides(a)) {
        return f(View::strided(data, (rows, cols), down, across));
    }
    let copy: Vec<T> = a.iter().copied().collect();
    f(View::row_major(&copy, rows, cols))
}

/// Lets `f` add to the elements of `d`; to a copy, if they do not lie in one run.
fn viewed_mut<T: Real, D: Dimension>(d: &mut Array<T, D>, f: impl FnOnce(ViewMut<'_, T>)) {
    let ((rows, cols), strides) = (shape(d), strides(d));
    if let (Some((down, across)), Some(data)) = (strides, d.as_slice_memory_order_mut()) {
        return f(ViewMut::strided(data, (rows, cols), down, across));
    }
    let mut copy: Vec<T> = d.iter().copied().collect();
    f(ViewMut::row_major(&mut copy, rows, cols));
    d.iter_mut().zip(copy).for_each(|(d, copy)| *d = copy);
}

/// A line: the factors and the product, and which of them are to be read as columns.
macro_rules! products {
    ($($left:ident, $right:ident => $out:ident: |$a:ident, $b:ident, $d:ident| $av:expr, $bv:expr, $dv:expr;)*) => {$(
        impl<T: Real> DotVjp<$right<T>> for $left<T> {
            type Output = $out<T>;

            #[track_caller]
            fn dot_vjp(&self, rhs: &$right<T>, d_out: $out<T>, mut d_self: impl Slot<Self>, mut d_rhs: impl Slot<$right<T>>) -> $out<T> {
                viewed(self, |$a| viewed(rhs, |$b| viewed(&d_out, |$d| {
                    let (left, right, d) = ($av, $bv, $dv);
                    if let Some(d_self) = d_self.get() {
                        viewed_mut(d_self, |$a| product_adjoint(left, right, d, Some($av), None));
                    }
                    if let Some(d_rhs) = d_rhs.get() {
                        viewed_mut(d_rhs, |$b| product_adjoint(left, right, d, None, Some($bv)));
                    }
                })));
                self.dot(rhs)
            }
        }
    )*};
}

products! {
    Array2, Array2 => Array2: |a, b, d| a, b, d;
    Array2, Array1 => Array1: |a, b, d| a, b.t(), d.t();
    Array1, Array2 => Array1: |a, b, d| a, b, d;
}

impl<T: Real> DotVjp<Array1<T>> for Array1<T> {
    type Output = T;

    #[track_caller]
    fn dot_vjp(
        &self,
        rhs: &Array1<T>,
        d_out: T,
        mut d_self: impl Slot<Self>,
        mut d_rhs: impl Slot<Self>,
    ) -> T {
        if let Some(d) = d_self.get() {
            add(d, rhs, d_out);
        }
        if let Some(d) = d_rhs.get() {
            add(d, self, d_out);
        }
        self.dot(rhs)
    }
}
