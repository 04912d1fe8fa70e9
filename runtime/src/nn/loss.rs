//! Losses over two equally long runs of numbers, averaged over all of them, beside their
//! derivatives. The dense types have methods of the same names: `prediction.mse(&target)`.

use crate::matrix::arithmetic::count;
use crate::matrix::each_type;
use crate::{Real, Slot};

use super::activation::{relu, sigmoid, softplus};

/// The sign of a number, and 0 of 0: the subgradient of `|x|`.
#[inline(always)]
fn sign<T: Real>(x: T) -> T {
    if x == T::zero() {
        x
    } else {
        x.signum()
    }
}

/// Both runs must be equally long.
#[inline(always)]
#[track_caller]
fn check(name: &str, prediction: usize, target: usize) {
    assert!(
        prediction == target,
        "{name}: a prediction of length {prediction} with a target of length {target}",
    );
}

/// `Σ f(p, t) / n`
#[inline]
fn mean<T: Real>(p: &[T], t: &[T], f: impl Fn(T, T) -> T) -> T {
    let sum = p
        .iter()
        .zip(t)
        .fold(T::zero(), |sum, (&p, &t)| sum + f(p, t));
    sum / count(p.len())
}

/// `d += scale · f(p, t)`, elementwise.
#[inline]
fn add<T: Real>(d: &mut [T], p: &[T], t: &[T], scale: T, f: impl Fn(T, T) -> T) {
    check("loss", d.len(), p.len());
    for ((d, &p), &t) in d.iter_mut().zip(p).zip(t) {
        *d += scale * f(p, t);
    }
}

/// A row: names; prediction, target (and parameter); the value of a pair, its derivatives by the
/// prediction and by the target (and by the parameter).
macro_rules! losses {
    ($(
        $(#[$doc:meta])*
        $name:ident $vjp:ident $adjoint:ident($p:ident, $t:ident $(, $c:ident $d_c:ident)?):
            $value:expr; $by_p:expr, $by_t:expr $(, $by_c:expr)?;
    )*) => {$(
        $(#[$doc])*
        ///
        /// # Panics
        ///
        /// If prediction and target are not equally long.
        #[inline]
        #[track_caller]
        pub fn $name<T: Real>(prediction: &[T], target: &[T] $(, $c: T)?) -> T {
            check(stringify!($name), prediction.len(), target.len());
            mean(prediction, target, |$p, $t| $value)
        }

        #[doc = concat!("The rule of [`", stringify!($name), "`].")]
        #[inline]
        #[track_caller]
        pub fn $vjp<T: Real>(
            prediction: &[T],
            target: &[T],
            $($c: T,)?
            d_out: T,
            mut d_prediction: impl Slot<[T]>,
            mut d_target: impl Slot<[T]>,
            $($d_c: impl Slot<T>,)?
        ) -> T {
            let out = $name(prediction, target $(, $c)?);
            $adjoint((prediction, target), $($c,)? d_out, (d_prediction.get(), d_target.get()) $(, $d_c)?);
            out
        }

        /// The adjoint alone.
        #[inline]
        #[track_caller]
        fn $adjoint<T: Real>(
            (prediction, target): (&[T], &[T]),
            $($c: T,)?
            d_out: T,
            (d_prediction, d_target): (Option<&mut [T]>, Option<&mut [T]>),
            $(mut $d_c: impl Slot<T>,)?
        ) {
            let scale = d_out / count(prediction.len());
            if let Some(d) = d_prediction {
                add(d, prediction, target, scale, |$p, $t| $by_p);
            }
            if let Some(d) = d_target {
                add(d, prediction, target, scale, |$p, $t| $by_t);
            }
            $(if let Some(d) = $d_c.get() {
                *d += d_out * mean(prediction, target, |$p, $t| $by_c);
            })?
        }
    )*};
}

losses! {
    /// Mean squared error, `(p − t)²`.
    mse mse_vjp mse_adjoint(p, t):
        { let e = p - t; e * e };
        { let e = p - t; e + e }, { let e = t - p; e + e };

    /// Mean absolute error, `|p − t|`; where they are equal its derivative is 0.
    l1 l1_vjp l1_adjoint(p, t):
        (p - t).abs();
        sign(p - t), sign(t - p);

    /// Huber's loss: `e²/2` where `|e| ≤ delta`, `delta · (|e| − delta/2)` beyond. PyTorch's
    /// default `delta` is 1.
    huber huber_vjp huber_adjoint(p, t, delta d_delta):
        {
            let e = (p - t).abs();
            let half = T::__lit(0.5);
            if e <= delta { half * e * e } else { delta * (e - half * delta) }
        };
        clip(p - t, delta), clip(t - p, delta),
        { let beyond = (p - t).abs() - delta; if beyond > T::zero() { beyond } else { T::zero() } };

    /// Huber's loss over `beta`: `e²/(2 beta)` where `|e| < beta`, `|e| − beta/2` beyond. PyTorch's
    /// default `beta` is 1.
    smooth_l1 smooth_l1_vjp smooth_l1_adjoint(p, t, beta d_beta):
        {
            let e = (p - t).abs();
            let half = T::__lit(0.5);
            if e < beta { half * e * e / beta } else { e - half * beta }
        };
        clip(p - t, beta) / beta, clip(t - p, beta) / beta,
        {
            let ratio = (p - t).abs() / beta;
            T::__lit(-0.5) * if ratio < T::one() { ratio * ratio } else { T::one() }
        };

    /// Binary cross-entropy of a logit with a target probability,
    /// `−t·ln σ(p) − (1 − t)·ln(1 − σ(p))`, without overflow.
    bce_with_logits bce_with_logits_vjp bce_with_logits_adjoint(p, t):
        softplus(p) - p * t;
        sigmoid(p) - t, { let _ = t; -p };

    /// The hinge of support vector machines, `max(0, 1 − t·p)` with labels `t` of ±1; at the hinge
    /// its derivative is 0.
    hinge hinge_vjp hinge_adjoint(p, t):
        relu(T::one() - t * p);
        if t * p < T::one() { -t } else { T::zero() },
        if t * p < T::one() { -p } else { T::zero() };
}

/// `e`, but no farther from 0 than `bound`. NaN stays NaN.
#[inline(always)]
pub(super) fn clip<T: Real>(e: T, bound: T) -> T {
    if e > bound {
        bound
    } else if e < -bound {
        -bound
    } else {
        e
    }
}

/// A row: names; a parameter.
macro_rules! pairs {
    ($($name:ident $vjp:ident $pullback:ident $adjoint:ident $(($c:ident $d_c:ident))?;)*) => {$(
        #[doc = concat!("[`", stringify!($name), "`](crate::nn::loss::", stringify!($name), ") of a prediction, averaged over its elements.")]
        #[inline]
        #[track_caller]
        pub fn $name(&self, target: &Self $(, $c: T)?) -> T {
            $name(self.as_slice(), target.as_slice() $(, $c)?)
        }

        #[doc = concat!("The rule of [`", stringify!($name), "`](Self::", stringify!($name), ").")]
        #[inline]
        #[track_caller]
        pub fn $vjp(&self, target: &Self, $($c: T,)? d_out: T, d_self: impl Slot<Self>, d_target: impl Slot<Self> $(, $d_c: impl Slot<T>)?) -> T {
            let out = self.$name(target $(, $c)?);
            self.$pullback(target, $($c,)? &out, d_out, d_self, d_target $(, $d_c)?);
            out
        }

        #[doc = concat!("The adjoint of [`", stringify!($name), "`](Self::", stringify!($name), ") alone.")]
        #[inline]
        #[track_caller]
        #[allow(clippy::too_many_arguments)] // operands, result and slots of the protocol
        pub fn $pullback(&self, target: &Self, $($c: T,)? _out: &T, d_out: T, mut d_self: impl Slot<Self>, mut d_target: impl Slot<Self> $(, $d_c: impl Slot<T>)?) {
            let slots = (d_self.get().map(Self::as_mut_slice), d_target.get().map(Self::as_mut_slice));
            $adjoint((self.as_slice(), target.as_slice()), $($c,)? d_out, slots $(, $d_c)?);
        }
    )*};
}

macro_rules! methods {
    ($([$($generics:tt)*] $dense:ty;)*) => {$(
        impl<$($generics)*> $dense {
            pairs! {
                mse mse_vjp mse_pullback mse_adjoint;
                l1 l1_vjp l1_pullback l1_adjoint;
                huber huber_vjp huber_pullback huber_adjoint (delta d_delta);
                smooth_l1 smooth_l1_vjp smooth_l1_pullback smooth_l1_adjoint (beta d_beta);
                bce_with_logits bce_with_logits_vjp bce_with_logits_pullback bce_with_logits_adjoint;
                hinge hinge_vjp hinge_pullback hinge_adjoint;
            }
        }
    )*};
}

each_type!(methods);
