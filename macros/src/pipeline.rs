//! The stages in order.

use proc_macro2::TokenStream;
use quote::quote;

use crate::diagnostics::{fallback, Errors};
use crate::parse::function::Function;
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

fn adjoint(_function: &Function, _errors: &mut Errors) -> Option<TokenStream> {
    None
}
