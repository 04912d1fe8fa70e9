//! Activations of one number, beside their derivatives; each in a form that neither overflows nor
//! loses its digits far from zero. The methods of the matrix types of the same names map these.

use crate::{Real, Slot};

/// The logistic function without overflow: only ever the exponential of something negative.
#[inline]
fn logistic<T: Real>(x: T) -> T {
    let e = (-x.abs()).exp();
    let upper = T::one() / (T::one() + e);
    if x < T::zero() {
        e * upper
    } else {
        upper
    }
}

/// `ln(1 + eˣ)` without overflow.
#[inline]
fn log_one_plus_exp<T: Real>(x: T) -> T {
    x.max(T::zero()) + (-x.abs()).exp().ln_1p()
}

/// The error function, in the width of its argument: `f64` does not creep into `f32` code.
#[inline]
fn erf<T: Real>(x: T) -> T {
    let wide = || T::__lit(libm::erf(x.to_f64().unwrap_or(f64::NAN)));
    if size_of::<T>() > size_of::<f32>() {
        return wide();
    }
    let narrow = x.to_f32().and_then(|x| T::from(libm::erff(x)));
    narrow.unwrap_or_else(wide)
}

/// `Φ(x)`, the distribution function of the standard normal, and `φ(x)`, its density.
#[inline]
fn normal<T: Real>(x: T) -> (T, T) {
    let half = T::__lit(0.5);
    let below = half * (T::one() + erf(x * T::FRAC_1_SQRT_2()));
    let density = T::__lit(0.3989422804014327) * (-half * x * x).exp();
    (below, density)
}

/// `tanh u` of the other form of gelu, and `du/dx`.
#[inline]
fn gelu_inner<T: Real>(x: T) -> (T, T) {
    let (scale, cubic) = (T::__lit(0.7978845608028654), T::__lit(0.044715));
    let u = scale * (x + cubic * x * x * x);
    (u.tanh(), scale * (T::one() + T::__lit(3.0) * cubic * x * x))
}

/// A row: names; argument (and parameter) and result; the value; the derivative by the argument
/// (and by the parameter), over argument and result.
macro_rules! activations {
    ($(
        $(#[$doc:meta])*
        $name:ident $vjp:ident $slope:ident($x:ident $(, $p:ident $by:ident)?) -> $y:ident:
            $value:expr; $derivative:expr $(, $by_p:expr)?;
    )*) => {$(
        $(#[$doc])*
        #[inline]
        pub fn $name<T: Real>($x: T $(, $p: T)?) -> T {
            $value
        }

        /// Its derivative by the argument.
        #[inline(always)]
        #[allow(unused_variables)] // a formula may use argument or result alone
        pub(crate) fn $slope<T: Real>($x: T $(, $p: T)?, $y: T) -> T {
            $derivative
        }

        $(
            /// Its derivative by the parameter.
            #[inline(always)]
            #[allow(unused_variables)]
            pub(crate) fn $by<T: Real>($x: T, $p: T, $y: T) -> T {
                $by_p
            }
        )?

        #[doc = concat!("The rule of [`", stringify!($name), "`].")]
        #[inline]
        pub fn $vjp<T: Real>(
            $x: T,
            $($p: T,)?
            d_out: T,
            mut d_x: impl Slot<T>,
            $(mut $by: impl Slot<T>,)?
        ) -> T {
            let $y = $name($x $(, $p)?);
            if let Some(d_x) = d_x.get() {
                *d_x += d_out * $slope($x $(, $p)?, $y);
            }
            $(if let Some(d) = $by.get() {
                *d += d_out * self::$by($x, $p, $y);
            })?
            $y
        }
    )*};
}

activations! {
    /// `max(x, 0)`; its derivative at 0 is 0. NaN stays NaN.
    relu relu_vjp relu_slope(x) -> y:
        if x < T::zero() { T::zero() } else { x };
        if y > T::zero() { T::one() } else if y <= T::zero() { T::zero() } else { y };

    /// `x` above 0, `slope · x` elsewhere; its derivative at 0 is `slope`. PyTorch's default slope
    /// is 0.01.
    leaky_relu leaky_relu_vjp leaky_relu_slope(x, slope leaky_relu_by_slope) -> y:
        if x > T::zero() { x } else { slope * x };
        if x > T::zero() { T::one() } else { slope },
        if x > T::zero() { T::zero() } else { x };

    /// `x` above 0, `alpha · (eˣ − 1)` elsewhere. PyTorch's default `alpha` is 1.
    elu elu_vjp elu_slope(x, alpha elu_by_alpha) -> y:
        if x > T::zero() { x } else { alpha * x.exp_m1() };
        if x > T::zero() { T::one() } else { y + alpha },
        if x > T::zero() { T::zero() } else { x.exp_m1() };

    /// The logistic function `1 / (1 + e⁻ˣ)`.
    sigmoid sigmoid_vjp sigmoid_slope(x) -> y:
        logistic(x);
        y * (T::one() - y);

    /// The hyperbolic tangent.
    tanh tanh_vjp tanh_slope(x) -> y:
        x.tanh();
        T::one() - y * y;

    /// `x · Φ(x)`, with the error function: PyTorch's default form.
    gelu gelu_vjp gelu_slope(x) -> y:
        x * normal(x).0;
        { let (below, density) = normal(x); below + x * density };

    /// `x · Φ(x)` with `Φ` approximated by a tanh: PyTorch's `approximate="tanh"`.
    gelu_tanh gelu_tanh_vjp gelu_tanh_slope(x) -> y:
        T::__lit(0.5) * x * (T::one() + gelu_inner(x).0);
        {
            let (tanh, inner) = gelu_inner(x);
            T::__lit(0.5) * (T::one() + tanh + x * (T::one() - tanh * tanh) * inner)
        };

    /// `x · sigmoid(x)`, also called swish.
    silu silu_vjp silu_slope(x) -> y:
        x * logistic(x);
        { let s = logistic(x); s * (T::one() + x * (T::one() - s)) };

    /// `ln(1 + eˣ)`.
    softplus softplus_vjp softplus_slope(x) -> y:
        log_one_plus_exp(x);
        logistic(x);

    /// `x · tanh(softplus(x))`.
    mish mish_vjp mish_slope(x) -> y:
        x * log_one_plus_exp(x).tanh();
        {
            let t = log_one_plus_exp(x).tanh();
            t + x * (T::one() - t * t) * logistic(x)
        };

    /// `x` clamped to −1…1; its derivative is 0 at and beyond both.
    hardtanh hardtanh_vjp hardtanh_slope(x) -> y:
        if x > T::one() { T::one() } else if x < -T::one() { -T::one() } else { x };
        if x > -T::one() && x < T::one() { T::one() } else { T::zero() };
}
