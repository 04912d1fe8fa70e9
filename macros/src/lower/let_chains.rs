//! Chains of conditions with `let`: conditions inside of each other, left for the `else` they share.

use syn::{Expr, ExprIf, ExprWhile, Lifetime};

use super::known::strip;
use super::scope::Term;
use super::Lowering;
use crate::ir::Kind;

impl Lowering<'_> {
    /// `if a && let p = b && … { … } else { … }`
    pub(super) fn if_chain(&mut self, branch: &ExprIf, want: &Kind) -> Option<Term> {
        let label = self.chain_label(branch.if_token.span);
        let then = &branch.then_branch;
        let innermost: Expr = syn::parse_quote!(break #label #then);
        let nested = nested(&branch.cond, innermost);
        let whole: Expr = match &branch.else_branch {
            Some((_, otherwise)) => syn::parse_quote!(#label: { #nested #otherwise }),
            None => syn::parse_quote!(#label: { #nested }),
        };
        self.parsed(|lowering| lowering.term(&whole, want))
    }

    /// `while a && let p = b && … { … }`
    pub(super) fn while_chain(&mut self, whole: &ExprWhile) -> Option<Term> {
        let (attrs, label) = (&whole.attrs, &whole.label);
        let (condition, body) = (&whole.cond, &whole.body);
        let endless: Expr = syn::parse_quote!(#(#attrs)* #label loop {
            if #condition #body else { break }
        });
        self.parsed(|lowering| lowering.term(&endless, &Kind::Inert))
    }

    fn chain_label(&mut self, span: proc_macro2::Span) -> Lifetime {
        self.frames_made += 1;
        Lifetime::new(&format!("'chain_of_lets_{}", self.frames_made), span)
    }
}

/// The conditions of a chain inside of each other.
fn nested(condition: &Expr, inner: Expr) -> Expr {
    match strip(condition) {
        Expr::Binary(binary)
            if matches!(binary.op, syn::BinOp::And(_)) && super::purity::has_let(condition) =>
        {
            nested(&binary.left, nested(&binary.right, inner))
        }
        condition => syn::parse_quote!(if #condition { #inner }),
    }
}
