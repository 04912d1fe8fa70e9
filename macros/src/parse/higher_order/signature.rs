//! Which parameters are functions, and what they are called with.

use syn::{Generics, Ident, Type, TypeParamBound, WherePredicate};

/// What a parameter is called with, if its type is that of a function.
pub fn called_with(ty: &Type, generics: &Generics) -> Option<Vec<Type>> {
    match ty {
        Type::Reference(ty) => called_with(&ty.elem, generics),
        Type::Paren(ty) => called_with(&ty.elem, generics),
        Type::FnPtr(ty) => Some(ty.inputs.iter().map(|input| input.ty.clone()).collect()),
        Type::ImplTrait(ty) => ty.bounds.iter().find_map(of_bound),
        Type::TraitObject(ty) => ty.bounds.iter().find_map(of_bound),
        Type::Path(path) => bound_of(path.path.get_ident()?, generics),
        _ => None,
    }
}

/// `F: Fn(f64) -> f64`, beside the parameter or behind `where`.
pub fn bound_of(name: &Ident, generics: &Generics) -> Option<Vec<Type>> {
    let mut params = generics.type_params().filter(|param| param.ident == *name);
    let beside = params.find_map(|param| param.bounds.iter().find_map(of_bound));
    let clause = generics
        .where_clause
        .iter()
        .flat_map(|clause| &clause.predicates);
    let mut behind = clause.filter_map(|predicate| match predicate {
        WherePredicate::Type(predicate) => match &predicate.bounded_ty {
            Type::Path(path) if path.path.is_ident(name) => {
                predicate.bounds.iter().find_map(of_bound)
            }
            _ => None,
        },
        _ => None,
    });
    beside.or_else(|| behind.next())
}

fn of_bound(bound: &TypeParamBound) -> Option<Vec<Type>> {
    let TypeParamBound::Trait(bound) = bound else {
        return None;
    };
    let last = bound.path.segments.last()?;
    match &last.arguments {
        syn::PathArguments::Parenthesized(arguments)
            if ["Fn", "FnMut", "FnOnce"]
                .iter()
                .any(|name| last.ident == name) =>
        {
            Some(
                arguments
                    .inputs
                    .iter()
                    .map(|input| input.ty.clone())
                    .collect(),
            )
        }
        _ => None,
    }
}
