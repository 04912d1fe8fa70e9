//! The binary operators and negation, by value.

use core::ops::{Add, Div, Mul, Neg, Rem, Sub};

use crate::{Differentiable, Slot};

/// The cotangent of what an operator returns.
type OutputCotangent<T> = <T as Differentiable>::Cotangent;

macro_rules! binary {
    ($($vjp:ident: $op:ident, $method:ident, $symbol:literal, $refusal:literal;)*) => {$(
        #[doc = concat!("The rule of `a ", $symbol, " b`.")]
        #[diagnostic::on_unimplemented(
            message = $refusal,
            label = "this operator cannot be differentiated",
            note = "annotate the operator's `impl` with `#[differentiate]`",
            note = "or wrap the operation in a function `g` beside which you write a `g_vjp`",
            note = "or, if `{Self}` is a type parameter that stands for a float, say so: `#[differentiate(float({Self}))]`"
        )]
        pub trait $vjp<R = Self>: $op<R> + Differentiable + Sized
        where
            R: Differentiable,
            Self::Output: Differentiable,
        {
            #[doc = concat!("Returns `self ", $symbol, " rhs`, and adds to the slots what `d_out`, the cotangent of that value, contributes to the operands.")]
            fn $method(
                self,
                rhs: R,
                d_out: OutputCotangent<Self::Output>,
                d_self: impl Slot<Self::Cotangent>,
                d_rhs: impl Slot<R::Cotangent>,
            ) -> Self::Output;
        }
    )*};
}

binary! {
    AddVjp: Add, add_vjp, "+", "no derivative rule for `{Self} + {R}`";
    SubVjp: Sub, sub_vjp, "-", "no derivative rule for `{Self} - {R}`";
    MulVjp: Mul, mul_vjp, "*", "no derivative rule for `{Self} * {R}`";
    DivVjp: Div, div_vjp, "/", "no derivative rule for `{Self} / {R}`";
    RemVjp: Rem, rem_vjp, "%", "no derivative rule for `{Self} % {R}`";
}

/// The rule of `-a`.
#[diagnostic::on_unimplemented(
    message = "no derivative rule for `-{Self}`",
    label = "this operator cannot be differentiated",
    note = "annotate the operator's `impl` with `#[differentiate]`",
    note = "or wrap the operation in a function `g` beside which you write a `g_vjp`",
    note = "or, if `{Self}` is a type parameter that stands for a float, say so: `#[differentiate(float({Self}))]`"
)]
pub trait NegVjp: Neg + Differentiable + Sized
where
    Self::Output: Differentiable,
{
    /// Returns `-self`, and adds to the slot what `d_out`, the cotangent of that value, contributes
    /// to the operand.
    fn neg_vjp(
        self,
        d_out: OutputCotangent<Self::Output>,
        d_self: impl Slot<Self::Cotangent>,
    ) -> Self::Output;
}
