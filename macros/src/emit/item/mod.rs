//! The user's item, and the siblings of its functions beside it.

mod bounds;
mod copied;
mod cotangent;
mod dropped;
mod formula;
mod gradient;
mod jacobian;
mod receiver;
mod rule;
mod sibling;
#[cfg(test)]
mod tests;
mod told;
mod vjp;

pub use bounds::unasked;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::ItemImpl;

use crate::parse::container::{Container, Siblings};
use crate::parse::function::{Function, Home};
use crate::parse::import::Import;
use crate::parse::index;
use crate::parse::neighbours::Neighbours;
use crate::parse::signature::Outcome;
use crate::parse::types;
use crate::parse::Input;

/// What becomes of a function's body in `f_vjp`.
#[derive(Debug, Default)]
pub struct Written {
    /// Statements and a tail expression.
    pub tokens: TokenStream,
    /// What the documentation says of its storage.
    pub storage: String,
    /// For each parameter, what is done with its cotangent if nothing is there yet.
    pub starts: Vec<Start>,
    /// For each parameter, whether it is a vector whose length may change.
    pub resized: Vec<bool>,
    /// Whether the statements leave the value to the function itself.
    pub asked_again: bool,
    /// Whether it is small enough to be a part of its callers.
    pub is_small: bool,
}

/// What `f_vjp` does with a cotangent that starts from nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Start {
    /// It adds to it.
    #[default]
    Zeros,
    /// It adds to it once, as a whole.
    AtOnce,
    /// It holds values in it, and assigns the first contributions to elements.
    Blank,
    /// The same, and before anything else to all elements: they need not be cleared.
    Overwritten,
}

/// Differentiates a function's body.
pub type Body<'a> = dyn FnMut(&Function) -> Written + 'a;

/// The same, where more than one function is seen.
pub type Seeing<'s, 'a> = dyn FnMut(&Function, &Neighbours<'a>) -> Written + 's;

/// Prints the item, with the siblings of every function in it.
pub fn emit<'a>(input: &'a Input, body: &mut Seeing<'_, 'a>) -> TokenStream {
    match input {
        Input::Plain(tokens) => tokens.clone(),
        Input::Function(function) => {
            let alone = Neighbours::alone(function);
            beside(function, &alone, body)
        }
        Input::Import(import) => imported(import, body),
        Input::Container(container) => {
            let around = Neighbours::default().within(container);
            emit_container(container, &around, body)
        }
    }
}

/// A `use` item, and the siblings of functions that have none where they come from.
fn imported<'a>(import: &'a Import, body: &mut Seeing<'_, 'a>) -> TokenStream {
    let mut tokens = import.item.clone();
    for function in &import.functions {
        let alone = Neighbours::alone(function);
        tokens.extend(siblings(function, &mut |function| body(function, &alone)));
    }
    tokens
}

/// A function and its siblings.
fn beside<'a>(
    function: &Function,
    around: &Neighbours<'a>,
    body: &mut Seeing<'_, 'a>,
) -> TokenStream {
    let siblings = siblings(function, &mut |function| body(function, around));
    quote!(#function #siblings)
}

fn emit_container<'a>(
    container: &'a Container,
    around: &Neighbours<'a>,
    body: &mut Seeing<'_, 'a>,
) -> TokenStream {
    let (mut inner, mut apart) = (TokenStream::new(), TokenStream::new());
    for input in &container.inner {
        match (&container.siblings, input) {
            (_, Input::Plain(tokens)) => inner.extend(tokens.clone()),
            (_, Input::Import(import)) => inner.extend(imported(import, body)),
            (_, Input::Container(nested)) => {
                let around = around.within(nested);
                inner.extend(emit_container(nested, &around, body));
            }
            (Siblings::Beside, Input::Function(function)) => {
                inner.extend(beside(function, around, body));
            }
            (Siblings::Apart(_) | Siblings::Rule { .. }, Input::Function(function)) => {
                let original = &function.original;
                inner.extend(quote!(#original));
                apart.extend(siblings(function, &mut |function| body(function, around)));
            }
        }
    }
    let container_tokens = container.wrap(inner);
    let apart = (!apart.is_empty()).then(|| outside(container, apart));
    quote!(#container_tokens #apart)
}

/// The block beside the container that takes the siblings.
fn outside(container: &Container, siblings: TokenStream) -> TokenStream {
    match &container.siblings {
        Siblings::Beside => siblings,
        Siblings::Apart(head) => quote!(#head { #siblings }),
        Siblings::Rule {
            attrs,
            item,
            rule,
            beside,
        } => {
            let head = rule_head(container, item, rule);
            let place = source(container, item);
            let beside = beside.iter().map(|item| quote!(#(#attrs)* #item));
            quote!(#(#attrs)* #head { #place #siblings } #(#beside)*)
        }
    }
}

/// `impl<…> ::tapeless::ops::MulVjp<R> for L where …`
fn rule_head(container: &Container, item: &ItemImpl, rule: &str) -> TokenStream {
    let function = only_function(container);
    let mut generics = item.generics.clone();
    if let Some(function) = function {
        bounds::promote(function, &mut generics);
        if rule == "IndexVjp" {
            index::bound(&mut generics, &function.options.tapeless);
        }
        bounds::open(function, &mut generics);
    }
    let (params, _, clause) = generics.split_for_impl();
    let last = item
        .trait_
        .as_ref()
        .and_then(|(path, _)| path.segments.last());
    let arguments = last.map(|last| &last.arguments);
    let (self_ty, rule) = (&item.self_ty, format_ident!("{rule}"));
    let tapeless = function.map(|function| &function.options.tapeless);
    quote!(impl #params #tapeless::ops::#rule #arguments for #self_ty #clause)
}

/// `type Place = C;`, where a conversion's rule says what the slot of its source is for.
fn source(container: &Container, item: &ItemImpl) -> Option<TokenStream> {
    let of = item.trait_.as_ref().map(|(path, _)| path)?;
    let converts = ["From", "Into"].map(|name| types::ends_with(of, name));
    let function = only_function(container).filter(|_| converts.contains(&true))?;
    let place = cotangent::place(function, function.params.first()?);
    Some(quote!(type Place = #place;))
}

/// The function of an implementation of an operator or a conversion.
fn only_function(container: &Container) -> Option<&Function> {
    container.inner.iter().find_map(|input| match input {
        Input::Function(function) => Some(&**function),
        _ => None,
    })
}

/// `f_vjp`, once for every reading of a body with `#[cfg]` in it; the storage is that of the first.
fn vjp(function: &Function, body: &mut Body) -> Written {
    if function.readings.is_empty() {
        return vjp::emit(function, body);
    }
    let mut all = Written::default();
    for (function, condition) in readings(function) {
        let written = vjp::emit(&function, body);
        let tokens = written.tokens;
        all.tokens.extend(quote!(#condition #tokens));
        if all.storage.is_empty() {
            all.storage = written.storage;
        }
    }
    all
}

/// A function with each reading of its body, and the condition of that.
fn readings(function: &Function) -> impl Iterator<Item = (Function, TokenStream)> + '_ {
    function.readings.iter().map(|reading| {
        let (mut function, condition) = (function.clone(), &reading.condition);
        function.body = Some(reading.body.clone());
        (function, quote!(#[cfg(#condition)]))
    })
}

/// Everything that is generated for a function.
fn siblings(function: &Function, body: &mut Body) -> TokenStream {
    if matches!(function.outcome, Outcome::Refused) {
        return TokenStream::new();
    }
    let written = vjp(function, body);
    let tokens = &written.tokens;
    if matches!(function.home, Home::Operator(_)) {
        return written.tokens;
    }
    let receiver = receiver::emit(function);
    if function.inert.is_some() {
        return quote!(#tokens #receiver);
    }
    let dropped = dropped::emit(function);
    let gradients = gradient::emit(function, &written);
    let jacobian = jacobian::emit(function, body);
    quote!(#tokens #gradients #jacobian #receiver #dropped)
}
