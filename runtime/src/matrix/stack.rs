//! `Matrix` and `Vector`: on the stack, sizes checked by the compiler, no allocation.

use core::ops::{Index, IndexMut};

use crate::{Cotangent, Real, Slot};

use super::dense::{Dense, Sealed};

/// An `R` × `C` matrix that lives where it stands: in a variable, in a `static`, in a struct.
///
/// Sizes are part of the type, so that a mismatch does not compile:
///
/// ```compile_fail
/// use tapeless::matrix::Matrix;
/// let (a, b) = (Matrix::<f64, 2, 3>::zeros(), Matrix::<f64, 2, 3>::zeros());
/// let _ = a.matmul(&b);
/// ```
///
/// It is for what fits: a few thousand floats at most. Larger ones belong in a `DMatrix`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Matrix<T, const R: usize, const C: usize>(
    /// Its rows.
    pub [[T; C]; R],
);

/// A vector of `N` floats that lives where it stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Vector<T, const N: usize>(
    /// Its elements.
    pub [T; N],
);

impl<T, const R: usize, const C: usize> Matrix<T, R, C> {
    /// From its rows.
    #[inline(always)]
    pub const fn new(rows: [[T; C]; R]) -> Self {
        Matrix(rows)
    }
}

impl<T: Real, const R: usize, const C: usize> Matrix<T, R, C> {
    /// The rule of [`new`](Self::new).
    #[inline]
    pub fn new_vjp(rows: [[T; C]; R], d_out: Self, mut d_rows: impl Slot<[[T; C]; R]>) -> Self {
        if let Some(d_rows) = d_rows.get() {
            d_rows.accumulate(&d_out.0);
        }
        Matrix(rows)
    }

    /// All zeros.
    #[inline(always)]
    pub fn zeros() -> Self {
        Matrix([[T::zero(); C]; R])
    }

    /// Ones on the diagonal, zeros elsewhere.
    #[inline]
    pub fn identity() -> Self {
        Self::from_fn(|i, j| if i == j { T::one() } else { T::zero() })
    }

    /// Element `(i, j)` is `f(i, j)`.
    #[inline]
    pub fn from_fn(mut f: impl FnMut(usize, usize) -> T) -> Self {
        Matrix(core::array::from_fn(|i| core::array::from_fn(|j| f(i, j))))
    }
}

impl<T, const N: usize> Vector<T, N> {
    /// From its elements.
    #[inline(always)]
    pub const fn new(elements: [T; N]) -> Self {
        Vector(elements)
    }
}

impl<T: Real, const N: usize> Vector<T, N> {
    /// The rule of [`new`](Self::new).
    #[inline]
    pub fn new_vjp(elements: [T; N], d_out: Self, mut d_elements: impl Slot<[T; N]>) -> Self {
        if let Some(d_elements) = d_elements.get() {
            d_elements.accumulate(&d_out.0);
        }
        Vector(elements)
    }

    /// All zeros.
    #[inline(always)]
    pub fn zeros() -> Self {
        Vector([T::zero(); N])
    }

    /// Element `i` is `f(i)`.
    #[inline]
    pub fn from_fn(f: impl FnMut(usize) -> T) -> Self {
        Vector(core::array::from_fn(f))
    }
}

impl<T: Real, const R: usize, const C: usize> Default for Matrix<T, R, C> {
    fn default() -> Self {
        Self::zeros()
    }
}

impl<T: Real, const N: usize> Default for Vector<T, N> {
    fn default() -> Self {
        Self::zeros()
    }
}

impl<T: Real, const R: usize, const C: usize> Sealed for Matrix<T, R, C> {}

impl<T: Real, const R: usize, const C: usize> Dense for Matrix<T, R, C> {
    #[inline]
    fn zeros_like(&self) -> Self {
        Self::zeros()
    }

    #[inline(always)]
    fn shape(&self) -> (usize, usize) {
        (R, C)
    }

    #[inline(always)]
    fn axes(&self) -> usize {
        2
    }

    #[inline(always)]
    fn as_slice(&self) -> &[T] {
        self.0.as_flattened()
    }

    #[inline(always)]
    fn as_mut_slice(&mut self) -> &mut [T] {
        self.0.as_flattened_mut()
    }
}

impl<T: Real, const N: usize> Sealed for Vector<T, N> {}

impl<T: Real, const N: usize> Dense for Vector<T, N> {
    #[inline]
    fn zeros_like(&self) -> Self {
        Self::zeros()
    }

    #[inline(always)]
    fn shape(&self) -> (usize, usize) {
        (1, N)
    }

    #[inline(always)]
    fn axes(&self) -> usize {
        1
    }

    #[inline(always)]
    fn as_slice(&self) -> &[T] {
        &self.0
    }

    #[inline(always)]
    fn as_mut_slice(&mut self) -> &mut [T] {
        &mut self.0
    }
}

impl<T, const R: usize, const C: usize> Index<(usize, usize)> for Matrix<T, R, C> {
    type Output = T;

    #[inline(always)]
    fn index(&self, (i, j): (usize, usize)) -> &T {
        &self.0[i][j]
    }
}

impl<T, const R: usize, const C: usize> IndexMut<(usize, usize)> for Matrix<T, R, C> {
    #[inline(always)]
    fn index_mut(&mut self, (i, j): (usize, usize)) -> &mut T {
        &mut self.0[i][j]
    }
}

impl<T, const N: usize> Index<usize> for Vector<T, N> {
    type Output = T;

    #[inline(always)]
    fn index(&self, i: usize) -> &T {
        &self.0[i]
    }
}

impl<T, const N: usize> IndexMut<usize> for Vector<T, N> {
    #[inline(always)]
    fn index_mut(&mut self, i: usize) -> &mut T {
        &mut self.0[i]
    }
}
