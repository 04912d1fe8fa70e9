//! Macros that see no variable of the function: none is handed to them, and hygiene hides them from what is defined
//! elsewhere. So whatever they make is a constant.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, ToTokens};
use syn::parse::Parser;
use syn::visit::{self, Visit};
use syn::{Expr, ExprCall, ExprMacro, ExprPath, Item, Macro, Pat, Stmt as SynStmt};

use super::macros::is_known;
use super::names::free_names;
use super::scope::Term;
use super::Lowering;
use crate::ir::{Cost, Kind};
use crate::parse::types;

impl Lowering<'_> {
    /// Whether a macro sees no variable of the function.
    pub(super) fn is_blind(&self, mac: &Macro) -> bool {
        let expr = Expr::Macro(ExprMacro {
            attrs: Vec::new(),
            mac: mac.clone(),
        });
        let seen = |name: &Ident| name == "self" || self.scope.term(name).is_some();
        let defined_here = |item: &Item| matches!(item, Item::Macro(_));
        !free_names(&expr).read.iter().any(seen) && !self.items.iter().any(defined_here)
    }

    /// The value of such a macro. From inside the closure it cannot leave the function: a `return` would have another type
    /// than the pair.
    pub(super) fn made_by(&mut self, mac: &Macro, want: &Kind) -> Option<Term> {
        let kind = match want {
            Kind::Float(_) | Kind::Inert => want.clone(),
            _ => Kind::Unknown,
        };
        self.opaque(&syn::parse_quote!((|| (#mac, ()))().0), kind, Cost::Once)
    }

    /// The variables that such a macro declares: it can do so only under names that it is given, so those of them that
    /// are read afterwards.
    pub(super) fn declared_by(&self, mac: &Macro, rest: &[SynStmt]) -> Vec<Ident> {
        if !self.is_blind(mac) {
            return Vec::new();
        }
        let mut values = Values::default();
        rest.iter().for_each(|stmt| values.visit_stmt(stmt));
        let given = values.read.into_iter().filter(may_declare);
        given.filter(|name| says(&mac.tokens, name)).collect()
    }

    /// Whether a macro is given a name of no variable yet that is read afterwards.
    pub(super) fn declares(&self, mac: &Macro, rest: &[SynStmt]) -> bool {
        let mut values = Values {
            // Another such macro may be given the same words, and read none of them.
            outside_unknown: true,
            ..Values::default()
        };
        rest.iter().for_each(|stmt| values.visit_stmt(stmt));
        let new = |name: &Ident| may_declare(name) && self.scope.term(name).is_none();
        let mut read = values.read.iter();
        read.any(|name| new(name) && says(&mac.tokens, name))
    }

    /// `constants!(F; a = 1, b = 2);` as `let (a, b) = (|| { constants!(F; a = 1, b = 2); ((a, b), ()) })().0;`. Where the
    /// macro is told `mut`, they may be assigned.
    pub(super) fn declare_by(&mut self, mac: &Macro, names: &[Ident]) -> Option<()> {
        let made = quote!((|| { #mac; ((#(#names,)*), ()) })().0);
        let Ok(made) = syn::parse2::<Expr>(made) else {
            return self.unknown_macro(mac, &mac.path.to_token_stream().to_string());
        };
        let term = self.opaque(&made, Kind::Unknown, Cost::Once)?;
        let says_mut = says(&mac.tokens, &Ident::new("mut", Span::call_site()));
        let mutable = says_mut.then(|| quote!(mut));
        let pat = Pat::parse_single
            .parse2(quote!((#(#mutable #names,)*)))
            .ok()?;
        self.bind_irrefutable(&pat, term)
    }
}

/// Names that are read as values, other than functions that are called; each once.
#[derive(Default)]
struct Values {
    read: Vec<Ident>,
    outside_unknown: bool,
}

impl Values {
    fn read(&mut self, name: &Ident) {
        if !self.read.contains(name) {
            self.read.push(name.clone());
        }
    }
}

impl<'ast> Visit<'ast> for Values {
    fn visit_expr_call(&mut self, call: &'ast ExprCall) {
        call.args
            .iter()
            .for_each(|argument| self.visit_expr(argument));
        if !matches!(&*call.func, Expr::Path(_)) {
            self.visit_expr(&call.func);
        }
    }

    fn visit_expr_path(&mut self, path: &'ast ExprPath) {
        path.path
            .get_ident()
            .into_iter()
            .for_each(|name| self.read(name));
        visit::visit_expr_path(self, path);
    }

    fn visit_macro(&mut self, mac: &'ast Macro) {
        let name = mac.path.segments.last().map(|last| last.ident.to_string());
        if self.outside_unknown && !name.is_some_and(|name| is_known(&name)) {
            return;
        }
        let inside = Expr::Macro(ExprMacro {
            attrs: Vec::new(),
            mac: mac.clone(),
        });
        free_names(&inside)
            .read
            .iter()
            .for_each(|name| self.read(name));
    }
}

/// Constants and statics are spelled in capitals: the name of a variable has a small letter in it, or none at all. Words of
/// the language are no names.
fn may_declare(name: &Ident) -> bool {
    let text = name.to_string();
    let small = text.contains(char::is_lowercase) || !text.contains(char::is_alphabetic);
    small && syn::parse_str::<Ident>(&text).is_ok()
}

fn says(tokens: &TokenStream, name: &Ident) -> bool {
    types::says(tokens.clone(), &|ident| ident == name)
}
