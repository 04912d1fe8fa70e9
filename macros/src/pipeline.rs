//! The stages in order.

use proc_macro2::TokenStream;
use quote::quote;

use crate::diagnostics::{fallback, Errors};
use crate::parse::function::Function;
use crate::parse::signature::Param;
use crate::{analyse, differentiate, emit, lower, parse};

/// `#[differentiate(attr)] item`
pub fn expand(attr: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::new();
    let input = parse::parse(attr, item.clone(), &mut errors);
    print(input, item, errors)
}

/// `#[derivative(attr)] item`
pub fn expand_derivative(attr: TokenStream, item: TokenStream) -> TokenStream {
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
    let active: Vec<bool> = function.params.iter().map(Param::is_active).collect();
    let primal = lower::lower(&request(function, &active)?, errors)?;
    let facts = analyse::analyse(&primal);
    let adjoint = differentiate::adjoint(&primal, &facts, errors)?;
    let given = adjoint.d_out.into_iter().chain(adjoint.slots.into_iter().flatten()).collect();
    let context = emit::Context { crate_path: function.options.tapeless.clone(), given };
    Some(emit::body(&adjoint.function, &context))
}

fn request<'a>(function: &'a Function, active: &'a [bool]) -> Option<lower::Request<'a>> {
    Some(lower::Request {
        sig: &function.sig,
        block: function.body.as_ref()?,
        active,
        reals: &function.reals,
        self_ty: function.home.self_ty(),
    })
}
