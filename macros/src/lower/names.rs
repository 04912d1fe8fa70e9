//! The names an expression reads, and their replacement.

use std::collections::HashSet;

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::format_ident;
use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, ExprPath, FieldValue, Macro, PatIdent, UnOp};

use super::known::strip;
use super::Lowering;
use crate::ir::{By, Capture};

/// Names an expression reads, in order, and names it binds inside.
#[derive(Default)]
pub(super) struct Names {
    pub(super) read: Vec<Ident>,
    seen: HashSet<String>,
    pub(super) bound: HashSet<String>,
}

impl Names {
    fn read(&mut self, name: &Ident) {
        if self.seen.insert(name.to_string()) {
            self.read.push(name.clone());
        }
    }

    /// Identifiers of a macro's input, and those that format strings name inline.
    fn read_tokens(&mut self, tokens: TokenStream) {
        let mut after_dot = false;
        for token in tokens {
            match &token {
                TokenTree::Ident(name) if !after_dot => self.read(name),
                TokenTree::Group(group) => self.read_tokens(group.stream()),
                TokenTree::Literal(literal) => {
                    self.read_format(&literal.to_string(), literal.span())
                }
                _ => {}
            }
            after_dot = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '.');
        }
    }

    fn read_format(&mut self, text: &str, span: proc_macro2::Span) {
        if !text.starts_with('"') {
            return;
        }
        for piece in text.split('{').skip(1) {
            let name: String = piece
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            if let Ok(mut name) = syn::parse_str::<Ident>(&name) {
                name.set_span(span);
                self.read(&name);
            }
        }
    }
}

impl<'ast> Visit<'ast> for Names {
    fn visit_expr_path(&mut self, path: &'ast ExprPath) {
        if let Some(name) = path.path.get_ident() {
            self.read(name);
        }
        visit::visit_expr_path(self, path);
    }

    fn visit_pat_ident(&mut self, pat: &'ast PatIdent) {
        self.bound.insert(pat.ident.to_string());
        visit::visit_pat_ident(self, pat);
    }

    fn visit_macro(&mut self, mac: &'ast Macro) {
        self.read_tokens(mac.tokens.clone());
    }
}

/// Replaces dereferenced names of scalars by names for the scalars.
pub(super) struct ReadThrough<'s, 'a> {
    pub(super) found: Vec<Capture>,
    pub(super) bound: HashSet<String>,
    pub(super) lowering: &'s Lowering<'a>,
}

impl ReadThrough<'_, '_> {
    fn scalar(&mut self, expr: &Expr) -> Option<Ident> {
        let Expr::Unary(unary) = expr else {
            return None;
        };
        if !matches!(unary.op, UnOp::Deref(_)) {
            return None;
        }
        match strip(&unary.expr) {
            Expr::Path(path) => {
                let name = path
                    .path
                    .get_ident()
                    .filter(|name| !self.bound.contains(&name.to_string()))?;
                let operand = self.lowering.scalar_behind(name)?;
                let value = format_ident!("{}_value", name, span = name.span());
                if !self.found.iter().any(|capture| capture.name == value) {
                    self.found.push(Capture {
                        name: value.clone(),
                        operand,
                        by: By::Value,
                    });
                }
                Some(value)
            }
            inner => self.scalar(inner),
        }
    }
}

impl VisitMut for ReadThrough<'_, '_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        match self.scalar(expr) {
            Some(name) => *expr = syn::parse_quote!(#name),
            None => visit_mut::visit_expr_mut(self, expr),
        }
    }
}

struct Rename {
    name: String,
    fresh: Ident,
    /// In how many scopes that bind the name we are.
    hidden: usize,
}

impl Rename {
    /// Whether a pattern or a condition binds the name for what follows it.
    fn binds(&self, node: impl Fn(&mut Binders<'_>)) -> usize {
        let mut binders = Binders {
            name: &self.name,
            found: false,
        };
        node(&mut binders);
        usize::from(binders.found)
    }
}

/// Looks for a name in patterns and in the `let`s of conditions; what closures in them bind is theirs alone.
struct Binders<'n> {
    name: &'n str,
    found: bool,
}

impl<'ast> Visit<'ast> for Binders<'_> {
    fn visit_pat_ident(&mut self, pat: &'ast PatIdent) {
        self.found |= pat.ident == self.name;
        visit::visit_pat_ident(self, pat);
    }

    fn visit_expr(&mut self, expr: &'ast Expr) {
        match expr {
            Expr::Let(matched) => self.visit_pat(&matched.pat),
            Expr::Binary(both) => {
                self.visit_expr(&both.left);
                self.visit_expr(&both.right);
            }
            Expr::Paren(inner) => self.visit_expr(&inner.expr),
            Expr::Group(inner) => self.visit_expr(&inner.expr),
            _ => {}
        }
    }
}

impl VisitMut for Rename {
    fn visit_expr_path_mut(&mut self, path: &mut ExprPath) {
        if self.hidden == 0 && path.path.get_ident().is_some_and(|name| *name == self.name) {
            path.path = self.fresh.clone().into();
        }
    }

    fn visit_field_value_mut(&mut self, field: &mut FieldValue) {
        if field.colon_token.is_none() {
            field.colon_token = Some(Default::default());
        }
        visit_mut::visit_field_value_mut(self, field);
    }

    fn visit_expr_closure_mut(&mut self, closure: &mut syn::ExprClosure) {
        let inside = self.binds(|names| closure.inputs.iter().for_each(|pat| names.visit_pat(pat)));
        self.hidden += inside;
        visit_mut::visit_expr_mut(self, &mut closure.body);
        self.hidden -= inside;
    }

    fn visit_arm_mut(&mut self, arm: &mut syn::Arm) {
        let inside = self.binds(|names| names.visit_pat(&arm.pat));
        self.hidden += inside;
        visit_mut::visit_arm_mut(self, arm);
        self.hidden -= inside;
    }

    fn visit_block_mut(&mut self, block: &mut syn::Block) {
        let mut inside = 0;
        for stmt in &mut block.stmts {
            visit_mut::visit_stmt_mut(self, stmt);
            if let syn::Stmt::Local(local) = stmt {
                let binds = self.binds(|names| names.visit_pat(&local.pat));
                self.hidden += binds;
                inside += binds;
            }
        }
        self.hidden -= inside;
    }

    fn visit_expr_for_loop_mut(&mut self, each: &mut syn::ExprForLoop) {
        visit_mut::visit_expr_mut(self, &mut each.expr);
        let inside = self.binds(|names| names.visit_pat(&each.pat));
        self.hidden += inside;
        self.visit_block_mut(&mut each.body);
        self.hidden -= inside;
    }

    fn visit_expr_if_mut(&mut self, branch: &mut syn::ExprIf) {
        let inside = self.binds(|names| names.visit_expr(&branch.cond));
        visit_mut::visit_expr_mut(self, &mut branch.cond);
        self.hidden += inside;
        self.visit_block_mut(&mut branch.then_branch);
        self.hidden -= inside;
        if let Some((_, otherwise)) = &mut branch.else_branch {
            visit_mut::visit_expr_mut(self, otherwise);
        }
    }

    fn visit_expr_while_mut(&mut self, each: &mut syn::ExprWhile) {
        let inside = self.binds(|names| names.visit_expr(&each.cond));
        visit_mut::visit_expr_mut(self, &mut each.cond);
        self.hidden += inside;
        self.visit_block_mut(&mut each.body);
        self.hidden -= inside;
    }
}

pub(super) fn free_names(expr: &Expr) -> Names {
    let mut names = Names::default();
    names.visit_expr(expr);
    names
}

/// Renames the free occurrences of a name that the expression also binds inside.
pub(super) fn rename_free(expr: &mut Expr, name: &Ident) -> Ident {
    let fresh = Ident::new(
        &format!("outer_{}", name.to_string().trim_start_matches("r#")),
        name.span(),
    );
    Rename {
        name: name.to_string(),
        fresh: fresh.clone(),
        hidden: 0,
    }
    .visit_expr_mut(expr);
    fresh
}
