//! `#[differentiate(inert)]`: a function that takes or gives no floats, with `f_vjp` for the sake of its callers.
//!
//! What gives none is constant wherever it has a derivative at all, so that no gradient flows through it: integers that a
//! date is rounded to, the index of an interval, a flag, text. What takes none has nowhere for a gradient to go.

use syn::{ReturnType, Signature};

use super::signature::{Activity, By, Outcome, Param};
use crate::diagnostics::{Errors, Slug};

/// Why nothing flows through a function.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Inert {
    /// None of its parameters carries floats that are not constant.
    TakesNone,
    /// Its result carries no floats, as far as that can be seen.
    GivesNone,
}

/// Holds every parameter constant; refuses what carries floats through the function.
pub fn hold(
    sig: &Signature,
    outcome: &Outcome,
    params: &mut [Param],
    errors: &mut Errors,
) -> Inert {
    if !params.iter().any(Param::takes_part) {
        return Inert::TakesNone;
    }
    if let (Outcome::Float(_) | Outcome::Option(_) | Outcome::Result(_), ReturnType::Type(_, ty)) =
        (outcome, &sig.output)
    {
        errors.refuse_tokens(Slug::InertFloats, ty, "its result");
    }
    for param in params.iter_mut().filter(|param| param.takes_part()) {
        if param.by == By::RefMut {
            errors.refuse_tokens(Slug::InertFloats, &param.ty, "this parameter");
        }
        param.activity = Activity::Constant;
    }
    Inert::GivesNone
}
