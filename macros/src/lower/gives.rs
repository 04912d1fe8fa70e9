//! Methods that give something here, while those of vectors and slices with the same name give nothing:
//! `let oldest = self.window.push(x);`. Their receivers are no sequences.

use std::collections::HashSet;

use syn::visit::{self, Visit};
use syn::{Block, Expr, ExprMethodCall, Local, Pat};

use super::known::strip;

/// Methods of sequences that give nothing.
const SILENT: &[&str] = &[
    "push",
    "fill",
    "swap",
    "clear",
    "reverse",
    "insert",
    "extend",
    "append",
    "resize",
    "retain",
    "truncate",
    "extend_from_slice",
    "copy_from_slice",
    "clone_from_slice",
    "copy_within",
    "rotate_left",
    "rotate_right",
];

/// Addresses of such calls.
pub fn calls(block: &Block) -> HashSet<usize> {
    let mut scan = Gives::default();
    scan.visit_block(block);
    scan.calls
}

#[derive(Default)]
struct Gives {
    calls: HashSet<usize>,
}

impl Gives {
    /// Something is made of an expression.
    fn used(&mut self, expr: &Expr) {
        if let Expr::MethodCall(call) = strip(expr) {
            if SILENT.iter().any(|name| call.method == name) {
                self.calls.insert(call as *const ExprMethodCall as usize);
            }
        }
    }
}

impl<'ast> Visit<'ast> for Gives {
    fn visit_local(&mut self, local: &'ast Local) {
        if let (Some(init), false) = (&local.init, matches!(local.pat, Pat::Wild(_))) {
            self.used(&init.expr);
        }
        visit::visit_local(self, local);
    }

    fn visit_expr(&mut self, expr: &'ast Expr) {
        match expr {
            Expr::Binary(binary) => {
                self.used(&binary.left);
                self.used(&binary.right);
            }
            Expr::Unary(unary) => self.used(&unary.expr),
            Expr::Assign(assign) => self.used(&assign.right),
            Expr::MethodCall(call) => {
                self.used(&call.receiver);
                call.args.iter().for_each(|argument| self.used(argument));
            }
            Expr::Call(call) => call.args.iter().for_each(|argument| self.used(argument)),
            Expr::Field(field) => self.used(&field.base),
            Expr::Try(tried) => self.used(&tried.expr),
            _ => {}
        }
        visit::visit_expr(self, expr);
    }
}
