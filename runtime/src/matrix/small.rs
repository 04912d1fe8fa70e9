//! Products of stack types. Sizes are constants here, so the compiler unrolls what is short and
//! checks no bounds.

use crate::Real;

use super::product::Target;
use super::{Matrix, Vector};

/// `R` rows of `C`: a matrix, or a vector as a single row.
pub(super) trait Rows<T, const R: usize, const C: usize> {
    fn rows(&self) -> &[[T; C]; R];
    fn rows_mut(&mut self) -> &mut [[T; C]; R];
}

impl<T, const R: usize, const C: usize> Rows<T, R, C> for Matrix<T, R, C> {
    #[inline(always)]
    fn rows(&self) -> &[[T; C]; R] {
        &self.0
    }

    #[inline(always)]
    fn rows_mut(&mut self) -> &mut [[T; C]; R] {
        &mut self.0
    }
}

impl<T, const N: usize> Rows<T, 1, N> for Vector<T, N> {
    #[inline(always)]
    fn rows(&self) -> &[[T; N]; 1] {
        core::array::from_ref(&self.0)
    }

    #[inline(always)]
    fn rows_mut(&mut self) -> &mut [[T; N]; 1] {
        core::array::from_mut(&mut self.0)
    }
}

/// `C = A·B` or `C += A·B`
#[inline(always)]
pub(super) fn nn<T: Real, const R: usize, const K: usize, const C: usize>(
    _: &str,
    a: &impl Rows<T, R, K>,
    b: &impl Rows<T, K, C>,
    c: &mut impl Rows<T, R, C>,
    target: Target,
) {
    for (a, c) in a.rows().iter().zip(c.rows_mut()) {
        if target == Target::Overwrite {
            c.fill(T::zero());
        }
        for (&a, b) in a.iter().zip(b.rows()) {
            add_scaled(c, a, b);
        }
    }
}

/// `C = A·Bᵀ` or `C += A·Bᵀ`
#[inline(always)]
pub(super) fn nt<T: Real, const R: usize, const K: usize, const C: usize>(
    _: &str,
    a: &impl Rows<T, R, K>,
    b: &impl Rows<T, C, K>,
    c: &mut impl Rows<T, R, C>,
    target: Target,
) {
    for (a, c) in a.rows().iter().zip(c.rows_mut()) {
        for (c, b) in c.iter_mut().zip(b.rows()) {
            let start = if target == Target::Overwrite {
                T::zero()
            } else {
                *c
            };
            *c = a.iter().zip(b).fold(start, |sum, (&a, &b)| sum + a * b);
        }
    }
}

/// `C = Aᵀ·B` or `C += Aᵀ·B`
#[inline(always)]
pub(super) fn tn<T: Real, const R: usize, const K: usize, const C: usize>(
    _: &str,
    a: &impl Rows<T, K, R>,
    b: &impl Rows<T, K, C>,
    c: &mut impl Rows<T, R, C>,
    target: Target,
) {
    if target == Target::Overwrite {
        c.rows_mut().iter_mut().for_each(|row| row.fill(T::zero()));
    }
    for (a, b) in a.rows().iter().zip(b.rows()) {
        for (&a, c) in a.iter().zip(c.rows_mut()) {
            add_scaled(c, a, b);
        }
    }
}

/// `y += s·x`
#[inline(always)]
fn add_scaled<T: Real, const N: usize>(y: &mut [T; N], s: T, x: &[T; N]) {
    for (y, &x) in y.iter_mut().zip(x) {
        *y += s * x;
    }
}
