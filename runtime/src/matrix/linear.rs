//! A layer's affine map `x·Wᵀ + b`, alone and fused with its ReLU, beside their adjoints.
//!
//! Weights are `(out, in)`, as PyTorch keeps them; the rows of `x` are the samples of a batch, a
//! vector is a single sample. The ReLU's adjoint is taken from its output, so nothing but the output
//! is kept.

use crate::nn::activation::relu;
use crate::{Cotangent, Real, Slot, SlotMut};

use super::dense::{same_shape, Dense};
use super::product::add_scaled;
use super::product::Target::Accumulate;
use super::{small, Matrix, Vector};

#[cfg(feature = "alloc")]
use super::{large, DMatrix, DVector};

/// Each row of `out` becomes `b`.
#[inline(always)]
fn start_with<T: Real>(b: &impl Dense<Scalar = T>, out: &mut impl Dense<Scalar = T>) {
    let b = b.as_slice();
    if !b.is_empty() {
        out.as_mut_slice()
            .chunks_exact_mut(b.len())
            .for_each(|row| row.copy_from_slice(b));
    }
}

/// Original: `y = b` in each row
/// Adjoint: `d_b += Σ` rows of `d_y`
#[inline(always)]
fn add_rows<T: Real>(d_y: &impl Dense<Scalar = T>, d_b: &mut impl Dense<Scalar = T>) {
    let d_b = d_b.as_mut_slice();
    if !d_b.is_empty() {
        d_y.as_slice()
            .chunks_exact(d_b.len())
            .for_each(|row| add_scaled(d_b, T::one(), row));
    }
}

/// `y = max(y, 0)`
#[inline(always)]
fn rectify<T: Real>(y: &mut impl Dense<Scalar = T>) {
    y.as_mut_slice().iter_mut().for_each(|y| *y = relu(*y));
}

/// Original: `y = max(z, 0)`
/// Adjoint: `d_z = d_y` where `y > 0`, else 0; in place. A NaN of `y` stays one.
#[inline(always)]
fn mask<T: Real>(y: &impl Dense<Scalar = T>, d: &mut impl Dense<Scalar = T>) {
    same_shape("linear_relu", y.shape(), d.shape());
    for (d, &y) in d.as_mut_slice().iter_mut().zip(y.as_slice()) {
        // A select rather than a branch: it runs in vector registers.
        *d = if y <= T::zero() { T::zero() } else { *d };
    }
}

/// Leaves the output of [`linear`] as it is; the identity's place in the table.
#[inline(always)]
fn keep<T: Real>(_: &mut impl Dense<Scalar = T>) {}

/// Leaves the cotangent as it is.
#[inline(always)]
fn keep_cotangent<T: Real>(_: &impl Dense<Scalar = T>, _: &mut impl Dense<Scalar = T>) {}

/// The bias of a layer must have one element for each row of its weights.
#[inline(always)]
#[track_caller]
fn check_bias<T: Real>(name: &str, w: &impl Dense<Scalar = T>, b: &impl Dense<Scalar = T>) {
    let (outputs, biases) = (w.shape().0, b.as_slice().len());
    assert!(
        outputs == biases,
        "{name}: weights of {outputs} rows with a bias of length {biases}"
    );
}

/// Names; what follows the affine map, and its adjoint from the output.
macro_rules! affine {
    ($kernel:ident $([const $n:ident])? ($w:ty, $b:ty) -> $out:ty |$x:ident, $rows:ident| { $empty:expr };
        $(#[$doc:meta])*
        $name:ident $into:ident $vjp:ident $pullback:ident $into_vjp:ident $into_pullback:ident: $then:ident $back:ident
    ) => {
        $(#[$doc])*
        #[inline(always)]
        #[track_caller]
        pub fn $name$(<const $n: usize>)?(&self, w: &$w, b: &$b) -> $out {
            let ($x, $rows) = (self, w.shape().0);
            let mut out = $empty;
            $x.$into(w, b, &mut out);
            out
        }

        #[doc = concat!("[`", stringify!($name), "`](Self::", stringify!($name), ") into a buffer.")]
        #[inline(always)]
        #[track_caller]
        pub fn $into$(<const $n: usize>)?(&self, w: &$w, b: &$b, out: &mut $out) {
            check_bias(stringify!($name), w, b);
            start_with(b, out);
            $kernel::nt(stringify!($name), self, w, out, Accumulate);
            $then(out);
        }

        #[doc = concat!("The rule of [`", stringify!($name), "`](Self::", stringify!($name), ").")]
        #[inline(always)]
        #[track_caller]
        pub fn $vjp$(<const $n: usize>)?(
            &self, w: &$w, b: &$b, d_out: $out,
            d_self: impl Slot<Self>, d_w: impl Slot<$w>, d_b: impl Slot<$b>,
        ) -> $out {
            let out = self.$name(w, b);
            self.$pullback(w, b, &out, d_out, d_self, d_w, d_b);
            out
        }

        #[doc = concat!("The adjoint of [`", stringify!($name), "`](Self::", stringify!($name), ") alone, from its result `out`: the product is not run again.")]
        #[inline(always)]
        #[track_caller]
        #[allow(clippy::too_many_arguments)] // operands, result and slots of the protocol
        pub fn $pullback$(<const $n: usize>)?(
            &self, w: &$w, b: &$b, out: &$out, mut d_out: $out,
            d_self: impl Slot<Self>, d_w: impl Slot<$w>, d_b: impl Slot<$b>,
        ) {
            self.$into_pullback(w, b, out, d_self, d_w, d_b, &mut d_out);
        }

        #[doc = concat!("The rule of [`", stringify!($into), "`](Self::", stringify!($into), ").")]
        #[inline(always)]
        #[track_caller]
        #[allow(clippy::too_many_arguments)] // operands and slots of the protocol
        pub fn $into_vjp$(<const $n: usize>)?(
            &self, w: &$w, b: &$b, out: &mut $out,
            d_self: impl Slot<Self>, d_w: impl Slot<$w>, d_b: impl Slot<$b>, d_out: impl SlotMut<$out>,
        ) {
            self.$into(w, b, out);
            self.$into_pullback(w, b, out, d_self, d_w, d_b, d_out);
        }

        #[doc = concat!("The adjoint of [`", stringify!($into), "`](Self::", stringify!($into), ") alone, from what it left in its buffer: the product is not run again.")]
        #[inline(always)]
        #[track_caller]
        #[allow(clippy::too_many_arguments)] // operands, result and slots of the protocol
        pub fn $into_pullback$(<const $n: usize>)?(
            &self, w: &$w, _b: &$b, out: &$out,
            mut d_self: impl Slot<Self>, mut d_w: impl Slot<$w>, mut d_b: impl Slot<$b>,
            mut d_out: impl SlotMut<$out>,
        ) {
            let Some(d_out) = d_out.get() else { return };
            $back(out, d_out);
            if let Some(d_self) = d_self.get() {
                $kernel::nn(stringify!($vjp), d_out, w, d_self, Accumulate);
            }
            if let Some(d_w) = d_w.get() {
                $kernel::tn(stringify!($vjp), d_out, self, d_w, Accumulate);
            }
            if let Some(d_b) = d_b.get() {
                check_bias(stringify!($vjp), w, d_b);
                add_rows(d_out, d_b);
            }
            d_out.fill_zero();
        }
    };
}

/// The two methods of a receiver.
macro_rules! layers {
    ($($(#[$cfg:meta])* [$($generics:tt)*] $dense:ty: $kernel:ident $([const $n:ident])? ($w:ty, $b:ty) -> $out:ty |$x:ident, $rows:ident| { $empty:expr };)*) => {$(
        $(#[$cfg])*
        impl<$($generics)*> $dense {
            affine! { $kernel $([const $n])? ($w, $b) -> $out |$x, $rows| { $empty };
                /// `x·Wᵀ + b`, for each row of `x`.
                linear linear_into linear_vjp linear_pullback linear_into_vjp linear_into_pullback: keep keep_cotangent
            }
            affine! { $kernel $([const $n])? ($w, $b) -> $out |$x, $rows| { $empty };
                /// `max(x·Wᵀ + b, 0)`, for each row of `x`.
                linear_relu linear_relu_into linear_relu_vjp linear_relu_pullback linear_relu_into_vjp linear_relu_into_pullback: rectify mask
            }
        }
    )*};
}

layers! {
    [T: Real, const R: usize, const C: usize] Matrix<T, R, C>:
        small [const N] (Matrix<T, N, C>, Vector<T, N>) -> Matrix<T, R, N> |_x, _rows| { Matrix::zeros() };
    [T: Real, const C: usize] Vector<T, C>:
        small [const N] (Matrix<T, N, C>, Vector<T, N>) -> Vector<T, N> |_x, _rows| { Vector::zeros() };
    #[cfg(feature = "alloc")]
    [T: Real] DMatrix<T>:
        large (DMatrix<T>, DVector<T>) -> DMatrix<T> |x, rows| { DMatrix::zeros(x.rows(), rows) };
    #[cfg(feature = "alloc")]
    [T: Real] DVector<T>:
        large (DMatrix<T>, DVector<T>) -> DVector<T> |_x, rows| { DVector::zeros(rows) };
}
