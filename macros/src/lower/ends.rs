//! What a function gives whose result has a name of the user's own: an option or a result, by the way its body ends.
//!
//! `type Checked = Result<f64, Fault>;` is not seen, `Ok(x)` at the end of the body is.

use syn::visit::{self, Visit};
use syn::{Block, Expr, ExprClosure, ExprReturn, Item, Stmt};

use super::known::strip;
use crate::ir::Kind;

/// `Some(x)`, `Ok(x)` and their like at the end of a body, or in a `return`.
pub fn wrapper(block: &Block) -> Option<Kind> {
    let mut returns = Returns::default();
    returns.visit_block(block);
    of_block(block).or(returns.0)
}

fn of_block(block: &Block) -> Option<Kind> {
    match block.stmts.last() {
        Some(Stmt::Expr(last, None)) => of(last),
        _ => None,
    }
}

fn of(expr: &Expr) -> Option<Kind> {
    match strip(expr) {
        Expr::If(branch) => {
            let otherwise = branch.else_branch.as_ref();
            of_block(&branch.then_branch).or_else(|| of(&otherwise?.1))
        }
        Expr::Match(whole) => whole.arms.iter().find_map(|arm| of(&arm.body)),
        Expr::Block(block) => of_block(&block.block),
        Expr::Call(call) => named(&call.func),
        path => named(path),
    }
}

fn named(expr: &Expr) -> Option<Kind> {
    let Expr::Path(path) = strip(expr) else {
        return None;
    };
    let unknown = Box::new(Kind::Unknown);
    match path.path.segments.last()?.ident.to_string().as_str() {
        "Ok" | "Err" => Some(Kind::Result(unknown)),
        "Some" | "None" => Some(Kind::Option(unknown)),
        _ => None,
    }
}

/// The first `return` that says it.
#[derive(Default)]
struct Returns(Option<Kind>);

impl<'ast> Visit<'ast> for Returns {
    fn visit_expr_return(&mut self, leave: &'ast ExprReturn) {
        if self.0.is_none() {
            self.0 = leave.expr.as_deref().and_then(of);
        }
        visit::visit_expr_return(self, leave);
    }

    fn visit_expr_closure(&mut self, _: &'ast ExprClosure) {}

    fn visit_item(&mut self, _: &'ast Item) {}
}
