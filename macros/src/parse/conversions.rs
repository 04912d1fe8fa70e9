//! Which implementations of `From` in an annotated module are conversions of what carries floats. Others are of errors and
//! texts, and nothing can be said of the cotangents of their types.

use std::collections::HashSet;

use quote::ToTokens;
use syn::{Attribute, GenericArgument, Item, ItemImpl, PathArguments, Type};

use super::{index, types};

/// The types that a module derives `Differentiable` for.
#[derive(Clone, Debug, Default)]
pub struct Carriers(HashSet<String>);

impl Carriers {
    /// Notes those among the items.
    pub fn define(&mut self, items: &[Item]) {
        let derived = items.iter().filter_map(|item| match item {
            Item::Struct(item) if derives(&item.attrs) => Some(item.ident.to_string()),
            Item::Enum(item) if derives(&item.attrs) => Some(item.ident.to_string()),
            _ => None,
        });
        self.0.extend(derived);
    }

    /// Whether an implementation that is no function of floats says something of their cotangents.
    pub fn follow(&self, item: &ItemImpl) -> bool {
        self.converts(item) || (index::is_deref(item) && self.carries(&item.self_ty))
    }

    /// Whether an implementation is of `From`, and both types are seen to carry floats.
    pub fn converts(&self, item: &ItemImpl) -> bool {
        let Some((path, _)) = &item.trait_ else {
            return false;
        };
        let source = types::argument(path, 0);
        types::ends_with(path, "From")
            && self.carries(&item.self_ty)
            && source.is_some_and(|source| self.carries(source))
    }

    fn carries(&self, ty: &Type) -> bool {
        match types::peel(ty) {
            Type::Array(array) => self.carries(&array.elem),
            Type::Reference(reference) => {
                reference.mutability.is_none() && self.carries(&reference.elem)
            }
            Type::Tuple(tuple) => {
                !tuple.elems.is_empty() && tuple.elems.iter().all(|ty| self.carries(ty))
            }
            Type::Path(path) if path.qself.is_none() => {
                let Some(last) = path.path.segments.last() else {
                    return false;
                };
                let name = last.ident.to_string();
                match name.as_str() {
                    "f32" | "f64" => true,
                    "Vec" | "Box" | "Option" => inside(&last.arguments).any(|ty| self.carries(ty)),
                    _ => self.0.contains(&name),
                }
            }
            _ => false,
        }
    }
}

fn inside(arguments: &PathArguments) -> impl Iterator<Item = &Type> {
    let arguments = match arguments {
        PathArguments::AngleBracketed(arguments) => Some(&arguments.args),
        _ => None,
    };
    arguments
        .into_iter()
        .flatten()
        .filter_map(|argument| match argument {
            GenericArgument::Type(ty) => Some(ty),
            _ => None,
        })
}

fn derives(attrs: &[Attribute]) -> bool {
    let mut derives = attrs.iter().filter(|attr| attr.path().is_ident("derive"));
    derives.any(|attr| {
        types::says(attr.meta.to_token_stream(), &|ident| {
            ident == "Differentiable"
        })
    })
}
