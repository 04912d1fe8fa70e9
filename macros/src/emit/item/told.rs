//! Arguments of a trait that a type may implement more than once, `impl Next<f64> for Average`, where the siblings stand in a block
//! without the trait: a call finds the rule of one implementation, whichever it was meant for. So the rule takes what fits its
//! implementation alone, and says so of what does not (`runtime/src/argument.rs`).
//!
//! References are left alone: whoever calls may leave their conversions to the compiler.

use proc_macro2::TokenStream;
use quote::{quote, ToTokens};
use syn::{FnArg, Pat, PatIdent, Type};

use crate::parse::function::{Function, Home};

/// The parameters, with such arguments as `impl Argument<T>`.
pub fn parameter(function: &Function, input: &FnArg, tokens: TokenStream) -> TokenStream {
    match told(function, input) {
        Some((pat, ty)) => {
            let (name, tapeless) = (&pat.ident, &function.options.tapeless);
            quote!(#name: impl #tapeless::__private::Argument<#ty>)
        }
        None => tokens,
    }
}

/// `let input = input.argument();` for each of them.
pub fn read(function: &Function) -> TokenStream {
    let tapeless = &function.options.tapeless;
    let inputs = function.sig.inputs.iter();
    let told = inputs.filter_map(|input| told(function, input));
    let read = told.map(|(pat, _)| {
        let name = &pat.ident;
        quote!(let #pat = #tapeless::__private::Argument::argument(#name);)
    });
    read.collect()
}

fn told<'f>(function: &Function, input: &'f FnArg) -> Option<(&'f PatIdent, &'f Type)> {
    let FnArg::Typed(typed) = input else {
        return None;
    };
    // As a member of the trait, the rule is that of the right implementation.
    if !matches!(function.home, Home::Inherent(_)) {
        return None;
    }
    let text = typed.ty.to_token_stream().to_string();
    let mut arguments = function.known_to_trait.iter();
    let known = arguments.any(|argument| argument.to_token_stream().to_string() == text);
    let by_value = matches!(&*typed.ty, Type::Path(_) | Type::Tuple(_));
    match &*typed.pat {
        Pat::Ident(name) if known && by_value => Some((name, &typed.ty)),
        _ => None,
    }
}
