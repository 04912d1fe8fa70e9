//! How generated code reaches into an enum of cotangents.
//!
//! The body of a differentiated function matches on a value's variants; what belongs to it lies in a
//! cotangent whose type it cannot name, since a variant cannot be written behind
//! `<E as Differentiable>::Cotangent`. So each variant with fields has a hidden method
//!
//! ```text
//! fn __variant_Disc(&mut self) -> Option<(&mut A, &mut B)>
//! ```
//!
//! that returns the cotangents of the fields in order if `self` is of this variant. A variant whose
//! fields have names returns a hidden struct with fields of these names, each a `&mut`, because a
//! pattern names them in any order and may leave some out.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::implementation::where_clause;
use super::item::{Item, Variant};

/// Writes the methods, for an enum.
pub fn emit(item: &Item) -> TokenStream {
    if !item.is_enum {
        return TokenStream::new();
    }
    let variants = || {
        item.variants
            .iter()
            .filter(|variant| !variant.fields.is_empty())
    };
    let views = variants()
        .filter(|variant| variant.named)
        .map(|variant| view(item, variant));
    let methods = variants().map(|variant| method(item, variant));
    let (parameters, arguments, _) = item.kept.split_for_impl();
    let clause = where_clause(&item.kept, &item.bounds);
    let name = &item.cotangent;
    quote! {
        #(#views)*

        #[allow(dead_code, deprecated, non_snake_case, unreachable_pub, clippy::all)]
        impl #parameters #name #arguments #clause { #(#methods)* }
    }
}

/// `struct __ShapeCotangent_Disc<'d, …> { radius: &'d mut A, … }`.
fn view(item: &Item, variant: &Variant) -> TokenStream {
    let (visibility, name, types) = (&item.visibility, view_name(item, variant), types(variant));
    let members = variant.fields.iter().map(|field| &field.member);
    quote! {
        #[doc(hidden)]
        #[allow(dead_code, non_camel_case_types, unreachable_pub, clippy::all)]
        #visibility struct #name<'__d, #(#types),*> { #(#visibility #members: &'__d mut #types,)* }
    }
}

fn method(item: &Item, variant: &Variant) -> TokenStream {
    let Some(ident) = &variant.ident else {
        return TokenStream::new();
    };
    let (visibility, name) = (&item.visibility, format_ident!("__variant_{}", ident));
    let cotangents = variant.fields.iter().map(|field| item.cotangent_of(field));
    let bindings = variant.fields.iter().map(|field| field.binding("self"));
    let members = variant.fields.iter().map(|field| &field.member);
    let (lent, value) = if variant.named {
        let view = view_name(item, variant);
        (
            quote!(#view<'_, #(#cotangents),*>),
            quote!(#view { #(#members: #bindings),* }),
        )
    } else {
        (quote!((#(&mut #cotangents,)*)), quote!((#(#bindings,)*)))
    };
    let pattern = variant.pattern(&quote!(Self), "self", |_| true);
    let others = (item.variants.len() > 1).then(|| quote!(_ => ::core::option::Option::None,));
    quote! {
        #[doc(hidden)]
        #[inline]
        #visibility fn #name(&mut self) -> ::core::option::Option<#lent> {
            match self {
                #pattern => ::core::option::Option::Some(#value),
                #others
            }
        }
    }
}

fn view_name(item: &Item, variant: &Variant) -> Option<Ident> {
    let variant = variant.ident.as_ref()?;
    Some(format_ident!("__{}_{}", item.cotangent, variant))
}

fn types(variant: &Variant) -> Vec<Ident> {
    let count = variant.fields.len();
    (0..count)
        .map(|index| format_ident!("__T{}", index))
        .collect()
}
