//! `x.map(f)` where the type of `x` is not seen: an array, or an option or a result?
//!
//! The macro goes by what is done with the value and with what it is mapped to. What it takes for an option the
//! compiler has to confirm.

use proc_macro2::{Ident, Span};
use quote::ToTokens;
use syn::visit::{self, Visit};
use syn::{Expr, ExprClosure, ExprForLoop, ExprIndex, ExprMethodCall, ExprPath, Local, Pat};

use super::assigned::Assigned;
use super::closures::leaves;
use super::known::strip;
use super::options::UNWRAPPING;
use super::scope::Term;
use super::Lowering;
use crate::diagnostics::{sentence, Slug};
use crate::ir::{By, Capture, Cost, Kind, Op, Opaque, Operand, Place, Stmt};

impl Lowering<'_> {
    /// Whether a `map` of a value of unknown type is that of an array.
    pub(super) fn maps_an_array(&mut self, call: &ExprMethodCall, want: &Kind) -> bool {
        if call.method != "map" || self.infer(&call.receiver) != Kind::Unknown {
            return false;
        }
        if let Kind::Array(_) = want {
            return true;
        }
        let mut uses = Uses::of(call);
        uses.visit_block(self.request.block);
        // What the value is bound to is known only when the whole has been seen.
        uses.visit_block(self.request.block);
        uses.as_array
    }

    /// A `map` that may as well be that of an option as that of an array, as the rule that both have: nothing is done with what
    /// it makes that only one of them allows.
    pub(super) fn mapped_by_rule(
        &mut self,
        call: &ExprMethodCall,
        want: &Kind,
    ) -> Option<Option<Term>> {
        let function = strip(call.args.first().filter(|_| call.method == "map")?);
        let closure: ExprClosure = match function {
            Expr::Closure(closure) => closure.clone(),
            Expr::Path(path) if self.is_item(path) => syn::parse_quote!(|item| #path(item)),
            _ => return None,
        };
        if *want != Kind::Unknown || !self.may_be_either(call, &closure) {
            return None;
        }
        let mut call = call.clone();
        call.args[0] = Expr::Closure(closure);
        Some(self.parsed(|lowering| lowering.protocol_method(&call, want)))
    }

    /// Whether a path is not that of a variable.
    fn is_item(&self, path: &ExprPath) -> bool {
        let name = path.path.get_ident();
        name.is_none_or(|name| self.scope.term(name).is_none())
    }

    fn may_be_either(&mut self, call: &ExprMethodCall, closure: &ExprClosure) -> bool {
        let mut tried = Tried::of(call, &[]);
        tried.visit_block(self.request.block);
        // What the value is bound to is known only when the whole has been seen.
        tried.visit_block(self.request.block);
        let changes = Assigned::assigns(&closure.body);
        !tried.found && !changes && !leaves(&closure.body) && self.is_either(&call.receiver)
    }

    /// Whether a value may as well be an option as an array. What a call gives is taken for an option: one that has to be
    /// moved, such as a result with an error of which there is no second, could not be handed to the rule that both have.
    fn is_either(&mut self, value: &Expr) -> bool {
        match strip(value) {
            Expr::MethodCall(inner) if inner.method == "map" => self.is_either(&inner.receiver),
            Expr::Field(_) => self.infer(value) == Kind::Unknown,
            _ => false,
        }
    }

    /// `field.take()`, `field.replace(x)`, `field.as_ref()`, of which an option is left: then there was one.
    pub(super) fn changed_option(&mut self, call: &ExprMethodCall, kind: &Kind) -> Option<Kind> {
        let changes = match call.args.len() {
            0 => ["take", "as_ref", "as_mut"]
                .iter()
                .any(|name| call.method == name),
            1 => call.method == "replace",
            _ => false,
        };
        let unseen = *kind == Kind::Unknown && self.is_part(&call.receiver);
        let mut tried = Tried::of(call, &["filter", "map", "zip"]);
        if changes && unseen {
            tried.visit_block(self.request.block);
        }
        tried.found.then(|| Kind::Option(Box::new(Kind::Unknown)))
    }

    /// Has the compiler confirm that a value is an option or a result.
    pub(super) fn confirm_option(&mut self, place: &Place, method: &Ident) {
        let detail =
            format!("its `{method}` is taken for that of an option, but it is a `{{Self}}`");
        let message = sentence(Slug::UnseenType, &detail);
        let check = syn::parse_quote_spanned!(method.span()=> {
            #[diagnostic::on_unimplemented(message = #message)]
            trait IsAnOption {}
            impl<T> IsAnOption for ::core::option::Option<T> {}
            impl<T, E> IsAnOption for ::core::result::Result<T, E> {}
            fn is_an_option<T: IsAnOption + ?::core::marker::Sized>(_: &T) {}
            is_an_option(&value)
        });
        self.confirm(place, check);
    }

    /// Has the compiler confirm that an item that is flattened is a sequence.
    pub(super) fn confirm_sequence(&mut self, place: &Place, span: Span) {
        let detail = "what is flattened is taken for a sequence, but it is a `{Self}`";
        self.confirm_elements(place, span, detail);
    }

    /// Has the compiler confirm that a method is one of a sequence.
    pub(super) fn confirm_method(&mut self, receiver: &Expr, method: &Ident) -> Option<()> {
        let place = self.place(receiver)?;
        let detail = format!("its `{method}` is taken for that of a slice, but it is a `{{Self}}`");
        self.confirm_elements(&place, method.span(), &detail);
        Some(())
    }

    fn confirm_elements(&mut self, place: &Place, span: Span, detail: &str) {
        let message = sentence(Slug::UnseenType, detail);
        let check = syn::parse_quote_spanned!(span=> {
            #[diagnostic::on_unimplemented(message = #message)]
            trait IsASequence {}
            impl<S> IsASequence for S
            where
                S: ::core::ops::Index<::core::ops::RangeFull> + ?::core::marker::Sized,
            {
            }
            fn is_a_sequence<T: IsASequence + ?::core::marker::Sized>(_: &T) {}
            is_a_sequence(&value)
        });
        self.confirm(place, check);
    }

    pub(super) fn confirm(&mut self, place: &Place, check: Expr) {
        let opaque = Opaque {
            expr: check,
            captures: vec![Capture {
                name: Ident::new("value", Span::call_site()),
                operand: Operand::Place(place.clone()),
                by: By::Value,
            }],
            cost: Cost::Cheap,
            effect: true,
        };
        self.builder.push(Stmt::Do(Op::Opaque(Box::new(opaque))));
    }
}

/// What is done with the value, and with what it is mapped to: their text, and the names they are bound to.
struct Uses {
    values: Vec<String>,
    made: String,
    as_array: bool,
}

impl Uses {
    fn of(call: &ExprMethodCall) -> Uses {
        let made = text(&Expr::MethodCall(call.clone()));
        Uses {
            values: vec![text(&call.receiver), made.clone()],
            made,
            as_array: false,
        }
    }

    fn is_value(&self, expr: &Expr) -> bool {
        let expr = match strip(expr) {
            Expr::Reference(reference) => strip(&reference.expr),
            expr => expr,
        };
        self.values.contains(&text(expr))
    }
}

impl<'ast> Visit<'ast> for Uses {
    fn visit_local(&mut self, local: &'ast Local) {
        let init = local.init.as_ref().map(|init| text(strip(&init.expr)));
        if let (Pat::Ident(name), Some(true)) = (&local.pat, init.map(|init| init == self.made)) {
            self.values.push(name.ident.to_string());
        }
        visit::visit_local(self, local);
    }

    fn visit_expr_index(&mut self, index: &'ast ExprIndex) {
        self.as_array |= self.is_value(&index.expr);
        visit::visit_expr_index(self, index);
    }

    fn visit_expr_for_loop(&mut self, each: &'ast ExprForLoop) {
        self.as_array |= self.is_value(&each.expr);
        visit::visit_expr_for_loop(self, each);
    }

    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        let of_sequences = ["len", "iter", "into_iter", "as_slice", "each_ref"];
        self.as_array |=
            of_sequences.iter().any(|name| call.method == name) && self.is_value(&call.receiver);
        visit::visit_expr_method_call(self, call);
    }
}

fn text(expr: &Expr) -> String {
    expr.to_token_stream().to_string()
}

/// Whether something, or a name that it is bound to, is taken for an option or a result: a method of theirs is called on it,
/// it is tried, or matched.
struct Tried {
    values: Vec<String>,
    /// Methods that may be those of others.
    also: &'static [&'static str],
    found: bool,
}

impl Tried {
    fn of(call: &ExprMethodCall, also: &'static [&'static str]) -> Tried {
        Tried {
            values: vec![text(&Expr::MethodCall(call.clone()))],
            also,
            found: false,
        }
    }

    fn ask(&mut self, expr: &Expr) {
        self.found |= self.values.contains(&text(strip(expr)));
    }
}

impl<'ast> Visit<'ast> for Tried {
    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        let mut names = UNWRAPPING.iter().chain(self.also);
        if names.any(|name| call.method == name) || call.method == "ok" {
            self.ask(&call.receiver);
        }
        visit::visit_expr_method_call(self, call);
    }

    fn visit_expr_try(&mut self, tried: &'ast syn::ExprTry) {
        self.ask(&tried.expr);
        visit::visit_expr_try(self, tried);
    }

    fn visit_expr_let(&mut self, tried: &'ast syn::ExprLet) {
        self.ask(&tried.expr);
        visit::visit_expr_let(self, tried);
    }

    fn visit_expr_match(&mut self, tried: &'ast syn::ExprMatch) {
        self.ask(&tried.expr);
        visit::visit_expr_match(self, tried);
    }

    fn visit_local(&mut self, local: &'ast Local) {
        match (&local.init, &local.pat) {
            (Some(init), _) if init.diverge.is_some() => self.ask(&init.expr),
            (Some(init), Pat::Ident(name)) if self.values[0] == text(strip(&init.expr)) => {
                self.values.push(name.ident.to_string());
            }
            _ => {}
        }
        visit::visit_local(self, local);
    }
}
