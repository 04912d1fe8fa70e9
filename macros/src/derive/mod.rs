//! `#[derive(Differentiable)]`: the cotangent of a user's type, and how the two behave.
//!
//! Read the type ([`item`], its attributes in [`options`], the types of its fields in [`shape`],
//! the generics its cotangent keeps in [`kept`]), then write, a file per piece of output: the
//! cotangent's [`definition`], its [`gradient`] traits, the [`standard`] ones, [`parameters`], and
//! the [`variants`] of an enum of cotangents; or, for what carries no floats, [`inert`].

mod definition;
mod gradient;
mod implementation;
mod inert;
mod item;
mod itself;
mod kept;
mod leaf;
mod options;
mod parameters;
mod scalar;
mod shape;
mod standard;
#[cfg(test)]
mod tests;
mod variants;

use proc_macro2::TokenStream;
use quote::quote;
use syn::DeriveInput;

use crate::diagnostics::Errors;
use item::Item;

/// Expands `#[derive(Differentiable)]` on `input`.
///
/// What cannot be read is refused, and the implementations are written all the same: one mistake
/// gives one message.
pub fn derive(input: TokenStream) -> TokenStream {
    let mut errors = Errors::new();
    let generated = match syn::parse2::<DeriveInput>(input) {
        Ok(input) => generate(&Item::read(&input, &mut errors)),
        Err(error) => {
            errors.syntax(&error);
            TokenStream::new()
        }
    };
    let errors = errors.into_compile_errors();
    quote!(#errors #generated)
}

fn generate(item: &Item) -> TokenStream {
    if item.is_inert() {
        return inert::emit(item);
    }
    [
        definition::emit(item),
        gradient::differentiable(item),
        gradient::cotangent(item),
        standard::emit(item),
        parameters::emit(item),
        variants::emit(item),
    ]
    .into_iter()
    .collect()
}
