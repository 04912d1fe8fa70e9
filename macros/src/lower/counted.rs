//! `x.iter()` where `x` may be a map, or a value with an iterator of its own: what is gone through by positions has to have
//! some.
//!
//! Whatever is dereferenced to a slice has them, so that the compiler is asked by a method:
//!
//! ```text
//! trait HasPositions {}
//! impl<S: Index<usize> + ?Sized> HasPositions for S {}
//! trait Gone { fn gone(&self) {} }
//! impl<S: HasPositions + ?Sized> Gone for S {}
//! value.gone();
//! ```

use quote::ToTokens;
use syn::visit::{self, Visit};
use syn::{Expr, ExprForLoop, ExprMethodCall, Pat};

use super::known::strip;
use super::Lowering;
use crate::diagnostics::{sentence, Slug};
use crate::ir::{Kind, Place};

impl Lowering<'_> {
    /// Has the compiler confirm that what is gone through has positions, where there is reason to doubt it: it is `self`, or
    /// its items are taken apart as pairs, as those of a map.
    pub(super) fn confirm_positions(&mut self, call: &ExprMethodCall, place: &Place) {
        if self.kind_of_place(place) != Kind::Unknown {
            return;
        }
        let of_self =
            matches!(strip(&call.receiver), Expr::Path(path) if path.path.is_ident("self"));
        let mut pairs = Pairs {
            source: call.to_token_stream().to_string(),
            found: false,
        };
        if !of_self {
            pairs.visit_block(self.request.block);
        }
        if of_self || pairs.found {
            self.confirm_gone(call, place);
        }
    }

    fn confirm_gone(&mut self, call: &ExprMethodCall, place: &Place) {
        let method = &call.method;
        let detail = format!("its `{method}` is taken for that of a slice, but it is a `{{Self}}`");
        let message = sentence(Slug::UnseenType, &detail);
        let check = syn::parse_quote_spanned!(method.span()=> {
            #[diagnostic::on_unimplemented(message = #message)]
            trait HasPositions {}
            impl<S: ::core::ops::Index<usize> + ?::core::marker::Sized> HasPositions for S {}
            trait Gone {
                fn gone(&self) {}
            }
            impl<S: HasPositions + ?::core::marker::Sized> Gone for S {}
            value.gone()
        });
        self.confirm(place, check);
    }
}

/// Whether what a call makes is gone through in pairs.
struct Pairs {
    source: String,
    found: bool,
}

impl Pairs {
    fn is_source(&self, expr: &Expr) -> bool {
        strip(expr).to_token_stream().to_string() == self.source
    }
}

impl<'ast> Visit<'ast> for Pairs {
    fn visit_expr_for_loop(&mut self, each: &'ast ExprForLoop) {
        self.found |= is_pair(&each.pat) && self.is_source(&each.expr);
        visit::visit_expr_for_loop(self, each);
    }

    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        let takes_pairs = |argument: &Expr| match strip(argument) {
            Expr::Closure(closure) => closure.inputs.last().is_some_and(is_pair),
            _ => false,
        };
        self.found |= call.args.iter().any(takes_pairs) && self.is_source(&call.receiver);
        visit::visit_expr_method_call(self, call);
    }
}

fn is_pair(pat: &Pat) -> bool {
    match pat {
        Pat::Tuple(pat) => pat.elems.len() == 2,
        Pat::Reference(pat) => is_pair(&pat.pat),
        Pat::Type(pat) => is_pair(&pat.pat),
        _ => false,
    }
}
