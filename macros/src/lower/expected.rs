//! What a float result says of the operands.
//!
//! `spot * f(x)` is a float and `spot` is one: then `f(x)` is a float as well, although the macro does not see `f`. A user's
//! type whose product with a float is a float would contradict that; its code does not compile then, it does not come out
//! wrong.

use syn::{BinOp, Expr, ExprBinary, UnOp};

use super::known::strip;
use super::Lowering;
use crate::ir::{Float, Kind};

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
