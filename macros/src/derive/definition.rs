//! The cotangent's definition.
//!
//! ```text
//! struct Mlp { w: [f64; 4], steps: usize }    →    struct MlpCotangent { pub w: [f64; 4], pub steps: () }
//! enum Shape { Disc(f64), Nothing }           →    enum ShapeCotangent { Disc(f64), Nothing }
//! ```

use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt;
use syn::Member;

use super::implementation::where_clause;
use super::item::{Field, Item, Variant};

/// Writes the struct or enum of cotangents.
pub fn emit(item: &Item) -> TokenStream {
    let (visibility, name, shared) = (&item.visibility, &item.cotangent, &item.shared);
    let parameters = &item.kept;
    let clause = where_clause(&item.kept, &item.bounds);
    let docs = format!(
        " The cotangent of [`{}`]: what a gradient with respect to it looks like.",
        item.ident.unraw()
    );
    let head = quote! {
        #[doc = #docs]
        #[allow(dead_code, deprecated, non_camel_case_types, unreachable_pub, clippy::all)]
        #(#shared)*
    };
    if item.is_enum {
        let variants = item.variants.iter().map(|each| variant(item, each));
        return quote!(#head #visibility enum #name #parameters #clause { #(#variants,)* });
    }
    let bodies = item
        .variants
        .iter()
        .map(|each| (each.named, body(item, each)));
    bodies
        .map(|(named, body)| match named {
            true => quote!(#head #visibility struct #name #parameters #clause #body),
            false => quote!(#head #visibility struct #name #parameters #body #clause;),
        })
        .collect()
}

fn variant(item: &Item, variant: &Variant) -> TokenStream {
    let docs = match &variant.ident {
        Some(name) => format!(
            " The cotangent of a [`{}::{}`].",
            item.ident.unraw(),
            name.unraw()
        ),
        None => String::new(),
    };
    let (name, body) = (&variant.ident, body(item, variant));
    quote!(#[doc = #docs] #name #body)
}

/// `{ pub a: f64 }`, `(pub f64)`, or nothing where there are no fields.
fn body(item: &Item, variant: &Variant) -> TokenStream {
    let fields = variant.fields.iter().map(|each| field(item, each));
    match (variant.named, variant.fields.is_empty()) {
        (true, _) => quote!({ #(#fields,)* }),
        (false, true) => TokenStream::new(),
        (false, false) => quote!((#(#fields,)*)),
    }
}

fn field(item: &Item, field: &Field) -> TokenStream {
    let (visibility, cotangent) = (&field.visibility, item.cotangent_of(field));
    let (name, docs) = match &field.member {
        Member::Named(name) => (
            quote!(#name:),
            format!(" The cotangent of `{}`.", name.unraw()),
        ),
        Member::Unnamed(index) => (
            TokenStream::new(),
            format!(" The cotangent of field {}.", index.index),
        ),
    };
    quote!(#[doc = #docs] #visibility #name #cotangent)
}
