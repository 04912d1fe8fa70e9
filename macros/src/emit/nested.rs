//! Functions that are defined inside a body: of those that the reverse sweep calls there have to be siblings, as of any
//! function that is seen. They get the attribute where they are repeated, unless they have one, or a rule by hand.

use std::cell::RefCell;

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Attribute, Ident, Item, ItemFn, ReturnType};

use super::{calls, Context};
use crate::ir::{Callee, Function, Vjp, VjpOf};
use crate::parse::strip;
use crate::parse::types;

/// The items of the body, as the sibling has them.
pub fn items(adjoint: &Function, context: &Context) -> Vec<Item> {
    let reversed = reversed(adjoint);
    let attribute = attribute(context);
    let annotated = adjoint.items.iter().cloned().map(|item| match item {
        Item::Fn(mut item) if reversed.contains(&item.sig.ident) => {
            item.attrs.insert(0, attribute.clone());
            Item::Fn(item)
        }
        item => item,
    });
    annotated.collect()
}

fn attribute(context: &Context) -> Attribute {
    let tapeless = &context.crate_path;
    match context.no_alloc {
        true => syn::parse_quote!(#[#tapeless::differentiate(no_alloc, crate = #tapeless)]),
        false => syn::parse_quote!(#[#tapeless::differentiate(crate = #tapeless)]),
    }
}

/// The functions that are called in the reverse sweep, and those that they call.
fn reversed(adjoint: &Function) -> Vec<Ident> {
    let functions = adjoint.items.iter().filter_map(|item| match item {
        Item::Fn(item) => Some(item),
        _ => None,
    });
    let functions: Vec<&ItemFn> = functions.collect();
    let called = called(adjoint);
    let given = |item: &&&ItemFn| !has_rule(item, &functions);
    let mut found: Vec<&ItemFn> = Vec::new();
    let first = functions.iter().filter(given);
    found.extend(first.filter(|item| called.contains(&item.sig.ident)));
    let mut next = 0;
    while let Some(item) = found.get(next) {
        let body = item.block.to_token_stream();
        let says = |name: &Ident| types::says(body.clone(), &|ident| ident == name);
        let more = functions.iter().filter(given).filter(|other| {
            let known = found.iter().any(|item| item.sig.ident == other.sig.ident);
            !known && is_of_floats(other) && says(&other.sig.ident)
        });
        let more: Vec<&ItemFn> = more.copied().collect();
        found.extend(more);
        next += 1;
    }
    found.iter().map(|item| item.sig.ident.clone()).collect()
}

fn called(adjoint: &Function) -> Vec<Ident> {
    let names = RefCell::new(Vec::new());
    let note = |vjp: &Vjp| {
        if let VjpOf::Call(Callee::Path(path) | Callee::Dropped(path)) = &vjp.of {
            names.borrow_mut().extend(path.path.get_ident().cloned());
        }
        false
    };
    calls(&adjoint.body, &note);
    names.into_inner()
}

/// Whether a function has siblings, or `g_vjp` beside it.
fn has_rule(item: &ItemFn, functions: &[&ItemFn]) -> bool {
    let rule = format!("{}_vjp", item.sig.ident);
    let mut by_hand = functions.iter();
    strip::has_its_own(&item.attrs) || by_hand.any(|item| item.sig.ident == rule)
}

fn is_of_floats(item: &ItemFn) -> bool {
    let floats = |tokens: TokenStream| types::says(tokens, &|name| name == "f64" || name == "f32");
    let gives = match &item.sig.output {
        ReturnType::Type(_, ty) => floats(ty.to_token_stream()),
        ReturnType::Default => false,
    };
    gives && floats(item.sig.inputs.to_token_stream())
}
