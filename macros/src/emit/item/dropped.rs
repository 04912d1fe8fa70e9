//! `m__dropped`, for methods with a result that may be called for what they write: a statement `x.m(a);` does not say
//! whether there is a result, and with it a `d_out`. Where a method has this sibling its rule is called through it, which
//! fills the `d_out` with nothing; where it has none, there is no `d_out` (`runtime/src/dropped.rs`).

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::{FnArg, GenericParam, Generics, ReceiverKind, Token, Type};

use super::{bounds, cotangent, sibling, vjp};
use crate::parse::function::{Function, Home};
use crate::parse::signature::{By, Outcome};

/// `fn m__dropped<'call, S: …>(&'call mut self) -> Filled<impl FnOnce(A, S)> { … }`
///
/// What takes `&self` has the same for receivers of which there is no `&mut`.
pub fn emit(function: &Function) -> Option<TokenStream> {
    let mutable = receiver(function).filter(|_| is_called_for_effect(function))?;
    let by_mut = filled(function, "_dropped", &Some(<Token![mut]>::default()))?;
    let by_ref = match mutable {
        Some(_) => None,
        None => Some(filled(function, "_dropped_by_ref", &None)?),
    };
    Some(quote!(#by_mut #by_ref))
}

fn filled(function: &Function, suffix: &str, mutable: &Option<Token![mut]>) -> Option<TokenStream> {
    let types = types(function)?;
    let tapeless = &function.options.tapeless;
    let dropped = quote!(#tapeless::__private::dropped);
    let (generics, slots) = generics(function);
    let doc = format!("`{}`, called for what it writes.", function.sig.ident);
    let head = sibling::head(function, suffix, &doc, &generics, true);
    let clause = &generics.where_clause;
    let rule = sibling::callee(function, &sibling::name(function, "vjp"));
    let given = sibling::arguments(function).split_off(1);
    let names: Vec<Ident> = named(&slots, "d");
    let of = cotangent::cotangent(function, function.outcome.ty()?);
    Some(quote! {
        #[doc(hidden)]
        #head(&'call #mutable self) -> #dropped::Filled<
            impl ::core::ops::FnOnce(#(#types,)* #(#slots),*) + #dropped::Mentions<&'call #mutable Self>
        > #clause {
            #dropped::Filled(move |#(#given: #types,)* #(#names: #slots),*| {
                #rule(self, #(#given,)* <#of as #dropped::NothingFor<'call>>::nothing_for(), #(#names),*);
            })
        }
    })
}

/// Whether a call without a use for the result makes sense, and could not be seen through.
fn is_called_for_effect(function: &Function) -> bool {
    let writes = function.params.iter();
    let writes = writes.filter(|param| param.is_active() && param.by == By::RefMut);
    // A trait's own method stands for those of its implementations.
    let own = matches!(function.home, Home::Inherent(_) | Home::Trait);
    let nothing = matches!(function.outcome, Outcome::Nothing | Outcome::Refused);
    own && !nothing
        && writes.count() > 0
        && !function.params.iter().any(|param| param.is_function())
}

/// `&self`, `&mut self`: borrowed for as long as the call lasts.
fn receiver(function: &Function) -> Option<Option<&Token![mut]>> {
    let Some(FnArg::Receiver(this)) = function.sig.inputs.first() else {
        return None;
    };
    match &this.kind {
        ReceiverKind::Reference(_, None, mutable) => Some(mutable.as_ref()),
        _ => None,
    }
}

/// The types of the arguments behind the receiver, unless there are some without a name.
fn types(function: &Function) -> Option<Vec<&Type>> {
    let typed = function.sig.inputs.iter().skip(1);
    typed
        .map(|input| match input {
            FnArg::Typed(typed) if !matches!(*typed.ty, Type::ImplTrait(_)) => Some(&*typed.ty),
            _ => None,
        })
        .collect()
}

/// Those of the rule, a lifetime for the call, and the slots as parameters that have names.
fn generics(function: &Function) -> (Generics, Vec<Ident>) {
    let mut generics = bounds::generics(function);
    let slots: Vec<Ident> = named(&function.params, "Slot");
    generics.params.insert(0, syn::parse_quote!('call));
    for (slot, param) in slots.iter().zip(&function.params) {
        let bound = vjp::slot_bound(function, param);
        generics
            .params
            .push(GenericParam::Type(syn::parse_quote!(#slot: #bound)));
    }
    let tapeless = &function.options.tapeless;
    if let Some(ty) = function.outcome.ty() {
        let of = cotangent::cotangent(function, ty);
        let nothing: syn::WherePredicate =
            syn::parse_quote!(#of: #tapeless::__private::dropped::NothingFor<'call>);
        generics.make_where_clause().predicates.push(nothing);
    }
    (generics, slots)
}

fn named<T>(things: &[T], name: &str) -> Vec<Ident> {
    (0..things.len())
        .map(|index| format_ident!("{name}_{index}"))
        .collect()
}
