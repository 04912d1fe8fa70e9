//! The scalars: `f32`, `f64`, and what generic code may ask of them.

use core::fmt::{Debug, Display};
use core::iter::{Product, Sum};

use num_traits::{Float, FloatConst, NumAssign};

use crate::convert::{ConvertReal, FromReal};
use crate::ops::{
    AddAssignVjp, AddVjp, DivAssignVjp, DivVjp, MulAssignVjp, MulVjp, NegVjp, RemAssignVjp, RemVjp,
    SubAssignVjp, SubVjp,
};
use crate::{Cotangent, Differentiable, Parameters};

/// A real scalar, `f32` or `f64`: the bound of differentiable code that is generic over precision.
///
/// It is its own cotangent, and its operators follow the protocol of [`ops`](crate::ops), so that a
/// generic body may meet it where the type of an operand is not visible.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a real scalar",
    note = "`tapeless::Real` is implemented for `f32` and `f64`",
    note = "a function has a gradient if it returns one of them, or a `Result` or `Option` of one; any other has its `_vjp`"
)]
pub trait Real:
    Float
    + FloatConst
    + NumAssign
    + Differentiable<Cotangent = Self>
    + Cotangent
    + Parameters<Scalar = Self>
    + AddVjp
    + SubVjp
    + MulVjp
    + DivVjp
    + RemVjp
    + NegVjp
    + AddAssignVjp
    + SubAssignVjp
    + MulAssignVjp
    + DivAssignVjp
    + RemAssignVjp
    + FromReal
    + ConvertReal
    + Sum
    + Product
    + Default
    + Debug
    + Display
    + Send
    + Sync
    + 'static
{
    /// A literal of generated code, rounded to this type.
    #[doc(hidden)]
    fn __lit(value: f64) -> Self;
}

impl Real for f32 {
    #[inline(always)]
    fn __lit(value: f64) -> Self {
        value as f32
    }
}

impl Real for f64 {
    #[inline(always)]
    fn __lit(value: f64) -> Self {
        value
    }
}
