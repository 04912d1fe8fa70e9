//! Which types are those of iterators, and what a function ends with that gives one.

use syn::visit::{self, Visit};
use syn::{
    Block, Expr, GenericArgument, Generics, Ident, PathArguments, ReturnType, Stmt, Type,
    TypeParamBound,
};

use super::signature::bounds_of;
use crate::parse::types;

/// Traits of `core::iter`, of all of which a value can be gone through.
const TRAITS: [&str; 5] = [
    "Iterator",
    "IntoIterator",
    "DoubleEndedIterator",
    "ExactSizeIterator",
    "FusedIterator",
];

/// Modules of the standard library whose types are iterators.
const MODULES: [&str; 5] = ["slice", "iter", "vec", "array", "ops"];

/// The iterators of the standard library whose names are their methods'.
const TYPES: [&str; 18] = [
    "Iter",
    "IntoIter",
    "Windows",
    "Chunks",
    "ChunksExact",
    "Copied",
    "Cloned",
    "Map",
    "Filter",
    "Rev",
    "Zip",
    "Enumerate",
    "Take",
    "Skip",
    "StepBy",
    "Chain",
    "Repeat",
    "Once",
];

/// Whether a type is that of an iterator: `impl Iterator<…>`, `Box<dyn Iterator<…>>`, `I` where `I: Iterator<…>`,
/// `slice::Iter<…>`.
pub fn is_stream(ty: &Type, generics: &Generics) -> bool {
    match types::peel(ty) {
        Type::ImplTrait(ty) => ty.bounds.iter().any(is_bound),
        Type::TraitObject(ty) => ty.bounds.iter().any(is_bound),
        Type::Path(path) => match path.path.get_ident() {
            Some(name) => bounds_of(name, generics).any(is_bound),
            None => is_boxed(&path.path, generics) || is_of_core(&path.path),
        },
        _ => false,
    }
}

/// Whether a parameter is an iterator that its caller hands over.
pub fn is_given(ty: &Type, generics: &Generics) -> bool {
    match types::peel(ty) {
        Type::ImplTrait(_) => is_stream(ty, generics),
        Type::Path(path) => path.path.get_ident().is_some() && is_stream(ty, generics),
        _ => false,
    }
}

/// Whether a function gives an iterator.
pub fn gives_stream(output: &ReturnType, generics: &Generics) -> bool {
    matches!(output, ReturnType::Type(_, ty) if is_stream(ty, generics))
}

fn is_bound(bound: &TypeParamBound) -> bool {
    let named = |path| TRAITS.iter().any(|name| types::ends_with(path, name));
    matches!(bound, TypeParamBound::Trait(bound) if named(&bound.path))
}

fn is_boxed(path: &syn::Path, generics: &Generics) -> bool {
    types::ends_with(path, "Box")
        && types::argument(path, 0).is_some_and(|inner| is_stream(inner, generics))
}

/// `std::slice::Iter<'_, f64>`, `slice::Iter<'_, f64>`, `iter::Map<…>`
fn is_of_core(path: &syn::Path) -> bool {
    let mut names = path.segments.iter().rev().map(|step| &step.ident);
    let (Some(last), Some(module)) = (names.next(), names.next()) else {
        return false;
    };
    TYPES.iter().any(|name| last == name) && MODULES.iter().any(|name| module == name)
}

/// `Item` of the iterator, where it is visibly a float.
pub fn item<'t>(output: &'t ReturnType, reals: &[Ident]) -> Option<&'t Type> {
    let ReturnType::Type(_, ty) = output else {
        return None;
    };
    let bounds = match types::peel(ty) {
        Type::ImplTrait(ty) => &ty.bounds,
        Type::Path(path) => match types::argument(&path.path, 0)? {
            Type::TraitObject(ty) => &ty.bounds,
            _ => return None,
        },
        _ => return None,
    };
    let item = bounds.iter().find_map(|bound| match bound {
        TypeParamBound::Trait(bound) => match &bound.path.segments.last()?.arguments {
            PathArguments::AngleBracketed(list) => list.args.iter().find_map(named_item),
            _ => None,
        },
        _ => None,
    })?;
    types::is_float(item, reals).then_some(item)
}

fn named_item(argument: &GenericArgument) -> Option<&Type> {
    match argument {
        GenericArgument::AssocType(assoc) if assoc.ident == "Item" => Some(&assoc.ty),
        _ => None,
    }
}

/// Takes the box off what a body ends with: the iterator inside is gone through all the same.
pub fn unbox(block: &mut Block) {
    let Some(Stmt::Expr(tail, None)) = block.stmts.last_mut() else {
        return;
    };
    let boxed = match tail {
        Expr::Call(call) if is_box_new(&call.func) && call.args.len() == 1 => &call.args[0],
        _ => return,
    };
    *tail = boxed.clone();
}

fn is_box_new(function: &Expr) -> bool {
    let Expr::Path(path) = function else {
        return false;
    };
    let mut names = path.path.segments.iter().rev().map(|step| &step.ident);
    names.next().is_some_and(|name| name == "new") && names.next().is_some_and(|name| name == "Box")
}

/// Whether it takes a branch to know which iterator a body gives.
pub fn branches(block: &Block) -> bool {
    let mut returns = Returns(false);
    returns.visit_block(block);
    let tail = match block.stmts.last() {
        Some(Stmt::Expr(tail, None)) => tail,
        _ => return true,
    };
    returns.0
        || matches!(
            tail,
            Expr::If(_) | Expr::Match(_) | Expr::Block(_) | Expr::Loop(_)
        )
}

/// Looks for `return` and `?`, except in closures.
struct Returns(bool);

impl<'ast> Visit<'ast> for Returns {
    fn visit_expr(&mut self, expr: &'ast Expr) {
        match expr {
            Expr::Return(_) | Expr::Try(_) => self.0 = true,
            Expr::Closure(_) => {}
            expr => visit::visit_expr(self, expr),
        }
    }

    fn visit_item(&mut self, _: &'ast syn::Item) {}
}
