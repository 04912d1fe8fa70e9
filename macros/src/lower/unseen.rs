//! Methods of slices and vectors on something whose type is not seen: a field of a user's struct, an element of one.
//!
//! A whole variable is none of those, unless it is a copy of one: its methods may be the user's own. Where a local one, of
//! which no type is written, is gone through like a sequence, those that only read are taken for a sequence's, and the
//! compiler has to confirm it.

use quote::ToTokens;
use syn::{Expr, ExprMethodCall};

use super::known::strip;
use super::scope::Term;
use super::Lowering;
use crate::ir::{Class, Kind, Var};

/// Methods that only sequences are known to have, and how many arguments they take.
const METHODS: &[(&str, usize)] = &[
    ("first", 0),
    ("last", 0),
    ("first_mut", 0),
    ("last_mut", 0),
    ("split_first", 0),
    ("split_last", 0),
    ("split_first_mut", 0),
    ("split_last_mut", 0),
    ("get", 1),
    ("get_mut", 1),
    ("split_at", 1),
    ("split_at_mut", 1),
    ("swap", 2),
    ("fill", 1),
    ("copy_from_slice", 1),
    ("copy_within", 2),
    ("clone_from_slice", 1),
    ("to_vec", 0),
    ("push", 1),
    ("pop", 0),
    ("extend_from_slice", 1),
    ("clear", 0),
    ("concat", 0),
    ("reverse", 0),
    ("rotate_left", 1),
    ("rotate_right", 1),
    ("sort_by", 1),
    ("sort_unstable_by", 1),
    ("truncate", 1),
    ("resize", 2),
    ("insert", 2),
    ("remove", 1),
    ("swap_remove", 1),
    ("retain", 1),
    ("extend", 1),
    ("append", 1),
];

/// Those of them whose results are options.
const OPTIONAL: &[&str] = &[
    "first",
    "last",
    "first_mut",
    "last_mut",
    "split_first",
    "split_last",
    "split_first_mut",
    "split_last_mut",
    "get",
    "get_mut",
    "pop",
];

/// Those of them that only read.
const READING: &[&str] = &[
    "first",
    "last",
    "split_first",
    "split_last",
    "get",
    "split_at",
    "to_vec",
];

impl Lowering<'_> {
    /// Whether a method call says that its receiver is a slice or a vector.
    pub(super) fn is_sequence_call(&mut self, call: &ExprMethodCall) -> bool {
        let name = call.method.to_string();
        let known = METHODS.contains(&(name.as_str(), call.args.len()))
            && !self
                .gives
                .contains(&(call as *const ExprMethodCall as usize))
            && (!self.request.results.has_member(&name)
                || self.is_used_as_sequence(&call.receiver));
        known
            && (self.is_part(&call.receiver) || self.is_of_gone_through(call))
            && self.infer(&call.receiver) == Kind::Unknown
    }

    /// `last` of a local variable of which no type is written, and which is gone through somewhere.
    pub(super) fn is_of_gone_through(&mut self, call: &ExprMethodCall) -> bool {
        let Expr::Path(path) = strip(&call.receiver) else {
            return false;
        };
        let (Some(name), true) = (
            path.path.get_ident(),
            READING.iter().any(|read| call.method == read),
        ) else {
            return false;
        };
        let by_position = |argument: &Expr| !matches!(strip(argument), Expr::Reference(_));
        let untyped = match self.scope.term(name) {
            Some(Term::Place(place)) if place.path.is_empty() => {
                let info = self.info(place.root);
                info.class == Class::Root && info.ty.is_none() && !self.is_parameter(place.root)
            }
            _ => false,
        };
        untyped
            && self.gone_through.contains(&name.to_string())
            && call.args.iter().all(by_position)
    }

    fn is_parameter(&self, root: Var) -> bool {
        root.0 < self.request.sig.inputs.len()
    }

    /// `self.values`, which is indexed or iterated over somewhere: the method is not the one that `self` has.
    pub(super) fn is_used_as_sequence(&self, expr: &Expr) -> bool {
        let Expr::Field(field) = strip(expr) else {
            return false;
        };
        let of_self = matches!(strip(&field.base), Expr::Path(path) if path.path.is_ident("self"));
        let name = field.member.to_token_stream().to_string();
        of_self && self.request.results.is_sequence(&name)
    }

    /// Whether it does, and its result is an option.
    pub(super) fn is_optional_call(&mut self, call: &ExprMethodCall) -> bool {
        OPTIONAL.contains(&call.method.to_string().as_str()) && self.is_sequence_call(call)
    }

    /// Whether an expression is such a result, or a copy of one.
    pub(super) fn is_unseen_option(&mut self, expr: &Expr) -> bool {
        match strip(expr) {
            Expr::MethodCall(call)
                if matches!(call.method.to_string().as_str(), "copied" | "cloned") =>
            {
                self.is_unseen_option(&call.receiver)
            }
            Expr::MethodCall(call) => self.is_optional_call(call),
            _ => false,
        }
    }

    /// Whether an expression is a part of something, rather than a variable whose type has a name.
    pub(super) fn is_part(&mut self, expr: &Expr) -> bool {
        match strip(expr) {
            Expr::Try(tried) => self.is_unseen_option(&tried.expr),
            Expr::MethodCall(call)
                if matches!(call.method.to_string().as_str(), "unwrap" | "expect") =>
            {
                self.is_unseen_option(&call.receiver)
            }
            Expr::Field(_) | Expr::Index(_) => true,
            Expr::Path(path) => {
                let term = path.path.get_ident().and_then(|name| self.scope.term(name));
                match term {
                    Some(Term::Ref { place, .. } | Term::Place(place)) => {
                        !place.path.is_empty() || self.copies.contains(&place.root)
                    }
                    _ => false,
                }
            }
            _ => false,
        }
    }
}
