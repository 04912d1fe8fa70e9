//! Names of generated code.

use proc_macro2::{Ident, Span};
use quote::format_ident;
use syn::ext::IdentExt;

/// The cotangent of the result, a parameter of `f_vjp`: `d_out`.
pub fn seed() -> Ident {
    Ident::new("d_out", Span::mixed_site())
}

/// The slot of a parameter, a parameter of `f_vjp`: `d_x`.
pub fn slot(param: &Ident) -> Ident {
    hygienic(&format_ident!("d_{}", param.unraw()))
}

/// The sibling of a function: `g_vjp` for `g`. It keeps the span, so that what is missing is reported at `g`.
pub fn sibling(function: &Ident, suffix: &str) -> Ident {
    Ident::new(&format!("{}_{suffix}", function.unraw()), function.span())
}

/// The same text, resolved where the macro stands.
fn hygienic(name: &Ident) -> Ident {
    let mut name = name.clone();
    name.set_span(Span::mixed_site().located_at(name.span()));
    name
}
