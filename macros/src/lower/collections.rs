//! Local collections of what carries no floats: histograms, indices, sets of what has been seen.
//!
//! What is done with one is kept as the user wrote it, and done once: what is read out of it is recorded if the reverse sweep
//! asks for it again. `*counts.entry(k).or_insert(0) += 1` is such a thing as a whole; a reference into the collection
//! cannot be held.

use quote::format_ident;
use syn::spanned::Spanned;
use syn::{Expr, ExprMethodCall, Type};

use super::assigned::is_compound;
use super::entries::MAPS;
use super::known::strip;
use super::names::free_names;
use super::scope::Term;
use super::Lowering;
use crate::diagnostics::Slug;
use crate::ir::{By, Capture, Cost, Kind, Op, Operand, Stmt, Var};

/// What these collections are to an active value.
const INERT: &str = "a collection of what carries no floats";

/// Methods that change nothing and whose results are no references that write.
const LOOKING: &[&str] = &[
    "get",
    "contains_key",
    "contains",
    "len",
    "is_empty",
    "keys",
    "values",
    "iter",
    "first",
    "last",
    "front",
    "back",
    "peek",
    "first_key_value",
    "last_key_value",
    "get_key_value",
    "clone",
    "is_subset",
    "is_superset",
    "is_disjoint",
    "copied",
    "cloned",
    "unwrap",
    "expect",
    "unwrap_or",
    "unwrap_or_default",
    "is_some",
    "is_none",
    "min",
    "max",
    "capacity",
];
/// Those that give what was found, by reference.
const FINDING: &[&str] = &["get", "first", "last", "front", "back", "peek"];
/// Those that give what was found, and take it out.
const TAKING: &[&str] = &[
    "remove",
    "pop",
    "pop_first",
    "pop_last",
    "pop_front",
    "pop_back",
    "take",
];
/// Those whose results write to the collection.
const REFERRING: &[&str] = &[
    "entry",
    "or_insert",
    "or_insert_with",
    "or_insert_with_key",
    "or_default",
    "and_modify",
];

/// Others that change it, and whose arguments are of the types that it holds.
const CHANGING: &[&str] = &[
    "insert",
    "extend",
    "push",
    "push_back",
    "push_front",
    "append",
    "clear",
    "retain",
    "truncate",
    "reserve",
    "get_mut",
    "first_mut",
    "last_mut",
    "front_mut",
    "back_mut",
];

impl Lowering<'_> {
    /// A call on a collection, or on what was found in one; `None` if something in it may carry floats.
    pub(super) fn call_of_collection(&mut self, call: &ExprMethodCall) -> Option<Option<Term>> {
        let whole = Expr::MethodCall(call.clone());
        self.collection_in(&whole)?;
        let reading = self.is_chain(call) || self.has_entries(&whole);
        if reading || !is_known(&whole) {
            return None;
        }
        if !self.is_inert_chain(&whole) {
            return Some(self.refuse(Slug::GradientLost, call.method.span(), INERT));
        }
        let unread = std::mem::take(&mut self.unread);
        let changes = !looks_only(&whole);
        if refers(&whole) && !unread {
            return Some(self.refuse(
                Slug::StoredReference,
                call.method.span(),
                "it leads into a collection",
            ));
        }
        let kind = match self.infer(&whole) {
            kind if kind.is_inert() => kind,
            _ => Kind::Inert,
        };
        Some(self.kept_whole(&whole, kind, changes, unread))
    }

    /// Whether something in a collection is assigned to.
    pub(super) fn writes_to_collection(&self, expr: &Expr) -> bool {
        written(expr).is_some_and(|(left, _)| self.collection_in(left).is_some())
    }

    /// `*counts.entry(k).or_insert(0) += 1`, `*counts.get_mut(&k).unwrap() = 2`
    pub(super) fn write_to_collection(&mut self, expr: &Expr) -> Option<Term> {
        let (left, right) = written(expr)?;
        let told = self.is_told(self.collection_in(left)?);
        if !is_known(left) || !self.is_inert_chain(left) || !self.is_inert_argument(right, told) {
            return self.refuse(Slug::GradientLost, right.span(), INERT);
        }
        self.kept_whole(expr, Kind::Inert, true, true)
    }

    /// An expression on a collection as it is written. What in it is not pure is computed before.
    fn kept_whole(&mut self, expr: &Expr, kind: Kind, changes: bool, unread: bool) -> Option<Term> {
        let mut expr = expr.clone();
        let mut before = Vec::new();
        self.computed_before(&mut expr, &mut before)?;
        if let (Kind::Option(_), Expr::MethodCall(call)) = (&kind, &expr) {
            if FINDING.iter().any(|name| call.method == name) {
                expr = syn::parse_quote!(#expr.cloned());
            }
        }
        if !matches!(expr, Expr::MethodCall(_)) {
            expr = syn::parse_quote!({ #expr; });
        }
        let mut opaque = self.captured(&expr, Cost::Once, changes)?;
        for capture in &mut opaque.captures {
            if let (Operand::Place(place), true) = (&capture.operand, changes) {
                let written = place.path.is_empty() && self.collections.contains_key(&place.root);
                if written && self.may_change(place.root) {
                    capture.by = By::RefMut;
                }
            }
        }
        opaque.captures.retain(|capture| {
            !before
                .iter()
                .any(|other: &Capture| other.name == capture.name)
        });
        opaque.captures.extend(before);
        if unread {
            self.builder.push(Stmt::Do(Op::Opaque(Box::new(opaque))));
            return Some(self.unit());
        }
        Some(self.define(Op::Opaque(Box::new(opaque)), kind))
    }

    /// Replaces arguments that are not pure by names for their values.
    fn computed_before(&mut self, expr: &mut Expr, before: &mut Vec<Capture>) -> Option<()> {
        match expr {
            Expr::MethodCall(call) => {
                self.computed_before(&mut call.receiver, before)?;
                for argument in &mut call.args {
                    self.value_of_argument(argument, before)?;
                }
            }
            Expr::Unary(unary) => self.computed_before(&mut unary.expr, before)?,
            Expr::Paren(inner) => self.computed_before(&mut inner.expr, before)?,
            Expr::Assign(assign) => {
                self.value_of_argument(&mut assign.right, before)?;
                self.computed_before(&mut assign.left, before)?;
            }
            Expr::Binary(binary) => {
                self.value_of_argument(&mut binary.right, before)?;
                self.computed_before(&mut binary.left, before)?;
            }
            _ => {}
        }
        Some(())
    }

    fn value_of_argument(&mut self, argument: &mut Expr, before: &mut Vec<Capture>) -> Option<()> {
        if matches!(
            strip(argument),
            Expr::Closure(_) | Expr::Path(_) | Expr::Lit(_)
        ) || self.is_pure(argument)
        {
            return Some(());
        }
        let given = argument.clone();
        let operand = self.parsed(|lowering| lowering.inert_operand(&given))?;
        let name = format_ident!("given_{}", before.len());
        *argument = syn::parse_quote!(#name);
        before.push(Capture {
            name,
            operand,
            by: By::Value,
        });
        Some(())
    }

    /// Whether nothing that carries floats goes into a chain of calls on a collection.
    fn is_inert_chain(&mut self, expr: &Expr) -> bool {
        let Some(root) = self.collection_in(expr) else {
            return false;
        };
        let told = self.is_told(root);
        match strip(expr) {
            Expr::MethodCall(call) => {
                let mut arguments = call.args.iter();
                arguments.all(|argument| self.is_inert_argument(argument, told))
                    && self.is_inert_chain(&call.receiver)
            }
            Expr::Unary(unary) => self.is_inert_chain(&unary.expr),
            Expr::Index(index) => {
                self.is_inert_argument(&index.index, told) && self.is_inert_chain(&index.expr)
            }
            Expr::Reference(reference) => self.is_inert_chain(&reference.expr),
            _ => true,
        }
    }

    /// Whether the types that a collection holds are written.
    fn is_told(&self, root: Var) -> bool {
        let untold = |ty: &Type| matches!(ty, Type::Infer(_));
        let held = self.collections.get(&root);
        held.is_some_and(|held| !held.parts.iter().any(untold))
    }

    /// Whether an argument carries no floats. Where the collection's type is `told`, it says so of what is not seen.
    fn is_inert_argument(&mut self, argument: &Expr, told: bool) -> bool {
        match strip(argument) {
            Expr::Closure(_) => self.reads_inert_alone(argument),
            // `Vec::new`, `String::from`: what a function gives has the type of what is held.
            Expr::Path(path) if path.path.get_ident().is_none() => true,
            argument => {
                let kind = self.infer(argument);
                kind.is_inert() || told && kind == Kind::Unknown
            }
        }
    }

    /// Whether a closure reads nothing that carries floats.
    fn reads_inert_alone(&self, closure: &Expr) -> bool {
        let names = free_names(closure).read;
        let mut terms = names.iter().filter_map(|name| self.scope.term(name));
        terms.all(|term| self.kind_of_term(term).is_inert())
    }
}

/// Whether what the methods of a chain take and give is of the types that the collection holds.
fn is_known(expr: &Expr) -> bool {
    match strip(expr) {
        Expr::MethodCall(call) => {
            let lists = [LOOKING, TAKING, REFERRING, CHANGING];
            let known = lists
                .iter()
                .any(|list| list.iter().any(|name| call.method == name));
            known && is_known(&call.receiver)
        }
        Expr::Index(index) => is_known(&index.expr),
        Expr::Unary(unary) => is_known(&unary.expr),
        Expr::Reference(reference) => is_known(&reference.expr),
        Expr::Path(_) => true,
        _ => false,
    }
}

/// The two sides of an assignment to something that is no variable.
fn written(expr: &Expr) -> Option<(&Expr, &Expr)> {
    let (left, right) = match expr {
        Expr::Assign(assign) => (&assign.left, &assign.right),
        Expr::Binary(binary) if is_compound(&binary.op) => (&binary.left, &binary.right),
        _ => return None,
    };
    (!matches!(strip(left), Expr::Path(_))).then_some((left, right))
}

/// Whether a method of a collection gives an option of what it holds.
pub(super) fn of_option(collection: &str, method: &str) -> bool {
    let is_map = MAPS.contains(&collection);
    // What is removed from a set is not given.
    let is_set = collection.ends_with("Set");
    FINDING.contains(&method)
        || TAKING.contains(&method) && !(is_set && method == "remove")
        || method == "insert" && is_map
}

/// Whether all methods of a chain only look.
fn looks_only(expr: &Expr) -> bool {
    match strip(expr) {
        Expr::MethodCall(call) => {
            LOOKING.iter().any(|name| call.method == name) && looks_only(&call.receiver)
        }
        Expr::Index(index) => looks_only(&index.expr),
        Expr::Unary(unary) => looks_only(&unary.expr),
        Expr::Reference(reference) => reference.mutability.is_none() && looks_only(&reference.expr),
        Expr::Path(_) => true,
        _ => false,
    }
}

/// Whether a chain ends in a reference that writes.
fn refers(expr: &Expr) -> bool {
    let Expr::MethodCall(call) = strip(expr) else {
        return false;
    };
    let name = call.method.to_string();
    let hands_on = matches!(name.as_str(), "unwrap" | "expect");
    REFERRING.contains(&name.as_str())
        || name.ends_with("_mut")
        || hands_on && refers(&call.receiver)
}

/// `*sums.entry(k).or_insert(0.0)`
pub(super) fn is_entry(expr: &Expr) -> bool {
    match strip(expr) {
        Expr::Unary(unary) => is_entry(&unary.expr),
        Expr::MethodCall(call) => REFERRING.iter().any(|name| call.method == name),
        _ => false,
    }
}
