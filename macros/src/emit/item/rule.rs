//! What a parameter that is a function has in the place of a slot: the rule by which calls of it are reversed.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{ReturnType, Type};

use super::cotangent;
use crate::parse::function::Function;
use crate::parse::signature::Param;
use crate::parse::types::{self, Carries};

/// `f: impl Fn(f64, usize) -> f64` ⇒ `&mut (impl FnMut(f64, usize, f64, Option<&mut f64>, Option<&mut ()>) -> f64 + ?Sized)`
pub fn of(function: &Function, param: &Param) -> Option<TokenStream> {
    let handed = param.function.as_ref().filter(|_| param.is_function())?;
    let ReturnType::Type(_, output) = &handed.output else {
        return None;
    };
    let (inputs, d_out) = (&handed.inputs, cotangent::cotangent(function, output));
    let slots = inputs.iter().map(|ty| slot(function, ty));
    Some(quote! {
        &mut (impl ::core::ops::FnMut(#(#inputs,)* #d_out, #(#slots),*) -> #output + ?::core::marker::Sized)
    })
}

/// What the documentation says of the rules that a sibling takes.
pub fn doc(function: &Function) -> String {
    let handed = function.params.iter().filter(|param| param.is_function());
    let sentence = |param: &Param| {
        let (name, rule) = (&param.name, &param.slot);
        format!(
            "\n\n`{rule}` is the rule of `{name}`: called with the arguments, the cotangent of the result and a slot for \
             each argument, it runs `{name}` and adds to the slots, and to what `{name}` captures."
        )
    };
    handed.map(sentence).collect()
}

fn slot(function: &Function, ty: &Type) -> TokenStream {
    if types::carries(ty) == Carries::Nothing {
        return quote!(::core::option::Option<&mut ()>);
    }
    let referent = match types::peel(ty) {
        Type::Reference(reference) => types::peel(&reference.elem),
        ty => ty,
    };
    let place = cotangent::place_of(function, referent);
    quote!(::core::option::Option<&mut #place>)
}
