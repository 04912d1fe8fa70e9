//! The sign of a sum goes into a number in it.
//!
//! ```text
//! let p = 2 * u;  let s = p + v;  let d = -s;      ⇒   let p = -2 * u;  let d = p - v;
//! ```
//!
//! Rewriting brings signs outwards, where most of them meet another, or an addition that can subtract. One that is left
//! is an operation of its own. Exact but for the sign of a zero.

use std::collections::HashMap;

use super::{inner_blocks, last_blocks};
use crate::ir::uses;
use crate::ir::{BinOp, Block, Class, Function, Op, Operand, Stmt, Var, VarInfo};

/// Rewrites the sums of the reverse sweep that are read once, negated.
pub fn into_numbers(function: &mut Function) {
    let mut counts = vec![0; function.vars.len()];
    uses::of_block(&function.body, &mut |used| counts[used.var().0] += 1);
    let signs = Signs {
        primal: function.primal_vars,
        vars: &function.vars,
        counts,
    };
    signs.block(&mut function.body);
}

struct Signs<'f> {
    primal: usize,
    vars: &'f [VarInfo],
    /// How often each variable is read.
    counts: Vec<usize>,
}

impl Signs<'_> {
    fn block(&self, block: &mut Block) {
        let mut defined = HashMap::new();
        for at in 0..block.stmts.len() {
            inner_blocks(&mut block.stmts[at], &mut |inner| self.block(inner));
            self.negation(&mut block.stmts[..=at], &defined);
            if let Stmt::Let { var, .. } = &block.stmts[at] {
                defined.insert(*var, at);
            }
        }
        last_blocks(&mut block.end, &mut |arm| self.block(arm));
    }

    /// `-s` at the end of some statements, where `s` is a sum in which there is a number.
    fn negation(&self, stmts: &mut [Stmt], defined: &HashMap<Var, usize>) -> Option<()> {
        let (last, before) = stmts.split_last_mut()?;
        let sum = self.own(self.negated(last)?)?;
        let at = *defined.get(&sum)?;
        let Op::Binary(BinOp::Add, left, right) = operation(&before[at])? else {
            return None;
        };
        let sides = [(left.clone(), right.clone()), (right.clone(), left.clone())];
        let negated = sides.into_iter().find_map(|(side, other)| {
            let product = *defined.get(&self.own(&side)?)?;
            let negative = negative(operation(&before[product])?)?;
            Some((product, negative, Op::Binary(BinOp::Sub, side, other)))
        });
        let (product, negative, difference) = negated?;
        *operation_mut(&mut before[product])? = negative;
        *operation_mut(&mut before[at])? = difference;
        match last {
            Stmt::Let { op, .. } => *op = Op::Use(Operand::Var(sum)),
            Stmt::Add { negate, .. } => *negate = false,
            _ => {}
        }
        Some(())
    }

    /// What a statement negates. A slot is handed what it adds: there the sign is an operation as well.
    fn negated<'s>(&self, stmt: &'s Stmt) -> Option<&'s Operand> {
        match stmt {
            Stmt::Let {
                op: Op::Neg(value), ..
            } => Some(value),
            Stmt::Add {
                place,
                value,
                negate: true,
            } => {
                let handed = matches!(self.vars[place.root.0].class, Class::Slot | Class::Fresh);
                (handed && place.path.is_empty()).then_some(value)
            }
            _ => None,
        }
    }

    /// A variable of the reverse sweep that is read once.
    fn own(&self, operand: &Operand) -> Option<Var> {
        let var = operand.var()?;
        (var.0 >= self.primal && self.counts.get(var.0) == Some(&1)).then_some(var)
    }
}

fn operation(stmt: &Stmt) -> Option<&Op> {
    match stmt {
        Stmt::Let { op, .. } => Some(op),
        _ => None,
    }
}

fn operation_mut(stmt: &mut Stmt) -> Option<&mut Op> {
    match stmt {
        Stmt::Let { op, .. } => Some(op),
        _ => None,
    }
}

/// A product with a number, negated.
fn negative(op: &Op) -> Option<Op> {
    let Op::Binary(BinOp::Mul, left, right) = op else {
        return None;
    };
    let minus = |operand: &Operand| match operand {
        Operand::Literal(literal) if literal.kind.is_float() => {
            Some(Operand::number(-literal.value?, literal.kind.clone()))
        }
        _ => None,
    };
    let (left, right) = match (minus(left), minus(right)) {
        (Some(number), _) => (number, right.clone()),
        (None, Some(number)) => (left.clone(), number),
        (None, None) => return None,
    };
    Some(Op::Binary(BinOp::Mul, left, right))
}
