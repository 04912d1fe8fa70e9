//! Calls of functions that are handed functions or iterators, or give them: closures in their place.

use std::collections::HashSet;

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::format_ident;
use syn::punctuated::Punctuated;
use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{
    Arm, Block, Expr, ExprCall, ExprClosure, ExprForLoop, ExprLet, ExprPath, Item, Local, Pat,
    PatIdent, Signature, Stmt, Token,
};

use super::{HigherOrder, HigherOrders};
use crate::diagnostics::{Errors, Slug};

/// A body with closures in place of the functions that cannot be called by their siblings; `None` if it calls none.
pub fn in_place(
    block: &Block,
    sig: &Signature,
    reals: &[Ident],
    known: &HigherOrders,
    errors: &mut Errors,
) -> Option<Block> {
    if known.is_empty() {
        return None;
    }
    let mut calls = Calls {
        known,
        names: Names {
            locals: vec![Locals::of(sig, block)],
            scope: parameters(sig),
            reals,
        },
        open: Vec::new(),
        found: false,
        errors,
    };
    let mut block = block.clone();
    calls.visit_block_mut(&mut block);
    calls.found.then_some(block)
}

/// The names of a function's parameters.
pub(super) fn parameters(sig: &Signature) -> Vec<String> {
    let mut bound = Locals::default();
    bound.visit_signature(sig);
    bound.0.into_iter().collect()
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

/// The names that are taken where a call stands.
pub(super) struct Names<'a> {
    /// What the functions bind whose bodies are around the call, the innermost last.
    locals: Vec<HashSet<String>>,
    /// What is in scope there of the innermost.
    scope: Vec<String>,
    /// Type parameters that stand for floats.
    pub(super) reals: &'a [Ident],
}

impl Names<'_> {
    fn is_bound(&self, name: &str) -> bool {
        self.locals.iter().any(|locals| locals.contains(name))
    }

    fn in_scope(&self, name: &Ident) -> bool {
        self.scope.iter().any(|known| name == known)
    }

    /// A name, or one made of it that nothing else here has.
    pub(super) fn free(&self, name: &Ident) -> Ident {
        let mut free = name.clone();
        while self.is_bound(&free.to_string()) {
            free = format_ident!("{free}_");
        }
        free
    }

    fn bind(&mut self, pat: &Pat) {
        let mut bound = Locals::default();
        bound.visit_pat(pat);
        self.scope.extend(bound.0);
    }
}

struct Calls<'a> {
    known: &'a HigherOrders<'a>,
    names: Names<'a>,
    /// Functions that stand in place of calls around this one.
    open: Vec<String>,
    found: bool,
    errors: &'a mut Errors,
}

/// The arguments of a call.
type Arguments = Punctuated<Expr, Token![,]>;

impl<'a> Calls<'a> {
    /// What a path that is called stands for, if it is a function of the module or of `Self`.
    fn of_path(&self, path: &ExprPath) -> Option<Option<&'a HigherOrder>> {
        let mut segments = path.path.segments.iter();
        let (first, second) = (segments.next()?, segments.next());
        let (table, name) = match second {
            None if self.names.in_scope(&first.ident) => return None,
            None => (&self.known.free, &first.ident),
            Some(name) if first.ident == "Self" => (&self.known.members, &name.ident),
            Some(_) => return None,
        };
        let plain = path.qself.is_none() && segments.next().is_none();
        let found = table.get(name.to_string().as_str()).filter(|_| plain)?;
        let fits = |callee: &HigherOrder| second.is_none() || !callee.has_receiver();
        Some(found.filter(|callee| fits(callee)))
    }

    /// Whether a function can stand in place of a call: none of the names that it has from its module means something
    /// else here.
    fn may_stand(&self, callee: &HigherOrder, arguments: &Arguments) -> bool {
        let own = Locals::of(&callee.sig, &callee.block);
        let Mentions { called, read } = Mentions::of(&callee.block);
        let handed: HashSet<String> = callee.functions().collect();
        // Those that stand in place of their calls are not called by their name.
        let free = &self.known.free;
        let stands =
            |name: &str| matches!(free.get(name), Some(Some(callee)) if callee.gives_stream());
        let mut outer = called
            .iter()
            .filter(|name| !handed.contains(*name))
            .chain(read.iter().filter(|name| !own.contains(*name)))
            .filter(|name| !stands(name));
        let hidden = outer.any(|name| self.names.is_bound(name));
        !hidden
            && !self.open.contains(&callee.sig.ident.to_string())
            && callee.handed.len() == arguments.len()
    }

    /// What stands in place of a call.
    fn opened(&mut self, callee: &HigherOrder, arguments: &Arguments, at: Span) -> Option<Expr> {
        if !self.may_stand(callee, arguments) {
            return None;
        }
        let locals = self.names.locals.last()?;
        let arguments = arguments.iter().enumerate();
        let arguments: Vec<Expr> = arguments
            .map(|(position, argument)| callee.hand(position, argument, locals))
            .collect();
        let block = self.inner(callee);
        callee.opened(&block, &arguments, &self.names, at)
    }

    /// The body of a function with its own calls dealt with.
    fn inner(&mut self, callee: &HigherOrder) -> Block {
        let mut block = callee.block.clone();
        let own = Locals::of(&callee.sig, &block);
        let scope = std::mem::take(&mut self.names.scope);
        self.names.locals.push(own);
        self.names.scope.extend(parameters(&callee.sig));
        self.open.push(callee.sig.ident.to_string());
        self.visit_block_mut(&mut block);
        self.open.pop();
        self.names.locals.pop();
        self.names.scope = scope;
        block
    }

    /// What stands in place of an expression, if that calls one of these functions. An iterator has to.
    fn in_place_of(&mut self, expr: &Expr) -> Option<Expr> {
        let (found, arguments, name) = match expr {
            Expr::Call(call) => {
                let Expr::Path(path) = &*call.func else {
                    return None;
                };
                let name = &path.path.segments.last()?.ident;
                (self.of_path(path)?, &call.args, name)
            }
            Expr::MethodCall(call) if is_self(&call.receiver) => {
                let name = call.method.to_string();
                let found = self.known.members.get(name.as_str())?;
                let found = found.filter(|callee| callee.has_receiver());
                (found, &call.args, &call.method)
            }
            _ => return None,
        };
        let opened = found.and_then(|callee| self.opened(callee, arguments, name.span()));
        let gives = found.is_none_or(HigherOrder::gives_stream);
        if opened.is_none() && gives {
            let detail = format!("`{name}`");
            self.errors
                .refuse_with(Slug::IteratorResult, name.span(), &detail);
        }
        opened
    }

    /// What is bound inside is in scope inside alone.
    fn within(&mut self, inside: impl FnOnce(&mut Self)) {
        let before = self.names.scope.len();
        inside(self);
        self.names.scope.truncate(before);
    }
}

fn is_self(expr: &Expr) -> bool {
    matches!(expr, Expr::Path(path) if path.path.is_ident("self"))
}

impl VisitMut for Calls<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        // What a condition binds is in scope behind it, up to the end of the branch or loop.
        let opens = matches!(expr, Expr::If(_) | Expr::While(_) | Expr::ForLoop(_));
        match opens {
            true => self.within(|calls| visit_mut::visit_expr_mut(calls, expr)),
            false => visit_mut::visit_expr_mut(self, expr),
        }
        if let Some(opened) = self.in_place_of(expr) {
            *expr = opened;
            self.found = true;
        }
    }

    fn visit_block_mut(&mut self, block: &mut Block) {
        self.within(|calls| {
            let items = block.stmts.iter().filter_map(item_name);
            calls.names.scope.extend(items);
            visit_mut::visit_block_mut(calls, block);
        });
    }

    fn visit_local_mut(&mut self, local: &mut Local) {
        if let Some(init) = &mut local.init {
            self.visit_local_init_mut(init);
        }
        self.names.bind(&local.pat);
    }

    fn visit_expr_let_mut(&mut self, tried: &mut ExprLet) {
        self.visit_expr_mut(&mut tried.expr);
        self.names.bind(&tried.pat);
    }

    fn visit_expr_for_loop_mut(&mut self, each: &mut ExprForLoop) {
        self.visit_expr_mut(&mut each.expr);
        self.names.bind(&each.pat);
        self.visit_block_mut(&mut each.body);
    }

    fn visit_arm_mut(&mut self, arm: &mut Arm) {
        self.within(|calls| {
            calls.names.bind(&arm.pat);
            visit_mut::visit_arm_mut(calls, arm);
        });
    }

    fn visit_expr_closure_mut(&mut self, closure: &mut ExprClosure) {
        self.within(|calls| {
            let inputs = closure.inputs.iter();
            inputs.for_each(|input| calls.names.bind(input));
            calls.visit_expr_mut(&mut closure.body);
        });
    }

    fn visit_item_mut(&mut self, _: &mut Item) {}
}

/// The name of a function that stands in a block.
fn item_name(stmt: &Stmt) -> Option<String> {
    match stmt {
        Stmt::Item(Item::Fn(item)) => Some(item.sig.ident.to_string()),
        _ => None,
    }
}
