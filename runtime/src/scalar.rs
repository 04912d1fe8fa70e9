//! The scalar functions of floats, as methods on receivers whose type is not visible to the macro:
//! `self.k.sin()` is reversed by `self.k.sin_vjp(d_out, d_k)`, with these traits in scope. A method
//! of that name which a type of the user has itself takes precedence.

use crate::{Real, Slot};

/// One argument: what `d`, the cotangent of `y = f(x)`, contributes to `x`.
macro_rules! unary {
    ($($vjp:ident: |$x:ident, $y:ident, $d:ident| $value:expr => $d_x:expr;)*) => {$(
        #[doc = concat!("The rule of `", stringify!($value), "`.")]
        #[inline(always)]
        #[allow(unused_variables)] // a formula mentions what it needs
        fn $vjp(self, $d: Self, mut d_self: impl Slot<Self>) -> Self {
            let $x = self;
            let $y = $value;
            if let Some(d_x) = d_self.get() {
                *d_x += $d_x;
            }
            $y
        }
    )*};
}

/// Two arguments: what `d`, the cotangent of `y = f(a, b)`, contributes to `a` and to `b`.
macro_rules! binary {
    ($($vjp:ident: |$a:ident, $b:ident, $y:ident, $d:ident| $value:expr => $d_a:expr, $d_b:expr;)*) => {$(
        #[doc = concat!("The rule of `", stringify!($value), "`.")]
        #[inline(always)]
        #[allow(unused_variables)] // a formula mentions what it needs
        fn $vjp(
            self,
            other: Self,
            $d: Self,
            mut d_self: impl Slot<Self>,
            mut d_other: impl Slot<Self>,
        ) -> Self {
            let ($a, $b) = (self, other);
            let $y = $value;
            if let Some(d_a) = d_self.get() {
                *d_a += $d_a;
            }
            if let Some(d_b) = d_other.get() {
                *d_b += $d_b;
            }
            $y
        }
    )*};
}

/// The scalar functions of a float. Where a function has a kink, its row follows the convention
/// that the documentation of this crate states for it.
#[doc(hidden)]
pub trait RealVjp: Real {
    unary! {
        abs_vjp: |x, y, d| x.abs() => if x == Self::zero() { Self::zero() } else { d * x.signum() };
        recip_vjp: |x, y, d| x.recip() => -d * y * y;
        sqrt_vjp: |x, y, d| x.sqrt() => d * (Self::__lit(0.5) / y);
        cbrt_vjp: |x, y, d| x.cbrt() => d / (Self::__lit(3.0) * y * y);
        exp_vjp: |x, y, d| x.exp() => d * y;
        exp2_vjp: |x, y, d| x.exp2() => d * y * Self::LN_2();
        exp_m1_vjp: |x, y, d| x.exp_m1() => d * (y + Self::one());
        ln_vjp: |x, y, d| x.ln() => d / x;
        log2_vjp: |x, y, d| x.log2() => d / (x * Self::LN_2());
        log10_vjp: |x, y, d| x.log10() => d / (x * Self::LN_10());
        ln_1p_vjp: |x, y, d| x.ln_1p() => d / (Self::one() + x);
        sin_vjp: |x, y, d| x.sin() => d * x.cos();
        cos_vjp: |x, y, d| x.cos() => -d * x.sin();
        tan_vjp: |x, y, d| x.tan() => d * (Self::one() + y * y);
        asin_vjp: |x, y, d| x.asin() => d / ((Self::one() - x) * (Self::one() + x)).sqrt();
        acos_vjp: |x, y, d| x.acos() => -d / ((Self::one() - x) * (Self::one() + x)).sqrt();
        atan_vjp: |x, y, d| x.atan() => d / (Self::one() + x * x);
        sinh_vjp: |x, y, d| x.sinh() => d * x.cosh();
        cosh_vjp: |x, y, d| x.cosh() => d * x.sinh();
        tanh_vjp: |x, y, d| x.tanh() => d * (Self::one() - y * y);
        asinh_vjp: |x, y, d| x.asinh() => d / (x * x + Self::one()).sqrt();
        acosh_vjp: |x, y, d| x.acosh() => d / ((x - Self::one()) * (x + Self::one())).sqrt();
        atanh_vjp: |x, y, d| x.atanh() => d / ((Self::one() - x) * (Self::one() + x));
        to_degrees_vjp: |x, y, d| x.to_degrees() => d.to_degrees();
        to_radians_vjp: |x, y, d| x.to_radians() => d.to_radians();
        fract_vjp: |x, y, d| x.fract() => d;
        signum_vjp: |x, y, d| x.signum() => Self::zero();
        floor_vjp: |x, y, d| x.floor() => Self::zero();
        ceil_vjp: |x, y, d| x.ceil() => Self::zero();
        round_vjp: |x, y, d| x.round() => Self::zero();
        trunc_vjp: |x, y, d| x.trunc() => Self::zero();
    }

    binary! {
        powf_vjp: |x, p, y, d| x.powf(p) => d * power_base(x, p), d * power_exponent(x, p, y);
        log_vjp: |x, b, y, d| x.log(b) => d / (x * b.ln()), -d * y / (b * b.ln());
        atan2_vjp: |y, x, out, d| y.atan2(x) => d * polar(x, y.hypot(x)), -d * polar(y, y.hypot(x));
        hypot_vjp: |a, b, y, d| a.hypot(b) => d * ratio(a, y), d * ratio(b, y);
        max_vjp: |a, b, y, d| a.max(b) => d * share(a, b, a > b), d * share(b, a, b > a);
        min_vjp: |a, b, y, d| a.min(b) => d * share(a, b, a < b), d * share(b, a, b < a);
        copysign_vjp: |x, s, y, d| x.copysign(s) =>
            if x == Self::zero() { Self::zero() } else { d * x.signum() * s.signum() }, Self::zero();
        rem_euclid_vjp: |x, m, y, d| rem_euclid(x, m) => d, -d * div_euclid(x, m);
        div_euclid_vjp: |x, m, y, d| div_euclid(x, m) => Self::zero(), Self::zero();
    }

    /// The rule of `x.powi(n)`: zero for `n = 0`, at any `x`.
    #[inline(always)]
    fn powi_vjp(self, n: i32, d: Self, mut d_self: impl Slot<Self>, _: impl Sized) -> Self {
        if let Some(d_x) = d_self.get() {
            if n != 0 {
                *d_x += d * Self::__lit(f64::from(n)) * self.powi(n.saturating_sub(1));
            }
        }
        self.powi(n)
    }

    /// The rule of `x.sin_cos()`.
    #[inline(always)]
    fn sin_cos_vjp(self, d: (Self, Self), mut d_self: impl Slot<Self>) -> (Self, Self) {
        let (sin, cos) = self.sin_cos();
        if let Some(d_x) = d_self.get() {
            *d_x += d.0 * cos - d.1 * sin;
        }
        (sin, cos)
    }

    /// The rule of `x.mul_add(a, b)`.
    #[inline(always)]
    fn mul_add_vjp(
        self,
        a: Self,
        b: Self,
        d: Self,
        mut d_self: impl Slot<Self>,
        mut d_a: impl Slot<Self>,
        mut d_b: impl Slot<Self>,
    ) -> Self {
        d_self.add(d * a);
        d_a.add(d * self);
        d_b.add(d);
        self.mul_add(a, b)
    }

    /// The rule of `x.clamp(low, high)`: to `x` strictly inside, to the bound at and beyond it.
    #[inline(always)]
    fn clamp_vjp(
        self,
        low: Self,
        high: Self,
        d: Self,
        mut d_self: impl Slot<Self>,
        mut d_low: impl Slot<Self>,
        mut d_high: impl Slot<Self>,
    ) -> Self {
        if self <= low {
            d_low.add(d);
        } else if self >= high {
            d_high.add(d);
        } else if !self.is_nan() {
            d_self.add(d);
        }
        num_traits::Float::clamp(self, low, high)
    }
}

impl<T: Real> RealVjp for T {}

/// `∂(x^p)/∂x = p·x^(p−1)`; zero where `p` is, at any `x`.
#[inline(always)]
fn power_base<T: Real>(x: T, p: T) -> T {
    if p == T::zero() {
        T::zero()
    } else {
        p * x.powf(p - T::one())
    }
}

/// `∂(x^p)/∂p = x^p·ln x`; zero at `x = 0`, where it tends to zero unless `p` is negative.
#[inline(always)]
fn power_exponent<T: Real>(x: T, p: T, y: T) -> T {
    if x == T::zero() && p >= T::zero() {
        T::zero()
    } else {
        y * x.ln()
    }
}

/// `a / r`, and zero at the origin.
#[inline(always)]
fn ratio<T: Real>(a: T, r: T) -> T {
    if r == T::zero() {
        T::zero()
    } else {
        a / r
    }
}

/// `a / r²` without overflow, and zero at the origin.
#[inline(always)]
fn polar<T: Real>(a: T, r: T) -> T {
    ratio(ratio(a, r), r)
}

/// The share of `a` in the choice of `a` or `b`: all if it `won` or `b` is NaN, half in a tie.
#[inline(always)]
fn share<T: Real>(a: T, b: T, won: bool) -> T {
    if won || (b.is_nan() && !a.is_nan()) {
        T::one()
    } else if a == b {
        T::__lit(0.5)
    } else {
        T::zero()
    }
}

/// As `core` computes it, which `num_traits::Float` does not offer.
#[inline(always)]
fn rem_euclid<T: Real>(x: T, m: T) -> T {
    let r = x % m;
    if r < T::zero() {
        r + m.abs()
    } else {
        r
    }
}

/// As `core` computes it, which `num_traits::Float` does not offer.
#[inline(always)]
fn div_euclid<T: Real>(x: T, m: T) -> T {
    let q = (x / m).trunc();
    if x % m < T::zero() {
        if m > T::zero() {
            q - T::one()
        } else {
            q + T::one()
        }
    } else {
        q
    }
}
