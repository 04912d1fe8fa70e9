//! What the four dense types have in common.

use crate::{Differentiable, Parameters, Real};

use super::view::{View, ViewMut};

mod sealed {
    pub trait Sealed {}
}
pub(crate) use sealed::Sealed;

/// A [`Matrix`](super::Matrix), [`Vector`](super::Vector), `DMatrix` or `DVector`: floats in one
/// contiguous run, row after row. Its cotangent is of its own type.
///
/// A vector counts as a single row: one sample of a batch.
pub trait Dense: Differentiable<Cotangent = Self> + Parameters + Clone + Sealed {
    /// Rows and columns; a vector of `n` is `(1, n)`.
    fn shape(&self) -> (usize, usize);

    /// How many axes there are: two for a matrix, one for a vector.
    fn axes(&self) -> usize;

    /// All elements, row after row.
    fn as_slice(&self) -> &[Self::Scalar];

    /// All elements, row after row, to be written to.
    fn as_mut_slice(&mut self) -> &mut [Self::Scalar];

    /// All zeros, in the shape of `self`.
    fn zeros_like(&self) -> Self;

    /// As a view for the [product kernels](super::product).
    #[inline(always)]
    fn view(&self) -> View<'_, Self::Scalar> {
        let (rows, cols) = self.shape();
        View::row_major(self.as_slice(), rows, cols)
    }

    /// As a view that can be written to.
    #[inline(always)]
    fn view_mut(&mut self) -> ViewMut<'_, Self::Scalar> {
        let (rows, cols) = self.shape();
        ViewMut::row_major(self.as_mut_slice(), rows, cols)
    }
}

/// A value with the elements of `x` mapped by `f`.
#[inline]
pub(super) fn map<D: Dense>(x: &D, f: impl Fn(D::Scalar) -> D::Scalar) -> D {
    let mut out = x.clone();
    for out in out.as_mut_slice() {
        *out = f(*out);
    }
    out
}

/// `out[i] = f(x[i])`
#[inline]
pub(super) fn map_into<D: Dense>(
    name: &str,
    x: &D,
    out: &mut D,
    f: impl Fn(D::Scalar) -> D::Scalar,
) {
    same_shape(name, x.shape(), out.shape());
    for (out, &x) in out.as_mut_slice().iter_mut().zip(x.as_slice()) {
        *out = f(x);
    }
}

/// `a[i] = f(a[i], b[i])`
#[inline]
#[track_caller]
pub(super) fn update<D: Dense>(
    name: &str,
    a: &mut D,
    b: &D,
    f: impl Fn(D::Scalar, D::Scalar) -> D::Scalar,
) {
    same_shape(name, a.shape(), b.shape());
    for (a, &b) in a.as_mut_slice().iter_mut().zip(b.as_slice()) {
        *a = f(*a, b);
    }
}

/// `d[i] += f(i-th of a, i-th of b)`, the form of every elementwise adjoint.
#[inline]
pub(super) fn add_each<T: Real>(d: &mut [T], a: &[T], b: &[T], f: impl Fn(T, T) -> T) {
    for ((d, &a), &b) in d.iter_mut().zip(a).zip(b) {
        *d += f(a, b);
    }
}

/// Panics if two operands that must agree do not.
#[inline(always)]
#[track_caller]
pub(super) fn same_shape(name: &str, a: (usize, usize), b: (usize, usize)) {
    assert!(
        a == b,
        "{name}: {}×{} does not go with {}×{}",
        a.0,
        a.1,
        b.0,
        b.1
    );
}

/// Hands the four types to `$each!`, as generics and type.
macro_rules! each_type {
    ($each:ident) => {
        $each! {
            [T: Real, const R: usize, const C: usize] $crate::matrix::Matrix<T, R, C>;
            [T: Real, const N: usize] $crate::matrix::Vector<T, N>;
        }
        #[cfg(feature = "alloc")]
        $each! {
            [T: Real] $crate::matrix::DMatrix<T>;
            [T: Real] $crate::matrix::DVector<T>;
        }
    };
}
pub(crate) use each_type;

macro_rules! inherent {
    ($([$($generics:tt)*] $dense:ty;)*) => {$(
        impl<$($generics)*> $dense {
            /// Rows and columns; a vector of `n` is `(1, n)`.
            #[inline(always)]
            pub fn shape(&self) -> (usize, usize) {
                Dense::shape(self)
            }

            /// All elements, row after row.
            #[inline(always)]
            pub fn as_slice(&self) -> &[T] {
                Dense::as_slice(self)
            }

            /// All elements, row after row, to be written to.
            #[inline(always)]
            pub fn as_mut_slice(&mut self) -> &mut [T] {
                Dense::as_mut_slice(self)
            }
        }
    )*};
}

each_type!(inherent);
