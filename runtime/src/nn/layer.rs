//! `Linear`: the weights and bias of a layer, as one field of a network.

use fastrand::Rng;

use crate::matrix::{Dense, Matrix, Vector};
use crate::{Cotangent, Differentiable, Parameters, Real, Slot, SlotMut};

#[cfg(feature = "alloc")]
use crate::matrix::{DMatrix, DVector};

use super::init;
use super::input::Input;

/// The weights, `(out, in)`, and the bias of a layer: `x·Wᵀ + b`.
///
/// `W` and `B` are the types of a matrix and a vector; [`StackLinear`] and `HeapLinear` name the two
/// pairs. The cotangent is a layer too.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Linear<W, B> {
    /// The weights, one row for each output.
    pub weight: W,
    /// The bias, one element for each output.
    pub bias: B,
}

/// A layer on the stack, sizes in its type.
pub type StackLinear<T, const IN: usize, const OUT: usize> =
    Linear<Matrix<T, OUT, IN>, Vector<T, OUT>>;

/// A layer on the heap.
#[cfg(feature = "alloc")]
pub type HeapLinear<T> = Linear<DMatrix<T>, DVector<T>>;

impl<T: Real, const IN: usize, const OUT: usize> StackLinear<T, IN, OUT> {
    /// All zeros.
    pub fn zeros() -> Self {
        Linear {
            weight: Matrix::zeros(),
            bias: Vector::zeros(),
        }
    }

    /// As PyTorch initialises its `nn.Linear`.
    pub fn new(rng: &mut Rng) -> Self {
        Self::zeros().initialised(rng)
    }
}

#[cfg(feature = "alloc")]
impl<T: Real> HeapLinear<T> {
    /// All zeros.
    pub fn zeros(inputs: usize, outputs: usize) -> Self {
        Linear {
            weight: DMatrix::zeros(outputs, inputs),
            bias: DVector::zeros(outputs),
        }
    }

    /// As PyTorch initialises its `nn.Linear`.
    pub fn new(inputs: usize, outputs: usize, rng: &mut Rng) -> Self {
        Self::zeros(inputs, outputs).initialised(rng)
    }
}

impl<W: Dense, B: Dense<Scalar = W::Scalar>> Linear<W, B> {
    fn initialised(mut self, rng: &mut Rng) -> Self {
        init::pytorch(&mut self.weight, &mut self.bias, rng);
        self
    }
}

impl<W: Differentiable, B: Differentiable> Differentiable for Linear<W, B> {
    type Cotangent = Linear<W::Cotangent, B::Cotangent>;

    #[inline(always)]
    fn zero_cotangent(&self) -> Self::Cotangent {
        Linear {
            weight: self.weight.zero_cotangent(),
            bias: self.bias.zero_cotangent(),
        }
    }
}

impl<W: Cotangent, B: Cotangent> Cotangent for Linear<W, B> {
    #[inline(always)]
    fn accumulate(&mut self, other: &Self) {
        self.weight.accumulate(&other.weight);
        self.bias.accumulate(&other.bias);
    }

    #[inline(always)]
    fn fill_zero(&mut self) {
        self.weight.fill_zero();
        self.bias.fill_zero();
    }
}

impl<W: Parameters, B: Parameters<Scalar = W::Scalar>> Parameters for Linear<W, B> {
    type Scalar = W::Scalar;

    #[inline(always)]
    fn count(&self) -> usize {
        self.weight.count() + self.bias.count()
    }

    #[inline(always)]
    fn visit(&mut self, d: &Self::Cotangent, mut f: impl FnMut(&mut [W::Scalar], &[W::Scalar])) {
        self.weight.visit(&d.weight, &mut f);
        self.bias.visit(&d.bias, f);
    }

    #[inline(always)]
    fn write_flat(&self, out: &mut [W::Scalar]) {
        let out = &mut out[..self.count()];
        self.weight.write_flat(out);
        self.bias.write_flat(&mut out[self.weight.count()..]);
    }

    #[inline(always)]
    fn read_flat(&mut self, from: &[W::Scalar]) {
        let from = &from[..self.count()];
        self.weight.read_flat(from);
        self.bias.read_flat(&from[self.weight.count()..]);
    }

    #[inline(always)]
    fn write_flat_cotangent(d: &Self::Cotangent, out: &mut [W::Scalar]) {
        W::write_flat_cotangent(&d.weight, out);
        B::write_flat_cotangent(&d.bias, &mut out[W::__count_cotangent(&d.weight)..]);
    }

    #[inline(always)]
    fn __count_cotangent(d: &Self::Cotangent) -> usize {
        W::__count_cotangent(&d.weight) + B::__count_cotangent(&d.bias)
    }
}

/// A line: the six names; the input's methods that they stand for.
macro_rules! forwards {
    ($(
        $(#[$doc:meta])*
        $name:ident $into:ident $vjp:ident $pullback:ident $into_vjp:ident $into_pullback:ident:
            $map:ident $map_into:ident $map_pullback:ident;
    )*) => {$(
        $(#[$doc])*
        #[inline(always)]
        #[track_caller]
        pub fn $name<X: Input<W, B>>(&self, x: &X) -> X::Output {
            x.$map(&self.weight, &self.bias)
        }

        #[doc = concat!("[`", stringify!($name), "`](Self::", stringify!($name), ") into a buffer.")]
        #[inline(always)]
        #[track_caller]
        pub fn $into<X: Input<W, B>>(&self, x: &X, out: &mut X::Output) {
            x.$map_into(&self.weight, &self.bias, out);
        }

        #[doc = concat!("The rule of [`", stringify!($name), "`](Self::", stringify!($name), ").")]
        #[inline(always)]
        #[track_caller]
        pub fn $vjp<X: Input<W, B>>(
            &self,
            x: &X,
            d_out: X::Output,
            d_self: impl Slot<Self>,
            d_x: impl Slot<X>,
        ) -> X::Output {
            let out = self.$name(x);
            self.$pullback(x, &out, d_out, d_self, d_x);
            out
        }

        #[doc = concat!("The adjoint of [`", stringify!($name), "`](Self::", stringify!($name), ") alone, from its result.")]
        #[inline(always)]
        #[track_caller]
        pub fn $pullback<X: Input<W, B>>(
            &self,
            x: &X,
            out: &X::Output,
            mut d_out: X::Output,
            d_self: impl Slot<Self>,
            d_x: impl Slot<X>,
        ) {
            self.$into_pullback(x, out, d_self, d_x, &mut d_out);
        }

        #[doc = concat!("The rule of [`", stringify!($into), "`](Self::", stringify!($into), ").")]
        #[inline(always)]
        #[track_caller]
        pub fn $into_vjp<X: Input<W, B>>(
            &self,
            x: &X,
            out: &mut X::Output,
            d_self: impl Slot<Self>,
            d_x: impl Slot<X>,
            d_out: impl SlotMut<X::Output>,
        ) {
            self.$into(x, out);
            self.$into_pullback(x, out, d_self, d_x, d_out);
        }

        #[doc = concat!("The adjoint of [`", stringify!($into), "`](Self::", stringify!($into), ") alone, from what it left in its buffer.")]
        #[inline(always)]
        #[track_caller]
        pub fn $into_pullback<X: Input<W, B>>(
            &self,
            x: &X,
            out: &X::Output,
            mut d_self: impl Slot<Self>,
            d_x: impl Slot<X>,
            d_out: impl SlotMut<X::Output>,
        ) {
            let d_layer = match d_self.get() {
                Some(d) => (Some(&mut d.weight), Some(&mut d.bias)),
                None => (None, None),
            };
            x.$map_pullback(self, out, d_x, d_layer, d_out);
        }
    )*};
}

impl<W, B> Linear<W, B> {
    forwards! {
        /// `x·Wᵀ + b`, for each row of `x`.
        forward forward_into forward_vjp forward_pullback forward_into_vjp forward_into_pullback:
            __linear __linear_into __linear_into_pullback;
        /// `max(x·Wᵀ + b, 0)`, for each row of `x`.
        forward_relu forward_relu_into forward_relu_vjp forward_relu_pullback forward_relu_into_vjp forward_relu_into_pullback:
            __linear_relu __linear_relu_into __linear_relu_into_pullback;
    }
}
