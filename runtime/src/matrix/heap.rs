//! `DMatrix` and `DVector`: on the heap, sizes known at run time.

use alloc::vec;
use alloc::vec::Vec;
use core::ops::{Index, IndexMut};

use crate::{Cotangent, Real, Slot};

use super::dense::{Dense, Sealed};

/// A matrix on the heap, stored row after row.
///
/// Operations whose operands do not fit panic, and name the operation and both shapes.
#[derive(Clone, Debug, PartialEq)]
pub struct DMatrix<T> {
    data: Vec<T>,
    rows: usize,
    cols: usize,
}

/// A vector on the heap.
#[derive(Clone, Debug, PartialEq)]
pub struct DVector<T>(
    /// Its elements.
    pub Vec<T>,
);

impl<T: Real> DMatrix<T> {
    /// All zeros.
    pub fn zeros(rows: usize, cols: usize) -> Self {
        DMatrix {
            data: vec![T::zero(); rows * cols],
            rows,
            cols,
        }
    }

    /// From its elements, row after row.
    ///
    /// # Panics
    ///
    /// If there are not `rows * cols` of them.
    #[track_caller]
    pub fn from_vec(rows: usize, cols: usize, data: Vec<T>) -> Self {
        assert!(
            data.len() == rows * cols,
            "{} elements do not make a {rows}×{cols} matrix",
            data.len(),
        );
        DMatrix { data, rows, cols }
    }

    /// The rule of [`from_vec`](Self::from_vec).
    #[track_caller]
    pub fn from_vec_vjp(
        rows: usize,
        cols: usize,
        data: Vec<T>,
        d_out: Self,
        _: impl Sized,
        _: impl Sized,
        mut d_data: impl Slot<Vec<T>>,
    ) -> Self {
        if let Some(d_data) = d_data.get() {
            d_data.accumulate(&d_out.data);
        }
        Self::from_vec(rows, cols, data)
    }

    /// From its rows.
    pub fn from_rows<const R: usize, const C: usize>(rows: [[T; C]; R]) -> Self {
        DMatrix {
            data: rows.as_flattened().to_vec(),
            rows: R,
            cols: C,
        }
    }

    /// Element `(i, j)` is `f(i, j)`.
    pub fn from_fn(rows: usize, cols: usize, mut f: impl FnMut(usize, usize) -> T) -> Self {
        let data = (0..rows).flat_map(|i| (0..cols).map(move |j| (i, j)));
        let data = data.map(|(i, j)| f(i, j)).collect();
        DMatrix { data, rows, cols }
    }

    /// Changes the number of rows; new ones are zero. Allocates only if there were never so many:
    /// a workspace made for the largest batch serves the last, smaller one.
    pub fn set_rows(&mut self, rows: usize) {
        self.data.resize(rows * self.cols, T::zero());
        self.rows = rows;
    }
}

impl<T> DMatrix<T> {
    /// The number of rows.
    #[inline(always)]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The number of columns.
    #[inline(always)]
    pub fn cols(&self) -> usize {
        self.cols
    }

    /// Row `i`.
    ///
    /// # Panics
    ///
    /// If there is no such row.
    #[inline]
    pub fn row(&self, i: usize) -> &[T] {
        &self.data[i * self.cols..][..self.cols]
    }

    /// Row `i`, to be written to.
    ///
    /// # Panics
    ///
    /// If there is no such row.
    #[inline]
    pub fn row_mut(&mut self, i: usize) -> &mut [T] {
        &mut self.data[i * self.cols..][..self.cols]
    }

    /// Where element `(i, j)` stands.
    #[inline(always)]
    #[track_caller]
    fn place(&self, i: usize, j: usize) -> usize {
        assert!(
            i < self.rows && j < self.cols,
            "no element ({i}, {j}) in a {}×{} matrix",
            self.rows,
            self.cols,
        );
        i * self.cols + j
    }
}

impl<T: Real> DVector<T> {
    /// From its elements.
    pub fn new(elements: Vec<T>) -> Self {
        DVector(elements)
    }

    /// The rule of [`new`](Self::new).
    #[track_caller]
    pub fn new_vjp(elements: Vec<T>, d_out: Self, mut d_elements: impl Slot<Vec<T>>) -> Self {
        if let Some(d_elements) = d_elements.get() {
            d_elements.accumulate(&d_out.0);
        }
        DVector(elements)
    }

    /// All zeros.
    pub fn zeros(len: usize) -> Self {
        DVector(vec![T::zero(); len])
    }

    /// Element `i` is `f(i)`.
    pub fn from_fn(len: usize, f: impl FnMut(usize) -> T) -> Self {
        DVector((0..len).map(f).collect())
    }
}

impl<T> From<Vec<T>> for DVector<T> {
    fn from(elements: Vec<T>) -> Self {
        DVector(elements)
    }
}

impl<T: Real> Sealed for DMatrix<T> {}

impl<T: Real> Dense for DMatrix<T> {
    #[inline]
    fn zeros_like(&self) -> Self {
        Self::zeros(self.rows, self.cols)
    }

    #[inline(always)]
    fn shape(&self) -> (usize, usize) {
        (self.rows, self.cols)
    }

    #[inline(always)]
    fn axes(&self) -> usize {
        2
    }

    #[inline(always)]
    fn as_slice(&self) -> &[T] {
        &self.data
    }

    #[inline(always)]
    fn as_mut_slice(&mut self) -> &mut [T] {
        &mut self.data
    }
}

impl<T: Real> Sealed for DVector<T> {}

impl<T: Real> Dense for DVector<T> {
    #[inline]
    fn zeros_like(&self) -> Self {
        Self::zeros(self.0.len())
    }

    #[inline(always)]
    fn shape(&self) -> (usize, usize) {
        (1, self.0.len())
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

impl<T> Index<(usize, usize)> for DMatrix<T> {
    type Output = T;

    #[inline]
    fn index(&self, (i, j): (usize, usize)) -> &T {
        &self.data[self.place(i, j)]
    }
}

impl<T> IndexMut<(usize, usize)> for DMatrix<T> {
    #[inline]
    fn index_mut(&mut self, (i, j): (usize, usize)) -> &mut T {
        let place = self.place(i, j);
        &mut self.data[place]
    }
}

impl<T> Index<usize> for DVector<T> {
    type Output = T;

    #[inline]
    fn index(&self, i: usize) -> &T {
        &self.0[i]
    }
}

impl<T> IndexMut<usize> for DVector<T> {
    #[inline]
    fn index_mut(&mut self, i: usize) -> &mut T {
        &mut self.0[i]
    }
}
