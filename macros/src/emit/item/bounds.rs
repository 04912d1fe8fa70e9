//! What the siblings require beyond what the function requires.

use quote::{quote, ToTokens};
use syn::{GenericParam, Generics, Ident, Lifetime, Path, Type, WherePredicate};

use crate::lower::unknown_macros;
use crate::parse::function::{Function, Home};
use crate::parse::{own_result, types};

/// The generics of a sibling.
pub fn generics(function: &Function) -> Generics {
    let mut generics = function.sig.generics.clone();
    if matches!(function.home, Home::Operator(_)) {
        return generics;
    }
    if is_dispatched(function) {
        require(&mut generics, quote!(Self: ::core::marker::Sized));
    }
    promote(function, &mut generics);
    open(function, &mut generics);
    associated(function, &mut generics);
    generics
}

/// `Self::Scalar: Scalar` for the floats of the trait that the function speaks of.
fn associated(function: &Function, generics: &mut Generics) {
    let tapeless = &function.options.tapeless;
    for float in &function.associated_floats {
        let name = &float.name;
        let says = |ident: &Ident| ident == name;
        if types::says(function.sig.to_token_stream(), &says) {
            let of = Ident::new(if float.is_real { "Real" } else { "Scalar" }, name.span());
            require(generics, quote!(Self::#name: #tapeless::#of));
        }
    }
}

/// `T: Differentiable` for what nothing tells to be so, `T: MulVjp<R>` where it is `T: Mul<R>`, and `S: FromVjp<T>` where it
/// is `S: From<T>`.
pub fn open(function: &Function, generics: &mut Generics) {
    let tapeless = &function.options.tapeless;
    let open = open_types(function);
    for ty in &open {
        require(generics, quote!(#ty: #tapeless::Differentiable));
    }
    let bounded = function.bounded.iter();
    let bounded = bounded.filter(|name| !function.reals.contains(name));
    let bounded = bounded.map(|name| syn::parse_quote!(#name));
    let open: Vec<Type> = open.into_iter().chain(bounded).collect();
    let arithmetic = function.arithmetic.iter();
    for rule in arithmetic
        .filter(|arithmetic| arithmetic.is_of(&open))
        .flat_map(|arithmetic| arithmetic.rules(tapeless))
    {
        generics.make_where_clause().predicates.push(rule);
    }
    looked_at(function, &open, generics);
    let conversions = function.conversions.iter();
    for rule in conversions
        .filter(|conversion| conversion.is_of(&open, &function.reals))
        .flat_map(|conversion| conversion.rules(tapeless))
    {
        generics.make_where_clause().predicates.push(rule);
    }
}

/// `T: Sync` for the function's own type parameters if macros of unknown meaning may look at what is of them: the compiler
/// then sees that these do not write through a cell.
fn looked_at(function: &Function, open: &[Type], generics: &mut Generics) {
    let in_trait = matches!(function.home, Home::Trait | Home::Member { .. });
    let body = function.body.as_ref().filter(|_| !in_trait);
    if body.is_none_or(|body| !unknown_macros(body)) {
        return;
    }
    let own: Vec<Ident> = types::type_params(&function.sig.generics)
        .cloned()
        .collect();
    for ty in open.iter().filter(|ty| types::mentions(ty, &own)) {
        require(generics, quote!(#ty: ::core::marker::Sync));
    }
}

/// Whether a trait's method may be called on a `dyn` of it, which its siblings may not: they are generic. A function
/// without a receiver, that is not for sized types alone, keeps a trait from having such objects anyway.
fn is_dispatched(function: &Function) -> bool {
    let of_trait = matches!(function.home, Home::Trait | Home::Member { .. });
    of_trait && function.sig.receiver().is_some()
}

/// `T: Real` for the type parameters that the user bounded by `Float`, `T: Scalar` for those with a trait of its own.
pub fn promote(function: &Function, generics: &mut Generics) {
    let tapeless = &function.options.tapeless;
    // Those are refused, once.
    let unasked = unasked(function);
    let asked = |name: &&Ident| !unasked.contains(name);
    for name in function.promoted.iter().filter(asked) {
        require(generics, quote!(#name: #tapeless::Real));
    }
    for name in function.bare.iter().filter(asked) {
        require(generics, quote!(#name: #tapeless::Scalar));
    }
}

/// Adds what lets a result of hidden type be a float: `Y: Seed<'out>`.
///
/// A bound that mentions a lifetime parameter is checked where the function is called, not where it is defined; so the
/// sibling may stand beside a function whose result is no float at all.
///
/// What a type parameter of a trait stands for is open anyway, and an implementation for a float has no such lifetime.
pub fn seed(function: &Function, ty: &Type, generics: &mut Generics) -> Lifetime {
    let name = if is_open(function, ty) {
        "'static"
    } else {
        "'out"
    };
    let lifetime = Lifetime::new(name, proc_macro2::Span::mixed_site());
    if name != "'static" {
        let param = GenericParam::Lifetime(syn::LifetimeParam::new(lifetime.clone()));
        generics.params.insert(0, param);
    }
    let tapeless = &function.options.tapeless;
    require(generics, quote!(#ty: #tapeless::Seed<#lifetime>));
    lifetime
}

/// Whether a type mentions a type parameter in a trait or its implementation, or is, in a trait, what implements it.
fn is_open(function: &Function, ty: &Type) -> bool {
    if matches!(function.home, Home::Trait) && own_result::is_own(ty) {
        return true;
    }
    let params = function.variables.iter().filter(|name| *name != "Self");
    let params: Vec<_> = params.cloned().collect();
    matches!(function.home, Home::Trait | Home::Member { .. }) && types::mentions(ty, &params)
}

fn require(generics: &mut Generics, predicate: proc_macro2::TokenStream) {
    if let Ok(predicate) = syn::parse2::<WherePredicate>(predicate) {
        generics.make_where_clause().predicates.push(predicate);
    }
}

/// Type parameters and projections of them, in the types of active parameters and of the result, that nothing tells to
/// be `Differentiable`.
///
/// Only these, and not the types around them: a bound `V<T>: Differentiable` would hide from the compiler what the
/// cotangent of `V<T>` is, and its fields could not be reached.
fn open_types(function: &Function) -> Vec<Type> {
    let mut found: Vec<Type> = Vec::new();
    let active = function.params.iter().filter(|param| param.is_active());
    let result = function
        .outcome
        .ty()
        .filter(|_| function.outcome.carries_floats());
    for ty in active.map(|param| &param.ty).chain(result) {
        leaves(function, ty, &mut found);
    }
    found
}

fn leaves(function: &Function, ty: &Type, found: &mut Vec<Type>) {
    let ty = types::peel(ty);
    if function.is_float(ty) || !types::mentions(ty, &function.variables) {
        return;
    }
    let is = |name: &Ident| types::as_path(ty).is_some_and(|path| path.is_ident(name));
    if function.bounded.iter().any(is) {
        return;
    }
    if is_argument(function, ty) {
        let mut inner = Vec::new();
        leaves_inside(function, ty, &mut inner);
        if !inner.is_empty() {
            note(ty, found);
        }
        return;
    }
    leaves_inside(function, ty, found);
}

/// Whether a type is an argument of the trait that is implemented, which to the trait is a parameter.
fn is_argument(function: &Function, ty: &Type) -> bool {
    let text = ty.to_token_stream().to_string();
    let mut known = function.known_to_trait.iter();
    matches!(function.home, Home::Member { .. })
        && known.any(|known| known.to_token_stream().to_string() == text)
}

/// Type parameters of the implementation of a trait of which the siblings would ask more than the trait does, which knows
/// nothing of them.
pub fn unasked(function: &Function) -> Vec<Ident> {
    if !matches!(function.home, Home::Member { .. }) {
        return Vec::new();
    }
    let open = open_types(function);
    let open = open.iter().filter_map(|ty| types::as_path(ty)?.get_ident());
    let own: Vec<&Ident> = types::type_params(&function.sig.generics).collect();
    let floats = function.promoted.iter().chain(&function.bare);
    let mut unasked: Vec<Ident> = floats.chain(open).cloned().collect();
    unasked.retain(|name| {
        let known = is_argument(function, &syn::parse_quote!(#name));
        name != "Self" && !own.contains(&name) && !known
    });
    unasked
}

fn leaves_inside(function: &Function, ty: &Type, found: &mut Vec<Type>) {
    match ty {
        Type::Reference(reference) => leaves(function, &reference.elem, found),
        Type::Array(array) => leaves(function, &array.elem, found),
        Type::Slice(slice) => leaves(function, &slice.elem, found),
        Type::Tuple(tuple) => {
            tuple
                .elems
                .iter()
                .for_each(|ty| leaves(function, ty, found));
        }
        Type::Path(path) if path.qself.is_none() && types::arity(&path.path) > 0 => {
            for index in 0..types::arity(&path.path) {
                if let Some(argument) = types::argument(&path.path, index) {
                    leaves(function, argument, found);
                }
            }
        }
        Type::Path(path) if path.path.is_ident("Self") => leaves_of_self(function, ty, found),
        // The implementation knows what `Self::Name` is.
        Type::Path(path) if says_self(&path.path) && !matches!(function.home, Home::Trait) => {}
        _ => note(ty, found),
    }
}

fn says_self(path: &Path) -> bool {
    path.segments
        .first()
        .is_some_and(|first| first.ident == "Self")
}

/// `Self` stands for the type of the block: it is open in a trait; in a block that is not seen it is left alone.
fn leaves_of_self(function: &Function, ty: &Type, found: &mut Vec<Type>) {
    match &function.home {
        Home::Trait => note(ty, found),
        Home::Member { self_ty, .. } => {
            let mut inner = Vec::new();
            leaves(function, self_ty, &mut inner);
            if !inner.is_empty() {
                note(ty, found);
            }
        }
        Home::Inherent(Some(self_ty)) | Home::Operator(self_ty) => {
            leaves(function, self_ty, found);
        }
        _ => {}
    }
}

fn note(ty: &Type, found: &mut Vec<Type>) {
    let text = ty.to_token_stream().to_string();
    let elided = text.contains("'_");
    if !elided
        && !found
            .iter()
            .any(|known| known.to_token_stream().to_string() == text)
    {
        found.push(ty.clone());
    }
}
