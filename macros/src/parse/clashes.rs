//! Siblings of one type that would have the same name: those of a trait that it implements more than once, or of methods
//! of two traits.

use std::collections::HashSet;

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;

use super::container::Container;
use super::function::{Function, Home};
use super::Input;
use crate::diagnostics::{Errors, Slug};

/// Refuses the later ones among the members of a module's types, which get no siblings.
pub fn refuse(inner: &mut [Input], errors: &mut Errors) {
    let mut taken = HashSet::new();
    for input in inner {
        match input {
            Input::Container(block) if block.of_members && !is_conditional(block) => {
                let members = block.inner.iter_mut();
                members.for_each(|member| refuse_taken(member, &mut taken, errors));
            }
            _ => {}
        }
    }
}

fn refuse_taken(member: &mut Input, taken: &mut HashSet<[String; 2]>, errors: &mut Errors) {
    let Input::Function(function) = member else {
        return;
    };
    if named(function).is_some_and(|names| !taken.insert(names)) {
        let name = &function.sig.ident;
        errors.refuse_tokens(Slug::SameSiblings, name, &format!("`{name}`"));
        *member = Input::Plain(std::mem::take(&mut function.original));
    }
}

/// The type, and the base of the names of the siblings that it will have in any case.
fn named(function: &Function) -> Option<[String; 2]> {
    let Home::Inherent(Some(ty)) = &function.home else {
        return None;
    };
    let conditional = function
        .attrs
        .iter()
        .any(|attr| attr.path().is_ident("cfg"));
    let always = !conditional && function.inert.is_none() && !function.optional;
    let name = &function.sig.ident;
    let siblings = function.options.name.as_ref().unwrap_or(name);
    always.then(|| [ty.to_token_stream().to_string(), siblings.to_string()])
}

/// What a condition leaves out takes no name.
fn is_conditional(block: &Container) -> bool {
    let starts_so = |stream: TokenStream| match stream.into_iter().next() {
        Some(TokenTree::Ident(first)) => first == "cfg",
        _ => false,
    };
    block.shell.clone().into_iter().any(|token| match token {
        TokenTree::Group(group) => starts_so(group.stream()),
        _ => false,
    })
}
