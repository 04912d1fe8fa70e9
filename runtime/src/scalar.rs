//! The scalar functions of floats, as methods on receivers whose type is not visible to the macro:
//! `self.k.sin()` is reversed by `self.k.sin_vjp(d_out, d_k)`, with these traits in scope. A method
//! of that name which a type of the user has itself takes precedence.
//!
//! What the derivatives are is said once, in the table of the macro: [`rules`] has a generic function
//! for each of its rows, and the macro differentiates them.

use crate::real::OfReal;
use crate::{Real, Scalar, Slot};

/// The functions of one argument, each with the method that reverses it.
macro_rules! of_one_argument {
    ($then:ident) => {
        $then! {
            abs abs_vjp, recip recip_vjp, sqrt sqrt_vjp, cbrt cbrt_vjp, exp exp_vjp, exp2 exp2_vjp,
            exp_m1 exp_m1_vjp, ln ln_vjp, log2 log2_vjp, log10 log10_vjp, ln_1p ln_1p_vjp, sin sin_vjp,
            cos cos_vjp, tan tan_vjp, asin asin_vjp, acos acos_vjp, atan atan_vjp, sinh sinh_vjp,
            cosh cosh_vjp, tanh tanh_vjp, asinh asinh_vjp, acosh acosh_vjp, atanh atanh_vjp,
            to_degrees to_degrees_vjp, to_radians to_radians_vjp, fract fract_vjp, signum signum_vjp,
            floor floor_vjp, ceil ceil_vjp, round round_vjp, trunc trunc_vjp,
        }
    };
}

/// Those of two.
macro_rules! of_two_arguments {
    ($then:ident) => {
        $then! {
            powf powf_vjp, log log_vjp, atan2 atan2_vjp, hypot hypot_vjp, max max_vjp, min min_vjp,
            copysign copysign_vjp,
        }
    };
}

mod rules {
    use crate::{differentiate, Inactive, Real, Slot};

    macro_rules! of_one {
        ($($name:ident $vjp:ident,)*) => {$(
            #[differentiate(crate = crate)]
            #[inline(always)]
            pub(super) fn $name<T: Real>(x: T) -> T {
                x.$name()
            }
        )*};
    }
    of_one_argument!(of_one);

    macro_rules! of_two {
        ($($name:ident $vjp:ident,)*) => {$(
            #[differentiate(crate = crate)]
            #[inline(always)]
            pub(super) fn $name<T: Real>(x: T, other: T) -> T {
                x.$name(other)
            }
        )*};
    }
    of_two_arguments!(of_two);

    macro_rules! operators {
        ($($name:ident $op:tt,)*) => {$(
            #[differentiate(crate = crate)]
            #[inline(always)]
            pub(super) fn $name<T: Real>(x: T, other: T) -> T {
                x $op other
            }
        )*};
    }
    operators!(add +, sub -, mul *, div /, rem %,);

    #[differentiate(crate = crate)]
    #[inline(always)]
    pub(super) fn neg<T: Real>(x: T) -> T {
        -x
    }

    #[differentiate(crate = crate)]
    #[inline(always)]
    pub(super) fn powi<T: Real>(x: T, n: i32) -> T {
        x.powi(n)
    }

    /// The rule of that, without a slot for `n`.
    #[inline(always)]
    pub(super) fn inert_powi_vjp<T: Real>(x: T, n: i32, d_out: T, d_x: impl Slot<T>) -> T {
        powi_vjp(x, n, d_out, d_x, Inactive)
    }

    #[differentiate(crate = crate)]
    #[inline(always)]
    pub(super) fn sin_cos<T: Real>(x: T) -> (T, T) {
        x.sin_cos()
    }

    #[differentiate(crate = crate)]
    #[inline(always)]
    pub(super) fn mul_add<T: Real>(x: T, a: T, b: T) -> T {
        x.mul_add(a, b)
    }

    #[differentiate(crate = crate)]
    #[inline(always)]
    pub(super) fn clamp<T: Real>(x: T, low: T, high: T) -> T {
        x.clamp(low, high)
    }

    /// As `core` computes it, which `num_traits::Float` does not offer.
    #[differentiate(crate = crate)]
    #[inline(always)]
    pub(super) fn rem_euclid<T: Real>(x: T, m: T) -> T {
        let r = x % m;
        if r < T::zero() {
            r + m.abs()
        } else {
            r
        }
    }

    /// As `core` computes it, which `num_traits::Float` does not offer.
    #[differentiate(crate = crate)]
    #[inline(always)]
    pub(super) fn midpoint<T: Real>(x: T, other: T) -> T {
        let two = T::one() + T::one();
        let bound = T::max_value() / two;
        if x.abs() <= bound && other.abs() <= bound {
            (x + other) / two
        } else {
            x / two + other / two
        }
    }

    /// As `core` computes it, which `num_traits::Float` does not offer.
    #[differentiate(crate = crate)]
    #[inline(always)]
    pub(super) fn div_euclid<T: Real>(x: T, m: T) -> T {
        let q = (x / m).trunc();
        if x % m >= T::zero() {
            q
        } else if m > T::zero() {
            q - T::one()
        } else {
            q + T::one()
        }
    }
}

/// A function of [`rules`] on scalars that are not known to be more than that: its values, and what its slots are.
macro_rules! on_scalars {
    ($rule:ident($($value:ident: $V:ty),*; $($slot:ident: $S:ident),*) -> $out:ty) => {{
        struct Task<V, S>(V, S);
        impl<T: Scalar, $($S: Slot<T>),*> OfReal<T> for Task<($($V,)*), ($($S,)*)> {
            type Out = $out;

            #[inline(always)]
            fn run(self) -> $out
            where
                T: Real,
            {
                let Task(($($value,)*), ($($slot,)*)) = self;
                rules::$rule($($value,)* $($slot,)*)
            }
        }
        Scalar::__as_real(Task(($($value,)*), ($($slot,)*)))
    }};
}

/// The functions themselves, for derivatives of what a trait of the user's own offers.
pub mod functions {
    use super::{rules, OfReal};
    use crate::{Real, Scalar};

    macro_rules! of_one {
        ($($name:ident $vjp:ident,)*) => {$(
            #[doc = concat!("`x.", stringify!($name), "()`")]
            #[inline(always)]
            pub fn $name<T: Scalar>(x: T) -> T {
                on_scalars!($name(x: T;) -> T)
            }
        )*};
    }
    of_one_argument!(of_one);

    macro_rules! of_two {
        ($($name:ident $vjp:ident,)*) => {$(
            #[doc = concat!("`x.", stringify!($name), "(y)`")]
            #[inline(always)]
            pub fn $name<T: Scalar>(x: T, y: T) -> T {
                on_scalars!($name(x: T, y: T;) -> T)
            }
        )*};
    }
    of_two_arguments!(of_two);
    of_two!(rem_euclid rem_euclid_vjp, div_euclid div_euclid_vjp, midpoint midpoint_vjp,);

    /// `x.powi(n)`
    #[inline(always)]
    pub fn powi<T: Scalar>(x: T, n: i32) -> T {
        on_scalars!(powi(x: T, n: i32;) -> T)
    }

    /// `x.sin_cos()`
    #[inline(always)]
    pub fn sin_cos<T: Scalar>(x: T) -> (T, T) {
        on_scalars!(sin_cos(x: T;) -> (T, T))
    }

    /// `x.mul_add(a, b)`
    #[inline(always)]
    pub fn mul_add<T: Scalar>(x: T, a: T, b: T) -> T {
        on_scalars!(mul_add(x: T, a: T, b: T;) -> T)
    }

    /// `x.clamp(low, high)`
    #[inline(always)]
    pub fn clamp<T: Scalar>(x: T, low: T, high: T) -> T {
        on_scalars!(clamp(x: T, low: T, high: T;) -> T)
    }
}

macro_rules! methods_of_one {
    ($($name:ident $vjp:ident,)*) => {$(
        #[doc = concat!("The rule of `x.", stringify!($name), "()`.")]
        #[inline(always)]
        fn $vjp(self, d_out: Self, d_self: impl Slot<Self>) -> Self {
            let x = self;
            on_scalars!($vjp(x: T, d_out: T; d_self: D) -> T)
        }
    )*};
}

macro_rules! methods_of_two {
    ($($name:ident $vjp:ident,)*) => {$(
        #[doc = concat!("The rule of `x.", stringify!($name), "(other)`.")]
        #[inline(always)]
        fn $vjp(
            self,
            other: Self,
            d_out: Self,
            d_self: impl Slot<Self>,
            d_other: impl Slot<Self>,
        ) -> Self {
            let x = self;
            on_scalars!($vjp(x: T, other: T, d_out: T; d_self: D, d_other: E) -> T)
        }
    )*};
}

/// The scalar functions of a float.
#[doc(hidden)]
pub trait RealVjp: Scalar {
    of_one_argument!(methods_of_one);
    of_two_arguments!(methods_of_two);
    methods_of_two!(rem_euclid rem_euclid_vjp, div_euclid div_euclid_vjp, midpoint midpoint_vjp,);

    /// The rule of `x.powi(n)`.
    #[inline(always)]
    fn powi_vjp(self, n: i32, d_out: Self, d_self: impl Slot<Self>, d_n: impl Sized) -> Self {
        let (x, _) = (self, d_n);
        on_scalars!(inert_powi_vjp(x: T, n: i32, d_out: T; d_self: D) -> T)
    }

    /// The rule of `x.sin_cos()`.
    #[inline(always)]
    fn sin_cos_vjp(self, d_out: (Self, Self), d_self: impl Slot<Self>) -> (Self, Self) {
        let x = self;
        on_scalars!(sin_cos_vjp(x: T, d_out: (T, T); d_self: D) -> (T, T))
    }

    /// The rule of `x.mul_add(a, b)`.
    #[inline(always)]
    fn mul_add_vjp(
        self,
        a: Self,
        b: Self,
        d_out: Self,
        d_self: impl Slot<Self>,
        d_a: impl Slot<Self>,
        d_b: impl Slot<Self>,
    ) -> Self {
        let x = self;
        on_scalars!(mul_add_vjp(x: T, a: T, b: T, d_out: T; d_self: D, d_a: E, d_b: F) -> T)
    }

    /// The rule of `x.clamp(low, high)`.
    #[inline(always)]
    fn clamp_vjp(
        self,
        low: Self,
        high: Self,
        d_out: Self,
        d_self: impl Slot<Self>,
        d_low: impl Slot<Self>,
        d_high: impl Slot<Self>,
    ) -> Self {
        let x = self;
        on_scalars!(clamp_vjp(x: T, low: T, high: T, d_out: T; d_self: D, d_low: E, d_high: F) -> T)
    }
}

impl<T: Scalar> RealVjp for T {}

/// The operators of a float, spelled out as methods: `x.rem(y)`.
#[doc(hidden)]
pub trait OperatorVjp: Scalar {
    methods_of_one!(neg neg_vjp,);
    methods_of_two!(add add_vjp, sub sub_vjp, mul mul_vjp, div div_vjp, rem rem_vjp,);
}

impl<T: Scalar> OperatorVjp for T {}
