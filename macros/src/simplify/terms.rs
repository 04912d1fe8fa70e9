//! The terms of a sum in a canonical order: those that are added, each less one of those that are subtracted, in the
//! order in which the primal used the value; added up in pairs.
//!
//! ```text
//! let d = c − b;  let d_x = d + a;      ⇒   let d = a − b;  let d_x = d + c;
//! ```
//!
//! The reverse sweep meets the uses of a value from the last to the first, and contributions of either sign as they
//! come. Cotangents that are computed alike, such as those of the components of a vector, then end in sums of different
//! shape, which the compiler's vectoriser does not put side by side: a quaternion's rotation took a fifth more
//! instructions, and a tenth more time where the terms were added up one after the other. Only sums that the reverse
//! sweep makes are reordered, and long ones are left alone: their terms would have to be kept until all are there.

use std::collections::{HashMap, HashSet};

use super::sweep::Sweep;
use super::{inner_blocks, last_blocks};
use crate::ir::{BinOp, Block, Function, Op, Operand, Stmt, Var};

/// Sums of more terms stay as they are.
const MOST: usize = 8;

/// Orders the sums of a function, but for what is `exact`.
pub fn order(function: &mut Function, exact: &HashSet<Var>) {
    Sweep::over(function, exact, |sweep, body| {
        Ordering { sweep }.block(body)
    });
}

struct Ordering<'s, 'e> {
    sweep: &'s mut Sweep<'e>,
}

/// A term, and whether it is subtracted.
type Term = (Operand, bool);

impl Ordering<'_, '_> {
    fn block(&mut self, block: &mut Block) {
        let inner = self.parts(block);
        let mut stmts = Vec::with_capacity(block.stmts.len());
        for mut stmt in std::mem::take(&mut block.stmts) {
            inner_blocks(&mut stmt, &mut |inner| self.block(inner));
            match stmt {
                Stmt::Let { var, .. } if inner.contains_key(&var) => {}
                Stmt::Let { var, op } if self.is_sum(var, &op) => {
                    let mut terms = Vec::new();
                    flatten(&op, false, &inner, &mut terms);
                    match terms.len() {
                        2 => stmts.push(Stmt::Let { var, op }),
                        _ => self.rebuilt(&mut stmts, var, op, terms),
                    }
                }
                stmt => stmts.push(stmt),
            }
        }
        block.stmts = stmts;
        last_blocks(&mut block.end, &mut |arm| self.block(arm));
    }

    /// The sums of a block that are terms of one other sum in it, and of nothing else.
    fn parts(&self, block: &Block) -> HashMap<Var, Op> {
        let mut sums: HashMap<Var, (Op, usize)> = HashMap::new();
        let mut parts = HashMap::new();
        for stmt in &block.stmts {
            let Stmt::Let { var, op } = stmt else {
                continue;
            };
            if !self.is_sum(*var, op) {
                continue;
            }
            let within = operands(op).into_iter().filter_map(Operand::var);
            let within: Vec<Var> = within
                .filter(|part| self.sweep.is_read_once(*part) && sums.contains_key(part))
                .collect();
            let terms = 2 + within.iter().map(|part| sums[part].1 - 1).sum::<usize>();
            if terms > MOST {
                sums.insert(*var, (op.clone(), 2));
                continue;
            }
            for part in within {
                parts.extend(sums.remove(&part).map(|(op, _)| (part, op)));
            }
            sums.insert(*var, (op.clone(), terms));
        }
        parts
    }

    /// Whether this is a sum of two floats that the reverse sweep makes; memory would be read later than it says.
    fn is_sum(&self, var: Var, op: &Op) -> bool {
        let Op::Binary(BinOp::Add | BinOp::Sub, left, right) = op else {
            return false;
        };
        let memory = [left, right].map(|operand| matches!(operand, Operand::Place(_)));
        memory == [false; 2] && self.sweep.is_free(var)
    }

    /// The terms that are subtracted, each from one that is added as long as there are such, and the differences added
    /// up in pairs: `(a − c) + (b − d)` waits for two operations where `a + b − c − d` waits for three.
    fn rebuilt(&mut self, stmts: &mut Vec<Stmt>, var: Var, op: Op, terms: Vec<Term>) {
        let (plus, minus): (Vec<Term>, Vec<Term>) =
            terms.into_iter().rev().partition(|(_, minus)| !minus);
        let mut minus = minus.into_iter().map(|(term, _)| term);
        let differences = plus.into_iter().map(|(term, _)| match minus.next() {
            Some(less) => self.define(stmts, var, binary(true, term, less)),
            None => term,
        });
        let differences: Vec<Operand> = differences.collect();
        let rest: Vec<Operand> = minus.collect();
        let most = if rest.is_empty() { 2 } else { 1 };
        let differences = self.in_pairs(stmts, var, differences, most);
        let rest = self.in_pairs(stmts, var, rest, 1);
        let op = match (differences.as_slice(), rest.as_slice()) {
            ([left, right], []) => binary(false, left.clone(), right.clone()),
            ([left], [right]) => binary(true, left.clone(), right.clone()),
            // Unreachable: there are three terms or more, of which the first is added.
            _ => op,
        };
        stmts.push(Stmt::Let { var, op });
    }

    /// Adds up neighbours until there are at most so many terms.
    fn in_pairs(
        &mut self,
        stmts: &mut Vec<Stmt>,
        like: Var,
        mut terms: Vec<Operand>,
        most: usize,
    ) -> Vec<Operand> {
        while terms.len() > most {
            let pair = |pair: &[Operand]| match pair {
                [left, right] => {
                    self.define(stmts, like, binary(false, left.clone(), right.clone()))
                }
                single => single[0].clone(),
            };
            terms = terms.chunks(2).map(pair).collect();
        }
        terms
    }

    fn define(&mut self, stmts: &mut Vec<Stmt>, like: Var, op: Op) -> Operand {
        let var = self.sweep.like(like);
        stmts.push(Stmt::Let { var, op });
        Operand::Var(var)
    }
}

fn binary(minus: bool, left: Operand, right: Operand) -> Op {
    let op = if minus { BinOp::Sub } else { BinOp::Add };
    Op::Binary(op, left, right)
}

fn operands(op: &Op) -> Vec<&Operand> {
    match op {
        Op::Binary(_, left, right) => vec![left, right],
        _ => Vec::new(),
    }
}

/// The terms of a sum from left to right.
fn flatten(op: &Op, negate: bool, parts: &HashMap<Var, Op>, terms: &mut Vec<Term>) {
    let Op::Binary(symbol, left, right) = op else {
        return;
    };
    let signs = [negate, negate != (*symbol == BinOp::Sub)];
    for (operand, negate) in [left, right].into_iter().zip(signs) {
        match operand.var().and_then(|var| parts.get(&var)) {
            Some(part) => flatten(part, negate, parts, terms),
            None => terms.push((operand.clone(), negate)),
        }
    }
}
