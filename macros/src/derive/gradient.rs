//! `Differentiable` for the type, `Cotangent` for its cotangent: field by field.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

use super::item::{Field, Item};

/// `impl Differentiable for Mlp`.
pub fn differentiable(item: &Item) -> TokenStream {
    let (krate, cotangent) = (&item.krate, item.cotangent_type());
    let zero = zero(item);
    let body = quote! {
        type Cotangent = #cotangent;

        #[inline]
        fn zero_cotangent(&self) -> Self::Cotangent { #zero }
    };
    item.implement(&quote!(#krate::Differentiable), &[], body)
}

fn zero(item: &Item) -> TokenStream {
    let (krate, name) = (&item.krate, &item.cotangent);
    let zero = |field: &Field| {
        let (member, value) = (&field.member, field.binding("self"));
        match is_active(field) {
            true => {
                let (ty, span) = (&field.ty, Span::mixed_site().located_at(field.ty.span()));
                let zero = quote_spanned!(span=> <#ty as #krate::Differentiable>::zero_cotangent);
                quote!(#member: #zero(#value),)
            }
            false => quote!(#member: (),),
        }
    };
    item.take_apart(
        quote!(self),
        |variant| {
            let (path, fields) = (variant.path(name), variant.fields.iter().map(zero));
            let pattern = variant.pattern(&quote!(Self), "self", is_active);
            (pattern, quote!(#path { #(#fields)* }))
        },
        None,
    )
}

/// `impl Cotangent for MlpCotangent`.
pub fn cotangent(item: &Item) -> TokenStream {
    let (krate, accumulate, fill) = (&item.krate, accumulate(item), fill(item));
    let body = quote! {
        #[inline]
        fn accumulate(&mut self, other: &Self) { #accumulate }

        #[inline]
        fn fill_zero(&mut self) { #fill }
    };
    item.implement_for_cotangent(&quote!(#krate::Cotangent), &[], body)
}

fn accumulate(item: &Item) -> TokenStream {
    let krate = &item.krate;
    let message = format!(
        "the shapes of two cotangents differ: they belong to different variants of `{}`",
        item.ident
    );
    item.take_apart(
        quote!((self, other)),
        |variant| {
            let into = variant.pattern(&quote!(Self), "self", is_active);
            let from = variant.pattern(&quote!(Self), "other", is_active);
            let fields = variant.fields.iter().filter(|field| is_active(field));
            let body = fields.map(|field| {
                let (into, from) = both(field);
                quote!(#krate::Cotangent::accumulate(#into, #from);)
            });
            (quote!((#into, #from)), body.collect())
        },
        Some(quote!(::core::panic!(#message))),
    )
}

fn fill(item: &Item) -> TokenStream {
    let krate = &item.krate;
    item.take_apart(
        quote!(self),
        |variant| {
            let fields = variant.fields.iter().filter(|field| is_active(field));
            let body = fields.map(|field| {
                let value = field.binding("self");
                quote!(#krate::Cotangent::fill_zero(#value);)
            });
            (
                variant.pattern(&quote!(Self), "self", is_active),
                body.collect(),
            )
        },
        None,
    )
}

fn both(field: &Field) -> (Ident, Ident) {
    (field.binding("self"), field.binding("other"))
}

/// Whether the cotangent of a field is more than `()`.
fn is_active(field: &Field) -> bool {
    !matches!(field.shape, super::shape::Shape::Inert)
}
