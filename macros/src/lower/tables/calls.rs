//! Calls of functions that variables stand for, by their names.

use std::collections::HashMap;

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::format_ident;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::visit_mut::{self, VisitMut};
use syn::{
    parse_quote, Block, Expr, ExprCall, ExprForLoop, ExprMethodCall, Item, Local, Macro, Pat, Stmt,
    Token,
};

use super::{called, number, Names, Stands};
use crate::lower::known::strip;

/// Puts names in place of what variables stand for.
pub struct Calls<'n> {
    found: HashMap<String, Stands>,
    names: &'n Names,
    /// Whether one of the variables is used in another way.
    pub other_uses: bool,
}

impl<'n> Calls<'n> {
    pub fn new(found: HashMap<String, Stands>, names: &'n Names) -> Self {
        Calls {
            found,
            names,
            other_uses: false,
        }
    }

    fn stands(&self, expr: &Expr) -> Option<&Stands> {
        match strip(expr) {
            Expr::Path(path) => self.found.get(&path.path.get_ident()?.to_string()),
            _ => None,
        }
    }

    /// The functions of a table, if an expression goes through it.
    fn table(&self, expr: &Expr) -> Option<Vec<Expr>> {
        let whole = match strip(expr) {
            Expr::Reference(reference) => &reference.expr,
            Expr::MethodCall(call) if call.args.is_empty() => {
                match call.method.to_string().as_str() {
                    "iter" | "into_iter" => &call.receiver,
                    "copied" | "cloned" => return self.table(&call.receiver),
                    _ => return None,
                }
            }
            expr => expr,
        };
        match self.stands(whole)? {
            Stands::ForAll(functions) => Some(functions.clone()),
            _ => None,
        }
    }

    /// `f(a)` as a `match` on the number of `f`.
    fn chosen(&mut self, of: &Expr, functions: &[Expr], call: &ExprCall, last: bool) -> Expr {
        let mut lets = Vec::new();
        let mut args: Punctuated<Expr, Token![,]> = call.args.clone();
        for (index, argument) in args.iter_mut().enumerate() {
            if matches!(strip(argument), Expr::Path(_) | Expr::Lit(_)) {
                continue;
            }
            let name = format_ident!("argument_{index}", span = Span::mixed_site());
            let value = std::mem::replace(argument, parse_quote!(#name));
            lets.push(quote::quote!(let #name = #value;));
        }
        let arms = functions.iter().enumerate().map(|(index, function)| {
            let (number, call) = (number(index), call_of(function, &args));
            match last && index + 1 == functions.len() {
                true => quote::quote!(_ => #call,),
                false => quote::quote!(#number => #call,),
            }
        });
        let beyond = (!last).then(|| quote::quote!(_ => ::core::panic!("index out of bounds"),));
        parse_quote!({ #(#lets)* match #of { #(#arms)* #beyond } })
    }

    /// `f(x)`, `table[i](x)`
    fn called_by_name(&mut self, call: &ExprCall) -> Option<Expr> {
        let name = called(&call.func)?.to_string();
        let stands = self.found.get(&name)?.clone();
        let args = &call.args;
        match (stands, strip(&call.func)) {
            (Stands::For(path), _) => Some(parse_quote!(#path(#args))),
            (Stands::ForOneOf(functions), _) => {
                let name = Ident::new(&name, call.func.span());
                Some(self.chosen(&parse_quote!(#name), &functions, call, true))
            }
            (Stands::ForAll(functions), Expr::Index(index)) => {
                Some(self.chosen(&index.index, &functions, call, false))
            }
            _ => None,
        }
    }

    /// Names among a pattern that stand for functions of a table.
    fn bind(&mut self, pat: &mut Pat, functions: &[Expr]) {
        match pat {
            Pat::Ident(ident) if self.names.is_called(&ident.ident) => {
                let stands = Stands::ForOneOf(functions.to_vec());
                self.found.insert(ident.ident.to_string(), stands);
            }
            Pat::Reference(inner) => {
                self.bind(&mut inner.pat, functions);
                if let Pat::Ident(ident) = &*inner.pat {
                    if self.found.contains_key(&ident.ident.to_string()) {
                        *pat = Pat::Ident(ident.clone());
                    }
                }
            }
            Pat::Tuple(tuple) => tuple
                .elems
                .iter_mut()
                .for_each(|pat| self.bind(pat, functions)),
            Pat::Type(typed) => self.bind(&mut typed.pat, functions),
            Pat::Paren(inner) => self.bind(&mut inner.pat, functions),
            _ => {}
        }
    }

    /// A chain over a table, `table.iter().enumerate()`: the numbers in place of the functions.
    fn numbered(&mut self, chain: &mut Expr) -> Option<Vec<Expr>> {
        if let Some(functions) = self.table(chain) {
            let end = number(functions.len());
            *chain = parse_quote!((0usize..#end));
            return Some(functions);
        }
        match chain {
            Expr::MethodCall(call) => self.numbered_by(call),
            Expr::Paren(inner) => self.numbered(&mut inner.expr),
            _ => None,
        }
    }
}

impl Calls<'_> {
    /// The same of a link; what it is handed is given numbers.
    fn numbered_by(&mut self, call: &mut ExprMethodCall) -> Option<Vec<Expr>> {
        if matches!(self.stands(&call.receiver), Some(Stands::ForAll(_))) {
            self.other_uses = true;
            return None;
        }
        let of_receiver = self.numbered(&mut call.receiver);
        let functions = of_receiver.or_else(|| match call.method == "zip" {
            true => self.numbered(call.args.first_mut()?),
            false => None,
        })?;
        for argument in &mut call.args {
            if let Expr::Closure(closure) = argument {
                let inputs = closure.inputs.iter_mut();
                inputs.for_each(|pat| self.bind(pat, &functions));
            }
        }
        Some(functions)
    }
}

impl VisitMut for Calls<'_> {
    fn visit_block_mut(&mut self, block: &mut Block) {
        let named = |stmt: &Stmt| match stmt {
            Stmt::Local(local) => name(local).and_then(|name| self.found.get(&name.to_string())),
            _ => None,
        };
        let number = |stmt: &Stmt| matches!(named(stmt), None | Some(Stands::ForOneOf(_)));
        let kept: Vec<bool> = block.stmts.iter().map(number).collect();
        let mut kept = kept.into_iter();
        block.stmts.retain(|_| kept.next().unwrap_or(true));
        visit_mut::visit_block_mut(self, block);
    }

    fn visit_local_mut(&mut self, local: &mut Local) {
        let stands = name(local).and_then(|name| self.found.get(&name.to_string()));
        if let (Some(Stands::ForOneOf(_)), Some(init)) = (stands, &mut local.init) {
            numbers(&mut init.expr, &mut 0);
            if let Pat::Type(typed) = &local.pat {
                local.pat = (*typed.pat).clone();
            }
        }
        visit_mut::visit_local_mut(self, local);
    }

    fn visit_expr_for_loop_mut(&mut self, each: &mut ExprForLoop) {
        let before = self.found.len();
        if let Some(functions) = self.numbered(&mut each.expr) {
            self.bind(&mut each.pat, &functions);
            self.needs_calls(before);
        }
        visit_mut::visit_expr_for_loop_mut(self, each);
    }

    fn visit_expr_method_call_mut(&mut self, call: &mut ExprMethodCall) {
        let before = self.found.len();
        if self.numbered_by(call).is_some() {
            self.needs_calls(before);
        }
        visit_mut::visit_expr_method_call_mut(self, call);
    }

    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        let length = match &*expr {
            Expr::MethodCall(call) if call.method == "len" => self.table(&call.receiver),
            _ => None,
        };
        if let Some(functions) = length {
            *expr = number(functions.len());
            return;
        }
        if let Expr::Call(call) = expr {
            if let Some(named) = self.called_by_name(call) {
                *expr = named;
                self.visit_expr_inside(expr);
                return;
            }
        }
        match self.stands(expr).cloned() {
            Some(Stands::For(path)) => *expr = Expr::Path(path),
            Some(_) if matches!(expr, Expr::Path(_)) => self.other_uses = true,
            _ => visit_mut::visit_expr_mut(self, expr),
        }
    }

    /// What a macro is given stays as it is.
    fn visit_macro_mut(&mut self, mac: &mut Macro) {
        self.other_uses |= mentions(mac.tokens.clone(), &self.found);
    }

    fn visit_item_mut(&mut self, _: &mut Item) {}
}

impl Calls<'_> {
    /// Items of a table that no name has by which they are called may be handed on, or be no functions.
    fn needs_calls(&mut self, before: usize) {
        self.other_uses |= self.found.len() == before;
    }

    /// What a call has become: the number is read as such there, the arguments are looked into.
    fn visit_expr_inside(&mut self, expr: &mut Expr) {
        match expr {
            Expr::Call(call) => call
                .args
                .iter_mut()
                .for_each(|arg| self.visit_expr_mut(arg)),
            Expr::Block(block) => {
                for stmt in &mut block.block.stmts {
                    match stmt {
                        Stmt::Expr(Expr::Match(whole), _) => {
                            if self.stands(&whole.expr).is_none() {
                                self.visit_expr_mut(&mut whole.expr);
                            }
                            for arm in &mut whole.arms {
                                self.visit_expr_inside(&mut arm.body);
                            }
                        }
                        stmt => self.visit_stmt_mut(stmt),
                    }
                }
            }
            _ => {}
        }
    }
}

/// A call of a function by its name; a closure gets one.
fn call_of(function: &Expr, args: &Punctuated<Expr, Token![,]>) -> Expr {
    match function {
        Expr::Closure(_) => {
            let name = Ident::new("function", Span::mixed_site());
            parse_quote!({ let #name = #function; #name(#args) })
        }
        function => parse_quote!(#function(#args)),
    }
}

/// The variable that a `let` makes.
fn name(local: &Local) -> Option<&Ident> {
    match &local.pat {
        Pat::Ident(pat) => Some(&pat.ident),
        Pat::Type(typed) => match &*typed.pat {
            Pat::Ident(pat) => Some(&pat.ident),
            _ => None,
        },
        _ => None,
    }
}

/// Numbers in place of the functions that a branch gives, in order.
fn numbers(value: &mut Expr, next: &mut usize) {
    match value {
        Expr::Paren(inner) => numbers(&mut inner.expr, next),
        Expr::Group(inner) => numbers(&mut inner.expr, next),
        Expr::If(branch) => {
            numbers_of_block(&mut branch.then_branch, next);
            if let Some((_, other)) = &mut branch.else_branch {
                numbers(other, next);
            }
        }
        Expr::Match(whole) => {
            let arms = whole.arms.iter_mut();
            arms.for_each(|arm| numbers(&mut arm.body, next));
        }
        Expr::Block(block) => numbers_of_block(&mut block.block, next),
        value => {
            *value = number(*next);
            *next += 1;
        }
    }
}

fn numbers_of_block(block: &mut Block, next: &mut usize) {
    if let [Stmt::Expr(value, None)] = &mut block.stmts[..] {
        numbers(value, next);
    }
}

fn mentions(tokens: TokenStream, found: &HashMap<String, Stands>) -> bool {
    tokens.into_iter().any(|tree| match tree {
        TokenTree::Group(group) => mentions(group.stream(), found),
        TokenTree::Ident(name) => found.contains_key(&name.to_string()),
        _ => false,
    })
}
