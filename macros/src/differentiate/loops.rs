//! Loops.
//!
//! Iterations that depend on each other only through sums nobody reads meanwhile are *independent*: the adjoint of such
//! a sum is the same in every iteration. They are fused: one loop runs each iteration forward and back, in place of the
//! forward loop if the sums' adjoints are known there, else as a second loop in the reverse sweep. Nothing is stored.
//!
//! Other loops push a record per iteration, and the reverse loop pops them. A record of nothing is not stored. The runs
//! of a loop inside others share a store ([`stores`]).

mod accumulator;
mod capacity;
mod checkpoints;
mod elements;
mod fused;
mod recorded;
pub(in crate::differentiate) mod stores;
mod wholes;

use super::branch::writes_memory;
use super::{address, Frame, Reverser, Seed};
use crate::analyse::extent::Extents;
use crate::analyse::Interval;
use crate::diagnostics::Slug;
use crate::ir::{
    BinOp, Block, Capacity, Carried, Class, End, Head, Limit, Loop, Op, Operand, Stmt, Var,
};

impl<'f> Reverser<'f> {
    pub(super) fn reverse_loop(&mut self, stmt: &'f Stmt, l: &'f Loop) {
        let interval = self.facts.of(stmt);
        let seeds: Vec<Seed> = l.results.iter().map(|r| self.join_seed(*r)).collect();
        let absent = seeds.iter().all(|s| matches!(s, Seed::Nothing));
        if absent && !writes_memory(&l.body) {
            return;
        }
        self.note_own_elements(l, interval);
        let saved = self.note_whole_saves(l, interval);
        self.reverse_iterations(stmt, l, interval, seeds);
        self.restore_wholes(stmt, saved);
    }

    fn reverse_iterations(
        &mut self,
        stmt: &'f Stmt,
        l: &'f Loop,
        interval: Interval,
        seeds: Vec<Seed>,
    ) {
        let in_memory = |s: &Seed| matches!(s, Seed::Shadow(_));
        let fuses = self.is_independent(l, interval) && !seeds.iter().any(in_memory);
        let stores = self.is_light(l, interval) || self.stores_little(stmt, l, interval, &seeds);
        if fuses && !stores && self.choices.fuse {
            self.fuse_loop(stmt, l, interval, seeds);
        } else if let Some(Limit::Checkpoints(limit)) = &l.limit {
            self.reverse_checkpointed(stmt, l, seeds, limit);
        } else {
            self.reverse_recorded(stmt, l, interval, seeds, fuses);
        }
    }

    /// Whether no iteration needs another's adjoints.
    fn is_independent(&self, l: &'f Loop, interval: Interval) -> bool {
        let counted = matches!(l.head, Head::Counted { .. });
        counted
            && !breaks(&l.body)
            && self.only_adds_outside(l, interval)
            && accumulator::all(l, &self.facts.active)
    }

    /// Whether a loop writes nothing around it, but for sums in memory that its body does not read.
    fn only_adds_outside(&self, l: &'f Loop, interval: Interval) -> bool {
        let fits = |root: Var| {
            let mut writes = self.facts.writes[&root].iter();
            let saved = writes.any(|w| interval.contains(*w) && self.must_save_each(root, *w));
            let adds = accumulator::adds(&l.body, root) == elements::mentions(&l.body, root);
            !saved && (adds || self.own.contains(&(root, interval.start)))
        };
        self.written_outside(interval).into_iter().all(fits)
    }

    /// Whether the reverse of a loop takes nothing of its forward part that is not loaded or computed again at once: an
    /// iteration that writes its own elements and has no more in it than that.
    fn is_light(&self, l: &Loop, interval: Interval) -> bool {
        let owns = self.own.iter().any(|(_, at)| *at == interval.start)
            || self.whole.iter().any(|(_, at)| *at == interval);
        let weight = l.body.stmts.iter().map(super::need::stmt_weight);
        owns && l.carried.is_empty() && weight.sum::<Option<u32>>().is_some_and(|w| w <= 16)
    }

    /// Whether an iteration that writes its own elements would record a number or two, in an array, where running it
    /// again would evaluate functions again: found by trying.
    fn stores_little(
        &self,
        stmt: &'f Stmt,
        l: &'f Loop,
        interval: Interval,
        seeds: &[Seed],
    ) -> bool {
        let owns = self.own.iter().any(|(_, at)| *at == interval.start);
        let in_array = !matches!(
            self.capacity(l),
            Capacity::Vec(..) | Capacity::Checkpoints(..)
        );
        let math = |stmt: &Stmt| {
            matches!(
                stmt,
                Stmt::Let {
                    op: Op::Math { .. },
                    ..
                }
            )
        };
        let costly = |stmt: &Stmt| math(stmt) && super::need::stmt_weight(stmt).is_none();
        if !owns || !in_array || !l.body.stmts.iter().any(costly) {
            return false;
        }
        let mut trial = self.clone();
        trial.reverse_recorded(stmt, l, interval, seeds.to_vec(), true);
        let recorded = trial.layouts.get(&address(&l.body));
        recorded.is_some_and(|vars| {
            vars.len() <= 2 && vars.iter().all(|v| trial.vars[v.0].class == Class::Value)
        })
    }

    /// Notes the roots around a loop of which every iteration writes an element of its own.
    fn note_own_elements(&mut self, l: &'f Loop, interval: Interval) {
        for root in self.written_outside(interval) {
            if elements::are_own(&self.extents(), l, root) {
                self.own.insert((root, interval.start));
            }
        }
    }

    /// The roots around a loop that it writes.
    fn written_outside(&self, interval: Interval) -> Vec<Var> {
        let outside = |root: &Var| !interval.contains(self.facts.defs[root.0].order);
        let writes = self.facts.writes.iter();
        let within = writes.filter(|(_, at)| at.iter().any(|w| interval.contains(*w)));
        within.map(|(root, _)| *root).filter(outside).collect()
    }

    /// What is known of lengths and positions.
    pub(super) fn extents(&self) -> Extents<'_> {
        Extents {
            function: self.primal,
            facts: self.facts,
        }
    }

    /// What flows back into the carried values at the end, by carried value. What an exhausted loop hands over from
    /// outside goes there at once.
    fn carried_seeds(&mut self, l: &'f Loop, seeds: Vec<Seed>) -> Vec<Option<Operand>> {
        let mut carried: Vec<Option<Operand>> = vec![None; l.carried.len()];
        for (operand, seed) in l.exhausted.iter().zip(seeds) {
            let Seed::Float(d) = seed else { continue };
            let index = operand
                .var()
                .and_then(|v| l.carried.iter().position(|c| c.var == v));
            match index {
                // Whether the loop ran to its end is not recorded.
                None if breaks(&l.body) && self.wants(operand) => {
                    self.refuse(
                        Slug::Internal,
                        l.span,
                        "a loop hands over a value from outside",
                    );
                }
                None => self.seed(operand, &Seed::Float(d)),
                Some(index) => {
                    let sum = match carried[index].take() {
                        None => d,
                        Some(so_far) => {
                            let kind = self.vars[l.carried[index].var.0].kind.clone();
                            self.define("d", kind, Op::Binary(BinOp::Add, so_far, d))
                        }
                    };
                    carried[index] = Some(sum);
                }
            }
        }
        carried
    }

    /// Sums over all iterations of what a body contributes to variables outside. They start from what has been
    /// contributed so far, if that is there (`resume`).
    fn sums(&mut self, frame: Frame, body: &mut Block, resume: bool) -> Vec<Sum> {
        let mut sums = Vec::new();
        for (var, d) in frame {
            let kind = self.vars[var.0].kind.clone();
            let name = self.d_name(var);
            let carried = self.fresh(&name, kind.clone(), Class::Value);
            let next = self.fresh(&name, kind.clone(), Class::Value);
            let result = self.fresh(&name, kind.clone(), Class::Value);
            let absent = self.may_be_absent(&d);
            let op = Op::Binary(BinOp::Add, Operand::Var(carried), d);
            body.stmts.push(Stmt::Let { var: next, op });
            if let End::Yield(values) = &mut body.end {
                values.push(Operand::Var(next));
            }
            let so_far = if resume { self.take_adjoint(var) } else { None };
            if absent && so_far.iter().all(|d| self.may_be_absent(d)) {
                self.absent.insert(result);
            }
            let init = so_far.unwrap_or_else(|| Operand::number(0.0, kind));
            sums.push(Sum {
                of: var,
                carried: Carried { var: carried, init },
                result,
            });
        }
        sums
    }
}

/// A sum over the iterations of an adjoint loop.
struct Sum {
    of: Var,
    carried: Carried,
    result: Var,
}

/// Whether a loop's body may leave it.
fn breaks(block: &Block) -> bool {
    match &block.end {
        End::Break(_) => true,
        End::Switch { arms, .. } => arms.iter().any(breaks),
        End::Yield(_) | End::Never(_) => false,
    }
}
