//! Elementwise products, scaling, reductions and rearrangements, beside their adjoints.

use crate::{Cotangent, Real, Slot, SlotMut};

use super::dense::{add_each, each_type, map, same_shape, update, Dense};
use super::product::{add_scaled, dot};

#[cfg(feature = "alloc")]
use super::DMatrix;
use super::Matrix;

/// `d += a ⊙ b`
#[inline]
#[track_caller]
fn add_products<D: Dense>(name: &str, d: &mut D, a: &D, b: &D) {
    same_shape(name, d.shape(), a.shape());
    add_each(d.as_mut_slice(), a.as_slice(), b.as_slice(), |a, b| a * b);
}

/// Both sides of `y = a ⊙ b`.
#[inline]
#[track_caller]
fn pull_hadamard<D: Dense>(
    name: &str,
    (a, b): (&D, &D),
    d_y: &D,
    d_a: Option<&mut D>,
    d_b: Option<&mut D>,
) {
    same_shape(name, a.shape(), d_y.shape());
    if let Some(d_a) = d_a {
        add_products(name, d_a, d_y, b);
    }
    if let Some(d_b) = d_b {
        add_products(name, d_b, d_y, a);
    }
}

/// A line: the six names of an elementwise product.
macro_rules! hadamard {
    ($(
        $(#[$doc:meta])*
        $name:ident $into:ident $vjp:ident $pullback:ident $into_vjp:ident $into_pullback:ident;
    )*) => {$(
        $(#[$doc])*
        #[inline]
        #[track_caller]
        pub fn $name(&self, rhs: &Self) -> Self {
            let mut out = self.clone();
            update(stringify!($name), &mut out, rhs, |a, b| a * b);
            out
        }

        #[doc = concat!("[`", stringify!($name), "`](Self::", stringify!($name), ") into a buffer of the same shape.")]
        #[inline]
        #[track_caller]
        pub fn $into(&self, rhs: &Self, out: &mut Self) {
            update(stringify!($into), out, self, |_, a| a);
            update(stringify!($into), out, rhs, |a, b| a * b);
        }

        #[doc = concat!("The rule of [`", stringify!($name), "`](Self::", stringify!($name), ").")]
        #[inline]
        #[track_caller]
        pub fn $vjp(&self, rhs: &Self, d_out: Self, d_self: impl Slot<Self>, d_rhs: impl Slot<Self>) -> Self {
            let out = self.$name(rhs);
            self.$pullback(rhs, &out, d_out, d_self, d_rhs);
            out
        }

        #[doc = concat!("The adjoint of [`", stringify!($name), "`](Self::", stringify!($name), ") alone.")]
        #[inline]
        #[track_caller]
        pub fn $pullback(&self, rhs: &Self, _out: &Self, d_out: Self, mut d_self: impl Slot<Self>, mut d_rhs: impl Slot<Self>) {
            pull_hadamard(stringify!($vjp), (self, rhs), &d_out, d_self.get(), d_rhs.get());
        }

        #[doc = concat!("The rule of [`", stringify!($into), "`](Self::", stringify!($into), ").")]
        #[inline]
        #[track_caller]
        pub fn $into_vjp(&self, rhs: &Self, out: &mut Self, d_self: impl Slot<Self>, d_rhs: impl Slot<Self>, d_out: impl SlotMut<Self>) {
            self.$into(rhs, out);
            self.$into_pullback(rhs, out, d_self, d_rhs, d_out);
        }

        #[doc = concat!("The adjoint of [`", stringify!($into), "`](Self::", stringify!($into), ") alone.")]
        #[inline]
        #[track_caller]
        pub fn $into_pullback(&self, rhs: &Self, _out: &Self, mut d_self: impl Slot<Self>, mut d_rhs: impl Slot<Self>, mut d_out: impl SlotMut<Self>) {
            let Some(d_out) = d_out.get() else { return };
            pull_hadamard(stringify!($into_vjp), (self, rhs), d_out, d_self.get(), d_rhs.get());
            d_out.fill_zero();
        }
    )*};
}

/// A line: names of a reduction to one number; its value, and its derivative by each element.
macro_rules! reductions {
    ($(
        $(#[$doc:meta])*
        $name:ident $vjp:ident $pullback:ident: |$x:ident| $value:expr, |$e:ident, $n:ident| $slope:expr;
    )*) => {$(
        $(#[$doc])*
        #[inline]
        pub fn $name(&self) -> T {
            let $x = self.as_slice();
            $value
        }

        #[doc = concat!("The rule of [`", stringify!($name), "`](Self::", stringify!($name), ").")]
        #[inline]
        #[track_caller]
        pub fn $vjp(&self, d_out: T, d_self: impl Slot<Self>) -> T {
            let out = self.$name();
            self.$pullback(&out, d_out, d_self);
            out
        }

        #[doc = concat!("The adjoint of [`", stringify!($name), "`](Self::", stringify!($name), ") alone.")]
        #[inline]
        #[track_caller]
        pub fn $pullback(&self, _out: &T, d_out: T, mut d_self: impl Slot<Self>) {
            if let Some(d_self) = d_self.get() {
                let $n = count::<T>(self.as_slice().len());
                update(stringify!($vjp), d_self, self, |d, $e| d + d_out * $slope);
            }
        }
    )*};
}

/// A count as a float.
#[inline(always)]
pub(crate) fn count<T: Real>(n: usize) -> T {
    T::__lit(n as f64)
}

/// `Σ x`
#[inline]
fn total<T: Real>(x: &[T]) -> T {
    x.iter().fold(T::zero(), |sum, &x| sum + x)
}

macro_rules! methods {
    ($([$($generics:tt)*] $dense:ty;)*) => {$(
        impl<$($generics)*> $dense {
            hadamard! {
                /// The elementwise product `a ⊙ b`.
                hadamard hadamard_into hadamard_vjp hadamard_pullback hadamard_into_vjp hadamard_into_pullback;
                /// Dropout: the elementwise product with a mask, an input like any other, so that
                /// the function stays one. [`nn::dropout_mask`](crate::nn::dropout_mask) draws it;
                /// without it, at evaluation, nothing is to be scaled.
                dropout dropout_into dropout_vjp dropout_pullback dropout_into_vjp dropout_into_pullback;
            }

            reductions! {
                /// The sum of all elements.
                sum sum_vjp sum_pullback: |x| total(x), |_e, _n| T::one();
                /// The mean of all elements; NaN if there are none.
                mean mean_vjp mean_pullback: |x| total(x) / count::<T>(x.len()), |_e, n| n.recip();
                /// The sum of the squares of all elements.
                norm_squared norm_squared_vjp norm_squared_pullback: |x| dot(x, x), |e, _n| e + e;
            }

            /// Each element times `factor`.
            #[inline]
            pub fn scale(&self, factor: T) -> Self {
                map(self, |x| x * factor)
            }

            /// The rule of [`scale`](Self::scale).
            #[inline]
            #[track_caller]
            pub fn scale_vjp(&self, factor: T, d_out: Self, d_self: impl Slot<Self>, d_factor: impl Slot<T>) -> Self {
                let out = self.scale(factor);
                self.scale_pullback(factor, &out, d_out, d_self, d_factor);
                out
            }

            /// The adjoint of [`scale`](Self::scale) alone.
            #[inline]
            #[track_caller]
            pub fn scale_pullback(&self, factor: T, _out: &Self, d_out: Self, mut d_self: impl Slot<Self>, mut d_factor: impl Slot<T>) {
                if let Some(d_self) = d_self.get() {
                    update("scale_vjp", d_self, &d_out, |d, d_out| d + d_out * factor);
                }
                if let Some(d_factor) = d_factor.get() {
                    *d_factor += dot(self.as_slice(), d_out.as_slice());
                }
            }

            /// The inner product: the sum of the products of corresponding elements.
            #[inline]
            #[track_caller]
            pub fn dot(&self, rhs: &Self) -> T {
                same_shape("dot", self.shape(), rhs.shape());
                dot(self.as_slice(), rhs.as_slice())
            }

            /// The rule of [`dot`](Self::dot).
            #[inline]
            #[track_caller]
            pub fn dot_vjp(&self, rhs: &Self, d_out: T, d_self: impl Slot<Self>, d_rhs: impl Slot<Self>) -> T {
                let out = self.dot(rhs);
                self.dot_pullback(rhs, &out, d_out, d_self, d_rhs);
                out
            }

            /// The adjoint of [`dot`](Self::dot) alone.
            #[inline]
            #[track_caller]
            pub fn dot_pullback(&self, rhs: &Self, _out: &T, d_out: T, mut d_self: impl Slot<Self>, mut d_rhs: impl Slot<Self>) {
                if let Some(d_self) = d_self.get() {
                    same_shape("dot_vjp", rhs.shape(), d_self.shape());
                    add_scaled(d_self.as_mut_slice(), d_out, rhs.as_slice());
                }
                if let Some(d_rhs) = d_rhs.get() {
                    same_shape("dot_vjp", self.shape(), d_rhs.shape());
                    add_scaled(d_rhs.as_mut_slice(), d_out, self.as_slice());
                }
            }
        }
    )*};
}

each_type!(methods);

/// `out[j, i] += x[i, j]`
#[inline]
fn add_transposed<T: Real>(
    name: &str,
    x: &impl Dense<Scalar = T>,
    out: &mut impl Dense<Scalar = T>,
) {
    let ((rows, cols), shape) = (x.shape(), out.shape());
    same_shape(name, (cols, rows), shape);
    let (x, out) = (x.as_slice(), out.as_mut_slice());
    for (i, row) in x.chunks_exact(cols.max(1)).enumerate() {
        for (j, &x) in row.iter().enumerate() {
            out[j * rows + i] += x;
        }
    }
}

macro_rules! transposes {
    ($($(#[$cfg:meta])* [$($generics:tt)*] $matrix:ty => $out:ty |$x:ident| { $empty:expr };)*) => {$(
        $(#[$cfg])*
        impl<$($generics)*> $matrix {
            /// Rows become columns. The products with a transposed operand
            /// ([`matmul_t`](Self::matmul_t), [`t_matmul`](Self::t_matmul)) do without.
            #[inline]
            pub fn transpose(&self) -> $out {
                let $x = self;
                let mut out = $empty;
                add_transposed("transpose", self, &mut out);
                out
            }

            /// The rule of [`transpose`](Self::transpose).
            #[inline]
            pub fn transpose_vjp(&self, d_out: $out, d_self: impl Slot<Self>) -> $out {
                let out = self.transpose();
                self.transpose_pullback(&out, d_out, d_self);
                out
            }

            /// The adjoint of [`transpose`](Self::transpose) alone.
            #[inline]
            pub fn transpose_pullback(&self, _out: &$out, d_out: $out, mut d_self: impl Slot<Self>) {
                if let Some(d_self) = d_self.get() {
                    add_transposed("transpose_vjp", &d_out, d_self);
                }
            }
        }
    )*};
}

transposes! {
    [T: Real, const R: usize, const C: usize] Matrix<T, R, C> => Matrix<T, C, R> |_x| { Matrix::zeros() };
    #[cfg(feature = "alloc")]
    [T: Real] DMatrix<T> => DMatrix<T> |x| { DMatrix::zeros(x.cols(), x.rows()) };
}
