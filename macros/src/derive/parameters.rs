//! `Parameters`, where all floats have one type.
//!
//! Which type that is, [`scalar`](super::scalar) decides.
//!
//! Fields without floats are left out, and so are elements of tuples. In `[T; N]`, `Vec<T>`, `Box<T>`
//! and `Option<T>` all of `T` has to be parameters. What is borrowed is not the value's own.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, ToTokens};

use super::item::{Item, Variant};
use super::leaf::{leaves, Leaf};
use super::scalar::{self, Scalar};

/// Writes `impl Parameters`, or nothing.
pub fn emit(item: &Item) -> TokenStream {
    let leaves: Vec<Leaf<'_>> = item.variants.iter().flat_map(leaves).collect();
    if leaves.iter().all(|leaf| scalar::is_inert(leaf.shape)) {
        return without(item);
    }
    let scalar = Scalar::choose(item, &leaves);
    scalar.map_or_else(TokenStream::new, |scalar| implement(item, &scalar))
}

/// For a type without floats: it fits beside floats of any type.
pub fn without(item: &Item) -> TokenStream {
    let krate = &item.krate;
    let any = Ident::new("__S", Span::mixed_site());
    let leaves = item.implement_for_any(
        &any,
        &quote!(#krate::__private::Leaves<'_, #any>),
        &[quote!(#any: #krate::Real)],
        TokenStream::new(),
    );
    let scalar = item.implement_for_any(
        &any,
        &quote!(#krate::__private::ScalarOr<'_, #any>),
        &[],
        quote!(type Scalar = #any;),
    );
    quote!(#leaves #scalar)
}

fn implement(item: &Item, scalar: &Scalar) -> TokenStream {
    let (krate, ty) = (&item.krate, &scalar.ty);
    let (count, visit) = (count(item), visit(item));
    // What does not fit is found before anything is written.
    let counted = quote!(<Self as #krate::Parameters>::count(self));
    let (write, read) = (flat(item, "write_flat"), flat(item, "read_flat"));
    let (write_cotangent, count_cotangent) = (flat_cotangent(item), count_cotangent(item));
    let body = quote! {
        type Scalar = #ty;

        #[inline]
        fn count(&self) -> usize { #count }

        #[inline]
        fn visit(
            &mut self,
            d: &Self::Cotangent,
            mut f: impl ::core::ops::FnMut(&mut [Self::Scalar], &[Self::Scalar]),
        ) { #visit }

        #[inline]
        fn write_flat(&self, flat: &mut [Self::Scalar]) {
            let flat = &mut flat[..#counted];
            #write
        }

        #[inline]
        fn read_flat(&mut self, flat: &[Self::Scalar]) {
            let flat = &flat[..#counted];
            #read
        }

        #[inline]
        fn write_flat_cotangent(d: &Self::Cotangent, flat: &mut [Self::Scalar]) { #write_cotangent }

        #[inline]
        fn __count_cotangent(d: &Self::Cotangent) -> usize { #count_cotangent }
    };
    let of = quote!(#krate::Parameters);
    match &scalar.parameter {
        Some(parameter) => item.implement_for_any(parameter, &of, &scalar.bounds, body),
        None => item.implement(&of, &scalar.bounds, body),
    }
}

/// The pattern that binds the fields with floats.
fn pattern(variant: &Variant, ty: &dyn ToTokens, prefix: &str) -> TokenStream {
    variant.pattern(ty, prefix, |field| !field.shape.is_inert())
}

/// `Self { a, .. } => 0 + count(a) + …`
fn count(item: &Item) -> TokenStream {
    let arm = |variant: &Variant| {
        let counts = leaves(variant).into_iter().map(|leaf| {
            let (call, value) = (
                leaf.call(&item.krate, "count"),
                leaf.place("self", quote!(&)),
            );
            quote!(+ #call(#value))
        });
        (
            pattern(variant, &quote!(Self), "self"),
            quote!(0 #(#counts)*),
        )
    };
    item.take_apart(quote!(self), arm, None)
}

/// The same of a cotangent.
fn count_cotangent(item: &Item) -> TokenStream {
    let arm = |variant: &Variant| {
        let counts = leaves(variant).into_iter().map(|leaf| {
            let call = leaf.call(&item.krate, "__count_cotangent");
            let d = leaf.place("d", quote!(&));
            quote!(+ #call(#d))
        });
        (
            pattern(variant, &item.cotangent, "d"),
            quote!(0 #(#counts)*),
        )
    };
    item.take_apart(quote!(d), arm, None)
}

fn visit(item: &Item) -> TokenStream {
    let message = format!(
        "the cotangent belongs to another variant of `{}`",
        item.ident
    );
    let arm = |variant: &Variant| {
        let value = pattern(variant, &quote!(Self), "self");
        let d = pattern(variant, &item.cotangent, "d");
        let visits = leaves(variant).into_iter().map(|leaf| {
            let call = leaf.call(&item.krate, "visit");
            let (value, d) = (leaf.place("self", quote!(&mut)), leaf.place("d", quote!(&)));
            quote!(#call(#value, #d, &mut f);)
        });
        (quote!((#value, #d)), visits.collect())
    };
    item.take_apart(
        quote!((self, d)),
        arm,
        Some(quote!(::core::panic!(#message))),
    )
}

/// `write_flat` or `read_flat`: each leaf takes its part off the front.
fn flat(item: &Item, method: &str) -> TokenStream {
    let reads = method == "read_flat";
    let (value, rest) = match reads {
        true => (quote!(&mut), quote!(&flat)),
        false => (quote!(&), quote!(&mut flat)),
    };
    let arm = |variant: &Variant| {
        let steps = leaves(variant).into_iter().map(|leaf| {
            let (place, call) = (
                leaf.place("self", value.clone()),
                leaf.call(&item.krate, method),
            );
            let count = leaf.call(&item.krate, "count");
            (
                quote!(#call(#place, flat);),
                quote!(let flat = #rest[#count(#place)..];),
            )
        });
        (
            pattern(variant, &quote!(Self), "self"),
            in_turn(steps.collect()),
        )
    };
    item.take_apart(quote!(self), arm, None)
}

/// `write_flat_cotangent`.
fn flat_cotangent(item: &Item) -> TokenStream {
    let arm = |variant: &Variant| {
        let steps = leaves(variant).into_iter().map(|leaf| {
            let d = leaf.place("d", quote!(&));
            let call = leaf.call(&item.krate, "write_flat_cotangent");
            let count = leaf.call(&item.krate, "__count_cotangent");
            (
                quote!(#call(#d, flat);),
                quote!(let flat = &mut flat[#count(#d)..];),
            )
        });
        (
            pattern(variant, &item.cotangent, "d"),
            in_turn(steps.collect()),
        )
    };
    item.take_apart(quote!(d), arm, None)
}

/// The steps, with what has to happen between one and the next.
fn in_turn(steps: Vec<(TokenStream, TokenStream)>) -> TokenStream {
    let last = steps.len().saturating_sub(1);
    let steps = steps
        .into_iter()
        .enumerate()
        .map(|(index, (step, between))| {
            let between = (index < last).then_some(between);
            quote!(#step #between)
        });
    steps.collect()
}
