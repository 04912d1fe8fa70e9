//! What the syntax of a type tells: whether it carries floats, and of which shape.
//!
//! A macro sees no types, only how they are written. What it cannot see through (an alias, a user's struct) is taken to
//! carry floats; the traits of the runtime then know better.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{
    Expr, ExprLit, GenericArgument, GenericParam, Generics, Ident, Lit, Path, PathArguments,
    PathSegment, Type,
};

/// What a value of some type can contribute.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Carries {
    /// Floats, or a named type that may have some.
    Floats,
    /// Nothing: integers, conditions, text and containers of these.
    Nothing,
    /// Floats in hiding: `impl Trait`, `dyn Trait`, function-like things.
    Hidden,
    /// A raw pointer.
    Pointer,
}

/// Named types that are inert as parameters without being told.
const INERT: [&str; 21] = [
    "i8",
    "i16",
    "i32",
    "i64",
    "i128",
    "isize",
    "u8",
    "u16",
    "u32",
    "u64",
    "u128",
    "usize",
    "bool",
    "char",
    "str",
    "PhantomData",
    "Range",
    "RangeInclusive",
    "RangeFrom",
    "RangeTo",
    "RangeToInclusive",
];

/// Named types of the standard library that are not inert as parameters (they contribute `()` to a gradient), but
/// with which alone as a result there is nothing to differentiate.
const FLOATLESS: [&str; 4] = ["String", "Ordering", "Duration", "RangeFull"];

/// Containers that carry what their first type argument carries: as parameters only the first.
const CONTAINERS: [&str; 4] = ["Vec", "Box", "Option", "Result"];

/// What a parameter of type `ty` carries.
pub fn carries(ty: &Type) -> Carries {
    carried(ty, &|path, name| {
        let container = if name == "Vec" {
            argument(path, 0).map(carries)
        } else {
            None
        };
        let boxed = CONTAINERS
            .contains(&name)
            .then(|| argument(path, 0).map(carries))
            .flatten();
        match (container, boxed) {
            (Some(inner), _) => inner,
            (None, Some(hidden @ (Carries::Hidden | Carries::Pointer))) => hidden,
            _ if INERT.contains(&name) => Carries::Nothing,
            _ => Carries::Floats,
        }
    })
}

/// What a result of type `ty` carries.
pub fn returns(ty: &Type) -> Carries {
    carried(ty, &|path, name| match argument(path, 0) {
        Some(inner) if CONTAINERS.contains(&name) => returns(inner),
        _ if INERT.contains(&name) || FLOATLESS.contains(&name) => Carries::Nothing,
        _ => Carries::Floats,
    })
}

/// Whether there is a reference to floats in a type, on the outside or in a tuple, an array or an argument.
pub fn refers_to_floats(ty: &Type) -> bool {
    match peel(ty) {
        Type::Reference(reference) => returns(&reference.elem) == Carries::Floats,
        Type::Array(array) => refers_to_floats(&array.elem),
        Type::Tuple(tuple) => tuple.elems.iter().any(refers_to_floats),
        Type::Path(path) => arguments(&path.path).any(refers_to_floats),
        _ => false,
    }
}

fn carried(ty: &Type, named: &dyn Fn(&Path, &str) -> Carries) -> Carries {
    match peel(ty) {
        Type::Reference(reference) => carried(&reference.elem, named),
        Type::Array(array) => carried(&array.elem, named),
        Type::Slice(slice) => carried(&slice.elem, named),
        Type::Tuple(tuple) => {
            let parts = tuple.elems.iter().map(|part| carried(part, named));
            parts.fold(Carries::Nothing, either)
        }
        Type::FnPtr(_) | Type::Never(_) => Carries::Nothing,
        Type::ImplTrait(_) | Type::TraitObject(_) => Carries::Hidden,
        Type::Ptr(_) => Carries::Pointer,
        Type::Path(path) if path.qself.is_none() => match path.path.segments.last() {
            Some(last) => named(&path.path, &last.ident.to_string()),
            None => Carries::Floats,
        },
        _ => Carries::Floats,
    }
}

fn either(a: Carries, b: Carries) -> Carries {
    match (a, b) {
        (Carries::Nothing, other) | (other, Carries::Nothing) => other,
        (Carries::Floats, other) | (other, Carries::Floats) => other,
        (first, _) => first,
    }
}

/// The type of the elements of a slice or an array.
pub fn element(ty: &Type) -> Option<&Type> {
    match peel(ty) {
        Type::Slice(slice) => Some(&slice.elem),
        Type::Array(array) => Some(&array.elem),
        _ => None,
    }
}

/// The length of an array of floats, if it is written as a number.
pub fn float_array(ty: &Type, reals: &[Ident]) -> Option<usize> {
    match peel(ty) {
        Type::Array(array) if is_float(&array.elem, reals) => match &array.len {
            Expr::Lit(ExprLit {
                lit: Lit::Int(len), ..
            }) => len.base10_parse().ok(),
            _ => None,
        },
        _ => None,
    }
}

/// The type without parentheses and invisible groups.
pub fn peel(ty: &Type) -> &Type {
    match ty {
        Type::Paren(paren) => peel(&paren.elem),
        Type::Group(group) => peel(&group.elem),
        _ => ty,
    }
}

/// The type as a path without a qualified self.
pub fn as_path(ty: &Type) -> Option<&Path> {
    match peel(ty) {
        Type::Path(path) if path.qself.is_none() => Some(&path.path),
        _ => None,
    }
}

/// Whether the last segment of the path is `name`.
pub fn ends_with(path: &Path, name: &str) -> bool {
    path.segments.last().is_some_and(|last| last.ident == name)
}

/// The `index`-th type argument of the last segment.
pub fn argument(path: &Path, index: usize) -> Option<&Type> {
    arguments(path).nth(index)
}

/// How many type arguments the last segment has.
pub fn arity(path: &Path) -> usize {
    arguments(path).count()
}

/// Whether the type may have lifetimes that are left out: it is a name without any, and neither
/// `Self` nor one of the `variables`.
pub fn may_elide(ty: &Type, variables: &[Ident]) -> bool {
    let Some(path) = as_path(ty) else {
        return true;
    };
    let known = |first: &PathSegment| first.ident == "Self" || variables.contains(&first.ident);
    let known = path.segments.first().is_some_and(known);
    let lists = path
        .segments
        .iter()
        .filter_map(|segment| match &segment.arguments {
            PathArguments::AngleBracketed(list) => Some(&list.args),
            _ => None,
        });
    let names_one = |argument: &GenericArgument| matches!(argument, GenericArgument::Lifetime(_));
    let named = lists.flatten().any(names_one);
    !known && (!named || arguments(path).any(|ty| may_elide(ty, variables)))
}

fn arguments(path: &Path) -> impl Iterator<Item = &Type> {
    let list = path.segments.last().and_then(|last| match &last.arguments {
        PathArguments::AngleBracketed(list) => Some(&list.args),
        _ => None,
    });
    list.into_iter()
        .flatten()
        .filter_map(|argument| match argument {
            GenericArgument::Type(ty) => Some(ty),
            _ => None,
        })
}

/// Whether the type is visibly a float: `f32`, `f64`, or one of the `reals`.
pub fn is_float(ty: &Type, reals: &[Ident]) -> bool {
    let Some(path) = as_path(ty) else {
        return false;
    };
    match path.get_ident() {
        Some(ident) => ident == "f32" || ident == "f64" || reals.contains(ident),
        None => path.segments.len() == 3 && (ends_with(path, "f32") || ends_with(path, "f64")),
    }
}

/// Whether the type mentions one of the names.
pub fn mentions(ty: &Type, names: &[Ident]) -> bool {
    says(ty.to_token_stream(), &|ident| names.contains(ident))
}

/// Whether one of the identifiers among the tokens is as asked for.
pub fn says(tokens: TokenStream, asked: &dyn Fn(&Ident) -> bool) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => asked(&ident),
        TokenTree::Group(group) => says(group.stream(), asked),
        _ => false,
    })
}

/// The type parameters that are declared.
pub fn type_params(generics: &Generics) -> impl Iterator<Item = &Ident> {
    generics.type_params().map(|param| &param.ident)
}

/// Type parameters bounded by `Differentiable`.
pub fn differentiable(generics: &Generics) -> impl Iterator<Item = &Ident> {
    type_params(generics)
        .filter(|param| bounds_of(generics, param).any(|bound| ends_with(bound, "Differentiable")))
}

/// The traits that bound a type parameter, in its declaration and in the where-clause.
pub fn bounds_of<'a>(generics: &'a Generics, name: &'a Ident) -> impl Iterator<Item = &'a Path> {
    let declared = generics.params.iter().filter_map(move |param| match param {
        GenericParam::Type(param) if param.ident == *name => Some(&param.bounds),
        _ => None,
    });
    let predicates = generics
        .where_clause
        .iter()
        .flat_map(|clause| &clause.predicates);
    let required = predicates.filter_map(move |predicate| match predicate {
        syn::WherePredicate::Type(predicate) => as_path(&predicate.bounded_ty)
            .is_some_and(|path| path.is_ident(name))
            .then_some(&predicate.bounds),
        _ => None,
    });
    declared
        .chain(required)
        .flatten()
        .filter_map(|bound| match bound {
            syn::TypeParamBound::Trait(bound) => Some(&bound.path),
            _ => None,
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use syn::parse_quote;

    #[test]
    fn inert_types_are_known_by_name() {
        for ty in [
            parse_quote!(usize),
            parse_quote!(&[u8]),
            parse_quote!(Vec<[bool; 2]>),
            parse_quote!(core::ops::Range<usize>),
            parse_quote!(&'static str),
            parse_quote!(fn(f64) -> f64),
            parse_quote!((i32, [char; 3])),
            parse_quote!(()),
        ] {
            let ty: Type = ty;
            assert_eq!(carries(&ty), Carries::Nothing, "{}", ty.to_token_stream());
        }
    }

    #[test]
    fn anything_else_is_active() {
        for ty in [
            parse_quote!(&f64),
            parse_quote!((usize, F)),
            parse_quote!(&mut [S]),
        ] {
            let ty: Type = ty;
            assert_eq!(carries(&ty), Carries::Floats, "{}", ty.to_token_stream());
        }
        let (option, text): (Type, Type) = (parse_quote!(Option<usize>), parse_quote!(String));
        assert_eq!(
            (carries(&option), returns(&option)),
            (Carries::Floats, Carries::Nothing)
        );
        assert_eq!(
            (carries(&text), returns(&text)),
            (Carries::Floats, Carries::Nothing)
        );
        let hidden: Type = parse_quote!(&dyn Fn(f64) -> f64);
        assert_eq!(carries(&hidden), Carries::Hidden);
    }
}
