//! Calls of functions that are handed functions: closures in their place.

use std::collections::HashSet;

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, ExprCall, Item, PatIdent, Signature};

use super::{HigherOrder, HigherOrders};

/// A body with closures in place of the functions that are handed functions; `None` if it calls none.
pub fn in_place(block: &Block, sig: &Signature, known: &HigherOrders) -> Option<Block> {
    if known.is_empty() {
        return None;
    }
    let mut calls = Calls {
        known,
        locals: Locals::of(sig, block),
        open: Vec::new(),
        found: false,
    };
    let mut block = block.clone();
    calls.visit_block_mut(&mut block);
    calls.found.then_some(block)
}

/// The names that a function binds.
#[derive(Default)]
struct Locals(HashSet<String>);

impl Locals {
    fn of(sig: &Signature, block: &Block) -> HashSet<String> {
        let mut locals = Locals::default();
        locals.visit_signature(sig);
        locals.visit_block(block);
        locals.0
    }
}

impl<'ast> Visit<'ast> for Locals {
    fn visit_pat_ident(&mut self, pat: &'ast PatIdent) {
        self.0.insert(pat.ident.to_string());
        visit::visit_pat_ident(self, pat);
    }

    fn visit_item(&mut self, item: &'ast Item) {
        if let Item::Fn(item) = item {
            self.0.insert(item.sig.ident.to_string());
        }
    }
}

/// Names of values that a body mentions: those of functions that it calls, and all others.
#[derive(Default)]
struct Mentions {
    called: HashSet<String>,
    read: HashSet<String>,
}

impl Mentions {
    fn of(block: &Block) -> Mentions {
        let mut mentions = Mentions::default();
        mentions.visit_block(block);
        mentions
    }

    fn tokens(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Ident(name) => {
                    self.read.insert(name.to_string());
                }
                TokenTree::Group(group) => self.tokens(group.stream()),
                _ => {}
            }
        }
    }
}

impl<'ast> Visit<'ast> for Mentions {
    fn visit_expr_call(&mut self, call: &'ast ExprCall) {
        if let Expr::Path(path) = &*call.func {
            let name = path.path.get_ident().map(ToString::to_string);
            self.called.extend(name);
        }
        visit::visit_expr_call(self, call);
    }

    fn visit_expr_path(&mut self, path: &'ast syn::ExprPath) {
        let first = path.path.segments.first();
        self.read.extend(first.map(|first| first.ident.to_string()));
        visit::visit_expr_path(self, path);
    }

    fn visit_macro(&mut self, mac: &'ast syn::Macro) {
        self.tokens(mac.tokens.clone());
    }
}

struct Calls<'a> {
    known: &'a HigherOrders<'a>,
    /// What the function at hand binds.
    locals: HashSet<String>,
    /// Functions that stand in place of calls around this one.
    open: Vec<String>,
    found: bool,
}

impl Calls<'_> {
    /// The function that a call means, if it can stand in its place: none of the names that it has from its module means
    /// something else here.
    fn callee(&self, call: &ExprCall) -> Option<&HigherOrder> {
        let Expr::Path(path) = &*call.func else {
            return None;
        };
        let name = path.path.get_ident()?.to_string();
        let callee = *self.known.get(name.as_str())?;
        let own = Locals::of(&callee.sig, &callee.block);
        let Mentions { called, read } = Mentions::of(&callee.block);
        let handed: HashSet<String> = callee.functions().collect();
        let mut outer = called
            .iter()
            .filter(|name| !handed.contains(*name))
            .chain(read.iter().filter(|name| !own.contains(*name)));
        let hidden = outer.any(|name| self.locals.contains(name));
        let may = !hidden
            && !self.locals.contains(&name)
            && !self.open.contains(&name)
            && callee.handed.len() == call.args.len();
        may.then_some(callee)
    }

    /// What stands in place of a call.
    fn opened(&mut self, call: &ExprCall) -> Option<Expr> {
        let callee = self.callee(call)?.clone();
        let name = &callee.sig.ident;
        let arguments = call.args.iter().enumerate();
        let arguments: Vec<Expr> = arguments
            .map(|(position, argument)| callee.hand(position, argument, &self.locals))
            .collect();
        let mut block = callee.block.clone();
        let around = std::mem::replace(&mut self.locals, Locals::of(&callee.sig, &block));
        self.open.push(name.to_string());
        self.visit_block_mut(&mut block);
        self.open.pop();
        self.locals = around;
        let closure = callee.closure(&block)?;
        Some(syn::parse_quote!({
            let #name = #closure;
            #name(#(#arguments),*)
        }))
    }
}

impl VisitMut for Calls<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        let opened = match expr {
            Expr::Call(call) => self.opened(call),
            _ => None,
        };
        if let Some(opened) = opened {
            *expr = opened;
            self.found = true;
        }
    }

    fn visit_item_mut(&mut self, _: &mut Item) {}
}
