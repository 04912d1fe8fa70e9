//! Strided views of slices: what the product kernels work on.

/// A matrix laid over a slice: element `(i, j)` stands at `i * row_stride + j * col_stride`.
///
/// A transpose is a view with its strides exchanged, so one kernel serves a product and its
/// transposed forms.
#[derive(Clone, Copy, Debug)]
pub struct View<'a, T> {
    pub(super) data: &'a [T],
    pub(super) rows: usize,
    pub(super) cols: usize,
    pub(super) row_stride: usize,
    pub(super) col_stride: usize,
}

/// A [`View`] that can be written to.
#[derive(Debug)]
pub struct ViewMut<'a, T> {
    pub(super) data: &'a mut [T],
    pub(super) rows: usize,
    pub(super) cols: usize,
    pub(super) row_stride: usize,
    pub(super) col_stride: usize,
}

/// How far the last of `count` steps lies from the first.
#[inline]
fn reach(count: usize, stride: usize) -> Option<usize> {
    (count - 1).checked_mul(stride)
}

macro_rules! views {
    ($($view:ident: [$($m:tt)?];)*) => {$(
        impl<'a, T> $view<'a, T> {
            /// A `rows` × `cols` matrix stored row after row.
            ///
            /// # Panics
            ///
            /// If `data` has not `rows * cols` elements.
            #[inline(always)]
            #[track_caller]
            pub fn row_major(data: &'a $($m)? [T], rows: usize, cols: usize) -> Self {
                assert!(data.len() == rows * cols, "a slice of length {} is no {rows}×{cols} matrix", data.len());
                $view { data, rows, cols, row_stride: cols, col_stride: 1 }
            }

            /// Any layout, as of a foreign matrix type.
            ///
            /// # Panics
            ///
            /// If an element would lie beyond the slice.
            #[inline]
            #[track_caller]
            pub fn strided(data: &'a $($m)? [T], shape: (usize, usize), row_stride: usize, col_stride: usize) -> Self {
                let (rows, cols) = shape;
                if rows > 0 && cols > 0 {
                    let last = reach(rows, row_stride).zip(reach(cols, col_stride));
                    let last = last.and_then(|(down, across)| down.checked_add(across));
                    assert!(
                        last.is_some_and(|last| last < data.len()),
                        "a {rows}×{cols} view reaches beyond a slice of length {}",
                        data.len(),
                    );
                }
                $view { data, rows, cols, row_stride, col_stride }
            }

            /// The transpose: the same elements, strides exchanged.
            #[inline(always)]
            pub fn t(self) -> Self {
                $view {
                    data: self.data,
                    rows: self.cols,
                    cols: self.rows,
                    row_stride: self.col_stride,
                    col_stride: self.row_stride,
                }
            }

            /// Rows and columns.
            #[inline(always)]
            pub fn shape(&self) -> (usize, usize) {
                (self.rows, self.cols)
            }

            /// Whether each row is contiguous.
            #[inline(always)]
            pub(super) fn rows_contiguous(&self) -> bool {
                self.col_stride == 1 || self.cols <= 1
            }
        }
    )*};
}

views! {
    View: [];
    ViewMut: [mut];
}

impl<T: Copy> View<'_, T> {
    /// Element `(i, j)`.
    #[inline(always)]
    pub(super) fn at(&self, i: usize, j: usize) -> T {
        self.data[i * self.row_stride + j * self.col_stride]
    }

    /// Row `i`, which must be contiguous.
    #[inline(always)]
    pub(super) fn row(&self, i: usize) -> &[T] {
        &self.data[i * self.row_stride..][..self.cols]
    }
}

impl<T> ViewMut<'_, T> {
    /// Row `i`, which must be contiguous.
    #[inline(always)]
    pub(super) fn row_mut(&mut self, i: usize) -> &mut [T] {
        &mut self.data[i * self.row_stride..][..self.cols]
    }

    /// The same view, read only.
    #[inline(always)]
    pub fn as_view(&self) -> View<'_, T> {
        View {
            data: self.data,
            rows: self.rows,
            cols: self.cols,
            row_stride: self.row_stride,
            col_stride: self.col_stride,
        }
    }
}
