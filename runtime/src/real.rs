//! The scalars: `f32` and `f64`, and what generic code may ask of them.

use core::fmt::{Debug, Display};
use core::iter::{Product, Sum};
use core::ops::{
    Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Rem, RemAssign, Sub, SubAssign,
};

use num_traits::{Float, FloatConst, NumAssign};

use crate::convert::{ConvertReal, FromReal};
use crate::ops::{
    AddAssignVjp, AddVjp, DivAssignVjp, DivVjp, MulAssignVjp, MulVjp, NegVjp, RemAssignVjp, RemVjp,
    SubAssignVjp, SubVjp,
};
use crate::{Cotangent, Differentiable, Parameters};

/// A scalar, `f32` or `f64`, of which no more is said than that: what the siblings of a function ask of a type parameter
/// that is bounded by a trait of the user's own.
///
/// Such a trait may have methods and constants by any name, `sqrt`, `zero`, `PI`, and its bound is not to be ambiguous in
/// the siblings. So this trait has its operators, and no function that could be called by name; [`Real`] has them all.
///
/// ```
/// use tapeless::differentiate;
///
/// trait Scalar: Copy + core::ops::Mul<Output = Self> {
///     fn sqrt(self) -> Self;
/// }
///
/// impl Scalar for f64 {
///     fn sqrt(self) -> f64 {
///         f64::sqrt(self)
///     }
/// }
///
/// #[differentiate]
/// fn mean<S: Scalar>(x: S, y: S) -> S {
///     (x * y).sqrt()
/// }
///
/// // `mean_grad` is there for `S: Scalar + tapeless::Scalar`.
/// assert_eq!(mean_grad(4.0, 9.0), (0.75, 1.0 / 3.0));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a scalar",
    note = "`tapeless::Scalar` is implemented for `f32` and `f64`",
    note = "if `{Self}` is a type parameter that stands for one of them, say so: `#[differentiate(float({Self}))]`, or add the bound to its trait"
)]
pub trait Scalar:
    Copy
    + PartialOrd
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Rem<Output = Self>
    + Neg<Output = Self>
    + AddAssign
    + SubAssign
    + MulAssign
    + DivAssign
    + RemAssign
    + Differentiable<Cotangent = Self>
    + Cotangent
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
    + Send
    + Sync
    + 'static
{
    /// A literal of generated code, rounded to this type.
    #[doc(hidden)]
    fn __lit(value: f64) -> Self;

    /// Does what needs to know that this is a real scalar.
    #[doc(hidden)]
    fn __as_real<K: OfReal<Self>>(task: K) -> K::Out;
}

/// What is done with a scalar once it is known to be [`Real`].
#[doc(hidden)]
pub trait OfReal<T> {
    /// What comes out.
    type Out;

    /// Does it.
    fn run(self) -> Self::Out
    where
        T: Real;
}

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
    Scalar
    + Float
    + FloatConst
    + NumAssign
    + Parameters<Scalar = Self>
    + FromReal
    + ConvertReal
    + Sum
    + Product
    + Default
    + Debug
    + Display
{
}

macro_rules! floats {
    ($($float:ident)*) => {$(
        impl Scalar for $float {
            #[inline(always)]
            fn __lit(value: f64) -> Self {
                value as $float
            }

            #[inline(always)]
            fn __as_real<K: OfReal<Self>>(task: K) -> K::Out {
                task.run()
            }
        }

        impl Real for $float {}
    )*};
}

floats!(f32 f64);
