//! Which carried values are sums that nobody reads before the loop ends.

use std::collections::HashSet;

use crate::ir::uses;
use crate::ir::walk::{vars, Role};
use crate::ir::{BinOp, Block, End, Loop, Op, Operand, Stmt, Var};

/// Whether every active carried value of a loop is such a sum, so that its adjoint is the same in all iterations.
pub(super) fn all(l: &Loop, active: &[bool]) -> bool {
    let is_active = |v: Var| active.get(v.0).copied().unwrap_or(false);
    l.carried
        .iter()
        .enumerate()
        .filter(|(_, c)| is_active(c.var))
        .all(|(index, c)| is_sum(&l.body, c.var, index, active))
}

/// Follows one sum through a body: the set of variables that hold "the sum so far, plus something".
struct Sum<'a> {
    holds: HashSet<Var>,
    active: &'a [bool],
}

fn is_sum(body: &Block, carried: Var, index: usize, active: &[bool]) -> bool {
    let mut sum = Sum {
        holds: HashSet::from([carried]),
        active,
    };
    sum.block(body) && sum.ends(body, index)
}

impl Sum<'_> {
    fn is(&self, operand: &Operand) -> bool {
        operand.var().is_some_and(|v| self.holds.contains(&v))
    }

    fn block(&mut self, block: &Block) -> bool {
        let tail = |end: &End, sum: &mut Self| match end {
            End::Switch { arms, .. } => arms.iter().all(|arm| sum.block(arm)),
            _ => true,
        };
        block.stmts.iter().all(|s| self.stmt(s)) && tail(&block.end, self)
    }

    fn stmt(&mut self, stmt: &Stmt) -> bool {
        match stmt {
            Stmt::Let { var, op } => self.define(*var, op),
            Stmt::Switch { arms, joins, .. } => {
                arms.iter().all(|a| self.block(a)) && self.join(arms, joins)
            }
            Stmt::Loop(l) => self.inner(l),
            _ => !self.mentioned(stmt),
        }
    }

    fn define(&mut self, var: Var, op: &Op) -> bool {
        let passes = match op {
            Op::Use(o) => self.is(o),
            Op::Binary(BinOp::Add, a, b) => self.is(a) != self.is(b),
            Op::Binary(BinOp::Sub, a, b) => self.is(a) && !self.is(b),
            // Reads without derivative: a condition, a print.
            Op::Opaque(_) => return true,
            _ => false,
        };
        if passes {
            self.holds.insert(var);
            return true;
        }
        let mut read = false;
        vars::op(op, &mut |v, _| read |= self.holds.contains(v));
        !read || !self.active.get(var.0).copied().unwrap_or(false)
    }

    fn mentioned(&self, stmt: &Stmt) -> bool {
        if matches!(stmt, Stmt::Do(Op::Opaque(_))) {
            return false;
        }
        let mut found = false;
        vars::stmt(stmt, &mut |v, role| {
            found |= role != Role::Def && self.holds.contains(v)
        });
        found
    }

    /// A join holds the sum if every arm yields it; no arm may yield it elsewhere.
    fn join(&mut self, arms: &[Block], joins: &[Var]) -> bool {
        for (index, join) in joins.iter().enumerate() {
            let mut leaves = Vec::new();
            arms.iter().for_each(|arm| yielded(arm, index, &mut leaves));
            let held = leaves.iter().filter(|o| self.is(o)).count();
            if held > 0 && held < leaves.len() {
                return false;
            }
            if held > 0 {
                self.holds.insert(*join);
            }
        }
        true
    }

    /// A loop inside goes on with the sum.
    fn inner(&mut self, l: &Loop) -> bool {
        for (index, c) in l.carried.iter().enumerate() {
            if self.is(&c.init) && !is_sum(&l.body, c.var, index, self.active) {
                return false;
            }
        }
        let starts: HashSet<Var> = l
            .carried
            .iter()
            .filter(|c| self.is(&c.init))
            .map(|c| c.var)
            .collect();
        for (operand, result) in l.exhausted.iter().zip(&l.results) {
            if operand
                .var()
                .is_some_and(|v| starts.contains(&v) || self.holds.contains(&v))
            {
                self.holds.insert(*result);
            }
        }
        let mut read = false;
        vars::block(&l.body, &mut |v, role| {
            read |= role != Role::Def && self.holds.contains(v)
        });
        !read && !super::breaks(&l.body)
    }

    /// The body yields the sum as the next value of the same carried variable, and nowhere else.
    fn ends(&self, block: &Block, index: usize) -> bool {
        match &block.end {
            End::Yield(values) => values
                .iter()
                .enumerate()
                .all(|(i, v)| self.is(v) == (i == index)),
            End::Switch { arms, .. } => arms.iter().all(|arm| self.ends(arm, index)),
            End::Break(_) => false,
            End::Never(_) => true,
        }
    }
}

/// What the leaves of a block yield at a position.
fn yielded<'b>(block: &'b Block, index: usize, out: &mut Vec<&'b Operand>) {
    match &block.end {
        End::Yield(values) => out.extend(values.get(index)),
        End::Switch { arms, .. } => arms.iter().for_each(|arm| yielded(arm, index, out)),
        End::Break(_) | End::Never(_) => {}
    }
}

/// How often a block adds to a root.
pub(super) fn adds(block: &Block, root: Var) -> usize {
    let of_stmt = |stmt: &Stmt| match stmt {
        Stmt::Add { place, .. } => usize::from(place.root == root),
        other => uses::blocks(other).into_iter().map(|b| adds(b, root)).sum(),
    };
    let inner: usize = match &block.end {
        End::Switch { arms, .. } => arms.iter().map(|arm| adds(arm, root)).sum(),
        _ => 0,
    };
    inner + block.stmts.iter().map(of_stmt).sum::<usize>()
}
