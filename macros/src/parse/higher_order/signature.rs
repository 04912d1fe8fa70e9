//! Which parameters are functions, what they are called with, and what they give.

use syn::{Generics, Ident, ReturnType, Type, TypeParamBound, WherePredicate};

use crate::parse::types;

/// The type of a function that is a parameter.
#[derive(Clone, Debug)]
pub struct Handed {
    pub inputs: Vec<Type>,
    pub output: ReturnType,
    pub family: Family,
}

/// How it may be called.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Family {
    Fn,
    FnMut,
    FnOnce,
    /// `fn(f64) -> f64`
    Pointer,
}

const FAMILIES: [(&str, Family); 3] = [
    ("Fn", Family::Fn),
    ("FnMut", Family::FnMut),
    ("FnOnce", Family::FnOnce),
];

/// What a parameter is as a function, if its type is that of one.
pub fn handed(ty: &Type, generics: &Generics) -> Option<Handed> {
    match ty {
        Type::Reference(ty) => handed(&ty.elem, generics),
        Type::Paren(ty) => handed(&ty.elem, generics),
        Type::Group(ty) => handed(&ty.elem, generics),
        Type::FnPtr(ty) => Some(Handed {
            inputs: ty.inputs.iter().map(|input| input.ty.clone()).collect(),
            output: ty.output.clone(),
            family: Family::Pointer,
        }),
        Type::ImplTrait(ty) => ty.bounds.iter().find_map(of_bound),
        Type::TraitObject(ty) => ty.bounds.iter().find_map(of_bound),
        Type::Path(path) if types::ends_with(&path.path, "Box") => {
            match types::argument(&path.path, 0)? {
                inner @ Type::TraitObject(_) => handed(inner, generics),
                _ => None,
            }
        }
        Type::Path(path) => bound_of(path.path.get_ident()?, generics),
        _ => None,
    }
}

/// What a parameter is called with, if its type is that of a function.
pub fn called_with(ty: &Type, generics: &Generics) -> Option<Vec<Type>> {
    handed(ty, generics).map(|handed| handed.inputs)
}

/// `F: Fn(f64) -> f64`, beside the parameter or behind `where`.
pub fn bound_of(name: &Ident, generics: &Generics) -> Option<Handed> {
    bounds_of(name, generics).find_map(of_bound)
}

/// Whether what has this type can be handed on by value as often as one likes.
pub fn is_copied(ty: &Type, generics: &Generics) -> bool {
    let copy = |bound: &TypeParamBound| match bound {
        TypeParamBound::Trait(bound) => types::ends_with(&bound.path, "Copy"),
        _ => false,
    };
    match types::peel(ty) {
        Type::FnPtr(_) => true,
        Type::ImplTrait(ty) => ty.bounds.iter().any(copy),
        Type::Path(path) => {
            (path.path.get_ident()).is_some_and(|name| bounds_of(name, generics).any(copy))
        }
        _ => false,
    }
}

/// What a type parameter is bounded by, beside it or behind `where`.
pub fn bounds_of<'g>(
    name: &'g Ident,
    generics: &'g Generics,
) -> impl Iterator<Item = &'g TypeParamBound> {
    let params = generics.type_params();
    let beside = params.filter(move |param| param.ident == *name);
    let beside = beside.flat_map(|param| &param.bounds);
    let clause = generics.where_clause.iter();
    let clause = clause.flat_map(|clause| &clause.predicates);
    let behind = clause.filter_map(move |predicate| match predicate {
        WherePredicate::Type(predicate) => match &predicate.bounded_ty {
            Type::Path(path) if path.path.is_ident(name) => Some(&predicate.bounds),
            _ => None,
        },
        _ => None,
    });
    beside.chain(behind.flatten())
}

fn of_bound(bound: &TypeParamBound) -> Option<Handed> {
    let TypeParamBound::Trait(bound) = bound else {
        return None;
    };
    let last = bound.path.segments.last()?;
    let (_, family) = FAMILIES.iter().find(|(name, _)| last.ident == name)?;
    match &last.arguments {
        syn::PathArguments::Parenthesized(arguments) => Some(Handed {
            inputs: arguments
                .inputs
                .iter()
                .map(|input| input.ty.clone())
                .collect(),
            output: arguments.output.clone(),
            family: *family,
        }),
        _ => None,
    }
}
