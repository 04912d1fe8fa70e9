//! `Clone`, `Debug`, `PartialEq`, `Copy` and `Default` of a cotangent.
//!
//! Rust's own derives would ask for them of the type parameters, while they matter of the
//! parameters' cotangents; and what an opaque field's cotangent implements, no macro can see. So
//! they are written out, under a bound per cotangent that is not visible. Such a bound may be false
//! without any parameter in it, which is an error unless it is written under a `for<'a>`: then it is
//! decided where the implementation is used (<https://github.com/rust-lang/rust/issues/48214>).

use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt;
use syn::{Expr, Lit, Member, Type};

use super::item::{Field, Item, Variant};
use super::shape::{projection, Shape, Wrapper};

/// The traits that a cotangent has where its fields have them.
#[derive(Clone, Copy, PartialEq)]
enum Standard {
    Clone,
    Debug,
    PartialEq,
    Copy,
    Default,
}

/// Whether a type has a trait.
enum Has {
    /// Whatever it is made of.
    Always,
    /// Where all it is made of has it.
    LikeItsParts,
    Never,
}

impl Standard {
    fn path(self) -> TokenStream {
        match self {
            Standard::Clone => quote!(::core::clone::Clone),
            Standard::Debug => quote!(::core::fmt::Debug),
            Standard::PartialEq => quote!(::core::cmp::PartialEq),
            Standard::Copy => quote!(::core::marker::Copy),
            Standard::Default => quote!(::core::default::Default),
        }
    }

    /// Whether the *cotangent* of a shape has this trait.
    fn of(self, shape: &Shape) -> Has {
        match (self, shape) {
            (Standard::Copy, Shape::Slice(..)) => Has::Never,
            (Standard::Copy, Shape::Wrapper(Wrapper::Vec | Wrapper::Box, ..)) => Has::Never,
            (Standard::Default, Shape::Slice(..) | Shape::Result(_)) => Has::Always,
            (Standard::Default, Shape::Wrapper(Wrapper::Vec | Wrapper::Option, ..)) => Has::Always,
            // The standard library has it up to 32 elements.
            (Standard::Default, Shape::Array(_, length)) => match literal(length) {
                Some(0..=32) => Has::LikeItsParts,
                _ => Has::Never,
            },
            _ => Has::LikeItsParts,
        }
    }

    /// Collects the types whose cotangents must have this trait for that of `shape` to have it;
    /// `None` if it cannot have it.
    fn requires<'a>(self, shape: &'a Shape, types: &mut Vec<&'a Type>) -> Option<()> {
        match self.of(shape) {
            Has::Always => return Some(()),
            Has::Never => return None,
            Has::LikeItsParts => {}
        }
        match shape {
            Shape::Parameter(ty) | Shape::Opaque(ty) if !types.contains(&ty) => types.push(ty),
            _ => {}
        }
        let parts = shape.parts();
        parts
            .into_iter()
            .try_for_each(|part| self.requires(part, types))
    }
}

fn literal(length: &Expr) -> Option<usize> {
    match length {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Int(int) => int.base10_parse().ok(),
            _ => None,
        },
        Expr::Group(group) => literal(&group.expr),
        Expr::Paren(paren) => literal(&paren.expr),
        _ => None,
    }
}

/// Writes them all.
pub fn emit(item: &Item) -> TokenStream {
    let all = [
        (Standard::Clone, Some(clone(item))),
        (Standard::Copy, Some(TokenStream::new())),
        (Standard::Debug, Some(debug(item))),
        (Standard::PartialEq, Some(partial_eq(item))),
        (Standard::Default, default(item)),
    ];
    all.into_iter()
        .filter_map(|(standard, body)| implement(item, standard, body?))
        .collect()
}

fn implement(item: &Item, standard: Standard, body: TokenStream) -> Option<TokenStream> {
    let (mut types, path) = (Vec::new(), standard.path());
    item.fields()
        .try_for_each(|field| standard.requires(&field.shape, &mut types))?;
    let bounds = types.into_iter().map(|ty| {
        let cotangent = projection(ty, &item.krate);
        quote!(for<'__trivial> #cotangent: #path)
    });
    Some(item.implement_for_cotangent(&path, &bounds.collect::<Vec<_>>(), body))
}

fn clone(item: &Item) -> TokenStream {
    let path = Standard::Clone.path();
    let body = item.take_apart(
        quote!(self),
        |variant| {
            let fields = variant.fields.iter().map(|field| {
                let (member, value) = (&field.member, field.binding("self"));
                quote!(#member: #path::clone(#value),)
            });
            let whole = variant.path(&quote!(Self));
            (all(variant, "self"), quote!(#whole { #(#fields)* }))
        },
        None,
    );
    quote!(#[inline] fn clone(&self) -> Self { #body })
}

/// The form that `#[derive(Debug)]` prints.
fn debug(item: &Item) -> TokenStream {
    let body = item.take_apart(
        quote!(self),
        |variant| {
            let name = variant
                .ident
                .as_ref()
                .unwrap_or(&item.cotangent)
                .unraw()
                .to_string();
            let fields = variant.fields.iter().map(debug_field);
            let builder = match variant.named {
                true => quote!(debug_struct),
                false => quote!(debug_tuple),
            };
            let body = quote!(::core::fmt::Formatter::#builder(f, #name) #(#fields)* .finish());
            (all(variant, "self"), body)
        },
        None,
    );
    quote! {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result { #body }
    }
}

fn debug_field(field: &Field) -> TokenStream {
    let value = field.binding("self");
    match &field.member {
        Member::Named(name) => {
            let name = name.unraw().to_string();
            quote!(.field(#name, #value))
        }
        Member::Unnamed(_) => quote!(.field(#value)),
    }
}

fn partial_eq(item: &Item) -> TokenStream {
    let path = Standard::PartialEq.path();
    let body = item.take_apart(
        quote!((self, other)),
        |variant| {
            let equal = variant.fields.iter().map(|field| {
                let (left, right) = (field.binding("self"), field.binding("other"));
                quote!(&& #path::eq(#left, #right))
            });
            let (left, right) = (all(variant, "self"), all(variant, "other"));
            (quote!((#left, #right)), quote!(true #(#equal)*))
        },
        Some(quote!(false)),
    );
    quote!(#[inline] fn eq(&self, other: &Self) -> bool { #body })
}

/// Of an enum, no variant is the default one.
fn default(item: &Item) -> Option<TokenStream> {
    let variant = item.variants.first().filter(|_| !item.is_enum)?;
    let path = Standard::Default.path();
    let members = variant.fields.iter().map(|field| &field.member);
    Some(quote! {
        #[inline]
        fn default() -> Self { Self { #(#members: #path::default(),)* } }
    })
}

fn all(variant: &Variant, prefix: &str) -> TokenStream {
    variant.pattern(&quote!(Self), prefix, |_| true)
}
