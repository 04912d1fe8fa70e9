//! Names that an expression of the user binds itself.

use std::collections::HashSet;

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::visit::{self, Visit};
use syn::{Expr, Macro, PatIdent};

use super::code::Code;

/// The names which an expression binds, and those which its macros mention.
#[derive(Default)]
pub struct Bound {
    pub names: HashSet<String>,
    pub in_macros: HashSet<String>,
    /// What strings mention, which may be formats.
    pub in_text: HashSet<String>,
}

/// Looks for a variable where the expression has bound a name that what stands for the variable mentions.
pub struct Occurrences<'c> {
    name: &'c Ident,
    code: &'c Code,
    /// The names that are bound around here.
    bound: HashSet<String>,
    clash: bool,
}

impl Occurrences<'_> {
    /// Whether substituting would let a name of the expression capture one of ours.
    pub fn clash(expr: &Expr, name: &Ident, code: &Code) -> bool {
        let mut occurrences = Occurrences {
            name,
            code,
            bound: HashSet::new(),
            clash: false,
        };
        occurrences.visit_expr(expr);
        occurrences.clash
    }

    /// Visits what stands in the scope of names that `binder` binds.
    fn inside(&mut self, binder: impl FnOnce(&mut Bound), visit: impl FnOnce(&mut Self)) {
        let mut bound = Bound::default();
        binder(&mut bound);
        let outer = self.bound.clone();
        self.bound.extend(bound.names);
        visit(self);
        self.bound = outer;
    }
}

impl<'ast> Visit<'ast> for Occurrences<'_> {
    fn visit_expr(&mut self, expr: &'ast Expr) {
        match expr {
            Expr::Path(path) if path.path.is_ident(self.name) => {
                let binds = |name: &Ident| self.bound.contains(&name.to_string());
                self.clash |= mentions(self.code.tokens.clone(), &binds);
            }
            // What is matched on stands outside of the arms.
            Expr::Match(whole) => {
                self.visit_expr(&whole.expr);
                for arm in &whole.arms {
                    self.inside(
                        |bound| bound.visit_arm(arm),
                        |inside| visit::visit_arm(inside, arm),
                    );
                }
            }
            expr => visit::visit_expr(self, expr),
        }
    }

    fn visit_block(&mut self, block: &'ast syn::Block) {
        self.inside(
            |bound| bound.visit_block(block),
            |inside| visit::visit_block(inside, block),
        );
    }

    fn visit_expr_closure(&mut self, closure: &'ast syn::ExprClosure) {
        let binder = |bound: &mut Bound| bound.visit_expr_closure(closure);
        self.inside(binder, |inside| visit::visit_expr_closure(inside, closure));
    }

    fn visit_expr_if(&mut self, branch: &'ast syn::ExprIf) {
        let binder = |bound: &mut Bound| bound.visit_condition(&branch.cond);
        self.inside(binder, |inside| visit::visit_expr_if(inside, branch));
    }

    fn visit_expr_for_loop(&mut self, each: &'ast syn::ExprForLoop) {
        let binder = |bound: &mut Bound| bound.visit_pat(&each.pat);
        self.inside(binder, |inside| visit::visit_expr_for_loop(inside, each));
    }

    fn visit_expr_while(&mut self, each: &'ast syn::ExprWhile) {
        let binder = |bound: &mut Bound| bound.visit_condition(&each.cond);
        self.inside(binder, |inside| visit::visit_expr_while(inside, each));
    }
}

impl Bound {
    /// The names that a condition binds for what it guards: those of its `let`s, not those of closures in it.
    fn visit_condition(&mut self, condition: &Expr) {
        match condition {
            Expr::Let(matched) => self.visit_pat(&matched.pat),
            Expr::Binary(both) => {
                self.visit_condition(&both.left);
                self.visit_condition(&both.right);
            }
            Expr::Paren(inner) => self.visit_condition(&inner.expr),
            Expr::Group(inner) => self.visit_condition(&inner.expr),
            _ => {}
        }
    }
}

fn mentions(tokens: TokenStream, is: &dyn Fn(&Ident) -> bool) -> bool {
    tokens.into_iter().any(|tree| match tree {
        TokenTree::Ident(ident) => is(&ident),
        TokenTree::Group(group) => mentions(group.stream(), is),
        _ => false,
    })
}

impl<'ast> Visit<'ast> for Bound {
    fn visit_pat_ident(&mut self, pattern: &'ast PatIdent) {
        self.names.insert(pattern.ident.to_string());
        visit::visit_pat_ident(self, pattern);
    }

    /// The names in a format string, which cannot be replaced there.
    fn visit_lit_str(&mut self, text: &'ast syn::LitStr) {
        words_of(text.to_token_stream(), &mut self.in_text);
    }

    fn visit_macro(&mut self, invocation: &'ast Macro) {
        words_of(invocation.tokens.clone(), &mut self.in_macros);
    }
}

/// Identifiers, and what might be one inside a format string.
fn words_of(tokens: TokenStream, words: &mut HashSet<String>) {
    for tree in tokens {
        match tree {
            TokenTree::Ident(ident) => drop(words.insert(ident.to_string())),
            TokenTree::Group(group) => words_of(group.stream(), words),
            TokenTree::Literal(literal) => {
                let text = literal.to_string();
                let parts = text.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
                words.extend(parts.filter(|part| !part.is_empty()).map(str::to_string));
            }
            TokenTree::Punct(_) => {}
        }
    }
}
