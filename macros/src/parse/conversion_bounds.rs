//! Conversions that generic code asks for: `Celsius: From<T>`, `T: Into<Celsius>`. Where a gradient flows through such a type
//! parameter, the siblings ask for the rule beside it.

use quote::ToTokens;
use syn::{parse_quote, GenericParam, Generics, Ident, Type, TypeParamBound, WherePredicate};

use super::types;

/// A conversion among the bounds.
#[derive(Clone, Debug)]
pub struct Conversion {
    /// What is converted.
    pub source: Type,
    /// What it becomes.
    pub target: Type,
    /// It is said of the source: `T: Into<U>`.
    pub into: bool,
}

/// The conversions that generics ask for. What is asked for every lifetime is left alone.
pub fn of(generics: &Generics) -> Vec<Conversion> {
    let params = generics.params.iter().filter_map(|param| match param {
        GenericParam::Type(param) => Some((named(&param.ident), &param.bounds)),
        _ => None,
    });
    let clauses = generics.where_clause.iter();
    let predicates = clauses.flat_map(|clause| &clause.predicates);
    let predicates = predicates.filter_map(|predicate| match predicate {
        WherePredicate::Type(predicate) if predicate.lifetimes.is_none() => {
            Some((predicate.bounded_ty.clone(), &predicate.bounds))
        }
        _ => None,
    });
    let all = params.chain(predicates);
    all.flat_map(|(of, bounds)| {
        let found = bounds.iter().filter_map(|bound| conversion(&of, bound));
        found.collect::<Vec<_>>()
    })
    .collect()
}

fn named(name: &Ident) -> Type {
    parse_quote!(#name)
}

fn conversion(of: &Type, bound: &TypeParamBound) -> Option<Conversion> {
    let TypeParamBound::Trait(bound) = bound else {
        return None;
    };
    let other = types::argument(&bound.path, 0).filter(|_| bound.lifetimes.is_none())?;
    let (of, other) = (of.clone(), other.clone());
    if types::ends_with(&bound.path, "From") {
        return Some(Conversion {
            source: other,
            target: of,
            into: false,
        });
    }
    types::ends_with(&bound.path, "Into").then_some(Conversion {
        source: of,
        target: other,
        into: true,
    })
}

impl Conversion {
    /// Whether it is of one of the types through which gradients flow, and not what floats do by themselves.
    ///
    /// A float that is a type parameter has conversions of its own, by the methods of `num_traits`.
    pub fn is_of(&self, open: &[Type], reals: &[Ident]) -> bool {
        let real = |ty: &Type| types::is_float(ty, reals) && !types::is_float(ty, &[]);
        let text = self.source.to_token_stream().to_string();
        let mut texts = open.iter().map(|ty| ty.to_token_stream().to_string());
        let flows = texts.any(|open| open == text);
        !real(&self.target) && (flows || real(&self.source) && !self.into)
    }

    /// What its rule needs. What is converted is needed again.
    pub fn rules(&self, tapeless: &syn::Path) -> Vec<WherePredicate> {
        let (source, target) = (&self.source, &self.target);
        let place: Type = parse_quote!(<#source as #tapeless::Differentiable>::Cotangent);
        let rule: WherePredicate = match self.into {
            true => parse_quote!(#source: #tapeless::ops::IntoVjp<#target, Place = #place>),
            false => parse_quote!(#target: #tapeless::ops::FromVjp<#source, Place = #place>),
        };
        let mut all = vec![rule, parse_quote!(#source: ::core::clone::Clone)];
        if self.into {
            all.push(parse_quote!(#target: #tapeless::Differentiable));
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conversions_are_found_among_the_bounds() {
        let generics: syn::ItemFn = parse_quote! {
            fn f<T: Copy + Into<U>, U>() where Celsius: From<T> + Copy, for<'a> U: From<&'a T> {}
        };
        let found = of(&generics.sig.generics);
        let text = |ty: &Type| ty.to_token_stream().to_string();
        let texts: Vec<String> = found
            .iter()
            .map(|found| format!("{} to {}", text(&found.source), text(&found.target)))
            .collect();
        assert_eq!(texts, ["T to U", "T to Celsius"]);
        let open: Type = parse_quote!(T);
        assert!(found
            .iter()
            .all(|found| found.is_of(std::slice::from_ref(&open), &[])));
        assert!(!found.iter().any(|found| found.is_of(&[], &[])));
    }
}
