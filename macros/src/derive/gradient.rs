//! `Differentiable` for the type, `Cotangent` for its cotangent: field by field.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

use super::item::{Field, Item};
use super::shape::Shape;

/// `impl Differentiable for Mlp`.
pub fn differentiable(item: &Item) -> TokenStream {
    let (krate, cotangent) = (&item.krate, item.cotangent_type());
    let (zero, reshape) = (zero(item), reshape(item));
    let body = quote! {
        type Cotangent = #cotangent;

        #[inline]
        fn zero_cotangent(&self) -> Self::Cotangent { #zero }

        #reshape
    };
    item.implement(&quote!(#krate::Differentiable), &[], body)
}

/// Field by field, where a vector's length could have changed; a variant that is another one starts anew.
fn reshape(item: &Item) -> Option<TokenStream> {
    let mut fixed = true;
    for variant in &item.variants {
        for field in &variant.fields {
            field.shape.each(&mut |part| fixed &= is_fixed(part));
        }
    }
    if fixed {
        return None;
    }
    let (krate, cotangent) = (&item.krate, &item.cotangent);
    let body = item.take_apart(
        quote!((self, &mut *cotangent)),
        |variant| {
            let value = variant.pattern(&quote!(Self), "self", is_active);
            let into = variant.pattern(cotangent, "other", is_active);
            let fields = variant.fields.iter().filter(|field| is_active(field));
            let body = fields.map(|field| {
                let (value, into) = both(field);
                quote!(#krate::Differentiable::__reshape(#value, #into);)
            });
            (quote!((#value, #into)), body.collect())
        },
        Some(quote!(*cotangent = #krate::Differentiable::zero_cotangent(self))),
    );
    Some(quote! {
        fn __reshape(&self, cotangent: &mut Self::Cotangent) { #body }
    })
}

/// Whether a shape by itself has one size only.
fn is_fixed(shape: &Shape) -> bool {
    matches!(
        shape,
        Shape::Inert | Shape::Float(_) | Shape::Array(..) | Shape::Tuple(_) | Shape::Function
    )
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
