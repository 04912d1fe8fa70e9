//! Functions that variables stand for: `let f = f64::ln;`, `let f = match mode { 0 => f64::sin, _ => f64::cos };`, `let table =
//! [f64::sin, f64::cos];`.
//!
//! What a variable holds when the program runs has no rule, but where all that it may hold is named, its number says which
//! it is: the variable is read as that number, and a call `f(x)` as `match f { 0 => f64::sin(x), _ => f64::cos(x) }`.

mod calls;

use std::collections::{HashMap, HashSet};

use proc_macro2::Ident;
use syn::visit::{self, Visit};
use syn::visit_mut::VisitMut;
use syn::{parse_quote, Block, Expr, ExprPath, FnArg, Item, Local, Pat, PatIdent, Signature, Stmt};

use super::known::strip;
use calls::Calls;

/// What a variable may stand for, by its name.
#[derive(Clone, Debug)]
pub(super) enum Stands {
    /// One function.
    For(ExprPath),
    /// One of these: the variable is the number.
    ForOneOf(Vec<Expr>),
    /// A table of them.
    ForAll(Vec<Expr>),
}

/// A body in which functions are called by their names.
pub fn called_by_name(block: Block, sig: &Signature) -> Block {
    let mut names = Names::default();
    for input in &sig.inputs {
        if let FnArg::Typed(typed) = input {
            names.visit_pat(&typed.pat);
        }
    }
    names.visit_block(&block);
    let mut tables = Tables {
        names: &names,
        found: HashMap::new(),
    };
    tables.visit_block(&block);
    let found = tables.found;
    if found.is_empty() {
        return block;
    }
    let mut rewritten = block.clone();
    let mut calls = Calls::new(found, &names);
    calls.visit_block_mut(&mut rewritten);
    // What is used in another way is said to be.
    match calls.other_uses {
        true => block,
        false => rewritten,
    }
}

/// Names that patterns bind, how often, and those that are called.
#[derive(Default)]
pub(super) struct Names {
    bound: HashMap<String, usize>,
    called: HashSet<String>,
}

impl Names {
    /// Whether a name means the same wherever it is read, and something is called by it.
    pub fn is_called(&self, name: &Ident) -> bool {
        let name = name.to_string();
        self.bound.get(&name) == Some(&1) && self.called.contains(&name)
    }

    fn is_bound(&self, path: &ExprPath) -> bool {
        let name = path.path.get_ident().map(ToString::to_string);
        name.is_some_and(|name| self.bound.contains_key(&name))
    }
}

impl<'ast> Visit<'ast> for Names {
    fn visit_pat_ident(&mut self, pat: &'ast PatIdent) {
        *self.bound.entry(pat.ident.to_string()).or_default() += 1;
        visit::visit_pat_ident(self, pat);
    }

    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        self.called
            .extend(called(&call.func).map(ToString::to_string));
        visit::visit_expr_call(self, call);
    }

    fn visit_item(&mut self, _: &'ast Item) {}
}

/// `f`, `(*f)`, `table[i]`: the name that a callee begins with.
pub(super) fn called(callee: &Expr) -> Option<&Ident> {
    match strip(callee) {
        Expr::Path(path) => path.path.get_ident(),
        Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Deref(_)) => called(&unary.expr),
        Expr::Index(index) => called(&index.expr),
        _ => None,
    }
}

/// Finds the variables that stand for functions.
struct Tables<'n> {
    names: &'n Names,
    found: HashMap<String, Stands>,
}

impl Tables<'_> {
    fn note(&mut self, name: &Ident, value: &Expr, mutable: bool) {
        let used = |called: bool| called && !mutable;
        let mut choices = Vec::new();
        let stands = match strip(value) {
            Expr::Path(path) if used(self.names.is_called(name)) => {
                self.function(path).map(Stands::For)
            }
            Expr::Array(table) if used(self.names.bound.get(&name.to_string()) == Some(&1)) => {
                let functions = table.elems.iter().map(|element| self.leaf(element));
                let functions: Option<Vec<Expr>> = functions.collect();
                functions.filter(|all| !all.is_empty()).map(Stands::ForAll)
            }
            // A closure that is the only one is called as it is.
            choice if used(self.names.is_called(name)) => self
                .choices(choice, &mut choices)
                .filter(|()| choices.len() > 1)
                .map(|()| Stands::ForOneOf(choices)),
            _ => None,
        };
        let of_functions = |stands: &Stands| match stands {
            Stands::ForAll(functions) => functions.iter().all(looks_like_a_function),
            _ => true,
        };
        if let Some(stands) = stands.filter(of_functions) {
            self.found.insert(name.to_string(), stands);
        }
    }

    /// All that a branch may give.
    fn choices(&self, value: &Expr, found: &mut Vec<Expr>) -> Option<()> {
        match strip(value) {
            Expr::If(branch) => {
                self.choices_of_block(&branch.then_branch, found)?;
                self.choices(&branch.else_branch.as_ref()?.1, found)
            }
            Expr::Match(whole) => {
                let mut arms = whole.arms.iter();
                arms.try_for_each(|arm| self.choices(&arm.body, found))
            }
            Expr::Block(block) => self.choices_of_block(&block.block, found),
            value => {
                found.push(self.leaf(value)?);
                Some(())
            }
        }
    }

    fn choices_of_block(&self, block: &Block, found: &mut Vec<Expr>) -> Option<()> {
        match &block.stmts[..] {
            [Stmt::Expr(value, None)] => self.choices(value, found),
            _ => None,
        }
    }

    /// `f64::sin`, `f64::sin as fn(f64) -> f64`; a closure that is one of several captures nothing.
    fn leaf(&self, value: &Expr) -> Option<Expr> {
        match strip(value) {
            Expr::Cast(cast) => self.leaf(&cast.expr),
            Expr::Path(path) => self.function(path).map(Expr::Path),
            closure @ Expr::Closure(_) => Some(closure.clone()),
            _ => None,
        }
    }

    fn function(&self, path: &ExprPath) -> Option<ExprPath> {
        (!self.names.is_bound(path)).then(|| path.clone())
    }
}

impl<'ast> Visit<'ast> for Tables<'_> {
    fn visit_local(&mut self, local: &'ast Local) {
        let pat = match &local.pat {
            Pat::Type(typed) => &*typed.pat,
            pat => pat,
        };
        if let (Pat::Ident(pat), Some(init)) = (pat, &local.init) {
            self.note(&pat.ident, &init.expr, pat.mutability.is_some());
        }
        visit::visit_local(self, local);
    }

    fn visit_item(&mut self, _: &'ast Item) {}
}

/// Constants in capital letters are numbers; nothing else says that a table is one of functions.
fn looks_like_a_function(function: &Expr) -> bool {
    let Expr::Path(path) = function else {
        return true;
    };
    let last = path.path.segments.last().map(|last| last.ident.to_string());
    last.is_some_and(|name| name.starts_with(|first: char| first.is_lowercase()))
}

/// The number of a function, as an expression.
pub(super) fn number(index: usize) -> Expr {
    let number = proc_macro2::Literal::usize_suffixed(index);
    parse_quote!(#number)
}
