//! `syn` types to kinds, and what can be asked of a kind.

use proc_macro2::Ident;
use syn::{GenericArgument, Member, PathArguments, ReturnType, Type, TypePath};

use crate::ir::{Float, Kind};

/// Types that carry no floats, by their last segment.
const INERT: &[&str] = &[
    "u8",
    "u16",
    "u32",
    "u64",
    "u128",
    "usize",
    "i8",
    "i16",
    "i32",
    "i64",
    "i128",
    "isize",
    "bool",
    "char",
    "str",
    "String",
    "PhantomData",
    "Range",
    "RangeInclusive",
    "RangeFrom",
    "RangeTo",
    "RangeFull",
    "Ordering",
    "Duration",
];

/// The kind of a type as written; for a reference, of what it refers to. `reals` are the type parameters that are
/// floats.
pub fn kind_of(ty: &Type, reals: &[Ident]) -> Kind {
    match ty {
        Type::Paren(inner) => kind_of(&inner.elem, reals),
        Type::Group(inner) => kind_of(&inner.elem, reals),
        Type::Reference(inner) => kind_of(&inner.elem, reals),
        Type::Slice(inner) => Kind::Slice(Box::new(kind_of(&inner.elem, reals))),
        Type::Array(inner) => Kind::Array(Box::new(kind_of(&inner.elem, reals))),
        Type::Tuple(inner) if inner.elems.is_empty() => Kind::Inert,
        Type::Tuple(inner) => {
            Kind::Tuple(inner.elems.iter().map(|ty| kind_of(ty, reals)).collect())
        }
        Type::Path(path) => kind_of_path(path, reals),
        Type::FnPtr(_) | Type::Never(_) => Kind::Inert,
        _ => Kind::Unknown,
    }
}

/// The kind of a function's result, `None` for `()`.
pub fn kind_of_result(output: &ReturnType, reals: &[Ident]) -> Option<Kind> {
    match output {
        ReturnType::Default => None,
        ReturnType::Type(_, ty) if matches!(&**ty, Type::Tuple(unit) if unit.elems.is_empty()) => {
            None
        }
        ReturnType::Type(_, ty) => Some(kind_of(ty, reals)),
    }
}

fn kind_of_path(ty: &TypePath, reals: &[Ident]) -> Kind {
    let Some(last) = ty.path.segments.last() else {
        return Kind::Unknown;
    };
    if ty.qself.is_some() {
        return Kind::Unknown;
    }
    let argument = |index: usize| -> Box<Kind> {
        let PathArguments::AngleBracketed(arguments) = &last.arguments else {
            return Box::new(Kind::Unknown);
        };
        let mut types = arguments.args.iter().filter_map(|argument| match argument {
            GenericArgument::Type(ty) => Some(kind_of(ty, reals)),
            _ => None,
        });
        Box::new(types.nth(index).unwrap_or(Kind::Unknown))
    };
    match last.ident.to_string().as_str() {
        "f32" => Kind::Float(Float::F32),
        "f64" => Kind::Float(Float::F64),
        "Vec" => Kind::Vec(argument(0)),
        "Option" => Kind::Option(argument(0)),
        "Result" => Kind::Result(argument(0)),
        name if INERT.contains(&name) => Kind::Inert,
        _ if ty.path.segments.len() == 1 && reals.contains(&last.ident) => {
            Kind::Float(Float::Generic(last.ident.clone()))
        }
        _ => Kind::Unknown,
    }
}

/// Whether a type has arguments, which what it is made of need not tell: `Point<T, Metres>`. `Self` may have some, and so
/// may `Self::Output`.
pub fn has_arguments(ty: &Type) -> bool {
    let Type::Path(path) = ty else { return false };
    let segments = &path.path.segments;
    let of_self = segments.first().is_some_and(|first| first.ident == "Self");
    let last = segments.last();
    of_self || last.is_some_and(|last| matches!(last.arguments, PathArguments::AngleBracketed(_)))
}

/// The float kind that a path segment names, as in `f64::sin`.
pub fn float_named(segment: &Ident, reals: &[Ident]) -> Option<Kind> {
    match segment.to_string().as_str() {
        "f32" => Some(Kind::Float(Float::F32)),
        "f64" => Some(Kind::Float(Float::F64)),
        _ if reals.contains(segment) => Some(Kind::Float(Float::Generic(segment.clone()))),
        _ => None,
    }
}

/// A literal of open width.
pub const OPEN: Kind = Kind::Float(Float::Open);

impl Kind {
    /// Whether variables of this kind are values.
    pub fn is_scalar(&self) -> bool {
        matches!(self, Kind::Float(_) | Kind::Inert)
    }

    /// Whether it is a float, or floats side by side: such values are copied wherever they are read.
    pub fn is_made_of_floats(&self) -> bool {
        match self {
            Kind::Float(_) => true,
            Kind::Array(part) | Kind::Option(part) => part.is_made_of_floats(),
            Kind::Tuple(parts) => parts.iter().all(Kind::is_made_of_floats),
            _ => false,
        }
    }

    /// Whether no float can be reached through it.
    pub fn is_inert(&self) -> bool {
        match self {
            Kind::Inert => true,
            Kind::Array(inner)
            | Kind::Slice(inner)
            | Kind::Vec(inner)
            | Kind::Option(inner)
            | Kind::Result(inner) => inner.is_inert(),
            Kind::Tuple(parts) => parts.iter().all(Kind::is_inert),
            Kind::Float(_) | Kind::Function | Kind::Unknown => false,
        }
    }

    /// The kind of an element.
    pub fn element(&self) -> Kind {
        match self {
            Kind::Array(inner) | Kind::Slice(inner) | Kind::Vec(inner) => (**inner).clone(),
            Kind::Inert => Kind::Inert,
            _ => Kind::Unknown,
        }
    }

    /// The kind of `Some`'s or `Ok`'s payload.
    pub fn payload(&self) -> Kind {
        match self {
            Kind::Option(inner) | Kind::Result(inner) => (**inner).clone(),
            _ => Kind::Unknown,
        }
    }

    /// The kind of a field.
    pub fn member(&self, member: &Member) -> Kind {
        match (self, member) {
            (Kind::Tuple(parts), Member::Unnamed(index)) => parts
                .get(index.index as usize)
                .cloned()
                .unwrap_or(Kind::Unknown),
            (Kind::Inert, _) => Kind::Inert,
            _ => Kind::Unknown,
        }
    }

    /// What is known when the same type is seen as `self` and as `other`.
    pub fn join(self, other: &Kind) -> Kind {
        match (self, other) {
            (Kind::Unknown, other) => other.clone(),
            (Kind::Float(Float::Open), Kind::Float(other)) => Kind::Float(other.clone()),
            (Kind::Array(a), Kind::Array(b)) => Kind::Array(Box::new(a.join(b))),
            (Kind::Slice(a), Kind::Slice(b)) => Kind::Slice(Box::new(a.join(b))),
            (Kind::Vec(a), Kind::Vec(b)) => Kind::Vec(Box::new(a.join(b))),
            (Kind::Option(a), Kind::Option(b)) => Kind::Option(Box::new(a.join(b))),
            (Kind::Result(a), Kind::Result(b)) => Kind::Result(Box::new(a.join(b))),
            (Kind::Tuple(a), Kind::Tuple(b)) if a.len() == b.len() => {
                Kind::Tuple(a.into_iter().zip(b).map(|(a, b)| a.join(b)).collect())
            }
            (known, _) => known,
        }
    }
}
