//! Values that are taken to carry no floats, by the name of the method that gives them: `v.len()`. What method the compiler finds on
//! `&&Looked(&value)` says whether they do: of the traits below it tries them in their order.

use crate::{Differentiable, Scalar};

/// What a method gave.
pub struct Looked<'v, T: ?Sized>(pub &'v T);

/// What carries floats, whatever type of float that is.
pub trait Floats {}

impl<T: Scalar> Floats for T {}
impl<T: Floats> Floats for Option<T> {}
impl<T: Floats, E> Floats for Result<T, E> {}
impl<T: Floats, const N: usize> Floats for [T; N] {}

/// Nothing that carries floats is this. It is a trait for the sake of its message.
#[diagnostic::on_unimplemented(
    message = "this cannot be differentiated: by the name of its method it is taken to carry no floats, but it is a `{Self}`",
    note = "call the method by its path, `Vector::len(&v)`, or put `#[differentiate]` on it under another name: then its rule is used"
)]
pub trait NoFloats {}

/// Floats.
pub trait Scalars {
    /// The value.
    type Value;

    /// Never holds.
    fn confirm(&self)
    where
        Self::Value: NoFloats,
    {
    }
}

impl<T: Floats> Scalars for &Looked<'_, T> {
    type Value = T;
}

/// What may carry some.
pub trait Carrying {
    /// Holds where the cotangent has no room for a float.
    fn confirm(&self);
}

impl<T: Differentiable> Carrying for &&Looked<'_, T> {
    fn confirm(&self) {
        const {
            assert!(
                core::mem::size_of::<T::Cotangent>() <= 1,
                "a method is taken to give no floats by its name, but gives some: call it by its path"
            );
        }
    }
}

/// What has no cotangent.
pub trait Other {
    /// Holds.
    fn confirm(&self) {}
}

impl<T: ?Sized> Other for Looked<'_, T> {}

#[cfg(test)]
mod tests {
    // All of them, as generated code has it: which is used is what is tested.
    #[allow(unused_imports)]
    use super::{Carrying as _, Looked, Other as _, Scalars as _};
    use core::cmp::Ordering;

    struct Plain;

    #[test]
    #[allow(clippy::needless_borrow)]
    fn counts_carry_none() {
        (&&Looked(&3_usize)).confirm();
        (&&Looked(&Some(3_i32))).confirm();
        (&&Looked(&Ordering::Less)).confirm();
        (&&Looked(&Plain)).confirm();
    }
}
