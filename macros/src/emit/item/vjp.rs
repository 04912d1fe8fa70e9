//! `f_vjp`, the one generated body.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::ext::IdentExt;

use super::{bounds, copied, cotangent, formula, rule, sibling, told, Body, Written};
use crate::emit::storage_doc;
use crate::parse::function::{Function, Home};
use crate::parse::inert::Inert;
use crate::parse::signature::{By, Outcome, Param};

/// `fn f_vjp(params…, d_out, slots…) -> Y { … }`
pub fn emit(function: &Function, body: &mut Body) -> Written {
    let generics = bounds::generics(function);
    let declared = sibling::declared(function);
    let params = sibling::params(function, !declared).into_iter();
    let params = params.zip(&function.sig.inputs);
    let params = params.map(|(tokens, input)| told::parameter(function, input, tokens));
    let d_out = d_out(function, declared);
    let slots = function.params.iter().enumerate();
    let slots = slots.filter_map(|(index, param)| slot(function, index, param, declared));
    let (output, clause) = (&function.sig.output, &generics.where_clause);
    let written = (!declared).then(|| statements(function, body));
    let written = written.unwrap_or_default();
    let doc = doc(function) + &written.storage;
    let head = sibling::head(function, "vjp", &doc, &generics, written.is_small);
    let body = sibling::body(function, written.tokens);
    let tokens = quote!(#head(#(#params,)* #d_out #(#slots),*) #output #clause #body);
    Written { tokens, ..written }
}

fn statements(function: &Function, body: &mut Body) -> Written {
    let plain = |tokens| Written {
        tokens,
        storage: storage_doc::NONE.to_owned(),
        ..Written::default()
    };
    let read = function
        .params
        .iter()
        .filter_map(|param| copied::read(function, param));
    let read: TokenStream = std::iter::once(told::read(function)).chain(read).collect();
    let written = match &function.formulas {
        _ if is_index(function) => plain(element(function)),
        _ if function.inert.is_some() && function.sound => plain(inert(function)),
        Some(formulas) if function.sound => plain(formula::body(function, formulas)),
        _ => body(function),
    };
    let tokens = written.tokens;
    // What holds the cotangent of the final contents need not have the length of the initial ones.
    let resized = written
        .resized
        .iter()
        .copied()
        .chain(std::iter::repeat(false));
    let checks = (function.params.iter().zip(resized))
        .filter(|(_, resized)| !resized)
        .filter_map(|(param, _)| length_check(function, param));
    // What is lent out of one of several places: the function says which.
    let lent = written.asked_again.then(|| value(function));
    Written {
        tokens: quote!(#read #(#checks)* #tokens #lent),
        ..written
    }
}

/// Original: `f(x)`, with floats on one side at most. Reverse: nothing; what is no float by its name alone has to have no
/// cotangent, or one of a byte, in which no float is: that of a `Result<usize, E>` is an `Option<()>`.
fn inert(function: &Function) -> TokenStream {
    let value = value(function);
    let check = match &function.outcome {
        _ if function.inert != Some(Inert::GivesNone) => None,
        Outcome::Nothing | Outcome::Inert(_) | Outcome::Refused => None,
        outcome => outcome.ty().map(|ty| {
            let of = cotangent::cotangent(function, ty);
            let message = "`inert` is for functions that give no floats";
            let check = quote!(::core::assert!(::core::mem::size_of::<#of>() <= 1, #message));
            // An item is evaluated even if nobody calls the function, but knows no type parameters.
            let generic = !function.sig.generics.params.is_empty();
            match (&function.home, generic) {
                (Home::Free, false) => quote!(const _: () = #check;),
                _ => quote!(const { #check };),
            }
        }),
    };
    quote!(#check #value)
}

/// `f(x)`
fn value(function: &Function) -> TokenStream {
    let name = sibling::callee(function, &function.sig.ident);
    let arguments = sibling::arguments(function);
    quote!(#name(#(#arguments),*))
}

/// Whether this is the `index` of an annotated `impl Index`.
fn is_index(function: &Function) -> bool {
    matches!(function.home, Home::Operator(_)) && function.sig.ident == "index"
}

/// Original: `&self[i]`. Reverse: `d_self[i] += d_out`, which the cotangent has to offer by `IndexMut`.
fn element(function: &Function) -> TokenStream {
    let (tapeless, d_out, block) = (
        &function.options.tapeless,
        function.seed.clone(),
        &function.body,
    );
    let d = Ident::new("cotangent_1", Span::mixed_site());
    let parts = function
        .params
        .iter()
        .map(|param| (param.slot.clone(), &param.name));
    let [(slot, _), (_, index)] = &parts.collect::<Vec<_>>()[..] else {
        return TokenStream::new();
    };
    quote! {
        if let ::core::option::Option::Some(#d) = #tapeless::Slot::get(&mut #slot) {
            #tapeless::Cotangent::accumulate(&mut #d[::core::clone::Clone::clone(&#index)], &#d_out);
        }
        #block
    }
}

/// `d_out: Y's cotangent,`; nothing for functions without a result.
fn d_out(function: &Function, declared: bool) -> Option<TokenStream> {
    let name = function.seed.clone();
    let of = |ty| cotangent::cotangent(function, ty);
    match &function.outcome {
        Outcome::Nothing | Outcome::Refused => None,
        // What it picks from need not have a cotangent.
        _ if function.inert == Some(Inert::Picks) => {
            Some(quote!(#name: impl ::core::marker::Sized,))
        }
        Outcome::Float(ty) => Some(quote!(#name: #ty,)),
        outcome => {
            let ty = outcome.ty().map(of);
            let mutable = (!declared).then(|| quote!(mut));
            Some(quote!(#mutable #name: #ty,))
        }
    }
}

/// `mut d_x: impl Slot<C>`
fn slot(function: &Function, index: usize, param: &Param, declared: bool) -> Option<TokenStream> {
    let name = param.slot.clone();
    let operator = matches!(function.home, Home::Operator(_));
    if index == 1 && is_index(function) {
        return None;
    }
    if let Some(rule) = rule::of(function, param) {
        return Some(quote!(#name: #rule));
    }
    let mutable = (!declared && (param.is_active() || operator)).then(|| quote!(mut));
    let bound = slot_bound(function, param);
    Some(quote!(#mutable #name: impl #bound))
}

/// What the slot of a parameter is: `Slot<C>`.
pub fn slot_bound(function: &Function, param: &Param) -> TokenStream {
    let (operator, tapeless) = (
        matches!(function.home, Home::Operator(_)),
        &function.options.tapeless,
    );
    if !param.is_active() && !operator {
        return quote!(::core::marker::Sized);
    }
    let place = cotangent::place(function, param);
    match param.by {
        By::RefMut => quote!(#tapeless::SlotMut<#place>),
        By::Value | By::Ref => quote!(#tapeless::Slot<#place>),
    }
}

/// A slot of another length than its parameter is refused on entry.
fn length_check(function: &Function, param: &Param) -> Option<TokenStream> {
    if !param.is_active() || !cotangent::has_length(param.referent()) {
        return None;
    }
    let (name, slot, tapeless) = (&param.name, param.slot.clone(), &function.options.tapeless);
    let (text, d) = (
        name.unraw().to_string(),
        Ident::new("cotangent_1", Span::mixed_site()),
    );
    Some(quote! {
        if let ::core::option::Option::Some(#d) = #tapeless::Slot::get(&mut #slot) {
            #tapeless::__private::check_len(#text, #d.len(), #name.len());
        }
    })
}

fn doc(function: &Function) -> String {
    let name = &function.sig.ident;
    if function.inert.is_some() {
        return format!(
            "Runs `{name}`, through which nothing flows: nothing is added to any slot."
        );
    }
    let cotangent = match &function.outcome {
        Outcome::Nothing => "the cotangents of what it writes contribute",
        _ => "`d_out`, the cotangent of its result, contributes",
    };
    let rules = rule::doc(function);
    format!("Runs `{name}`, and adds to each slot what {cotangent} to that parameter's.{rules}")
}
