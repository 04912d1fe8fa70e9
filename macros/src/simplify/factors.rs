//! A power of two that both terms of a sum have as a factor is multiplied with once.
//!
//! ```text
//! let p = 2 * u;  let q = c * 2;  let r = q * v;  let s = p + r;      ⇒   let r = c * v;  let t = u + r;  let s = 2 * t;
//! ```
//!
//! Squares leave such factors, one in each term. Exact unless a product or the sum over- or underflows on the way.

use std::collections::{HashMap, HashSet};

use super::identities::power_of_two;
use super::sweep::Sweep;
use super::{inner_blocks, last_blocks};
use crate::ir::{BinOp, Block, Function, Op, Operand, Stmt, Var};

/// Factors the sums of the reverse sweep, but for what is `exact`.
pub fn out_of_sums(function: &mut Function, exact: &HashSet<Var>) {
    Sweep::over(function, exact, |sweep, body| Factors { sweep }.block(body));
}

struct Factors<'s, 'e> {
    sweep: &'s mut Sweep<'e>,
}

/// Where a product with a power of two is computed, and the other factor.
struct Scaled {
    by: f64,
    at: usize,
    rest: Operand,
}

impl Factors<'_, '_> {
    fn block(&mut self, block: &mut Block) {
        let mut defined = HashMap::new();
        let mut stmts = Vec::with_capacity(block.stmts.len());
        for mut stmt in std::mem::take(&mut block.stmts) {
            inner_blocks(&mut stmt, &mut |inner| self.block(inner));
            match stmt {
                Stmt::Let { var, op } => {
                    let op = self.factored(var, op, &mut stmts, &defined);
                    defined.insert(var, stmts.len());
                    stmts.push(Stmt::Let { var, op });
                }
                stmt => stmts.push(stmt),
            }
        }
        block.stmts = stmts;
        last_blocks(&mut block.end, &mut |arm| self.block(arm));
    }

    /// The operation, if it is no such sum; else the product with a sum that is put behind the statements.
    fn factored(
        &mut self,
        var: Var,
        op: Op,
        stmts: &mut Vec<Stmt>,
        defined: &HashMap<Var, usize>,
    ) -> Op {
        let found = match &op {
            Op::Binary(BinOp::Add | BinOp::Sub, left, right) if self.sweep.is_free(var) => self
                .scaled(left, stmts, defined)
                .zip(self.scaled(right, stmts, defined)),
            _ => None,
        };
        let Some((left, right)) = found.filter(|(left, right)| left.by == right.by) else {
            return op;
        };
        for side in [&left, &right] {
            set(stmts, side.at, Op::Use(side.rest.clone()));
        }
        let sum = self.sweep.like(var);
        stmts.push(Stmt::Let { var: sum, op });
        let kind = self.sweep.info(var).kind.clone();
        Op::Binary(
            BinOp::Mul,
            Operand::number(left.by, kind),
            Operand::Var(sum),
        )
    }

    /// A power of two in a product, or in a factor of it, that nobody else reads.
    fn scaled(
        &self,
        operand: &Operand,
        stmts: &[Stmt],
        defined: &HashMap<Var, usize>,
    ) -> Option<Scaled> {
        let var = operand.var().filter(|var| self.sweep.is_free(*var))?;
        let at = *defined.get(&var).filter(|_| self.sweep.is_read_once(var))?;
        let Stmt::Let {
            op: Op::Binary(BinOp::Mul, left, right),
            ..
        } = &stmts[at]
        else {
            return None;
        };
        let direct = |number: &Operand, rest: &Operand| {
            let rest = rest.clone();
            number_in(number).map(|by| Scaled { by, at, rest })
        };
        direct(left, right)
            .or_else(|| direct(right, left))
            .or_else(|| self.scaled(left, stmts, defined))
            .or_else(|| self.scaled(right, stmts, defined))
    }
}

fn set(stmts: &mut [Stmt], at: usize, new: Op) {
    if let Stmt::Let { op, .. } = &mut stmts[at] {
        *op = new;
    }
}

fn number_in(operand: &Operand) -> Option<f64> {
    match operand {
        Operand::Literal(literal) if literal.kind.is_float() => {
            literal.value.filter(|value| power_of_two(*value))
        }
        _ => None,
    }
}
