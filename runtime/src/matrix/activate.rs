//! Activations as methods of the dense types, elementwise, beside their adjoints.

use crate::nn::activation;
use crate::{Cotangent, Real, Slot, SlotMut};

use super::dense::{add_each, each_type, map, map_into, same_shape, Dense};

/// The adjoint of any elementwise map.
///
/// Original: `y = f(x)`
/// Adjoint: `d_x += d_y · f'(x)`
#[inline]
fn pull<D: Dense>(
    name: &str,
    x: &D,
    y: &D,
    d_y: &D,
    d_x: &mut D,
    slope: impl Fn(D::Scalar, D::Scalar) -> D::Scalar,
) {
    same_shape(name, x.shape(), d_y.shape());
    same_shape(name, x.shape(), d_x.shape());
    let operands = x.as_slice().iter().zip(y.as_slice());
    for ((d_x, &d_y), (&x, &y)) in d_x
        .as_mut_slice()
        .iter_mut()
        .zip(d_y.as_slice())
        .zip(operands)
    {
        *d_x += d_y * slope(x, y);
    }
}

/// The derivative of any elementwise map by a parameter of it: `d_p += Σ d_y · ∂f/∂p(x)`.
#[inline]
fn pull_parameter<D: Dense>(
    x: &D,
    y: &D,
    d_y: &D,
    d_p: &mut D::Scalar,
    by: impl Fn(D::Scalar, D::Scalar) -> D::Scalar,
) {
    let operands = x.as_slice().iter().zip(y.as_slice());
    for ((&x, &y), &d_y) in operands.zip(d_y.as_slice()) {
        *d_p += d_y * by(x, y);
    }
}

/// A row: the six names, and the derivative over argument and result.
macro_rules! elementwise {
    ($(
        $name:ident $into:ident $vjp:ident $pullback:ident $into_vjp:ident $into_pullback:ident:
            $slope:ident $(($p:ident $by:ident))?;
    )*) => {$(
        #[doc = concat!("[`", stringify!($name), "`](crate::nn::activation::", stringify!($name), ") of each element.")]
        #[inline]
        pub fn $name(&self $(, $p: T)?) -> Self {
            map(self, |x| activation::$name(x $(, $p)?))
        }

        #[doc = concat!("[`", stringify!($name), "`](Self::", stringify!($name), ") into a buffer of the same shape.")]
        #[inline]
        #[track_caller]
        pub fn $into(&self, $($p: T,)? out: &mut Self) {
            map_into(stringify!($name), self, out, |x| activation::$name(x $(, $p)?));
        }

        #[doc = concat!("The rule of [`", stringify!($name), "`](Self::", stringify!($name), ").")]
        #[inline]
        pub fn $vjp(&self, $($p: T,)? d_out: Self, d_self: impl Slot<Self> $(, $by: impl Slot<T>)?) -> Self {
            let out = self.$name($($p)?);
            self.$pullback($($p,)? &out, d_out, d_self $(, $by)?);
            out
        }

        #[doc = concat!("The adjoint of [`", stringify!($name), "`](Self::", stringify!($name), ") alone, given its result.")]
        #[inline]
        pub fn $pullback(&self, $($p: T,)? out: &Self, d_out: Self, mut d_self: impl Slot<Self> $(, mut $by: impl Slot<T>)?) {
            if let Some(d_self) = d_self.get() {
                pull(stringify!($name), self, out, &d_out, d_self, |x, y| activation::$slope(x $(, $p)?, y));
            }
            $(if let Some(d_p) = $by.get() {
                pull_parameter(self, out, &d_out, d_p, |x, y| activation::$by(x, $p, y));
            })?
        }

        #[doc = concat!("The rule of [`", stringify!($into), "`](Self::", stringify!($into), ").")]
        #[inline]
        pub fn $into_vjp(&self, $($p: T,)? out: &mut Self, d_self: impl Slot<Self>, $($by: impl Slot<T>,)? d_out: impl SlotMut<Self>) {
            self.$into($($p,)? out);
            self.$into_pullback($($p,)? out, d_self, $($by,)? d_out);
        }

        #[doc = concat!("The adjoint of [`", stringify!($into), "`](Self::", stringify!($into), ") alone, given what it left in its buffer.")]
        #[inline]
        pub fn $into_pullback(&self, $($p: T,)? out: &Self, mut d_self: impl Slot<Self>, $(mut $by: impl Slot<T>,)? mut d_out: impl SlotMut<Self>) {
            let Some(d_out) = d_out.get() else { return };
            if let Some(d_self) = d_self.get() {
                pull(stringify!($name), self, out, d_out, d_self, |x, y| activation::$slope(x $(, $p)?, y));
            }
            $(if let Some(d_p) = $by.get() {
                pull_parameter(self, out, d_out, d_p, |x, y| activation::$by(x, $p, y));
            })?
            d_out.fill_zero();
        }
    )*};
}

macro_rules! methods {
    ($([$($generics:tt)*] $dense:ty;)*) => {$(
        impl<$($generics)*> $dense {
            elementwise! {
                relu relu_into relu_vjp relu_pullback relu_into_vjp relu_into_pullback: relu_slope;
                sigmoid sigmoid_into sigmoid_vjp sigmoid_pullback sigmoid_into_vjp sigmoid_into_pullback: sigmoid_slope;
                tanh tanh_into tanh_vjp tanh_pullback tanh_into_vjp tanh_into_pullback: tanh_slope;
                gelu gelu_into gelu_vjp gelu_pullback gelu_into_vjp gelu_into_pullback: gelu_slope;
                gelu_tanh gelu_tanh_into gelu_tanh_vjp gelu_tanh_pullback gelu_tanh_into_vjp gelu_tanh_into_pullback: gelu_tanh_slope;
                silu silu_into silu_vjp silu_pullback silu_into_vjp silu_into_pullback: silu_slope;
                softplus softplus_into softplus_vjp softplus_pullback softplus_into_vjp softplus_into_pullback: softplus_slope;
                mish mish_into mish_vjp mish_pullback mish_into_vjp mish_into_pullback: mish_slope;
                hardtanh hardtanh_into hardtanh_vjp hardtanh_pullback hardtanh_into_vjp hardtanh_into_pullback: hardtanh_slope;
                leaky_relu leaky_relu_into leaky_relu_vjp leaky_relu_pullback leaky_relu_into_vjp leaky_relu_into_pullback: leaky_relu_slope (slope leaky_relu_by_slope);
                elu elu_into elu_vjp elu_pullback elu_into_vjp elu_into_pullback: elu_slope (alpha elu_by_alpha);
            }
        }
    )*};
}

each_type!(methods);

/// The largest of a row: what is subtracted before exponentials are taken.
#[inline]
pub(crate) fn top<T: Real>(row: &[T]) -> T {
    row.iter().copied().fold(T::neg_infinity(), T::max)
}

/// `y = softmax(x)`, in place, one row.
#[inline]
fn softmax_row<T: Real>(row: &mut [T]) {
    let top = top(row);
    let mut sum = T::zero();
    for x in row.iter_mut() {
        *x = (*x - top).exp();
        sum += *x;
    }
    let scale = sum.recip();
    row.iter_mut().for_each(|y| *y *= scale);
}

/// `y = x − ln Σ eˣ`, in place, one row.
#[inline]
fn log_softmax_row<T: Real>(row: &mut [T]) {
    let top = top(row);
    let sum = row.iter().fold(T::zero(), |sum, &x| sum + (x - top).exp());
    let norm = top + sum.ln();
    row.iter_mut().for_each(|x| *x -= norm);
}

/// Original: `y = softmax(x)`
/// Adjoint: `d_x += y ⊙ (d_y − ⟨d_y, y⟩)`
#[inline]
fn softmax_row_adjoint<T: Real>(y: &[T], d_y: &[T], d_x: &mut [T]) {
    let mean = super::product::dot(y, d_y);
    add_each(d_x, y, d_y, |y, d_y| y * (d_y - mean));
}

/// Original: `y = log_softmax(x)`
/// Adjoint: `d_x += d_y − eʸ · Σ d_y`
#[inline]
fn log_softmax_row_adjoint<T: Real>(y: &[T], d_y: &[T], d_x: &mut [T]) {
    let total = d_y.iter().fold(T::zero(), |sum, &d| sum + d);
    add_each(d_x, y, d_y, |y, d_y| d_y - y.exp() * total);
}

/// Each row of `x` mapped in place.
#[inline]
fn each_row<D: Dense>(x: &mut D, f: impl Fn(&mut [D::Scalar])) {
    let cols = x.shape().1.max(1);
    x.as_mut_slice().chunks_exact_mut(cols).for_each(f);
}

/// The adjoint of a map of rows, given its result.
#[inline]
#[track_caller]
fn pull_rows<D: Dense>(
    name: &str,
    y: &D,
    d_y: &D,
    d_x: &mut D,
    adjoint: impl Fn(&[D::Scalar], &[D::Scalar], &mut [D::Scalar]),
) {
    same_shape(name, y.shape(), d_y.shape());
    same_shape(name, y.shape(), d_x.shape());
    let cols = y.shape().1.max(1);
    let given = y
        .as_slice()
        .chunks_exact(cols)
        .zip(d_y.as_slice().chunks_exact(cols));
    for (d_x, (y, d_y)) in d_x.as_mut_slice().chunks_exact_mut(cols).zip(given) {
        adjoint(y, d_y, d_x);
    }
}

/// A row: the six names, the map of a row and its adjoint.
macro_rules! rowwise {
    ($(
        $(#[$doc:meta])*
        $name:ident $into:ident $vjp:ident $pullback:ident $into_vjp:ident $into_pullback:ident: $row:ident $adjoint:ident;
    )*) => {$(
        $(#[$doc])*
        #[inline]
        pub fn $name(&self) -> Self {
            let mut out = self.clone();
            each_row(&mut out, $row);
            out
        }

        #[doc = concat!("[`", stringify!($name), "`](Self::", stringify!($name), ") into a buffer of the same shape.")]
        #[inline]
        #[track_caller]
        pub fn $into(&self, out: &mut Self) {
            map_into(stringify!($name), self, out, |x| x);
            each_row(out, $row);
        }

        #[doc = concat!("The rule of [`", stringify!($name), "`](Self::", stringify!($name), ").")]
        #[inline]
        pub fn $vjp(&self, d_out: Self, d_self: impl Slot<Self>) -> Self {
            let out = self.$name();
            self.$pullback(&out, d_out, d_self);
            out
        }

        #[doc = concat!("The adjoint of [`", stringify!($name), "`](Self::", stringify!($name), ") alone, given its result.")]
        #[inline]
        #[track_caller]
        pub fn $pullback(&self, out: &Self, d_out: Self, mut d_self: impl Slot<Self>) {
            if let Some(d_self) = d_self.get() {
                pull_rows(stringify!($name), out, &d_out, d_self, $adjoint);
            }
        }

        #[doc = concat!("The rule of [`", stringify!($into), "`](Self::", stringify!($into), ").")]
        #[inline]
        pub fn $into_vjp(&self, out: &mut Self, d_self: impl Slot<Self>, d_out: impl SlotMut<Self>) {
            self.$into(out);
            self.$into_pullback(out, d_self, d_out);
        }

        #[doc = concat!("The adjoint of [`", stringify!($into), "`](Self::", stringify!($into), ") alone, given what it left in its buffer.")]
        #[inline]
        #[track_caller]
        pub fn $into_pullback(&self, out: &Self, mut d_self: impl Slot<Self>, mut d_out: impl SlotMut<Self>) {
            let Some(d_out) = d_out.get() else { return };
            if let Some(d_self) = d_self.get() {
                pull_rows(stringify!($name), out, d_out, d_self, $adjoint);
            }
            d_out.fill_zero();
        }
    )*};
}

macro_rules! row_methods {
    ($([$($generics:tt)*] $dense:ty;)*) => {$(
        impl<$($generics)*> $dense {
            rowwise! {
                /// Each row as a distribution, `eˣ / Σ eˣ`, without overflow.
                softmax softmax_into softmax_vjp softmax_pullback softmax_into_vjp softmax_into_pullback: softmax_row softmax_row_adjoint;
                /// The logarithm of [`softmax`](Self::softmax), without its loss of digits.
                log_softmax log_softmax_into log_softmax_vjp log_softmax_pullback log_softmax_into_vjp log_softmax_into_pullback: log_softmax_row log_softmax_row_adjoint;
            }
        }
    )*};
}

each_type!(row_methods);
