//! Products as methods of the dense types, beside their adjoints.
//!
//! Every one of them is one of three kernels: `nn` (`A·B`), `nt` (`A·Bᵀ`), `tn` (`Aᵀ·B`), a vector
//! being a single row. So a line of the tables has, for each method, three kernel calls: the
//! product, and what it adds to the cotangent of either operand.

use crate::{Cotangent, Real, Slot, SlotMut};

use super::product::Target::{Accumulate, Overwrite};
use super::{small, Matrix, Vector};

#[cfg(feature = "alloc")]
use super::{large, DMatrix, DVector};

/// A line: names; operands, cotangent of the result; types; an empty result; which kernels.
macro_rules! products {
    ($kernel:ident; $(
        $(#[$doc:meta])*
        $name:ident $into:ident $vjp:ident $pullback:ident $into_vjp:ident $into_pullback:ident
            $([const $n:ident])? |$x:ident, $a:ident: $rhs:ty, $d:ident| -> $out:ty { $empty:expr }
            $value:ident($v0:ident, $v1:ident)
            $by_x:ident($x0:ident, $x1:ident)
            $by_a:ident($a0:ident, $a1:ident);
    )*) => {$(
        $(#[$doc])*
        #[inline]
        #[track_caller]
        pub fn $name$(<const $n: usize>)?(&self, $a: &$rhs) -> $out {
            let $x = self;
            let mut out = $empty;
            $kernel::$value(stringify!($name), $v0, $v1, &mut out, Overwrite);
            out
        }

        #[doc = concat!("[`", stringify!($name), "`](Self::", stringify!($name), ") into a buffer.")]
        #[inline]
        #[track_caller]
        pub fn $into$(<const $n: usize>)?(&self, $a: &$rhs, out: &mut $out) {
            let $x = self;
            $kernel::$value(stringify!($into), $v0, $v1, out, Overwrite);
        }

        #[doc = concat!("The rule of [`", stringify!($name), "`](Self::", stringify!($name), ").")]
        #[inline]
        #[track_caller]
        pub fn $vjp$(<const $n: usize>)?(
            &self,
            $a: &$rhs,
            d_out: $out,
            d_self: impl Slot<Self>,
            d_rhs: impl Slot<$rhs>,
        ) -> $out {
            let out = self.$name($a);
            self.$pullback($a, &out, d_out, d_self, d_rhs);
            out
        }

        #[doc = concat!("The adjoint of [`", stringify!($name), "`](Self::", stringify!($name), ") alone: the product is not run again.")]
        #[inline]
        #[track_caller]
        pub fn $pullback$(<const $n: usize>)?(
            &self,
            $a: &$rhs,
            _out: &$out,
            d_out: $out,
            mut d_self: impl Slot<Self>,
            mut d_rhs: impl Slot<$rhs>,
        ) {
            let ($x, $d) = (self, &d_out);
            if let Some(d_self) = d_self.get() {
                $kernel::$by_x(stringify!($vjp), $x0, $x1, d_self, Accumulate);
            }
            if let Some(d_rhs) = d_rhs.get() {
                $kernel::$by_a(stringify!($vjp), $a0, $a1, d_rhs, Accumulate);
            }
        }

        #[doc = concat!("The rule of [`", stringify!($into), "`](Self::", stringify!($into), ").")]
        #[inline]
        #[track_caller]
        pub fn $into_vjp$(<const $n: usize>)?(
            &self,
            $a: &$rhs,
            out: &mut $out,
            d_self: impl Slot<Self>,
            d_rhs: impl Slot<$rhs>,
            d_out: impl SlotMut<$out>,
        ) {
            self.$into($a, out);
            self.$into_pullback($a, out, d_self, d_rhs, d_out);
        }

        #[doc = concat!("The adjoint of [`", stringify!($into), "`](Self::", stringify!($into), ") alone: the product is not run again.")]
        #[inline]
        #[track_caller]
        pub fn $into_pullback$(<const $n: usize>)?(
            &self,
            $a: &$rhs,
            _out: &$out,
            mut d_self: impl Slot<Self>,
            mut d_rhs: impl Slot<$rhs>,
            mut d_out: impl SlotMut<$out>,
        ) {
            let Some(d_out) = d_out.get() else { return };
            let $x = self;
            {
                let $d = &*d_out;
                if let Some(d_self) = d_self.get() {
                    $kernel::$by_x(stringify!($into_vjp), $x0, $x1, d_self, Accumulate);
                }
                if let Some(d_rhs) = d_rhs.get() {
                    $kernel::$by_a(stringify!($into_vjp), $a0, $a1, d_rhs, Accumulate);
                }
            }
            d_out.fill_zero();
        }
    )*};
}

impl<T: Real, const R: usize, const C: usize> Matrix<T, R, C> {
    products! { small;
        /// `A·B`
        matmul matmul_into matmul_vjp matmul_pullback matmul_into_vjp matmul_into_pullback
            [const N] |x, rhs: Matrix<T, C, N>, d| -> Matrix<T, R, N> { Matrix::zeros() }
            nn(x, rhs) nt(d, rhs) tn(x, d);
        /// `A·Bᵀ`: a batch of rows through a layer's weights, `(out, in)`.
        matmul_t matmul_t_into matmul_t_vjp matmul_t_pullback matmul_t_into_vjp matmul_t_into_pullback
            [const N] |x, rhs: Matrix<T, N, C>, d| -> Matrix<T, R, N> { Matrix::zeros() }
            nt(x, rhs) nn(d, rhs) tn(d, x);
        /// `Aᵀ·B`
        t_matmul t_matmul_into t_matmul_vjp t_matmul_pullback t_matmul_into_vjp t_matmul_into_pullback
            [const N] |x, rhs: Matrix<T, R, N>, d| -> Matrix<T, C, N> { Matrix::zeros() }
            tn(x, rhs) nt(rhs, d) nn(x, d);
        /// `A·v`
        matvec matvec_into matvec_vjp matvec_pullback matvec_into_vjp matvec_into_pullback
            |x, rhs: Vector<T, C>, d| -> Vector<T, R> { Vector::zeros() }
            nt(rhs, x) tn(d, rhs) nn(d, x);
        /// `Aᵀ·v`
        t_matvec t_matvec_into t_matvec_vjp t_matvec_pullback t_matvec_into_vjp t_matvec_into_pullback
            |x, rhs: Vector<T, R>, d| -> Vector<T, C> { Vector::zeros() }
            nn(rhs, x) tn(rhs, d) nt(d, x);
    }
}

impl<T: Real, const R: usize> Vector<T, R> {
    products! { small;
        /// `u·vᵀ`, the matrix of all products.
        outer outer_into outer_vjp outer_pullback outer_into_vjp outer_into_pullback
            [const N] |x, rhs: Vector<T, N>, d| -> Matrix<T, R, N> { Matrix::zeros() }
            tn(x, rhs) nt(rhs, d) nn(x, d);
    }
}

#[cfg(feature = "alloc")]
impl<T: Real> DMatrix<T> {
    products! { large;
        /// `A·B`
        matmul matmul_into matmul_vjp matmul_pullback matmul_into_vjp matmul_into_pullback
            |x, rhs: DMatrix<T>, d| -> DMatrix<T> { DMatrix::zeros(x.rows(), rhs.cols()) }
            nn(x, rhs) nt(d, rhs) tn(x, d);
        /// `A·Bᵀ`: a batch of rows through a layer's weights, `(out, in)`.
        matmul_t matmul_t_into matmul_t_vjp matmul_t_pullback matmul_t_into_vjp matmul_t_into_pullback
            |x, rhs: DMatrix<T>, d| -> DMatrix<T> { DMatrix::zeros(x.rows(), rhs.rows()) }
            nt(x, rhs) nn(d, rhs) tn(d, x);
        /// `Aᵀ·B`
        t_matmul t_matmul_into t_matmul_vjp t_matmul_pullback t_matmul_into_vjp t_matmul_into_pullback
            |x, rhs: DMatrix<T>, d| -> DMatrix<T> { DMatrix::zeros(x.cols(), rhs.cols()) }
            tn(x, rhs) nt(rhs, d) nn(x, d);
        /// `A·v`
        matvec matvec_into matvec_vjp matvec_pullback matvec_into_vjp matvec_into_pullback
            |x, rhs: DVector<T>, d| -> DVector<T> { DVector::zeros(x.rows()) }
            nt(rhs, x) tn(d, rhs) nn(d, x);
        /// `Aᵀ·v`
        t_matvec t_matvec_into t_matvec_vjp t_matvec_pullback t_matvec_into_vjp t_matvec_into_pullback
            |x, rhs: DVector<T>, d| -> DVector<T> { DVector::zeros(x.cols()) }
            nn(rhs, x) tn(rhs, d) nt(d, x);
    }
}

#[cfg(feature = "alloc")]
impl<T: Real> DVector<T> {
    products! { large;
        /// `u·vᵀ`, the matrix of all products.
        outer outer_into outer_vjp outer_pullback outer_into_vjp outer_into_pullback
            |x, rhs: DVector<T>, d| -> DMatrix<T> { DMatrix::zeros(x.0.len(), rhs.0.len()) }
            tn(x, rhs) nt(rhs, d) nn(x, d);
    }
}
