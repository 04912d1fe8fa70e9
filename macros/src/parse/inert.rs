//! `#[differentiate(inert)]`: a function without floats in its result, which has `f_vjp` for the sake of its callers.
//!
//! What it gives is constant wherever it has a derivative at all, so that no gradient flows through it: integers that a
//! date is rounded to, the index of an interval, a flag, text.

use syn::{ReturnType, Signature};

use super::signature::{Activity, By, Outcome, Param};
use crate::diagnostics::{Errors, Slug};

/// Holds every parameter constant; refuses what carries floats out of the function.
pub fn hold(sig: &Signature, outcome: &Outcome, params: &mut [Param], errors: &mut Errors) {
    if let (Outcome::Float(_) | Outcome::Option(_) | Outcome::Result(_), ReturnType::Type(_, ty)) =
        (outcome, &sig.output)
    {
        errors.refuse_tokens(Slug::InertFloats, ty, "its result");
    }
    for param in params.iter_mut().filter(|param| param.is_active()) {
        if param.by == By::RefMut {
            errors.refuse_tokens(Slug::InertFloats, &param.ty, "this parameter");
        }
        param.activity = Activity::Constant;
    }
}
