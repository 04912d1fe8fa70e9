//! Parameters of an `impl` block that its type does not mention: `impl<F: Float> Easing<F> for Back`.
//!
//! The siblings of such a trait's methods stand in a block without the trait, where nothing would bind the parameter:
//! there it is one of each function.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{GenericParam, Generics, Type, WherePredicate};

/// Such parameters, and the conditions on them.
#[derive(Debug, Default)]
pub struct Unbound {
    params: Vec<GenericParam>,
    predicates: Vec<WherePredicate>,
}

impl Unbound {
    /// Takes them out of the generics of a block for `self_ty`.
    pub fn take(generics: &mut Generics, self_ty: &Type) -> Self {
        let mut unbound = Unbound::default();
        for param in std::mem::take(&mut generics.params) {
            match is_mentioned(name(&param), self_ty.to_token_stream()) {
                true => generics.params.push(param),
                false => unbound.params.push(param),
            }
        }
        if let Some(clause) = &mut generics.where_clause {
            for predicate in std::mem::take(&mut clause.predicates) {
                match unbound.is_in(predicate.to_token_stream()) {
                    true => unbound.predicates.push(predicate),
                    false => clause.predicates.push(predicate),
                }
            }
        }
        unbound
    }

    fn is_in(&self, tokens: TokenStream) -> bool {
        let mut names = self.params.iter().map(name);
        names.any(|name| is_mentioned(name, tokens.clone()))
    }

    /// Adds them to the generics of a function that mentions them.
    pub fn give(&self, generics: &mut Generics, function: &TokenStream) {
        if !self.is_in(function.clone()) {
            return;
        }
        let own = std::mem::take(&mut generics.params);
        let (lifetimes, others): (Vec<_>, Vec<_>) = own
            .into_iter()
            .chain(self.params.iter().cloned())
            .partition(|param| matches!(param, GenericParam::Lifetime(_)));
        generics.params.extend(lifetimes);
        generics.params.extend(others);
        if !self.predicates.is_empty() {
            let clause = generics.make_where_clause();
            clause.predicates.extend(self.predicates.iter().cloned());
        }
    }
}

fn name(param: &GenericParam) -> &Ident {
    match param {
        GenericParam::Lifetime(param) => &param.lifetime.ident,
        GenericParam::Type(param) => &param.ident,
        GenericParam::Const(param) => &param.ident,
    }
}

fn is_mentioned(name: &Ident, tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == *name,
        TokenTree::Group(group) => is_mentioned(name, group.stream()),
        _ => false,
    })
}
