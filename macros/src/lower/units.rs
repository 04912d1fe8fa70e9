//! Calls that end a block whose value is `()`.
//!
//! `fn f(v: &mut [f64], x: f64) { scale(v, x) }`: a call that stands where a value could does not say that it has none.
//! The block around it does: the body of a function without result, the body of a loop, the arms of a statement. There
//! the call is written as the statement that it is, `scale(v, x);`.

use syn::visit_mut::{self, VisitMut};
use syn::{parse_quote, parse_quote_spanned, Block, Expr, Item, Stmt, Token};

/// A body in which calls without a value are statements. `unit` says that the function has no result.
pub fn as_statements(block: &Block, unit: bool) -> Block {
    let mut block = block.clone();
    Units { unit }.visit_block_mut(&mut block);
    if unit {
        end_block(&mut block);
    }
    block
}

struct Units {
    /// `return g(v)` leaves a function without result.
    unit: bool,
}

impl VisitMut for Units {
    fn visit_block_mut(&mut self, block: &mut Block) {
        visit_mut::visit_block_mut(self, block);
        let statements = block.stmts.len().saturating_sub(1);
        for stmt in block.stmts.iter_mut().take(statements) {
            if let Stmt::Expr(expr, None) = stmt {
                end(expr);
            }
        }
    }

    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        match expr {
            Expr::ForLoop(l) => end_block(&mut l.body),
            Expr::While(l) => end_block(&mut l.body),
            Expr::Loop(l) => end_block(&mut l.body),
            Expr::Return(leave) if self.unit => {
                let value = leave.expr.take_if(|value| is_call(value));
                if let Some(value) = value {
                    *expr = parse_quote_spanned!(leave.return_token.span=> { #value; return; });
                }
            }
            _ => {}
        }
    }

    fn visit_expr_closure_mut(&mut self, closure: &mut syn::ExprClosure) {
        let outside = std::mem::replace(&mut self.unit, false);
        visit_mut::visit_expr_closure_mut(self, closure);
        self.unit = outside;
    }

    /// Nothing of an item is lowered.
    fn visit_item_mut(&mut self, _: &mut Item) {}
}

/// Makes a statement of the call that ends a block.
fn end_block(block: &mut Block) {
    if let Some(Stmt::Expr(expr, semi @ None)) = block.stmts.last_mut() {
        if is_call(expr) {
            *semi = Some(<Token![;]>::default());
        } else {
            end(expr);
        }
    }
}

/// The same in every block that an expression without value may end with.
fn end(expr: &mut Expr) {
    match expr {
        Expr::Block(inner) => end_block(&mut inner.block),
        Expr::If(branch) => {
            end_block(&mut branch.then_branch);
            if let Some((_, otherwise)) = &mut branch.else_branch {
                end(otherwise);
            }
        }
        Expr::Match(arms) => arms.arms.iter_mut().for_each(|arm| end_arm(&mut arm.body)),
        _ => {}
    }
}

/// `_ => g(v)` is `_ => { g(v); }`.
fn end_arm(body: &mut Expr) {
    if is_call(body) {
        *body = parse_quote!({ #body; });
    } else {
        end(body);
    }
}

fn is_call(expr: &Expr) -> bool {
    matches!(expr, Expr::Call(_) | Expr::MethodCall(_))
}
