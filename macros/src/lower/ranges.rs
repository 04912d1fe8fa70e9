//! The integers that a range is over, as far as they can be seen: positions of elements are `usize`.

use proc_macro2::{Ident, Span};
use quote::quote;
use syn::{parse_quote, Expr, ExprRange, FnArg, Pat, RangeLimits, Type};

use super::infer::INTEGERS;
use super::iterators::Chain;
use super::known::strip;
use super::scope::Term;
use super::Lowering;
use crate::ir::{Operand, Proj};

impl Lowering<'_> {
    /// Whether a chain starts with a range over integers that are visibly not `usize`.
    pub(super) fn counts_in_others(&self, chain: &Expr) -> bool {
        match strip(chain) {
            Expr::MethodCall(call) => self.counts_in_others(&call.receiver),
            Expr::Range(range) => {
                let mut ends = range.start.iter().chain(&range.end);
                ends.any(|end| self.integer_of(end).is_some_and(|name| name != "usize"))
            }
            _ => false,
        }
    }

    /// A range over other integers whose positions something else counts by as well: `lo..=hi` as
    /// `(0..len).map(|k| lo + k as T)`.
    pub(super) fn by_position(&mut self, expr: &Expr) -> Option<Chain> {
        let mapped = match strip(expr) {
            Expr::Range(range) if self.counts_in_others(expr) => self.mapped(range),
            _ => None,
        };
        match mapped {
            Some(mapped) => self.parsed(|lowering| lowering.iterable(&mapped)),
            None => self.iterable(expr),
        }
    }

    fn mapped(&self, range: &ExprRange) -> Option<Expr> {
        let lo = range.start.as_deref()?;
        let end = range.end.as_deref();
        let ty = self.integer_of(lo).or_else(|| self.integer_of(end?))?;
        let inclusive = matches!(range.limits, RangeLimits::Closed(_));
        let beyond = inclusive.then(|| quote!(+ 1));
        let positions = match end {
            Some(hi) => quote!(0..(::core::cmp::Ord::max((#hi) #beyond, #lo) - (#lo)) as usize),
            None => quote!(0usize..),
        };
        let at = Ident::new("position", Span::mixed_site());
        Some(parse_quote!((#positions).map(|#at| (#lo) + #at as #ty)))
    }

    /// What a variable that holds a range with both ends is declared as: how its ends are read depends on it.
    pub(super) fn type_of_range(&self, expr: &Expr) -> Option<Type> {
        match strip(expr) {
            Expr::Range(range) if range.start.is_some() && range.end.is_some() => {
                Some(match range.limits {
                    RangeLimits::HalfOpen(_) => parse_quote!(::core::ops::Range<_>),
                    RangeLimits::Closed(_) => parse_quote!(::core::ops::RangeInclusive<_>),
                })
            }
            Expr::MethodCall(call) if call.method == "clone" => self.type_of_range(&call.receiver),
            Expr::Path(path) => match self.scope.term(path.path.get_ident()?)? {
                Term::Value(value) => self.named_range(value),
                _ => None,
            },
            _ => None,
        }
    }

    /// The same, of a value.
    pub(super) fn named_range(&self, value: &Operand) -> Option<Type> {
        let Operand::Var(var) = value else {
            return None;
        };
        let input = self.request.sig.inputs.iter().nth(var.0);
        let ty = match (&self.vars[var.0].ty, input) {
            (Some(ty), _) => ty,
            (None, Some(FnArg::Typed(typed))) => &*typed.ty,
            _ => return None,
        };
        is_range(ty).then(|| ty.clone())
    }

    /// `xs[r]`, where `r` is a range that has a name.
    pub(super) fn slice_by_range(&mut self, position: &Expr) -> Option<Proj> {
        let value = match strip(position) {
            Expr::Path(path) => match self.scope.term(path.path.get_ident()?)? {
                Term::Value(value) => value.clone(),
                _ => return None,
            },
            _ => return None,
        };
        let ty = self.named_range(&value)?;
        let (lo, hi): (Expr, Expr) = match is_inclusive(&ty) {
            true => (
                parse_quote!(*(#position).start()),
                parse_quote!(*(#position).end() + 1),
            ),
            false => (
                parse_quote!((#position).start),
                parse_quote!((#position).end),
            ),
        };
        self.parsed(|lowering| {
            Some(Proj::Slice {
                lo: Some(lowering.inert_operand(&lo)?),
                hi: Some(lowering.inert_operand(&hi)?),
            })
        })
    }

    /// The name of an integer expression's type.
    fn integer_of(&self, expr: &Expr) -> Option<Ident> {
        match strip(expr) {
            Expr::Cast(cast) => integer(&cast.ty),
            Expr::Lit(literal) => match &literal.lit {
                syn::Lit::Int(int) if !int.suffix().is_empty() => {
                    Some(Ident::new(int.suffix(), int.span()))
                }
                _ => None,
            },
            Expr::Path(path) => self.integer_parameter(path.path.get_ident()?),
            Expr::Unary(unary) => self.integer_of(&unary.expr),
            Expr::Binary(binary) => self
                .integer_of(&binary.left)
                .or_else(|| self.integer_of(&binary.right)),
            Expr::MethodCall(call) if call.method != "len" => self.integer_of(&call.receiver),
            _ => None,
        }
    }

    fn integer_parameter(&self, name: &Ident) -> Option<Ident> {
        let typed = self
            .request
            .sig
            .inputs
            .iter()
            .filter_map(|input| match input {
                FnArg::Typed(typed) => Some(typed),
                FnArg::Receiver(_) => None,
            });
        let mut named =
            typed.filter(|typed| matches!(&*typed.pat, Pat::Ident(pat) if pat.ident == *name));
        integer(&named.next()?.ty)
    }
}

/// Whether a type is a range with both ends.
fn is_range(ty: &Type) -> bool {
    named(ty, &["Range", "RangeInclusive"])
}

/// Whether a range is known to be one with its end: `RangeInclusive` has methods for fields.
pub(super) fn is_inclusive(ty: &Type) -> bool {
    named(ty, &["RangeInclusive"])
}

fn named(ty: &Type, names: &[&str]) -> bool {
    match ty {
        Type::Path(path) => path
            .path
            .segments
            .last()
            .is_some_and(|last| names.iter().any(|name| last.ident == name)),
        _ => false,
    }
}

fn integer(ty: &Type) -> Option<Ident> {
    match ty {
        Type::Path(path) => {
            let name = path.path.get_ident()?;
            INTEGERS
                .iter()
                .any(|integer| name == integer)
                .then(|| name.clone())
        }
        Type::Reference(reference) => integer(&reference.elem),
        _ => None,
    }
}
