//! Parameters that are functions.

use syn::{Generics, Type, TypeParamBound, WherePredicate};

/// Whether a parameter of this type is a function.
pub fn is_function(ty: &Type, generics: &Generics) -> bool {
    match ty {
        Type::Reference(ty) => is_function(&ty.elem, generics),
        Type::Paren(ty) => is_function(&ty.elem, generics),
        Type::ImplTrait(ty) => ty.bounds.iter().any(is_of_functions),
        Type::TraitObject(ty) => ty.bounds.iter().any(is_of_functions),
        Type::Path(path) => path
            .path
            .get_ident()
            .is_some_and(|name| is_bounded(name, generics)),
        _ => false,
    }
}

fn is_bounded(name: &syn::Ident, generics: &Generics) -> bool {
    let mut params = generics.type_params();
    let beside =
        params.any(|param| param.ident == *name && param.bounds.iter().any(is_of_functions));
    let clauses = generics.where_clause.iter();
    let mut behind = clauses.flat_map(|clause| &clause.predicates);
    beside
        || behind.any(|predicate| match predicate {
            WherePredicate::Type(predicate) => {
                let named =
                    matches!(&predicate.bounded_ty, Type::Path(ty) if ty.path.is_ident(name));
                named && predicate.bounds.iter().any(is_of_functions)
            }
            _ => false,
        })
}

fn is_of_functions(bound: &TypeParamBound) -> bool {
    let TypeParamBound::Trait(bound) = bound else {
        return false;
    };
    let last = bound.path.segments.last();
    last.is_some_and(|last| {
        ["Fn", "FnMut", "FnOnce"]
            .iter()
            .any(|name| last.ident == name)
    })
}
