//! `impl … for …`, with generics and bounds.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, ToTokens};
use syn::{GenericParam, Generics, TypeParam};

use super::item::Item;

impl Item {
    /// `impl … for` the type itself, under `bounds` and those that its cotangent needs.
    pub fn implement(
        &self,
        of: &TokenStream,
        bounds: &[TokenStream],
        body: TokenStream,
    ) -> TokenStream {
        let bounds = [self.bounds.as_slice(), bounds].concat();
        implement([&self.generics; 2], of, &self.ident, &bounds, body)
    }

    /// The same with one more type parameter on the `impl`.
    pub fn implement_for_any(
        &self,
        parameter: &Ident,
        of: &TokenStream,
        bounds: &[TokenStream],
        body: TokenStream,
    ) -> TokenStream {
        let mut generics = self.generics.clone();
        generics
            .params
            .push(GenericParam::Type(TypeParam::from(parameter.clone())));
        let bounds = [self.bounds.as_slice(), bounds].concat();
        implement([&generics, &self.generics], of, &self.ident, &bounds, body)
    }

    /// `impl … for` the cotangent, under `bounds` and those that it needs itself.
    pub fn implement_for_cotangent(
        &self,
        of: &TokenStream,
        bounds: &[TokenStream],
        body: TokenStream,
    ) -> TokenStream {
        let bounds = [self.bounds.as_slice(), bounds].concat();
        implement([&self.kept; 2], of, &self.cotangent, &bounds, body)
    }
}

/// `impl<declared> of for ty<passed> where bounds { body }`.
fn implement(
    [declared, passed]: [&Generics; 2],
    of: &TokenStream,
    ty: &Ident,
    bounds: &[TokenStream],
    body: TokenStream,
) -> TokenStream {
    let (parameters, _, _) = declared.split_for_impl();
    let (_, arguments, _) = passed.split_for_impl();
    let clause = where_clause(passed, bounds);
    quote! {
        #[automatically_derived]
        #[allow(deprecated, clippy::all)]
        impl #parameters #of for #ty #arguments #clause { #body }
    }
}

/// The where-clause of `generics`, with more `bounds`.
pub fn where_clause(generics: &Generics, bounds: &[TokenStream]) -> TokenStream {
    let predicates = generics
        .where_clause
        .iter()
        .flat_map(|clause| &clause.predicates);
    let all: Vec<_> = predicates
        .map(ToTokens::to_token_stream)
        .chain(bounds.iter().cloned())
        .collect();
    if all.is_empty() {
        TokenStream::new()
    } else {
        quote!(where #(#all,)*)
    }
}
