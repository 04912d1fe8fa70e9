//! The one type of all floats of a type, if they have one.
//!
//! It comes from the first of these that there is: a visible `f32` or `f64` (both together: there is
//! none); a type that has to be `Parameters` itself; the first opaque field that has floats, which the
//! compiler finds through `ScalarOr`. All other fields then have to agree, by bounds that are decided
//! where the implementation is used, as in [`standard`](super::standard).

use proc_macro2::{Ident, TokenStream};
use quote::{quote, ToTokens};
use syn::Type;

use super::parameters::{may_be_inert, Leaf};
use super::shape::Shape;

/// The one type of all floats, and what has to hold for it to be that.
pub struct Scalar {
    /// The type.
    pub ty: TokenStream,
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
    pub fn choose(krate: &TokenStream, leaves: &[Leaf<'_>]) -> Option<Scalar> {
        if leaves.iter().all(|leaf| can_be_parameters(leaf.shape)) {
            choose(krate, leaves)
        } else {
            None
        }
    }
}

fn choose(krate: &TokenStream, leaves: &[Leaf<'_>]) -> Option<Scalar> {
    let floats: Vec<_> = leaves.iter().flat_map(|leaf| floats(leaf.shape)).collect();
    let (open, strict): (Vec<_>, Vec<_>) = leaves.iter().partition(|leaf| may_be_inert(leaf));
    let strict: Vec<_> = strict.iter().flat_map(|leaf| needed(leaf.shape)).collect();
    let open: Vec<_> = open.iter().map(|leaf| leaf.ty).collect();
    match (floats.first(), strict.first()) {
        (Some(first), _) if floats.iter().any(|float| float != first) => None,
        (Some(first), _) => {
            let ty = first.to_token_stream();
            let bounds = [agree(krate, &ty, &strict), have_leaves(krate, &ty, &open)].concat();
            Some(Scalar { ty, bounds })
        }
        (None, Some(first)) => {
            let ty = quote!(<#first as #krate::Parameters>::Scalar);
            let others: Vec<_> = strict
                .iter()
                .copied()
                .filter(|other| other != first)
                .collect();
            let first = vec![quote!(for<'__trivial> #first: #krate::Parameters)];
            let others = [agree(krate, &ty, &others), have_leaves(krate, &ty, &open)].concat();
            let bounds = [first, others].concat();
            Some(Scalar { ty, bounds })
        }
        (None, None) => Some(first_with_floats(krate, &open)),
    }
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
    let (mut ty, mut bounded, mut bounds) = (quote!(()), quote!(()), Vec::new());
    for each in types.iter().rev() {
        let choice = quote!(#krate::__private::ScalarOr<'__trivial, #bounded>);
        bounds.push(quote!(for<'__trivial> #each: #choice));
        bounded = quote!(<#each as #choice>::Scalar);
        ty = quote!(<#each as #krate::__private::ScalarOr<'static, #ty>>::Scalar);
    }
    bounds.push(quote!(for<'__trivial> #bounded: #krate::Real));
    bounds.extend(have_leaves(krate, &bounded, types));
    Scalar { ty, bounds }
}
