//! What all siblings share: attributes, parameters, how they call one another.

use proc_macro2::TokenStream;
use quote::{quote, ToTokens};
use syn::{AttrStyle, Attribute, FnArg, GenericParam, Generics, Ident, Meta, Pat, ReceiverKind};

use crate::emit::names;
use crate::parse::function::{Function, Home};

/// A sibling's documentation, attributes, visibility and name: everything before the parameters.
///
/// A small one is inlined wherever it is called, unless the user says otherwise of the function.
pub fn head(
    function: &Function,
    suffix: &str,
    doc: &str,
    generics: &Generics,
    is_small: bool,
) -> TokenStream {
    let (vis, name) = (&function.vis, name(function, suffix));
    let attrs = inherited(function, is_small);
    let params = &generics.params;
    let params = (!params.is_empty()).then(|| quote!(<#params>));
    quote! {
        #[doc = #doc]
        #attrs
        #vis fn #name #params
    }
}

/// The name of a sibling.
pub fn name(function: &Function, suffix: &str) -> Ident {
    let base = function
        .options
        .name
        .as_ref()
        .unwrap_or(&function.sig.ident);
    names::sibling(base, suffix)
}

/// Attributes that mean the same on a sibling, and silence for the lints that generated code may trip.
fn inherited(function: &Function, is_small: bool) -> TokenStream {
    let attrs: Vec<Attribute> = function.attrs.iter().map(outer).collect();
    let kept: Vec<TokenStream> = attrs.iter().filter_map(inherit).collect();
    let inline = attrs.iter().find(|attr| attr.path().is_ident("inline"));
    let inline = match inline {
        Some(attr) if !(is_small && matches!(attr.meta, Meta::Path(_))) => quote!(#attr),
        _ if is_small => quote!(#[inline(always)]),
        _ => quote!(#[inline]),
    };
    let inline = (!declared(function)).then_some(inline);
    quote! {
        #(#kept)*
        #inline
        #[allow(
            warnings, unused, deprecated, non_snake_case, single_use_lifetimes, unused_lifetimes, unused_qualifications,
            unused_results, trivial_casts, trivial_numeric_casts, clippy::all, clippy::pedantic, clippy::nursery,
            clippy::restriction
        )]
    }
}

/// The attribute where it stands before the function: `#![…]` at the head of a body means the same.
fn outer(attr: &Attribute) -> Attribute {
    Attribute {
        style: AttrStyle::Outer,
        ..attr.clone()
    }
}

fn inherit(attr: &Attribute) -> Option<TokenStream> {
    let name = attr.path().get_ident()?.to_string();
    match name.as_str() {
        "cfg" | "allow" | "warn" | "deny" | "deprecated" => Some(quote!(#attr)),
        // A sibling need not meet the expectation, and could not loosen what is forbidden.
        "expect" | "forbid" => {
            let list = &attr.meta.require_list().ok()?.tokens;
            let level = if name == "expect" {
                quote!(allow)
            } else {
                quote!(deny)
            };
            Some(quote!(#[#level(#list)]))
        }
        "doc" => {
            let list = attr.meta.require_list().ok()?;
            (list.tokens.to_string() == "hidden").then(|| quote!(#attr))
        }
        _ => None,
    }
}

/// The parameters of the function; bindings are `mut` where the user's are and `keep_mut` says so.
pub fn params(function: &Function, keep_mut: bool) -> Vec<TokenStream> {
    function
        .sig
        .inputs
        .iter()
        .map(|input| param(input, keep_mut))
        .collect()
}

fn param(input: &FnArg, keep_mut: bool) -> TokenStream {
    match input {
        FnArg::Receiver(receiver) => {
            let mut receiver = receiver.clone();
            receiver.attrs.clear();
            if !keep_mut && !matches!(receiver.kind, ReceiverKind::Reference(..)) {
                receiver.mutability = None;
            }
            receiver.into_token_stream()
        }
        FnArg::Typed(typed) => {
            let mut typed = typed.clone();
            typed.attrs.clear();
            if let (Pat::Ident(pat), false) = (&mut *typed.pat, keep_mut) {
                pat.mutability = None;
            }
            typed.into_token_stream()
        }
    }
}

/// The parameters' names, to be passed on.
pub fn arguments(function: &Function) -> Vec<&Ident> {
    function.params.iter().map(|param| &param.name).collect()
}

/// How a sibling is called from another: `f_vjp::<T, N>`, `Self::f_vjp`.
pub fn callee(function: &Function, name: &Ident) -> TokenStream {
    let prefix = match &function.home {
        Home::Free => quote!(),
        Home::Inherent(_) | Home::Trait | Home::Operator(_) => quote!(Self::),
        Home::Member { of, .. } => quote!(<Self as #of>::),
    };
    let arguments: Vec<&Ident> = function
        .sig
        .generics
        .params
        .iter()
        .filter_map(|param| match param {
            GenericParam::Type(param) => Some(&param.ident),
            GenericParam::Const(param) => Some(&param.ident),
            _ => None,
        })
        .collect();
    let turbofish = (!arguments.is_empty()).then(|| quote!(::<#(#arguments),*>));
    quote!(#prefix #name #turbofish)
}

/// A body in braces, or a semicolon where a trait only declares.
pub fn body(function: &Function, body: TokenStream) -> TokenStream {
    if declared(function) {
        quote!(;)
    } else {
        quote!({ #body })
    }
}

/// Whether the function is a trait's, without a body.
pub fn declared(function: &Function) -> bool {
    matches!(function.home, Home::Trait) && function.body.is_none()
}
