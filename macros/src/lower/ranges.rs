//! The integers that a range is over, as far as they can be seen: positions of elements are `usize`.

use proc_macro2::{Ident, Span};
use quote::quote;
use syn::{parse_quote, Expr, ExprRange, FnArg, Pat, RangeLimits, Type};

use super::infer::INTEGERS;
use super::iterators::Chain;
use super::known::strip;
use super::Lowering;

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
