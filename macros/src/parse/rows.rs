//! How many rows a Jacobian has: the floats of the result, where its type tells their number.

use proc_macro2::Span;
use syn::{Ident, Type};

use super::signature::{short, By, Outcome, Param};
use super::types;
use crate::diagnostics::{Errors, Slug};

/// Beyond so many the code would be too long: there is a reverse sweep for each.
const MOST: usize = 16;

/// The number of rows, of a function that has a Jacobian.
pub fn count(outcome: &Outcome, params: &[Param], reals: &[Ident]) -> Option<usize> {
    let Outcome::Many(ty) = outcome else {
        return None;
    };
    let rows = floats(ty, reals).filter(|rows| (1..=MOST).contains(rows));
    rows.filter(|_| written(params).is_none() && handed(params).is_none())
}

/// Refuses what [`count`] does not count.
pub fn check(
    option: Span,
    outcome: &Outcome,
    params: &[Param],
    reals: &[Ident],
    errors: &mut Errors,
) {
    if count(outcome, params, reals).is_some() || matches!(outcome, Outcome::Refused) {
        return;
    }
    if let Some(param) = handed(params) {
        let detail = format!("a function that is handed `{}`", param.name);
        return errors.refuse_with(Slug::Jacobian, param.name.span(), &detail);
    }
    match (written(params), outcome.ty()) {
        (Some(param), _) => {
            let detail = format!("a function that writes through `{}`", param.name);
            errors.refuse_with(Slug::Jacobian, param.name.span(), &detail);
        }
        (None, Some(ty)) => {
            let detail = format!("a result of type `{}`", short(ty));
            errors.refuse_tokens(Slug::Jacobian, ty, &detail);
        }
        (None, None) => errors.refuse_with(Slug::Jacobian, option, "a function without a result"),
    }
}

fn floats(ty: &Type, reals: &[Ident]) -> Option<usize> {
    match types::peel(ty) {
        Type::Tuple(tuple) => {
            let mut parts = tuple.elems.iter();
            let all = parts.all(|part| types::is_float(types::peel(part), reals));
            all.then_some(tuple.elems.len())
        }
        ty => types::float_array(ty, reals),
    }
}

fn handed(params: &[Param]) -> Option<&Param> {
    params.iter().find(|param| param.is_function())
}

fn written(params: &[Param]) -> Option<&Param> {
    let mut params = params.iter();
    params.find(|param| param.by == By::RefMut)
}
