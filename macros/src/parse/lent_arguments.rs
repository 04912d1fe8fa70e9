//! References among the arguments of a trait that is implemented: `impl Next<&Bar> for Average`.
//!
//! To the trait such a type is a parameter `T`, and what is said of it there, `<T as Differentiable>::Cotangent`, has to be said
//! here in the same words, lifetime and all: `<&'a Bar as Differentiable>::Cotangent`. So the lifetime gets a name.

use proc_macro2::Span;
use quote::ToTokens;
use syn::{
    FnArg, GenericArgument, GenericParam, ItemImpl, Lifetime, LifetimeParam, PathArguments,
    Signature, Type,
};

use super::types;

/// The references among the arguments, with lifetimes.
#[derive(Clone, Debug, Default)]
pub struct LentArguments(Vec<Type>);

impl LentArguments {
    /// Names their lifetimes in the head of the implementation.
    pub fn name(item: &mut ItemImpl) -> Self {
        let mut lent = LentArguments::default();
        let mut lifetimes = Vec::new();
        let path = item.trait_.as_mut().map(|(path, _)| path);
        let last = path.and_then(|path| path.segments.last_mut());
        let Some(PathArguments::AngleBracketed(list)) = last.map(|last| &mut last.arguments) else {
            return lent;
        };
        for argument in &mut list.args {
            let GenericArgument::Type(Type::Reference(reference)) = argument else {
                continue;
            };
            // A slice has a slot of its own kind.
            if matches!(types::peel(&reference.elem), Type::Slice(_)) {
                continue;
            }
            reference.lifetime.get_or_insert_with(|| {
                let name = format!("'lent{}", lifetimes.len());
                let lifetime = Lifetime::new(&name, Span::mixed_site());
                lifetimes.push(LifetimeParam::new(lifetime.clone()));
                lifetime
            });
            lent.0.push(Type::Reference(reference.clone()));
        }
        for (index, lifetime) in lifetimes.into_iter().enumerate() {
            let params = &mut item.generics.params;
            params.insert(index, GenericParam::Lifetime(lifetime));
        }
        lent
    }

    /// Gives the parameters of a function's siblings the types that the trait knows.
    pub fn give(&self, sig: &mut Signature) {
        for input in &mut sig.inputs {
            if let FnArg::Typed(typed) = input {
                let mut known = self.0.iter();
                if let Some(ty) = known.find(|known| same(known, &typed.ty)) {
                    *typed.ty = ty.clone();
                }
            }
        }
    }

    /// Whether the trait knows this type as a parameter.
    pub fn has(&self, ty: &Type) -> bool {
        let text = ty.to_token_stream().to_string();
        let mut known = self.0.iter();
        known.any(|known| known.to_token_stream().to_string() == text)
    }
}

/// Whether a parameter's type is that of the trait, whatever the lifetime if it has no name.
fn same(known: &Type, ty: &Type) -> bool {
    let (Type::Reference(known), Type::Reference(ty)) = (known, ty) else {
        return false;
    };
    let to_text = |ty: &Type| ty.to_token_stream().to_string();
    let lifetime = ty
        .lifetime
        .as_ref()
        .filter(|lifetime| lifetime.ident != "_");
    lifetime.is_none_or(|lifetime| known.lifetime.as_ref() == Some(lifetime))
        && known.mutability.is_some() == ty.mutability.is_some()
        && to_text(&known.elem) == to_text(&ty.elem)
}
