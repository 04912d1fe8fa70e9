//! Results of the type that a trait is implemented for, or of one of its associated types: `fn scaled(&self, k: f64) -> Self`,
//! `fn read(x: f64) -> Option<Self>`, `fn next(&mut self) -> Self::Output`.
//!
//! The trait does not know whether that type is a float. Its implementations do, and may write `f64` or `Self`. So the trait
//! provides the siblings that a float would have; an implementation for a float has its own, whichever of the two it writes, and
//! one for anything else has none. Where a type without floats implements it, nothing flows, and `fn pack(x: f64) -> u8` is what
//! the trait has as `fn pack(x: f64) -> Self`.

use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::Type;

use super::function::{known_to_trait, Home, Surroundings};
use super::signature::{self, By, Outcome, Param};
use super::types;

/// What a member of a trait, or of its implementation, gives.
pub fn outcome(found: Outcome, around: &Surroundings, reals: &[Ident]) -> Outcome {
    let Some(ty) = found.ty().filter(|_| found.carries_floats()) else {
        return found;
    };
    let mut floats = around.associated_floats.iter();
    match &around.home {
        Home::Trait if floats.any(|float| float.is(payload(ty))) => of_float(ty),
        Home::Trait if is_own(ty) => Outcome::Named(ty.clone()),
        Home::Member { self_ty, .. } => of_member(found, self_ty, &known_to_trait(around), reals),
        _ => found,
    }
}

/// Whether a member gives the type that the trait is implemented for, which carries no floats, although it takes some.
pub fn is_inert(outcome: &Outcome, params: &[Param], around: &Surroundings) -> bool {
    let Home::Member { self_ty, .. } = &around.home else {
        return false;
    };
    let Outcome::Inert(ty) = outcome else {
        return false;
    };
    let writes = |param: &Param| param.is_active() && param.by == By::RefMut;
    is_same(payload(ty), self_ty)
        && params.iter().any(Param::takes_part)
        && !params.iter().any(writes)
}

/// In what shape a result is, with a float that the trait has by another name.
fn of_float(ty: &Type) -> Outcome {
    let wraps = |name| types::as_path(ty).is_some_and(|path| types::ends_with(path, name));
    let ty = ty.clone();
    match (wraps("Option"), wraps("Result")) {
        (true, _) => Outcome::Option(ty),
        (_, true) => Outcome::Result(ty),
        _ => Outcome::Float(ty),
    }
}

fn of_member(found: Outcome, self_ty: &Type, known: &[Type], reals: &[Ident]) -> Outcome {
    let Some(ty) = found.ty() else {
        return found;
    };
    if types::is_float(self_ty, reals) {
        let spelled = substituted(ty.to_token_stream(), self_ty);
        return match syn::parse2::<Type>(spelled) {
            Ok(ty) => signature::shape(&ty, reals),
            Err(_) => found,
        };
    }
    let mut others = known.iter().chain([self_ty]);
    match &found {
        Outcome::Named(ty) if is_own(ty) || others.any(|known| is_same(payload(ty), known)) => {
            Outcome::Many(ty.clone())
        }
        _ => found,
    }
}

/// Whether a type is `Self` or `Self::Name`, or an `Option` or `Result` of it.
pub fn is_own(ty: &Type) -> bool {
    let own = |path: &syn::Path| {
        path.segments
            .first()
            .is_some_and(|first| first.ident == "Self")
    };
    types::as_path(payload(ty)).is_some_and(own)
}

/// What is inside of an `Option` or a `Result`; else the type itself.
pub fn payload(ty: &Type) -> &Type {
    let wraps = ["Option", "Result"];
    let path = types::as_path(ty);
    let path = path.filter(|path| wraps.iter().any(|name| types::ends_with(path, name)));
    path.and_then(|path| types::argument(path, 0)).unwrap_or(ty)
}

fn is_same(ty: &Type, other: &Type) -> bool {
    let text = |ty: &Type| types::peel(ty).to_token_stream().to_string();
    text(ty) == text(other)
}

/// The tokens with a type in place of `Self`.
fn substituted(tokens: TokenStream, own: &Type) -> TokenStream {
    let token = |token: TokenTree| match token {
        TokenTree::Ident(name) if name == "Self" => own.to_token_stream(),
        TokenTree::Group(group) => {
            let inner = substituted(group.stream(), own);
            TokenTree::Group(Group::new(group.delimiter(), inner)).into()
        }
        other => other.into(),
    };
    tokens.into_iter().map(token).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::arguments::Options;
    use crate::parse::container;
    use syn::parse_quote;

    fn of(output: Type, home: &Home) -> Outcome {
        let options = Options::default();
        let around = container::surroundings(home.clone(), &options);
        outcome(signature::shape(&output, &[]), &around, &[])
    }

    #[test]
    fn traits_provide_what_a_float_would_have() {
        let found = of(parse_quote!(Self), &Home::Trait);
        assert!(matches!(found, Outcome::Named(_)));
        let found = of(parse_quote!(Self::Output), &Home::Trait);
        assert!(matches!(found, Outcome::Named(_)));
    }

    #[test]
    fn what_the_trait_knows_it_provides() {
        let home = Home::Member {
            self_ty: parse_quote!(Body),
            of: parse_quote!(Next<Pair>),
        };
        let found = of(parse_quote!(Pair), &home);
        assert!(matches!(found, Outcome::Many(_)));
        let found = of(parse_quote!(Energy), &home);
        assert!(matches!(found, Outcome::Named(_)));
    }

    #[test]
    fn implementations_have_it_for_floats() {
        let member = |self_ty: Type| Home::Member {
            self_ty,
            of: parse_quote!(Model),
        };
        let float = member(parse_quote!(f32));
        for ty in [parse_quote!(Self), parse_quote!(f32)] {
            assert!(matches!(of(ty, &float), Outcome::Float(_)));
        }
        let option = of(parse_quote!(Option<Self>), &float);
        assert!(matches!(option, Outcome::Option(_)));
        let other = member(parse_quote!(Body));
        for ty in [parse_quote!(Self), parse_quote!(Body)] {
            assert!(matches!(of(ty, &other), Outcome::Many(_)));
        }
    }
}
