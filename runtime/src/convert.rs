//! Conversions between number types by the methods of `num_traits`, and to and from types that are parameters: `T::from(x)`,
//! `x.to_f64()`, `x.into()`.

use num_traits::{Float, NumCast, ToPrimitive};

use crate::{Cotangent, Differentiable, Real, Slot};

/// A number that a cotangent can be converted back to: another float, or an integer, to which nothing flows.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "no derivative rule for a conversion of `{Self}` to a float",
    label = "this conversion cannot be differentiated"
)]
pub trait FromReal: Differentiable + ToPrimitive {
    /// The cotangent `d` of what this number was converted to, in this number's own type.
    fn from_real<T: Real>(d: T) -> Self::Cotangent;
}

macro_rules! floats {
    ($($float:ident)*) => {$(
        impl FromReal for $float {
            #[inline(always)]
            fn from_real<T: Real>(d: T) -> $float {
                between(d)
            }
        }
    )*};
}

floats!(f32 f64);

macro_rules! integers {
    ($($int:ident)*) => {$(
        impl FromReal for $int {
            #[inline(always)]
            fn from_real<T: Real>(_: T) {}
        }
    )*};
}

integers!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);

/// One float as another. Between floats the conversion does not fail.
#[inline(always)]
fn between<T: Float, U: Float>(x: T) -> U {
    <U as NumCast>::from(x).unwrap_or_else(U::nan)
}

/// The rules of conversions that name no type: `x.to_f64()`, `x.to_f32()`, on floats whose type may be a parameter.
#[doc(hidden)]
pub trait ConvertVjp: Real {
    /// The rule of `x.to_f64()`.
    #[inline(always)]
    fn to_f64_vjp(self, d_out: Option<f64>, mut d_self: impl Slot<Self>) -> Option<f64> {
        if let Some(d) = d_out {
            d_self.add(between(d));
        }
        self.to_f64()
    }

    /// The rule of `x.to_f32()`.
    #[inline(always)]
    fn to_f32_vjp(self, d_out: Option<f32>, mut d_self: impl Slot<Self>) -> Option<f32> {
        if let Some(d) = d_out {
            d_self.add(between(d));
        }
        self.to_f32()
    }
}

impl<T: Real> ConvertVjp for T {}

/// The rules of conversions from and to a float whose type is a parameter. They are a part of [`Real`], so that `T::from` and
/// `x.into()` mean these before they mean those of [`FromVjp`](crate::ops::FromVjp): that is what the compiler does with
/// what a bound offers.
#[doc(hidden)]
pub trait ConvertReal: Float + Differentiable<Cotangent = Self> + Cotangent {
    /// The rule of `T::from(x)`.
    #[inline(always)]
    fn from_vjp<X: FromReal>(
        x: X,
        d_out: Option<Self>,
        mut d_x: impl Slot<X::Cotangent>,
    ) -> Option<Self>
    where
        Self: Real,
    {
        if let Some(d) = d_out {
            d_x.add(X::from_real(d));
        }
        <Self as NumCast>::from(x)
    }

    /// The rule of `T::from_f64(x)`.
    #[inline(always)]
    fn from_f64_vjp(x: f64, d_out: Option<Self>, d_x: impl Slot<f64>) -> Option<Self>
    where
        Self: Real,
    {
        Self::from_vjp(x, d_out, d_x)
    }

    /// The rule of `T::from_f32(x)`.
    #[inline(always)]
    fn from_f32_vjp(x: f32, d_out: Option<Self>, d_x: impl Slot<f32>) -> Option<Self>
    where
        Self: Real,
    {
        Self::from_vjp(x, d_out, d_x)
    }

    /// The rule of `x.into()` from float to float.
    #[inline(always)]
    fn into_vjp<U: Real>(self, d_out: U, mut d_self: impl Slot<Self>) -> U
    where
        Self: Into<U>,
    {
        d_self.add(between(d_out));
        self.into()
    }
}

impl ConvertReal for f32 {}
impl ConvertReal for f64 {}
