//! Types of cotangents, as far as they can be seen; what cannot is named through `Differentiable`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{GenericArgument, Path, PathArguments, Type};

use crate::parse::function::Function;
use crate::parse::signature::Param;
use crate::parse::types::{self, Carries};

/// `<ty as Differentiable>::Cotangent`, spelled out where the type is visible.
pub fn cotangent(function: &Function, ty: &Type) -> TokenStream {
    let inner = |ty: &Type| cotangent(function, ty);
    let ty = types::peel(ty);
    if function.is_float(ty) {
        return quote!(#ty);
    }
    match ty {
        Type::Reference(_) if function.lent_arguments.has(ty) => {
            let tapeless = &function.options.tapeless;
            quote!(<#ty as #tapeless::Differentiable>::Cotangent)
        }
        Type::Reference(reference) => inner(&reference.elem),
        Type::Array(array) => {
            let (elem, len) = (inner(&array.elem), &array.len);
            quote!([#elem; #len])
        }
        Type::Slice(slice) => {
            let (elem, tapeless) = (inner(&slice.elem), &function.options.tapeless);
            quote!(#tapeless::__private::alloc::Vec<#elem>)
        }
        Type::Tuple(tuple) => {
            let parts = tuple.elems.iter().map(inner);
            quote!((#(#parts,)*))
        }
        Type::Path(path) => named(function, ty, &path.path),
        _ => projected(function, ty),
    }
}

fn named(function: &Function, ty: &Type, path: &Path) -> TokenStream {
    let is = |name, arity| types::ends_with(path, name) && types::arity(path) == arity;
    match types::argument(path, 0).map(|inner| cotangent(function, inner)) {
        Some(inner) if is("Vec", 1) || is("Option", 1) => with_argument(path, inner),
        Some(inner) if is("Result", 2) => quote!(::core::option::Option<#inner>),
        _ if types::carries(ty) == Carries::Nothing => quote!(()),
        _ => projected(function, ty),
    }
}

/// The user's own path to `Vec` or `Option`, around something else.
fn with_argument(path: &Path, element: TokenStream) -> TokenStream {
    let mut path = path.clone();
    if let Some(last) = path.segments.last_mut() {
        if let PathArguments::AngleBracketed(list) = &mut last.arguments {
            let element = GenericArgument::Type(Type::Verbatim(element));
            list.args = std::iter::once(element).collect();
        }
    }
    quote!(#path)
}

/// Where lifetimes may be left out, as in `View` for a `View<'a>`, they have to stand in the parameter of a function's
/// type: nowhere else in a bound or a result may they be.
fn projected(function: &Function, ty: &Type) -> TokenStream {
    let tapeless = &function.options.tapeless;
    let cotangent = quote!(<#ty as #tapeless::Differentiable>::Cotangent);
    if types::may_elide(ty, &function.variables) {
        quote!(<fn(#cotangent) as #tapeless::__private::Function>::Argument)
    } else {
        cotangent
    }
}

/// What the slot of a parameter points to: `[C]` for slices, else the cotangent.
pub fn place(function: &Function, param: &Param) -> TokenStream {
    match function.lent_arguments.has(&param.ty) {
        true => cotangent(function, &param.ty),
        false => place_of(function, param.referent()),
    }
}

/// The same, of a type.
pub fn place_of(function: &Function, ty: &Type) -> TokenStream {
    match ty {
        Type::Slice(slice) => {
            let elem = cotangent(function, &slice.elem);
            quote!([#elem])
        }
        ty => cotangent(function, ty),
    }
}

/// Zero, where the type is visibly made of floats only.
pub fn zero(function: &Function, ty: &Type) -> Option<TokenStream> {
    let ty = types::peel(ty);
    if function.is_float(ty) {
        return Some(literal(function, ty, quote!(0.0)));
    }
    match ty {
        Type::Reference(reference) => zero(function, &reference.elem),
        Type::Array(array) => {
            let (elem, len) = (zero(function, &array.elem)?, &array.len);
            Some(quote!([#elem; #len]))
        }
        Type::Tuple(tuple) => {
            let parts: Option<Vec<_>> = tuple.elems.iter().map(|ty| zero(function, ty)).collect();
            parts.map(|parts| quote!((#(#parts,)*)))
        }
        _ => None,
    }
}

/// A literal of a visible float type.
pub fn literal(function: &Function, ty: &Type, value: TokenStream) -> TokenStream {
    let is_parameter = |path: &Path| function.reals.iter().any(|real| path.is_ident(real));
    if function.is_associated_float(ty) || types::as_path(ty).is_some_and(is_parameter) {
        let tapeless = &function.options.tapeless;
        quote!(<#ty as #tapeless::Scalar>::__lit(#value))
    } else {
        value
    }
}

/// Whether gradients of this type are on the heap.
pub fn needs_alloc(ty: &Type) -> bool {
    match types::peel(ty) {
        Type::Reference(reference) => needs_alloc(&reference.elem),
        Type::Slice(_) => true,
        Type::Array(array) => needs_alloc(&array.elem),
        Type::Tuple(tuple) => tuple.elems.iter().any(needs_alloc),
        Type::Path(path) => ["Vec", "Box"]
            .iter()
            .any(|name| types::ends_with(&path.path, name)),
        _ => false,
    }
}

/// Whether values of this type have a length that their cotangents must share.
pub fn has_length(ty: &Type) -> bool {
    match types::peel(ty) {
        Type::Slice(_) => true,
        Type::Path(path) => types::ends_with(&path.path, "Vec") && types::arity(&path.path) == 1,
        _ => false,
    }
}
