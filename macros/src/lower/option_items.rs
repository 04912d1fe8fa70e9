//! Options and results as sequences of one item or none.

use quote::quote;
use syn::visit::Visit;
use syn::{parse_quote, Expr, ExprForLoop, ExprMethodCall};

use super::iterators::Chain;
use super::known::strip;
use super::scope::Term;
use super::Lowering;
use crate::ir::Kind;

/// What is gone through: the option, or a reference to it.
pub(super) struct Gone {
    kind: Kind,
    option: Expr,
}

impl Lowering<'_> {
    /// The option that a `for` goes through, if it is one.
    pub(super) fn option_gone_through(&mut self, head: &Expr) -> Option<Gone> {
        let head = strip(head);
        if let Expr::MethodCall(call) = head {
            if let Some(gone) = self.option_of(call) {
                return Some(gone);
            }
        }
        let kind = match head {
            Expr::Reference(reference) => self.infer(&reference.expr),
            Expr::Call(call) => self.result_of_call(call)?,
            Expr::Path(_) | Expr::Field(_) => self.infer(head),
            Expr::MethodCall(call) if !self.is_chain(call) => self.infer(head),
            _ => return None,
        };
        gone(kind, head.clone())
    }

    /// The option that `iter`, `iter_mut` or `into_iter` of it goes through.
    fn option_of(&mut self, call: &ExprMethodCall) -> Option<Gone> {
        let receiver = &call.receiver;
        let option: Expr = match call.method.to_string().as_str() {
            "iter" => parse_quote!(&#receiver),
            "iter_mut" => parse_quote!(&mut #receiver),
            "into_iter" => (**receiver).clone(),
            _ => return None,
        };
        gone(self.infer(receiver), option)
    }

    /// The items of an option, where a chain starts with one, or is handed one.
    pub(super) fn items_of_option(&mut self, head: &Expr) -> Option<Option<Chain>> {
        let gone = self.option_gone_through(head)?;
        Some(self.iterable(&gone.items()))
    }

    /// `for x in option { … }` is `if let Some(x) = option { … }`, as long as nothing leaves the loop.
    pub(super) fn for_option(&mut self, each: &ExprForLoop, gone: Gone) -> Option<Term> {
        let mut jumps = Jumps(false);
        jumps.visit_block(&each.body);
        if jumps.0 || each.label.is_some() {
            return self.for_loop(&ExprForLoop {
                expr: Box::new(gone.items()),
                ..each.clone()
            });
        }
        let (pat, body, option) = (&each.pat, &each.body, &gone.option);
        let wrapper = match gone.kind {
            Kind::Option(_) => quote!(::core::option::Option::Some),
            _ => quote!(::core::result::Result::Ok),
        };
        let branch: Expr = parse_quote!(if let #wrapper(#pat) = #option #body);
        self.term(&branch, &Kind::Inert)
    }
}

fn gone(kind: Kind, option: Expr) -> Option<Gone> {
    matches!(kind, Kind::Option(_) | Kind::Result(_)).then_some(Gone { kind, option })
}

impl Gone {
    /// As a chain. Not by `flatten`, behind which there could be items of any number.
    fn items(&self) -> Expr {
        let option = &self.option;
        parse_quote!(::core::iter::once(#option).filter_map(|item| item))
    }
}

/// Whether a body has a `break` or `continue`, of whichever loop.
struct Jumps(bool);

impl Visit<'_> for Jumps {
    fn visit_expr_break(&mut self, _: &syn::ExprBreak) {
        self.0 = true;
    }

    fn visit_expr_continue(&mut self, _: &syn::ExprContinue) {
        self.0 = true;
    }
}
