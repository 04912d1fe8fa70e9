//! `expr as T` where the type of `expr` is not visible to the macro.

use crate::{Differentiable, Slot};

/// The rule of `x as T`: the cotangent is converted back between floats, and nothing flows where an
/// integer, `bool` or `char` is involved (a cast to an integer is flat wherever it is defined).
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "no derivative rule for a cast of `{Self}` to `{T}`",
    label = "this cast cannot be differentiated"
)]
pub trait CastVjp<T: Differentiable>: Differentiable {
    /// Returns `self as T`, and adds to the slot what `d_out`, the cotangent of that value,
    /// contributes to `self`.
    fn cast_vjp(self, d_out: T::Cotangent, d_self: impl Slot<Self::Cotangent>) -> T;
}

macro_rules! between_floats {
    ($($from:ident as $($to:ident),*;)*) => {$($(
        impl CastVjp<$to> for $from {
            #[inline(always)]
            fn cast_vjp(self, d: $to, mut d_self: impl Slot<$from>) -> $to {
                d_self.add(d as $from);
                self as $to
            }
        }
    )*)*};
}

between_floats! {
    f32 as f32, f64;
    f64 as f32, f64;
}

macro_rules! inert {
    ($($from:ident as $($to:ident),*;)*) => {$($(
        impl CastVjp<$to> for $from {
            #[inline(always)]
            fn cast_vjp(
                self,
                _: <$to as Differentiable>::Cotangent,
                _: impl Slot<<$from as Differentiable>::Cotangent>,
            ) -> $to {
                self as $to
            }
        }
    )*)*};
}

macro_rules! integers {
    ($($int:ident),*) => {
        $(inert! { $int as f32, f64, i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize; })*
        inert! {
            f32 as $($int),*;
            f64 as $($int),*;
            bool as $($int),*;
            char as $($int),*;
        }
    };
}

integers!(i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize);

inert! {
    u8 as char;
    char as char;
    bool as bool;
}
