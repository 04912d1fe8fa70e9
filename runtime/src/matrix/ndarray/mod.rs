//! Rules for ndarray's owned arrays (feature `ndarray`).
//!
//! `Array1` and `Array2`, on their own or behind `&`: `+`, `-`, `*`, `/` elementwise, with each other
//! and with scalars, broadcasting as ndarray does, compound assignments too; negation; elements by index;
//! `dot` and `sum` as methods, whose rules come with [`DotVjp`] and [`SumVjp`]. Any dimension can be a
//! parameter.
//!
//! Values are computed by ndarray. The adjoint of a product goes through this crate's kernels, to
//! which a transpose is a matter of strides.

mod dot;
mod operators;

use ::ndarray::{Array, Dimension};

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
