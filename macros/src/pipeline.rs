//! The stages in order.

use proc_macro2::TokenStream;
use quote::quote;

use crate::analyse::analyse;
use crate::diagnostics::{fallback, Errors, Slug};
use crate::differentiate::Adjoint;
use crate::emit::Context;
use crate::ir::{verify, Var};
use crate::lower::{self, Request};
use crate::parse::function::Function;
use crate::simplify::simplify;
use crate::{emit, parse};

/// `#[differentiate(attr)] item`
pub fn differentiate(attr: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::new();
    let input = parse::parse(attr, item.clone(), &mut errors);
    print(input, item, errors)
}

/// `#[derivative(attr)] item`
pub fn derivative(attr: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::new();
    let input = parse::parse_derivative(attr, item.clone(), &mut errors);
    print(input, item, errors)
}

/// The item with its siblings, and whatever was refused.
fn print(input: Option<parse::Input>, item: TokenStream, mut errors: Errors) -> TokenStream {
    let output = match &input {
        Some(input) => emit::item::emit(input, &mut |function| body(function, &mut errors)),
        None => item,
    };
    let errors = errors.into_compile_errors();
    quote!(#output #errors)
}

/// The body of `f_vjp`: forward sweep, reverse sweep, result.
fn body(function: &Function, errors: &mut Errors) -> TokenStream {
    let adjoint = function.sound.then(|| adjoint(function, errors)).flatten();
    adjoint.unwrap_or_else(|| fallback::body(&function.sig.ident))
}

fn adjoint(function: &Function, errors: &mut Errors) -> Option<TokenStream> {
    let active: Vec<bool> = function.params.iter().map(|p| p.is_active()).collect();
    let request = Request {
        sig: &function.sig,
        block: function.body.as_ref()?,
        active: &active,
        reals: &function.reals,
        self_ty: function.home.self_ty(),
    };
    let primal = lower::lower(&request, errors)?;
    verified(verify::primal(&primal), function, errors)?;
    let facts = analyse(&primal);
    let mut adjoint = crate::differentiate::adjoint(&primal, &facts, errors)?;
    name_slots(function, &mut adjoint);
    let given: Vec<Var> = adjoint.d_out.into_iter().chain(adjoint.slots.into_iter().flatten()).collect();
    verified(verify::adjoint(&adjoint.function, &given), function, errors)?;
    let simplified = simplify(adjoint.function);
    verified(verify::adjoint(&simplified, &given), function, errors)?;
    let context = Context { crate_path: function.options.tapeless.clone(), given };
    Some(emit::body(&simplified, &context))
}

/// The slots are called in the body as in the signature.
fn name_slots(function: &Function, adjoint: &mut Adjoint) {
    for (param, slot) in function.params.iter().zip(&adjoint.slots) {
        if let Some(info) = slot.and_then(|slot| adjoint.function.vars.get_mut(slot.0)) {
            info.name = emit::names::slot(&param.name);
        }
    }
}

/// A fault in the IR is a bug of ours: reported as such, never a panic, and no code comes out.
fn verified(faults: Vec<String>, function: &Function, errors: &mut Errors) -> Option<()> {
    let Some(fault) = faults.first() else { return Some(()) };
    errors.refuse_with(Slug::Internal, function.sig.ident.span(), fault);
    None
}
