//! Gradients of functions whose result type the macro cannot see through.

use crate::{Differentiable, Scalar};

/// The result of a function that has a gradient: one float, or an `Option` or `Result` of one.
///
/// The lifetime says nothing. A bound that mentions a lifetime parameter of the generated function
/// is checked where that function is called, not where it is defined, so that `f_grad` may be
/// emitted beside an `f` whose result turns out to have no gradient: the error then meets who calls
/// `f_grad`, and nobody else.
///
/// For the same reason `Differentiable` is no supertrait: it would hide, inside the generated
/// function, what is known of the cotangent.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "a function that returns `{Self}` has no gradient",
    label = "`{Self}` is not one float",
    note = "gradients exist for functions that return one float (`f32`, `f64`, `T: Real`), or a `Result` or `Option` of one; for anything else there is the `_vjp` of the function"
)]
pub trait Seed<'t>: Sized {
    /// `G` in the same wrapper as the float.
    type Grad<G>;
    /// `(Y, G)` in the same wrapper as the float `Y`.
    type ValueAndGrad<G>;

    /// The cotangent 1.
    fn one() -> Self::Cotangent
    where
        Self: Differentiable;

    /// `gradient`, if there was a value.
    fn grad<G>(self, gradient: G) -> Self::Grad<G>;

    /// The value beside `gradient`, if there was one.
    fn value_and_grad<G>(self, gradient: G) -> Self::ValueAndGrad<G>;
}

impl<T: Scalar> Seed<'_> for T {
    type Grad<G> = G;
    type ValueAndGrad<G> = (T, G);

    #[inline(always)]
    fn one() -> T {
        T::__lit(1.0)
    }

    #[inline(always)]
    fn grad<G>(self, gradient: G) -> G {
        gradient
    }

    #[inline(always)]
    fn value_and_grad<G>(self, gradient: G) -> (T, G) {
        (self, gradient)
    }
}

impl<T: Scalar> Seed<'_> for Option<T> {
    type Grad<G> = Option<G>;
    type ValueAndGrad<G> = Option<(T, G)>;

    #[inline(always)]
    fn one() -> <Self as Differentiable>::Cotangent {
        one_in_option::<T>()
    }

    #[inline(always)]
    fn grad<G>(self, gradient: G) -> Option<G> {
        self.map(|_| gradient)
    }

    #[inline(always)]
    fn value_and_grad<G>(self, gradient: G) -> Option<(T, G)> {
        self.map(|value| (value, gradient))
    }
}

impl<T: Scalar, E> Seed<'_> for Result<T, E> {
    type Grad<G> = Result<G, E>;
    type ValueAndGrad<G> = Result<(T, G), E>;

    #[inline(always)]
    fn one() -> <Self as Differentiable>::Cotangent {
        one_in_result::<T, E>()
    }

    #[inline(always)]
    fn grad<G>(self, gradient: G) -> Result<G, E> {
        self.map(|_| gradient)
    }

    #[inline(always)]
    fn value_and_grad<G>(self, gradient: G) -> Result<(T, G), E> {
        self.map(|value| (value, gradient))
    }
}

// The bound on `one` hides, inside its implementations, what the cotangent is. Here it is known.

#[inline(always)]
fn one_in_option<T: Scalar>() -> <Option<T> as Differentiable>::Cotangent {
    Some(T::__lit(1.0))
}

#[inline(always)]
fn one_in_result<T: Scalar, E>() -> <Result<T, E> as Differentiable>::Cotangent {
    Some(T::__lit(1.0))
}
