//! Floats that are computed from numbers alone: the type is said.
//!
//! In `let mut x = u; x = 0.3 + 0.1; x.sin()` it is the first value that tells what `x` is. In the IR, and so in the
//! expansion, each value has a variable of its own.

use super::type_of_float;
use crate::ir::uses::each_stmt;
use crate::ir::{Block, End, Op, Operand, Stmt, Var, VarInfo};

/// Says the types of such variables.
pub fn say(vars: &mut [VarInfo], body: &Block) {
    each_stmt(body, &mut |stmt| match stmt {
        Stmt::Let { var, op } if is_of_numbers(op) => say_one(vars, *var),
        Stmt::Switch { arms, joins, .. } => {
            let joins = joins.iter().enumerate();
            joins
                .filter(|(at, _)| arms.iter().all(|arm| yields_number(arm, *at)))
                .for_each(|(_, join)| say_one(vars, *join));
        }
        _ => {}
    });
}

fn say_one(vars: &mut [VarInfo], var: Var) {
    let info = &mut vars[var.0];
    if info.ty.is_none() {
        info.ty = type_of_float(&info.kind);
    }
}

fn is_of_numbers(op: &Op) -> bool {
    match op {
        Op::Use(a) | Op::Neg(a) => is_number(a),
        Op::Binary(_, a, b) => is_number(a) && is_number(b),
        _ => false,
    }
}

/// Whether an arm hands over a number at this position, if it comes to its end at all.
fn yields_number(arm: &Block, at: usize) -> bool {
    match &arm.end {
        End::Yield(operands) => operands.get(at).is_some_and(is_number),
        End::Switch { arms, .. } => arms.iter().all(|arm| yields_number(arm, at)),
        End::Break(_) | End::Never(_) => true,
    }
}

fn is_number(operand: &Operand) -> bool {
    matches!(operand, Operand::Literal(_))
}
