//! Where the floats of a type are: its leaves.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, ToTokens};
use syn::{Index, Type};

use super::item::{Field, Variant};
use super::shape::Shape;

/// The floats of a field, or of an element of a tuple.
pub struct Leaf<'a> {
    field: &'a Field,
    /// `.0.1` behind the field.
    path: TokenStream,
    /// Its type.
    pub ty: &'a Type,
    /// What that shows.
    pub shape: &'a Shape,
}

impl Leaf<'_> {
    /// Whether it may turn out to have no floats: then it is visited through `Leaves`.
    pub fn may_be_inert(&self) -> bool {
        matches!(self.shape, Shape::Opaque(_))
    }

    /// `<T as Parameters>::method`, or the same of `Leaves`.
    pub fn call(&self, krate: &TokenStream, method: &str) -> TokenStream {
        let (ty, method) = (self.ty, Ident::new(method, Span::call_site()));
        match self.may_be_inert() {
            true => quote!(<#ty as #krate::__private::Leaves<'_, Self::Scalar>>::#method),
            false => quote!(<#ty as #krate::Parameters>::#method),
        }
    }

    /// The place, borrowed as the value around it is.
    pub fn place(&self, prefix: &str, reference: TokenStream) -> TokenStream {
        let (name, path) = (self.field.binding(prefix), &self.path);
        match path.is_empty() {
            true => name.into_token_stream(),
            false => quote!(#reference #name #path),
        }
    }
}

/// The leaves of a variant.
pub fn leaves(variant: &Variant) -> Vec<Leaf<'_>> {
    let mut found = Vec::new();
    for field in &variant.fields {
        collect(
            field,
            TokenStream::new(),
            &field.ty,
            &field.shape,
            &mut found,
        );
    }
    found
}

fn collect<'a>(
    field: &'a Field,
    path: TokenStream,
    ty: &'a Type,
    shape: &'a Shape,
    found: &mut Vec<Leaf<'a>>,
) {
    match shape {
        Shape::Tuple(elements) => {
            for (index, (ty, shape)) in elements.iter().enumerate() {
                let index = Index::from(index);
                collect(field, quote!(#path.#index), ty, shape, found);
            }
        }
        shape if shape.is_inert() => {}
        shape => found.push(Leaf {
            field,
            path,
            ty,
            shape,
        }),
    }
}
