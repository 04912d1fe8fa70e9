//! The one type of all floats of a type, if they have one.
//!
//! It comes from the first of these that there is: a visible `f32` or `f64` (both together: there is
//! none); a type parameter that is `Real`; a type that has to be `Parameters` itself; the first opaque field that has floats, which the
//! compiler finds through `ScalarOr`. All other fields then have to agree, by bounds that are decided
//! where the implementation is used, as in [`standard`](super::standard).

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, ToTokens};
use syn::{GenericParam, Generics, Type, TypeParamBound, WherePredicate};

use super::item::Item;
use super::leaf::Leaf;
use super::shape::Shape;

/// The one type of all floats, and what has to hold for it to be that.
///
/// Where it is another type's scalar it is a type parameter of the implementation: that type may be less visible than the
/// item, and could then not be named in `type Scalar`.
pub struct Scalar {
    /// The type.
    pub ty: TokenStream,
    /// The type parameter that it is.
    pub parameter: Option<Ident>,
    /// What has to hold.
    pub bounds: Vec<TokenStream>,
}

/// Whether a leaf certainly has no floats.
pub fn is_inert(shape: &Shape) -> bool {
    floats(shape).is_empty() && needed(shape).is_empty()
}

/// Whether nothing visible keeps a leaf from being parameters.
fn can_be_parameters(shape: &Shape) -> bool {
    let mut can = true;
    shape.each(&mut |part| {
        let lent = matches!(
            part,
            Shape::Reference(_) | Shape::Slice(..) | Shape::Result(_)
        );
        can &= !lent && !part.is_inert();
    });
    can
}

/// The visible floats of a leaf.
fn floats(shape: &Shape) -> Vec<&Ident> {
    let mut found = Vec::new();
    shape.each(&mut |part| {
        if let Shape::Float(name) = part {
            found.push(name);
        }
    });
    found
}

/// The types in a leaf whose floats cannot be seen.
fn needed(shape: &Shape) -> Vec<&Type> {
    let mut found = Vec::new();
    shape.each(&mut |part| match part {
        Shape::Parameter(ty) | Shape::Opaque(ty) => found.push(ty),
        _ => {}
    });
    found
}

impl Scalar {
    /// Chooses it; `None` if the floats of `leaves` visibly cannot be visited as one type.
    pub fn choose(item: &Item, leaves: &[Leaf<'_>]) -> Option<Scalar> {
        if leaves.iter().all(|leaf| can_be_parameters(leaf.shape)) {
            choose(item, leaves)
        } else {
            None
        }
    }

    fn known(ty: TokenStream, bounds: Vec<TokenStream>) -> Scalar {
        Scalar {
            ty,
            parameter: None,
            bounds,
        }
    }

    /// Another type's scalar, of which `bounds` say what it is.
    fn found(krate: &TokenStream, bounds: impl FnOnce(&TokenStream) -> Vec<TokenStream>) -> Scalar {
        let name = Ident::new("__S", Span::mixed_site());
        let ty = name.to_token_stream();
        Scalar {
            bounds: [vec![quote!(#ty: #krate::Real)], bounds(&ty)].concat(),
            parameter: Some(name),
            ty,
        }
    }
}

fn choose(item: &Item, leaves: &[Leaf<'_>]) -> Option<Scalar> {
    let krate = &item.krate;
    let floats: Vec<_> = leaves.iter().flat_map(|leaf| floats(leaf.shape)).collect();
    let (open, strict): (Vec<_>, Vec<_>) = leaves.iter().partition(|leaf| leaf.may_be_inert());
    let strict: Vec<_> = strict.iter().flat_map(|leaf| needed(leaf.shape)).collect();
    let open: Vec<_> = open.iter().map(|leaf| leaf.ty).collect();
    let real = strict.iter().find(|ty| is_real(ty, &item.generics));
    let others = |first: &Type| -> Vec<&Type> {
        let others = strict.iter().copied();
        others.filter(|other| *other != first).collect()
    };
    match (floats.first(), strict.first()) {
        (Some(first), _) if floats.iter().any(|float| float != first) => None,
        (Some(first), _) => {
            let ty = first.to_token_stream();
            let bounds = [agree(krate, &ty, &strict), have_leaves(krate, &ty, &open)].concat();
            Some(Scalar::known(ty, bounds))
        }
        // Its bound says all that is to be said of it: to say it again would say something else.
        (None, _) if real.is_some() => {
            let (ty, others) = (
                real.to_token_stream(),
                real.map_or(Vec::new(), |ty| others(ty)),
            );
            let bounds = [agree(krate, &ty, &others), have_leaves(krate, &ty, &open)].concat();
            Some(Scalar::known(ty, bounds))
        }
        (None, Some(_)) => Some(Scalar::found(krate, |ty| {
            [agree(krate, ty, &strict), have_leaves(krate, ty, &open)].concat()
        })),
        (None, None) => Some(first_with_floats(krate, &open)),
    }
}

/// Whether a type is a type parameter with the bound `Real`.
fn is_real(ty: &Type, generics: &Generics) -> bool {
    let is_bound = |bound: &TypeParamBound| match bound {
        TypeParamBound::Trait(of) => {
            let last = of.path.segments.last();
            last.is_some_and(|segment| segment.ident == "Real")
        }
        _ => false,
    };
    let name = ty.to_token_stream().to_string();
    let at_parameter = generics.params.iter().any(|param| match param {
        GenericParam::Type(param) => param.ident == name && param.bounds.iter().any(is_bound),
        _ => false,
    });
    let mut predicates = generics.where_clause.iter().flat_map(|w| &w.predicates);
    at_parameter
        || predicates.any(|predicate| match predicate {
            WherePredicate::Type(of) => of.bounded_ty == *ty && of.bounds.iter().any(is_bound),
            _ => false,
        })
}

/// `T: Parameters<Scalar = scalar>`.
fn agree(krate: &TokenStream, scalar: &TokenStream, types: &[&Type]) -> Vec<TokenStream> {
    let bounds = types.iter();
    bounds
        .map(|ty| quote!(for<'__trivial> #ty: #krate::Parameters<Scalar = #scalar>))
        .collect()
}

/// `T: Leaves<scalar>`.
fn have_leaves(krate: &TokenStream, scalar: &TokenStream, types: &[&Type]) -> Vec<TokenStream> {
    let bounds = types.iter();
    bounds
        .map(|ty| quote!(for<'__trivial> #ty: #krate::__private::Leaves<'__trivial, #scalar>))
        .collect()
}

/// The scalar is that of the first of `types` that has floats: `A`'s, or else `B`'s, or else none.
fn first_with_floats(krate: &TokenStream, types: &[&Type]) -> Scalar {
    let mut links = Vec::new();
    let mut otherwise = quote!(());
    for each in types.iter().rev() {
        let choice = quote!(#krate::__private::ScalarOr<'__trivial, #otherwise>);
        links.push((each, otherwise));
        otherwise = quote!(<#each as #choice>::Scalar);
    }
    Scalar::found(krate, |ty| {
        let links = links.iter().enumerate().map(|(index, (each, otherwise))| {
            let is = (index + 1 == links.len()).then(|| quote!(, Scalar = #ty));
            quote!(for<'__trivial> #each: #krate::__private::ScalarOr<'__trivial, #otherwise #is>)
        });
        links.chain(have_leaves(krate, ty, types)).collect()
    })
}
