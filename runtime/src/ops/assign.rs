//! The compound assignments.

use core::ops::{AddAssign, DivAssign, MulAssign, RemAssign, SubAssign};

use crate::{Differentiable, Slot, SlotMut};

macro_rules! assign {
    ($($vjp:ident: $op:ident, $method:ident, $symbol:literal, $refusal:literal;)*) => {$(
        #[doc = concat!("The rule of `a ", $symbol, " b`.")]
        #[diagnostic::on_unimplemented(
            message = $refusal,
            label = "this operator cannot be differentiated",
            note = "annotate the operator's `impl` with `#[differentiate]`",
            note = "or wrap the operation in a function `g` beside which you write a `g_vjp`",
            note = "or, if `{Self}` is a type parameter that stands for a float, say so: `#[differentiate(float({Self}))]`"
        )]
        pub trait $vjp<R = Self>: $op<R> + Differentiable
        where
            R: Differentiable,
        {
            #[doc = concat!("Does `*self ", $symbol, " rhs`. Turns `d_self` from the cotangent of the new value into that of the old one, and adds to `d_rhs`.")]
            fn $method(
                &mut self,
                rhs: R,
                d_self: impl SlotMut<Self::Cotangent>,
                d_rhs: impl Slot<R::Cotangent>,
            );
        }
    )*};
}

assign! {
    AddAssignVjp: AddAssign, add_assign_vjp, "+=", "no derivative rule for `{Self} += {R}`";
    SubAssignVjp: SubAssign, sub_assign_vjp, "-=", "no derivative rule for `{Self} -= {R}`";
    MulAssignVjp: MulAssign, mul_assign_vjp, "*=", "no derivative rule for `{Self} *= {R}`";
    DivAssignVjp: DivAssign, div_assign_vjp, "/=", "no derivative rule for `{Self} /= {R}`";
    RemAssignVjp: RemAssign, rem_assign_vjp, "%=", "no derivative rule for `{Self} %= {R}`";
}
