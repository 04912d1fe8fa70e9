//! Products of matrices, and their adjoints, on views.

use crate::Real;

use super::view::{View, ViewMut};

/// What a product does with what stands in its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// `C = A·B`
    Overwrite,
    /// `C += A·B`: how an adjoint arrives.
    Accumulate,
}

/// `C = A·B` or `C += A·B`, any layout of each.
///
/// Small products run in plain loops, large ones through the features `gemm` or `matrixmultiply`
/// where one of them is on.
///
/// # Panics
///
/// If the shapes do not fit, naming both.
#[inline]
#[track_caller]
pub fn product<T: Real>(a: View<'_, T>, b: View<'_, T>, c: ViewMut<'_, T>, target: Target) {
    check("product", a.shape(), b.shape(), c.shape());
    #[cfg(any(feature = "gemm", feature = "matrixmultiply"))]
    if worth_packing(a.rows, a.cols, b.cols) {
        return super::packed::product(a, b, c, target);
    }
    plain(a, b, c, target);
}

/// The adjoint of a product.
///
/// Original: `C = A·B`
/// Adjoint: `d_A += d_C·Bᵀ`, `d_B += Aᵀ·d_C`
#[inline]
#[track_caller]
pub fn product_adjoint<T: Real>(
    a: View<'_, T>,
    b: View<'_, T>,
    d_c: View<'_, T>,
    d_a: Option<ViewMut<'_, T>>,
    d_b: Option<ViewMut<'_, T>>,
) {
    if let Some(d_a) = d_a {
        product(d_c, b.t(), d_a, Target::Accumulate);
    }
    if let Some(d_b) = d_b {
        product(a.t(), d_c, d_b, Target::Accumulate);
    }
}

/// `(m, k)` times `(k, n)` into `(m, n)`, or a panic that names them.
#[inline(always)]
#[track_caller]
fn check(name: &str, a: (usize, usize), b: (usize, usize), c: (usize, usize)) {
    assert!(
        a.1 == b.0 && c == (a.0, b.1),
        "{name}: {}×{} times {}×{} does not go into {}×{}",
        a.0,
        a.1,
        b.0,
        b.1,
        c.0,
        c.1,
    );
}

/// Below about eight rows a product is bound by memory, below some thousand operations by the
/// packing of its operands.
#[cfg(any(feature = "gemm", feature = "matrixmultiply"))]
#[inline(always)]
fn worth_packing(m: usize, k: usize, n: usize) -> bool {
    m.min(n) >= 8 && m * k * n >= 4096
}

/// Products in plain loops, each order of loops chosen so that the innermost is contiguous.
#[inline]
pub(super) fn plain<T: Real>(
    a: View<'_, T>,
    b: View<'_, T>,
    mut c: ViewMut<'_, T>,
    target: Target,
) {
    if !c.rows_contiguous() {
        // Cᵀ = Bᵀ·Aᵀ: a target in columns is a transposed target in rows.
        return plain_rows(b.t(), a.t(), &mut c.t(), target);
    }
    plain_rows(a, b, &mut c, target);
}

#[inline]
fn plain_rows<T: Real>(a: View<'_, T>, b: View<'_, T>, c: &mut ViewMut<'_, T>, target: Target) {
    if b.rows_contiguous() {
        rows_of_b(a, b, c, target);
    } else if a.rows_contiguous() && b.t().rows_contiguous() {
        dots(a, b.t(), c, target);
    } else {
        elements(a, b, c, target);
    }
}

/// `c[i] += Σ_k a[i, k] · b[k]`, rows of `b` added up. Four at a time, so that the row of `c` is
/// loaded and stored once for four products.
#[inline]
fn rows_of_b<T: Real>(a: View<'_, T>, b: View<'_, T>, c: &mut ViewMut<'_, T>, target: Target) {
    for i in 0..a.rows {
        let row = c.row_mut(i);
        if target == Target::Overwrite {
            row.fill(T::zero());
        }
        let mut k = 0;
        while k + 4 <= a.cols {
            let factors = [a.at(i, k), a.at(i, k + 1), a.at(i, k + 2), a.at(i, k + 3)];
            add_four(
                row,
                factors,
                [b.row(k), b.row(k + 1), b.row(k + 2), b.row(k + 3)],
            );
            k += 4;
        }
        for k in k..a.cols {
            add_scaled(row, a.at(i, k), b.row(k));
        }
    }
}

/// `c[i, j] = a[i] · b[j]`, rows with rows: `bt` is the transposed right factor.
#[inline]
fn dots<T: Real>(a: View<'_, T>, bt: View<'_, T>, c: &mut ViewMut<'_, T>, target: Target) {
    for i in 0..a.rows {
        let left = a.row(i);
        for (j, out) in c.row_mut(i).iter_mut().enumerate() {
            let sum = dot(left, bt.row(j));
            *out = match target {
                Target::Overwrite => sum,
                Target::Accumulate => *out + sum,
            };
        }
    }
}

/// Any strides, one element at a time.
#[inline]
fn elements<T: Real>(a: View<'_, T>, b: View<'_, T>, c: &mut ViewMut<'_, T>, target: Target) {
    for i in 0..a.rows {
        for (j, out) in c.row_mut(i).iter_mut().enumerate() {
            let sum = (0..a.cols).fold(T::zero(), |sum, k| sum + a.at(i, k) * b.at(k, j));
            *out = match target {
                Target::Overwrite => sum,
                Target::Accumulate => *out + sum,
            };
        }
    }
}

/// `Σ a[i]·b[i]`, in eight lanes, which is what lets the compiler use vector registers: a single
/// running sum of floats has an order that it must keep.
#[inline]
pub fn dot<T: Real>(a: &[T], b: &[T]) -> T {
    const LANES: usize = 8;
    let mut lanes = [T::zero(); LANES];
    let (left, right) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    let tail = left.remainder().iter().zip(right.remainder());
    let tail = tail.fold(T::zero(), |sum, (&x, &y)| sum + x * y);
    for (x, y) in left.zip(right) {
        for lane in 0..LANES {
            lanes[lane] += x[lane] * y[lane];
        }
    }
    lanes.iter().fold(tail, |sum, &lane| sum + lane)
}

/// `y += s·x`
#[inline]
pub fn add_scaled<T: Real>(y: &mut [T], s: T, x: &[T]) {
    for (y, &x) in y.iter_mut().zip(x) {
        *y += s * x;
    }
}

/// `y += s₀·x₀ + s₁·x₁ + s₂·x₂ + s₃·x₃`
#[inline]
fn add_four<T: Real>(y: &mut [T], s: [T; 4], x: [&[T]; 4]) {
    let [x0, x1, x2, x3] = x.map(|x| &x[..y.len()]);
    for (j, y) in y.iter_mut().enumerate() {
        *y += (s[0] * x0[j] + s[1] * x1[j]) + (s[2] * x2[j] + s[3] * x3[j]);
    }
}
