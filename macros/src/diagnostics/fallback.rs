//! What stands in for a body that could not be differentiated.
//!
//! The siblings are still there, with their signatures, so that one mistake gives one error and editors keep working.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Ident;

/// The body of `f_vjp` after an error.
pub fn body(name: &Ident) -> TokenStream {
    let message = format!("`{name}` could not be differentiated");
    quote!(::core::panic!(#message))
}
