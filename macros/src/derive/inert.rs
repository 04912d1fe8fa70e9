//! A unit struct or an enum without payload: its cotangent is `()`.

use proc_macro2::TokenStream;
use quote::quote;

use super::item::Item;

/// `impl Differentiable for Mode { type Cotangent = (); … }`.
pub fn emit(item: &Item) -> TokenStream {
    let krate = &item.krate;
    let body = quote! {
        type Cotangent = ();

        #[inline]
        fn zero_cotangent(&self) {}
    };
    let differentiable = item.implement(&quote!(#krate::Differentiable), &[], body);
    let leaves = super::parameters::without(item);
    quote!(#differentiable #leaves)
}
