//! `#[differentiate(inert)]`: a function that takes or gives no floats, with `f_vjp` for the sake of its callers.
//!
//! What gives none is constant wherever it has a derivative at all, so that no gradient flows through it: integers that a
//! date is rounded to, the index of an interval, a flag, text. What takes none has nowhere for a gradient to go.
//!
//! A function that picks its result from what is constant, and lends it, is inert without being told.

use syn::{Block, ReturnType, Signature};

use super::picked::is_picked;
use super::signature::{Activity, By, Outcome, Param};
use crate::diagnostics::{Errors, Slug};

/// Why nothing flows through a function.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Inert {
    /// None of its parameters carries floats that are not constant.
    TakesNone,
    /// Its result carries no floats, as far as that can be seen.
    GivesNone,
    /// Its result refers to what is constant: its parameters decide to what.
    Picks,
}

/// Whether what is lent is constant, although there are active parameters.
pub fn picks(params: &[Param], body: Option<&Block>) -> bool {
    let written = |param: &Param| param.is_active() && param.by == By::RefMut;
    params.iter().any(Param::takes_part)
        && !params.iter().any(written)
        && body.is_some_and(|body| is_picked(params, body))
}

/// Holds every parameter of a function constant that picks its result.
pub fn hold_picked(params: &mut [Param]) -> Inert {
    for param in params.iter_mut().filter(|param| param.takes_part()) {
        param.activity = Activity::Constant;
    }
    Inert::Picks
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
