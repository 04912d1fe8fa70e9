//! `f64` becomes `f32`.

use proc_macro2::{TokenStream, TokenTree};
use quote::{quote, ToTokens};
use syn::File;

/// Writes every number in single precision.
pub fn rewrite(file: &mut File) -> bool {
    *file = syn::parse2(single(file.to_token_stream())).expect("the same with other types");
    true
}

fn single(tokens: TokenStream) -> TokenStream {
    let each = tokens.into_iter().map(|token| match token {
        TokenTree::Ident(ident) if ident == "f64" => quote!(f32),
        TokenTree::Group(group) => {
            let inside = single(group.stream());
            proc_macro2::Group::new(group.delimiter(), inside).to_token_stream()
        }
        token => token.to_token_stream(),
    });
    each.collect()
}
