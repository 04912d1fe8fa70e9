//! The types of fields, as far as their syntax shows them.
//!
//! ```text
//! shape ::= inert | float | parameter | opaque | itself | function
//!         | [shape; n] | [shape] | Vec<shape> | Box<shape> | Option<shape> | Result<shape, _>
//!         | (shape, …) | &shape
//! ```
//!
//! A macro sees no types, only how they are written. Whatever is not on this list is *opaque*: its
//! cotangent is named by projection, and what depends on it is decided by the compiler.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned, ToTokens};
use syn::{spanned::Spanned, Expr, GenericArgument, Path, PathArguments, Type, TypePath};

use crate::diagnostics::{Errors, Slug};

/// What the syntax of a type shows.
pub enum Shape {
    /// No floats: the cotangent is `()`.
    Inert,
    /// `f32` or `f64`.
    Float(Ident),
    /// A type parameter of the item.
    Parameter(Type),
    /// Anything else.
    Opaque(Type),
    /// The type that the derive stands on.
    Itself,
    /// A function pointer: inert, but without a cotangent of its own.
    Function,
    /// What has been refused.
    Refused,
    /// `[T; N]`.
    Array(Box<Shape>, Expr),
    /// `[T]`, which stands behind a reference.
    Slice(Box<Shape>, Type),
    /// `Vec<T>`, `Box<T>`, `Option<T>`, by the path that the user wrote.
    Wrapper(Wrapper, Path, Box<Shape>),
    /// `Result<T, E>`, of which only `T` matters.
    Result(Box<Shape>),
    /// A tuple of at least one element.
    Tuple(Vec<(Type, Shape)>),
    /// `&T` or `&mut T`.
    Reference(Box<Shape>),
}

/// The wrappers whose cotangent is the wrapper of the cotangent.
#[derive(Clone, Copy, PartialEq)]
pub enum Wrapper {
    /// `Vec`.
    Vec,
    /// `Box`.
    Box,
    /// `Option`.
    Option,
}

/// The names of types without floats that may be written without a path.
const INERT: [&str; 16] = [
    "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64", "u128", "usize", "bool",
    "char", "str", "String",
];

/// What a type may refer to.
pub struct Scope<'a> {
    /// The item itself, with its parameters as arguments.
    pub itself: &'a Type,
    /// The item's type parameters.
    pub parameters: &'a [Ident],
}

impl Shape {
    /// Reads `ty`; refuses what can never be differentiated.
    pub fn of(ty: &Type, scope: &Scope<'_>, errors: &mut Errors) -> Shape {
        let shape = read(ty, scope, errors);
        if shape.has(&|part| matches!(part, Shape::Refused)) {
            return Shape::Inert;
        }
        let function = shape.has(&|part| matches!(part, Shape::Function));
        match (function, shape.is_inert()) {
            (false, _) => shape,
            (true, true) => Shape::Inert,
            (true, false) => {
                refuse(ty, errors);
                Shape::Inert
            }
        }
    }

    /// Whether nothing in it carries floats, visibly.
    pub fn is_inert(&self) -> bool {
        match self {
            Shape::Inert | Shape::Function | Shape::Refused => true,
            Shape::Float(_) | Shape::Parameter(_) | Shape::Opaque(_) | Shape::Itself => false,
            _ => self.parts().into_iter().all(Shape::is_inert),
        }
    }

    /// The shapes that this one is made of.
    pub fn parts(&self) -> Vec<&Shape> {
        match self {
            Shape::Inert | Shape::Function | Shape::Refused => Vec::new(),
            Shape::Float(_) | Shape::Parameter(_) | Shape::Opaque(_) | Shape::Itself => Vec::new(),
            Shape::Array(inner, _) | Shape::Slice(inner, _) | Shape::Wrapper(_, _, inner) => {
                vec![inner]
            }
            Shape::Result(inner) | Shape::Reference(inner) => vec![inner],
            Shape::Tuple(elements) => elements.iter().map(|(_, shape)| shape).collect(),
        }
    }

    /// Visits this shape and everything in it.
    pub fn each<'a>(&'a self, visit: &mut impl FnMut(&'a Shape)) {
        visit(self);
        for part in self.parts() {
            part.each(visit);
        }
    }

    /// The cotangent's type. `itself` is the cotangent of the item.
    pub fn cotangent(&self, krate: &TokenStream, itself: &TokenStream) -> TokenStream {
        let of = |inner: &Shape| inner.cotangent(krate, itself);
        match self {
            Shape::Inert | Shape::Function | Shape::Refused => quote!(()),
            Shape::Float(name) => quote!(#name),
            Shape::Parameter(ty) | Shape::Opaque(ty) | Shape::Slice(_, ty) => projection(ty, krate),
            Shape::Itself => itself.clone(),
            Shape::Array(inner, length) => {
                let inner = of(inner);
                quote!([#inner; #length])
            }
            Shape::Wrapper(_, path, inner) => wrapped(path, &of(inner)),
            Shape::Result(inner) => {
                let inner = of(inner);
                quote!(::core::option::Option<#inner>)
            }
            Shape::Tuple(elements) => {
                let elements = elements.iter().map(|(_, shape)| of(shape));
                quote!((#(#elements,)*))
            }
            Shape::Reference(inner) => of(inner),
        }
    }

    fn has(&self, what: &dyn Fn(&Shape) -> bool) -> bool {
        what(self) || self.parts().into_iter().any(|part| part.has(what))
    }
}

/// `<T as Differentiable>::Cotangent`.
///
/// It bears the location of the type: there the compiler complains if this is not differentiable.
pub fn projection(ty: &Type, krate: &TokenStream) -> TokenStream {
    let span = Span::mixed_site().located_at(ty.span());
    quote_spanned!(span=> <#ty as #krate::Differentiable>::Cotangent)
}

/// `path` with another argument to its last segment.
fn wrapped(path: &Path, argument: &TokenStream) -> TokenStream {
    let mut path = path.clone();
    let name = path.segments.pop().map(|last| last.ident);
    quote!(#path #name<#argument>)
}

fn read(ty: &Type, scope: &Scope<'_>, errors: &mut Errors) -> Shape {
    match ty {
        Type::Group(group) => read(&group.elem, scope, errors),
        Type::Paren(paren) => read(&paren.elem, scope, errors),
        Type::FnPtr(_) => Shape::Function,
        Type::Array(array) => Shape::Array(boxed(&array.elem, scope, errors), array.len.clone()),
        Type::Slice(slice) => Shape::Slice(boxed(&slice.elem, scope, errors), ty.clone()),
        Type::Reference(reference) => match read(&reference.elem, scope, errors) {
            Shape::Inert => Shape::Inert,
            inner => Shape::Reference(Box::new(inner)),
        },
        Type::Tuple(tuple) if tuple.elems.is_empty() => Shape::Inert,
        Type::Tuple(tuple) => Shape::Tuple(
            (tuple.elems.iter())
                .map(|element| (element.clone(), read(element, scope, errors)))
                .collect(),
        ),
        Type::Ptr(_) | Type::TraitObject(_) | Type::ImplTrait(_) => refuse(ty, errors),
        Type::Path(path) => named(path, ty, scope, errors),
        _ => Shape::Opaque(ty.clone()),
    }
}

fn boxed(ty: &Type, scope: &Scope<'_>, errors: &mut Errors) -> Box<Shape> {
    Box::new(read(ty, scope, errors))
}

fn refuse(ty: &Type, errors: &mut Errors) -> Shape {
    let detail = format!("`{}`", ty.to_token_stream());
    errors.refuse_tokens(Slug::DeriveField, ty, &detail);
    Shape::Refused
}

/// A type given by a path.
fn named(path: &TypePath, ty: &Type, scope: &Scope<'_>, errors: &mut Errors) -> Shape {
    if ty == scope.itself {
        return Shape::Itself;
    }
    let opaque = Shape::Opaque(ty.clone());
    let Some(last) = path.path.segments.last().filter(|_| path.qself.is_none()) else {
        return opaque;
    };
    let arguments = type_arguments(&last.arguments);
    match (last.ident.to_string().as_str(), arguments.as_slice()) {
        ("PhantomData", _) => Shape::Inert,
        ("Vec", &[item]) => wrapper(Wrapper::Vec, path, item, scope, errors),
        ("Box", &[item]) => wrapper(Wrapper::Box, path, item, scope, errors),
        ("Option", &[item]) => wrapper(Wrapper::Option, path, item, scope, errors),
        ("Result", &[value, _]) => Shape::Result(boxed(value, scope, errors)),
        _ => path
            .path
            .get_ident()
            .map_or(opaque, |name| word(name, ty, scope)),
    }
}

/// A type of one word.
fn word(name: &Ident, ty: &Type, scope: &Scope<'_>) -> Shape {
    if scope.parameters.contains(name) {
        Shape::Parameter(ty.clone())
    } else if name == "f32" || name == "f64" {
        Shape::Float(name.clone())
    } else if INERT.iter().any(|inert| name == inert) {
        Shape::Inert
    } else {
        Shape::Opaque(ty.clone())
    }
}

fn wrapper(
    kind: Wrapper,
    path: &TypePath,
    item: &Type,
    scope: &Scope<'_>,
    errors: &mut Errors,
) -> Shape {
    match read(item, scope, errors) {
        // `Box<[T]>`: what its cotangent is, its `Differentiable` says, if it has one.
        Shape::Slice(..) => Shape::Opaque(Type::Path(path.clone())),
        inner => Shape::Wrapper(kind, path.path.clone(), Box::new(inner)),
    }
}

/// The arguments, if all of them are types.
fn type_arguments(arguments: &PathArguments) -> Vec<&Type> {
    let PathArguments::AngleBracketed(arguments) = arguments else {
        return Vec::new();
    };
    let types = arguments.args.iter().map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    });
    types.collect::<Option<Vec<_>>>().unwrap_or_default()
}
