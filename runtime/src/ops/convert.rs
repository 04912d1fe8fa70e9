//! Conversions by `From` and `Into`.

use crate::convert::FromReal;
use crate::{Differentiable, Slot};

/// The rule of `S::from(value)`, one per type that it is made from.
#[diagnostic::on_unimplemented(
    message = "no derivative rule for `{Self}::from` of a `{T}`",
    label = "this conversion cannot be differentiated",
    note = "annotate the `impl From<{T}> for {Self}` with `#[differentiate]`"
)]
pub trait FromVjp<T>: From<T> + Differentiable {
    /// What the slot of the value is for: the value's cotangent, `[C]` for a slice, `()` for what is constant.
    type Place: ?Sized;

    /// Returns `Self::from(value)`, and adds to the slot what `d_out`, the cotangent of that, contributes to the value.
    fn from_vjp(value: T, d_out: Self::Cotangent, d_value: impl Slot<Self::Place>) -> Self;
}

/// The rule of `value.into()`: that of [`FromVjp`], as with `Into` and `From`.
#[diagnostic::on_unimplemented(
    message = "no derivative rule for `{Self}::into` a `{U}`",
    label = "this conversion cannot be differentiated",
    note = "annotate the `impl From<{Self}> for {U}` with `#[differentiate]`"
)]
pub trait IntoVjp<U: Differentiable>: Into<U> {
    /// What the slot of the value is for, as in [`FromVjp::Place`].
    type Place: ?Sized;

    /// Returns `self.into()`, and adds to the slot what `d_out`, the cotangent of that, contributes to `self`.
    fn into_vjp(self, d_out: U::Cotangent, d_self: impl Slot<Self::Place>) -> U;
}

impl<T, U: FromVjp<T>> IntoVjp<U> for T {
    type Place = U::Place;

    #[inline(always)]
    fn into_vjp(self, d_out: U::Cotangent, d_self: impl Slot<Self::Place>) -> U {
        U::from_vjp(self, d_out, d_self)
    }
}

/// Nothing changes.
impl<T: Differentiable> FromVjp<T> for T {
    type Place = T::Cotangent;

    #[inline(always)]
    fn from_vjp(value: T, d_out: T::Cotangent, mut d_value: impl Slot<T::Cotangent>) -> T {
        d_value.add(d_out);
        value
    }
}

macro_rules! floats {
    ($($float:ident: $($source:ident)*;)*) => {$($(
        /// From what converts without loss: another float, or an integer, to which nothing flows.
        impl FromVjp<$source> for $float {
            type Place = <$source as Differentiable>::Cotangent;

            #[inline(always)]
            fn from_vjp(value: $source, d_out: $float, mut d_value: impl Slot<Self::Place>) -> $float {
                d_value.add(<$source as FromReal>::from_real(d_out));
                <$float as From<$source>>::from(value)
            }
        }
    )*)*};
}

floats! {
    f32: i8 i16 u8 u16;
    f64: i8 i16 i32 u8 u16 u32 f32;
}
