//! What a float result says of the operands.
//!
//! `spot * f(x)` is a float and `spot` is one: then `f(x)` is a float as well, although the macro does not see `f`. A user's
//! type whose product with a float is a float would contradict that; its code does not compile then, it does not come out
//! wrong.

use syn::visit::Visit;
use syn::{
    BinOp, Block, Expr, ExprBinary, ExprClosure, ExprReturn, Ident, Item, ReturnType, Stmt, Type,
    UnOp,
};

use super::known::strip;
use super::{types, Lowering};
use crate::ir::{Float, Kind};

/// The kind of a function's result. A name that stands for more than it shows, `Fallible<Vec<f64>>` say, is that of a result
/// where the body gives one by `Ok` or `Err`: the vector is what is inside. Where it gives what `collect` makes, a name that
/// ends with `Result` has to do. Code that contradicts this does not compile.
pub(super) fn result_of(output: &ReturnType, block: &Block, reals: &[Ident]) -> Option<Kind> {
    let kind = types::kind_of_result(output, reals)?;
    let ReturnType::Type(_, ty) = output else {
        return Some(kind);
    };
    match inside_alias(ty, reals) {
        Some((inner, named)) if kind == Kind::Unknown => {
            let is_result = gives_result(block) || (named && collects(block));
            Some(if is_result {
                Kind::Result(Box::new(inner))
            } else {
                kind
            })
        }
        _ => Some(kind),
    }
}

/// `Vec<f64>` of `Name<Vec<f64>>`, and whether the name ends with `Result`.
fn inside_alias(ty: &Type, reals: &[Ident]) -> Option<(Kind, bool)> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    let syn::PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    let (Some(syn::GenericArgument::Type(inner)), 1) =
        (arguments.args.first(), arguments.args.len())
    else {
        return None;
    };
    let kind = types::kind_of(inner, reals);
    let named = last.ident.to_string().ends_with("Result");
    matches!(kind, Kind::Vec(_)).then_some((kind, named))
}

/// Whether the block's value, or that of a `return` in it, is made by `Ok` or `Err`.
fn gives_result(block: &Block) -> bool {
    let mut returns = Returns(false);
    returns.visit_block(block);
    returns.0 || tail_is_made(block)
}

fn tail_is_made(block: &Block) -> bool {
    matches!(block.stmts.last(), Some(Stmt::Expr(value, None)) if is_made(value))
}

fn is_made(value: &Expr) -> bool {
    match strip(value) {
        Expr::Call(call) => matches!(&*call.func, Expr::Path(path)
            if path.path.is_ident("Ok") || path.path.is_ident("Err")),
        Expr::If(either) => {
            let otherwise = either.else_branch.as_ref();
            tail_is_made(&either.then_branch) || otherwise.is_some_and(|(_, value)| is_made(value))
        }
        Expr::Match(whole) => whole.arms.iter().any(|arm| is_made(&arm.body)),
        Expr::Block(inner) => tail_is_made(&inner.block),
        _ => false,
    }
}

/// Whether the block's value is what `collect` makes.
fn collects(block: &Block) -> bool {
    match block.stmts.last() {
        Some(Stmt::Expr(value, None)) => {
            matches!(strip(value), Expr::MethodCall(call) if call.method == "collect")
        }
        _ => false,
    }
}

/// Looks for `return Ok(…)`, which in a closure would be the closure's.
struct Returns(bool);

impl<'ast> Visit<'ast> for Returns {
    fn visit_expr_return(&mut self, returned: &'ast ExprReturn) {
        self.0 |= returned.expr.as_deref().is_some_and(is_made);
    }

    fn visit_expr_closure(&mut self, _: &'ast ExprClosure) {}

    fn visit_item(&mut self, _: &'ast Item) {}
}

impl Lowering<'_> {
    /// For the operators of a left spine, outermost first: the kind of each one's result and of its right side, where the
    /// kind of the whole says so; and, before them, that of the innermost left side.
    pub(super) fn expected(
        &mut self,
        spine: &[&ExprBinary],
        want: &Kind,
    ) -> (Kind, Vec<(Kind, Kind)>) {
        let mut result = want.clone();
        let mut wants = Vec::with_capacity(spine.len());
        for inner in spine {
            let (left, right) = self.expected_operands(inner, &result);
            wants.push((std::mem::replace(&mut result, left), right));
        }
        (result, wants)
    }

    fn expected_operands(&mut self, binary: &ExprBinary, result: &Kind) -> (Kind, Kind) {
        if !matches!(
            result,
            Kind::Float(Float::F32 | Float::F64 | Float::Generic(_))
        ) {
            return (Kind::Unknown, Kind::Unknown);
        }
        let sum = match binary.op {
            BinOp::Add(_) | BinOp::Sub(_) => true,
            BinOp::Mul(_) | BinOp::Div(_) => false,
            _ => return (Kind::Unknown, Kind::Unknown),
        };
        let (left, right) = (self.is_float(&binary.left), self.is_float(&binary.right));
        let both = (left && right)
            || (sum && self.is_scaled(&binary.left) && self.is_scaled(&binary.right));
        let side = |known: bool| {
            if known || both {
                result.clone()
            } else {
                Kind::Unknown
            }
        };
        (side(right), side(left))
    }

    fn is_float(&mut self, expr: &Expr) -> bool {
        self.infer(expr).is_float()
    }

    /// Whether an expression is a float, or something multiplied by one.
    fn is_scaled(&mut self, expr: &Expr) -> bool {
        if self.is_float(expr) {
            return true;
        }
        match strip(expr) {
            Expr::Unary(unary) => matches!(unary.op, UnOp::Neg(_)) && self.is_scaled(&unary.expr),
            Expr::Binary(binary) => match binary.op {
                BinOp::Mul(_) | BinOp::Div(_) => {
                    self.is_scaled(&binary.left) || self.is_scaled(&binary.right)
                }
                BinOp::Add(_) | BinOp::Sub(_) => {
                    self.is_scaled(&binary.left) && self.is_scaled(&binary.right)
                }
                _ => false,
            },
            _ => false,
        }
    }
}
