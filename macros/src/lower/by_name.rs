//! Methods that are taken to give no floats by their name: `len`, `capacity`, `checked_sub`. Of something whose type is not seen,
//! such as a vector of the user's own with a length that is a float, the compiler has to confirm it: the result would pass for
//! constant else.

use proc_macro2::Span;
use syn::visit::{self, Visit};
use syn::{Expr, ExprMethodCall};

use super::families::COUNTS;
use super::Lowering;
use crate::ir::{Cost, Kind, Op, Stmt};

impl Lowering<'_> {
    /// Has the compiler confirm that an expression that is taken to give no floats gives none.
    pub(super) fn confirm_no_floats(&mut self, expr: &Expr) {
        let Some(span) = self.goes_by_name(expr) else {
            return;
        };
        let tapeless = self.request.tapeless;
        // Never run. What is moved where the program ends is still there afterwards.
        let check: Expr = syn::parse_quote_spanned!(span=> {
            if false {
                use #tapeless::__private::looked::{Carrying as _, Other as _, Scalars as _};
                (&&#tapeless::__private::looked::Looked(&#expr)).confirm();
                ::core::unreachable!()
            }
        });
        let opaque = self.parsed(|lowering| lowering.captured(&check, Cost::Cheap, true));
        if let Some(opaque) = opaque {
            self.builder.push(Stmt::Do(Op::Opaque(Box::new(opaque))));
        }
    }

    /// Where such a method is called in it, of something of which nothing else is known.
    fn goes_by_name(&mut self, expr: &Expr) -> Option<Span> {
        let mut calls = Calls::default();
        calls.visit_expr(expr);
        let unseen = |call: &&ExprMethodCall| {
            self.infer(&call.receiver) == Kind::Unknown && !self.is_used_as_sequence(&call.receiver)
        };
        let found = calls.0.into_iter().find(unseen);
        found.map(|call| call.method.span())
    }
}

/// Calls of such methods, but for those whose result only steers.
#[derive(Default)]
struct Calls<'e>(Vec<&'e ExprMethodCall>);

impl<'e> Visit<'e> for Calls<'e> {
    fn visit_expr_method_call(&mut self, call: &'e ExprMethodCall) {
        if COUNTS.iter().any(|name| call.method == name) {
            self.0.push(call);
        }
        visit::visit_expr_method_call(self, call);
    }

    fn visit_expr_index(&mut self, index: &'e syn::ExprIndex) {
        self.visit_expr(&index.expr);
    }
}
