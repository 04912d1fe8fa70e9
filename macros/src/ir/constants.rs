//! The constants that a function names: no variable may be called like one, for in a pattern its name would mean it.

use std::collections::HashSet;

use proc_macro2::TokenTree;
use syn::visit::{self, Visit};
use syn::{ExprPath, Item, PatIdent};

use super::parts::shared::{self as parts, Part};
use super::*;

/// Items of the body, and paths without a prefix that stand for nothing local.
pub fn named(function: &Function) -> HashSet<String> {
    let mut found = Constants::default();
    function.items.iter().for_each(|item| found.item(item));
    found.block(&function.body);
    found.names
}

#[derive(Default)]
struct Constants<'a> {
    names: HashSet<String>,
    /// What the opaque expression at hand captures.
    captures: &'a [Capture],
    /// What the opaque expression at hand binds itself.
    bound: HashSet<String>,
}

impl<'a> Constants<'a> {
    fn item(&mut self, item: &Item) {
        match item {
            Item::Const(item) => self.names.insert(item.ident.to_string()),
            Item::Static(item) => self.names.insert(item.ident.to_string()),
            _ => false,
        };
    }

    fn block(&mut self, block: &'a Block) {
        for stmt in &block.stmts {
            if let Stmt::Let { op, .. } | Stmt::Do(op) = stmt {
                self.opaque(op);
            }
            parts::of_stmt(stmt, &mut |part| self.part(part));
        }
        parts::of_end(&block.end, &mut |part| self.part(part));
    }

    fn part(&mut self, part: Part<'a>) {
        match part {
            Part::Operand(Operand::Literal(literal))
            | Part::Exhausted(Operand::Literal(literal)) => {
                self.literal(literal);
            }
            Part::Operand(Operand::Place(place)) | Part::Place(place, _) => {
                parts::of_path(place, &mut |part| self.part(part));
            }
            Part::Block(block) => self.block(block),
            _ => {}
        }
    }

    /// `n`, `&n`
    fn literal(&mut self, literal: &Literal) {
        if let Some(TokenTree::Ident(name)) = literal.tokens.clone().into_iter().last() {
            self.names.insert(name.to_string());
        }
    }

    fn opaque(&mut self, op: &'a Op) {
        if let Op::Opaque(opaque) = op {
            self.captures = &opaque.captures;
            self.bound.clear();
            self.visit_expr(&opaque.expr);
        }
    }
}

impl<'ast> Visit<'ast> for Constants<'_> {
    fn visit_expr_path(&mut self, path: &'ast ExprPath) {
        let Some(name) = path.path.get_ident() else {
            return visit::visit_expr_path(self, path);
        };
        let captured = self.captures.iter().any(|capture| capture.name == *name);
        if !captured && !self.bound.contains(&name.to_string()) {
            self.names.insert(name.to_string());
        }
    }

    fn visit_pat_ident(&mut self, pat: &'ast PatIdent) {
        self.bound.insert(pat.ident.to_string());
        visit::visit_pat_ident(self, pat);
    }
}
