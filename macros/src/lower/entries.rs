//! Collections that only an iterator goes through: maps, sets, queues. A constant one has its entries gathered into a
//! vector where they are asked for; so has a local one of what carries no floats.

use proc_macro2::{Ident, Span};
use quote::{format_ident, quote};
use syn::{Expr, ExprMethodCall, FnArg, GenericArgument, PathArguments, Type};

use super::infer::INTEGERS;
use super::iterators::{Chain, Source};
use super::known::strip;
use super::names::free_names;
use super::scope::Term;
use super::types::kind_of;
use super::Lowering;
use crate::ir::{By, Capture, Cost, Kind, Op, Opaque, Operand, Place, Stmt, Var};

/// Collections of pairs of a key and a value.
pub(super) const MAPS: &[&str] = &["HashMap", "BTreeMap", "IndexMap"];
/// Collections of single items.
pub(super) const SETS: &[&str] = &[
    "HashSet",
    "BTreeSet",
    "IndexSet",
    "VecDeque",
    "LinkedList",
    "BinaryHeap",
];
/// What makes an iterator over one.
const WHOLE: &[&str] = &["iter", "into_iter"];
const KEYS: &[&str] = &["keys", "into_keys"];
const VALUES: &[&str] = &["values", "into_values"];

/// What is gone through.
struct Entries {
    /// The parameter that holds the collection.
    var: Var,
    /// The types of the parts of an entry: of key and value, or of one of them, or of an item.
    parts: Vec<Type>,
    /// It is the function's own, and may change while what was gathered is there.
    local: bool,
    /// The method that is called on the collection by reference.
    method: Ident,
}

impl<'a> Lowering<'a> {
    /// Whether an expression goes through such a collection.
    pub(super) fn has_entries(&self, expr: &Expr) -> bool {
        self.entries(expr).is_some()
    }

    /// The entries of a constant collection, in a vector.
    pub(super) fn gathered_entries(&mut self, expr: &Expr) -> Option<Chain> {
        let entries = self.entries(expr)?;
        let names: Vec<Ident> = (0..entries.parts.len())
            .map(|part| format_ident!("part_{part}"))
            .collect();
        let read = names
            .iter()
            .zip(&entries.parts)
            .map(|(name, ty)| match self.is_copied(ty) {
                true => quote!(*#name),
                false if entries.local => quote!(::core::clone::Clone::clone(#name)),
                false => quote!(#name),
            });
        let read: Vec<_> = read.collect();
        let kinds = entries.parts.iter();
        let kind = |ty| match kind_of(ty, self.request.reals) {
            Kind::Unknown if entries.local => Kind::Inert,
            kind => kind,
        };
        let mut kinds: Vec<Kind> = kinds.map(kind).collect();
        let (item, read, element) = match (&names[..], &read[..]) {
            ([name], [read]) => (quote!(#name), quote!(#read), kinds.pop()?),
            _ => (
                quote!((#(#names),*)),
                quote!((#(#read),*)),
                Kind::Tuple(kinds),
            ),
        };
        let vector = self.empty_vector(&Kind::Vec(Box::new(element)))?;
        let method = &entries.method;
        let capture = |name: &str, place: Place, by| Capture {
            name: Ident::new(name, Span::call_site()),
            operand: Operand::Place(place),
            by,
        };
        let opaque = Opaque {
            expr: syn::parse_quote!(::core::iter::Iterator::for_each(
                collection.#method(),
                |#item| gathered.push(#read)
            )),
            captures: vec![
                capture("collection", Place::root(entries.var), By::Ref),
                capture("gathered", vector.clone(), By::RefMut),
            ],
            cost: Cost::Once,
            effect: true,
        };
        self.builder.push(Stmt::Do(Op::Opaque(Box::new(opaque))));
        // What is not copied stays where it was gathered.
        let moves = entries.local && !entries.parts.iter().all(|ty| self.is_copied(ty));
        let by = if moves { By::Ref } else { By::Value };
        Some(Chain::of(Source::Elements { place: vector, by }))
    }

    fn entries(&self, expr: &Expr) -> Option<Entries> {
        let (base, method) = match strip(expr) {
            Expr::MethodCall(call) if call.args.is_empty() => {
                (strip(&call.receiver), call.method.to_string())
            }
            base => (base, "iter".to_string()),
        };
        let base = match base {
            Expr::Reference(reference) if reference.mutability.is_none() => strip(&reference.expr),
            base => base,
        };
        let base = match base {
            Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Deref(_)) => strip(&unary.expr),
            base => base,
        };
        let (var, name, arguments, local) = match self.constant_parameter(base) {
            Some((var, ty)) => {
                let (name, arguments) = named(ty)?;
                (var, name, arguments, false)
            }
            None => {
                let (var, held) = self.held_in(base)?;
                (var, held.name.clone(), held.parts.iter().collect(), true)
            }
        };
        let is = |names: &[&str], name: &str| names.contains(&name);
        let parts = match arguments[..] {
            [key, value] if is(MAPS, &name) && is(WHOLE, &method) => vec![key, value],
            [key, _] if is(MAPS, &name) && is(KEYS, &method) => vec![key],
            [_, value] if is(MAPS, &name) && is(VALUES, &method) => vec![value],
            [item] if is(SETS, &name) && is(WHOLE, &method) => vec![item],
            _ => return None,
        };
        let method = method.strip_prefix("into_").unwrap_or(&method);
        Some(Entries {
            var,
            parts: parts.into_iter().cloned().collect(),
            local,
            method: Ident::new(method, Span::call_site()),
        })
    }

    /// A parameter of which no gradient is asked for, and its type.
    fn constant_parameter(&self, expr: &Expr) -> Option<(Var, &'a Type)> {
        let Expr::Path(path) = expr else { return None };
        let term = self.scope.term(path.path.get_ident()?)?;
        let (Term::Place(place) | Term::Ref { place, .. }) = term else {
            return None;
        };
        let root = place.root.0;
        let constant = place.path.is_empty() && self.request.active.get(root) == Some(&false);
        match self.request.sig.inputs.iter().nth(root)? {
            FnArg::Typed(typed) if constant => Some((place.root, &typed.ty)),
            _ => None,
        }
    }

    /// Whether references to a type's values need not be told from the values.
    fn is_copied(&self, ty: &Type) -> bool {
        let integer = |path: &syn::TypePath| {
            let name = path.path.get_ident().map(ToString::to_string);
            name.is_some_and(|name| name != "String" && INTEGERS.contains(&name.as_str()))
        };
        match ty {
            Type::Path(path) if integer(path) => true,
            ty => matches!(kind_of(ty, self.request.reals), Kind::Float(_)),
        }
    }

    /// `table.get(&k).copied()`: what is found in something constant is constant.
    pub(super) fn is_found_in_constant(&self, call: &ExprMethodCall) -> bool {
        let copies = call.method == "copied" || call.method == "cloned";
        let Expr::MethodCall(found) = strip(&call.receiver) else {
            return false;
        };
        let of_constants = || {
            let names = free_names(&call.receiver).read;
            names.iter().all(|name| self.is_constant_or_inert(name))
        };
        copies
            && self.constant_parameter(strip(&found.receiver)).is_some()
            && self.is_pure(&call.receiver)
            && of_constants()
    }

    fn is_constant_or_inert(&self, name: &Ident) -> bool {
        match self.scope.term(name) {
            Some(Term::Place(place) | Term::Ref { place, .. })
                if self.request.active.get(place.root.0) == Some(&false) =>
            {
                true
            }
            Some(term) => self.kind_of_term(term).is_inert(),
            None => true,
        }
    }
}

/// The last name of a type, and its arguments.
pub(super) fn named(ty: &Type) -> Option<(String, Vec<&Type>)> {
    match ty {
        Type::Paren(inner) => named(&inner.elem),
        Type::Group(inner) => named(&inner.elem),
        Type::Reference(inner) => named(&inner.elem),
        Type::Path(path) => {
            let last = path.path.segments.last()?;
            let PathArguments::AngleBracketed(arguments) = &last.arguments else {
                return None;
            };
            let types = arguments.args.iter().filter_map(|argument| match argument {
                GenericArgument::Type(ty) => Some(ty),
                _ => None,
            });
            // What hashes the keys does not matter.
            let arity = if MAPS.iter().any(|name| last.ident == name) {
                2
            } else {
                1
            };
            Some((last.ident.to_string(), types.take(arity).collect()))
        }
        _ => None,
    }
}
