//! `#[derivative(x = formula)]`: scalar functions with known partial derivatives.

use proc_macro2::TokenStream;
use syn::ext::IdentExt;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Expr, Ident, MetaNameValue, Token, Type};

use super::function::Function;
use super::signature::{Outcome, Param};
use super::{spelling, types};
use crate::diagnostics::{Errors, Slug};

/// The partial derivative with respect to one parameter.
#[derive(Clone, Debug)]
pub struct Formula {
    pub param: Ident,
    pub partial: Expr,
}

/// Reads the formulas.
pub fn parse(attr: TokenStream, errors: &mut Errors) -> Vec<Formula> {
    let last = attr.clone().into_iter().last();
    let pairs = Punctuated::<MetaNameValue, Token![,]>::parse_terminated.parse2(attr);
    let pairs = match pairs {
        Ok(pairs) => pairs,
        Err(error) => {
            // What is missing at the end is missed behind the last token.
            let at_end = error.to_string().starts_with("unexpected end");
            let span = last.filter(|_| at_end).map_or(error.span(), |t| t.span());
            errors.refuse(Slug::MalformedDerivative, span);
            return Vec::new();
        }
    };
    let mut formulas: Vec<Formula> = Vec::new();
    for pair in pairs {
        let Ok(param) = pair.path.require_ident().cloned() else {
            errors.refuse_tokens(Slug::MalformedDerivative, &pair.path, "");
            continue;
        };
        if formulas.iter().any(|formula| formula.param == param) {
            let detail = format!("`{}`", param.unraw());
            errors.refuse_with(Slug::DerivativeRepeated, param.span(), &detail);
        }
        formulas.push(Formula {
            param,
            partial: pair.value,
        });
    }
    formulas
}

/// Checks that there is one formula for each active parameter, and that all are scalars.
pub fn check(formulas: Vec<Formula>, function: &Function, errors: &mut Errors) -> Vec<Formula> {
    for formula in &formulas {
        let name = formula.param.unraw().to_string();
        let names = function
            .params
            .iter()
            .map(|param| param.name.unraw().to_string());
        if !names.clone().any(|known| known == name) {
            let detail = format!("`{name}`{}", spelling::did_you_mean(&name, names));
            errors.refuse_with(Slug::DerivativeUnknown, formula.param.span(), &detail);
        }
    }
    // A formula that was meant for a parameter, but is not understood, is no formula that is missing.
    let understood = errors.is_empty();
    for param in &function.params {
        if param.name == "out" {
            errors.refuse(Slug::DerivativeReserved, param.name.span());
        }
        if param.takes_part() {
            check_param(param, &formulas, understood, errors);
        }
    }
    if !matches!(function.outcome, Outcome::Float(_) | Outcome::Named(_)) {
        errors.refuse_tokens(Slug::DerivativeScalar, &function.sig.output, "");
    }
    formulas
}

fn check_param(param: &Param, formulas: &[Formula], understood: bool, errors: &mut Errors) {
    let known = |formula: &Formula| formula.param.unraw() == param.name.unraw();
    if !formulas.iter().any(known) {
        if understood {
            let detail = format!("`{}`", param.name.unraw());
            errors.refuse_with(Slug::DerivativeMissing, param.name.span(), &detail);
        }
    } else if !is_scalar(&param.ty) {
        errors.refuse_tokens(Slug::DerivativeScalar, &param.ty, "");
    }
}

/// Whether the type may be a float by value: a name without a container's arguments.
fn is_scalar(ty: &Type) -> bool {
    let aggregate = ["Vec", "Box", "Option", "Result"];
    match types::as_path(ty) {
        Some(path) => !aggregate.iter().any(|name| types::ends_with(path, name)),
        None => matches!(types::peel(ty), Type::Path(_)),
    }
}
