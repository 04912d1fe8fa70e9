//! `m__receiver`, for methods that take `self` by value: no caller sees how a method takes its receiver, and what the
//! reverse sweep needs again must not be moved away. Where a method has this sibling it is called on a copy of the
//! receiver; where it has none, on the receiver itself (`runtime/src/receiver.rs`).

use proc_macro2::TokenStream;
use quote::quote;
use syn::{FnArg, Generics, ReceiverKind};

use super::sibling;
use crate::parse::function::{Function, Home};

/// `fn m__receiver(&self) -> Self where Self: KeepFor { … }`
pub fn emit(function: &Function) -> Option<TokenStream> {
    let taken =
        matches!(function.sig.inputs.first(), Some(FnArg::Receiver(this)) if by_value(&this.kind));
    // A trait's own method stands for those of its implementations.
    if !taken || matches!(function.home, Home::Member { .. }) {
        return None;
    }
    let name = &function.sig.ident;
    let doc = format!("What `{name}` is called on where its receiver is needed again: a copy.");
    let head = sibling::head(function, "_receiver", &doc, &Generics::default(), true);
    let tapeless = &function.options.tapeless;
    // A bound that mentions a lifetime of the call is checked where there is one.
    Some(quote! {
        #[doc(hidden)]
        #head<'call>(&'call self) -> Self
        where
            Self: ::core::marker::Sized + #tapeless::__private::KeepFor<'call>,
        {
            #tapeless::__private::KeepFor::kept_for(self)
        }
    })
}

fn by_value(kind: &ReceiverKind) -> bool {
    matches!(kind, ReceiverKind::Value)
}
