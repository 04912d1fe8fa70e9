//! A sum that the reverse of a loop adds up, and the loop has added up already.
//!
//! ```text
//! for i in 0..n { total += e(i) }               for i in 0..n { total += e(i) }
//! …                                             …
//! for i in 0..n {                          ⇒    d_shift -= d * total;
//!     d_x[i] += d * e(i);                       for i in 0..n { d_x[i] += d * e(i); }
//!     d_shift -= d * e(i);
//! }
//! ```
//!
//! What flows back to something that all terms have in common, such as the shift of a log-sum-exp, is the sum itself. The
//! second loop is left without a chain of additions.

use syn::parse_quote;

use super::both::{runs_to_its_end, Both};
use super::lanes::{carried_term, elements, uncarry, Elements, Uncarried};
use super::share::Memory;
use super::{inner_blocks, last_blocks};
use crate::ir::{
    build, BinOp, Block, Class, Function, Kind, Loop, Op, Operand, Stmt, Var, VarInfo,
};

/// In a block with more loops no sums are looked for: every two would have to be compared.
const MOST_LOOPS: usize = 100;

/// Takes such sums from the loops before.
pub fn known(function: &mut Function) {
    let mut pass = Totals {
        primal: function.primal_vars,
        vars: std::mem::take(&mut function.vars),
    };
    pass.block(&mut function.body);
    function.vars = pass.vars;
}

struct Totals {
    primal: usize,
    vars: Vec<VarInfo>,
}

/// A sum that the second loop carries: where, what its terms are multiplied with, and the sum of the first loop.
struct Known {
    position: usize,
    scales: Vec<Operand>,
    total: Var,
}

impl Totals {
    fn block(&mut self, of: &mut Block) {
        for stmt in &mut of.stmts {
            inner_blocks(stmt, &mut |inner| self.block(inner));
        }
        last_blocks(&mut of.end, &mut |arm| self.block(arm));
        if of.stmts.iter().filter(|stmt| is_loop(stmt)).count() > MOST_LOOPS {
            return;
        }
        let mut second = 0;
        while second < of.stmts.len() {
            while let Some(known) = self.found(&of.stmts, second) {
                let Stmt::Loop(l) = &mut of.stmts[second] else {
                    break;
                };
                let Some(before) = self.take(l, known) else {
                    break;
                };
                let count = before.len();
                of.stmts.splice(second..second, before);
                second += count;
            }
            second += 1;
        }
    }

    fn found(&self, stmts: &[Stmt], second: usize) -> Option<Known> {
        let Stmt::Loop(reverse) = &stmts[second] else {
            return None;
        };
        let ours = |position: &usize| reverse.carried[*position].var.0 >= self.primal;
        let carried: Vec<usize> = (0..reverse.carried.len()).filter(ours).collect();
        if carried.is_empty() || !runs_to_its_end(reverse) {
            return None;
        }
        let loops = stmts[..second].iter().enumerate().rev();
        let mut loops = loops.filter_map(|(at, stmt)| match stmt {
            Stmt::Loop(l) if !l.carried.is_empty() && runs_to_its_end(l) => Some((at, &**l)),
            _ => None,
        });
        let same_sum = |forward: &Loop, memory: &Memory| {
            let both = Both::of(forward, reverse, memory)?;
            let mut positions = carried.iter();
            positions.find_map(|position| self.same_sum(forward, reverse, &both, *position))
        };
        let unchanging = Memory::unchanging(self.vars.len());
        loops.find_map(|(at, forward)| {
            same_sum(forward, &unchanging)?;
            let memory = Memory::while_running(&stmts[at..=second], self.vars.len());
            same_sum(forward, &memory)
        })
    }

    /// The sum of the first loop that the second adds up once more at a position, times what does not change.
    fn same_sum(
        &self,
        forward: &Loop,
        reverse: &Loop,
        both: &Both,
        position: usize,
    ) -> Option<Known> {
        let (first, second) = (elements(forward)?, elements(reverse)?);
        let (_, term) = carried_term(&second, reverse, position)?;
        let mut scales = Vec::new();
        let term = one_factor(&second, term, &mut scales)?;
        let name = *both.names.get(&term)?;
        let (init, total) = (0..forward.carried.len()).find_map(|at| {
            let (operator, term) = carried_term(&first, forward, at)?;
            let is_it = operator == BinOp::Add && term.var() == Some(name);
            let carried = Operand::Var(forward.carried[at].var);
            let result = forward.exhausted.iter().position(|v| v.is_same(&carried))?;
            is_it.then_some((&forward.carried[at].init, forward.results[result]))
        })?;
        is_zero(init).then_some(Known {
            position,
            scales,
            total,
        })
    }

    /// `let result = if lo < hi { init ± total * scales } else { init };`, in place of what the loop carries.
    fn take(&mut self, l: &mut Loop, known: Known) -> Option<Vec<Stmt>> {
        let range = elements(l).map(|e| [("lo", e.lo.clone()), ("hi", e.hi.clone())])?;
        let Uncarried {
            init,
            operator,
            result,
        } = uncarry(l, known.position)?;
        let kind = self.vars[result.0].kind.clone();
        let mut stmts = Vec::new();
        let op = build::cheap(parse_quote!(lo < hi), &range);
        let cond = self.define(&mut stmts, "some", Kind::Inert, op);
        let mut sum = Operand::Var(known.total);
        for scale in known.scales {
            let op = Op::Binary(BinOp::Mul, sum, scale);
            sum = self.define(&mut stmts, "d", kind.clone(), op);
        }
        let op = Op::Binary(operator, init.clone(), sum);
        let then = self.define(&mut stmts, "d", kind, op);
        let op = Op::Select {
            cond,
            then,
            otherwise: init,
        };
        stmts.push(Stmt::Let { var: result, op });
        Some(stmts)
    }

    fn define(&mut self, stmts: &mut Vec<Stmt>, name: &str, kind: Kind, op: Op) -> Operand {
        self.vars.push(VarInfo::new(name, kind, Class::Value));
        let var = Var(self.vars.len() - 1);
        stmts.push(Stmt::Let { var, op });
        Operand::Var(var)
    }
}

fn is_loop(stmt: &Stmt) -> bool {
    matches!(stmt, Stmt::Loop(_))
}

/// The one factor of a product that is not the same in all iterations.
fn one_factor(elements: &Elements<'_>, term: &Operand, scales: &mut Vec<Operand>) -> Option<Var> {
    let var = term.var()?;
    let Some(Op::Binary(BinOp::Mul, left, right)) = elements.definition(var) else {
        return Some(var);
    };
    let same = |operand: &Operand| match operand {
        Operand::Var(var) => !elements.defined.contains(var),
        Operand::Literal(_) => true,
        Operand::Place(_) => false,
    };
    let (scale, rest) = match (same(left), same(right)) {
        (true, false) => (left, right),
        (false, true) => (right, left),
        _ => return Some(var),
    };
    scales.push(scale.clone());
    one_factor(elements, rest, scales)
}

/// Zero, or the sum of nothing.
fn is_zero(operand: &Operand) -> bool {
    let Operand::Literal(literal) = operand else {
        return false;
    };
    let text: String = literal.tokens.to_string().split_whitespace().collect();
    literal.value == Some(0.0) || text.ends_with("::sum(::core::iter::empty())")
}
