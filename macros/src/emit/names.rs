//! Names of what is generated.

use proc_macro2::{Ident, Span};
use quote::format_ident;
use syn::ext::IdentExt;

/// `d_x`, the slot of parameter `x`.
pub fn slot(param: &Ident) -> Ident {
    format_ident!("d_{}", param.unraw(), span = hygienic(param.span()))
}

/// `d_out`, the cotangent of the result.
pub fn d_out() -> Ident {
    Ident::new("d_out", Span::mixed_site())
}

/// `f_vjp`: a sibling, seen by everybody, at the place of the user's name.
pub fn sibling(base: &Ident, suffix: &str) -> Ident {
    format_ident!("{}_{}", base.unraw(), suffix, span = base.span())
}

fn hygienic(span: Span) -> Span {
    Span::mixed_site().located_at(span)
}
