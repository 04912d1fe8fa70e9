//! Functions that are defined inside a body: of those that the reverse sweep calls there have to be siblings, as of any
//! function that is seen. They get the attribute where they are repeated, unless they have one, or a rule by hand.
//!
//! Of those that a `use` in the body brings in, the rules are brought in beside: by its name alone a rule could be that of
//! another function, which the `use` hides.

use std::cell::RefCell;

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Attribute, Ident, Item, ItemFn, ItemUse, ReturnType};

use super::{calls, names, Context};
use crate::ir::{Callee, Function, Vjp, VjpOf};
use crate::parse::imports::leaves;
use crate::parse::strip;
use crate::parse::types;

/// The items of the body, as the sibling has them.
pub fn items(adjoint: &Function, context: &Context) -> Vec<Item> {
    let reversed = reversed(adjoint);
    let attribute = attribute(context);
    let called = called(adjoint);
    let annotated = adjoint.items.iter().cloned().flat_map(|item| match item {
        Item::Fn(mut item) if reversed.contains(&item.sig.ident) => {
            item.attrs.insert(0, attribute.clone());
            vec![Item::Fn(item)]
        }
        Item::Use(item) => {
            let rules = rules(&item, &called, &adjoint.items);
            std::iter::once(Item::Use(item)).chain(rules).collect()
        }
        item => vec![item],
    });
    annotated.collect()
}

/// `use m::g_vjp;` beside `use m::g;`, for each function that is called, unless the body has its rule by that name.
fn rules(item: &ItemUse, called: &[Ident], items: &[Item]) -> Vec<Item> {
    let leaves = leaves(item).into_iter();
    let rules = leaves
        .filter(|leaf| called.contains(&leaf.name))
        .filter_map(|mut leaf| {
            let last = leaf.path.segments.last_mut()?;
            last.ident = names::sibling(&last.ident, "vjp");
            let (path, name) = (&leaf.path, names::sibling(&leaf.name, "vjp"));
            let is_there = items.iter().any(|item| defines(item, &name));
            (!is_there).then(|| syn::parse_quote!(use #path as #name;))
        });
    rules.collect()
}

fn defines(item: &Item, name: &Ident) -> bool {
    match item {
        Item::Use(item) => leaves(item).iter().any(|leaf| leaf.name == *name),
        Item::Fn(item) => item.sig.ident == *name,
        _ => false,
    }
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
