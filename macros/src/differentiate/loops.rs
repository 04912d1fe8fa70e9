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
pub(in crate::differentiate) mod stores;
mod wholes;

use std::collections::{BTreeMap, HashSet};

use super::block::Split;
use super::branch::writes_memory;
use super::{address, Frame, Plan, Reverser, Seed, Seeds};
use crate::analyse::extent::Extents;
use crate::analyse::Interval;
use crate::diagnostics::Slug;
use crate::ir::walk::{vars_mut, Role};
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

    fn fuse_loop(&mut self, stmt: &'f Stmt, l: &'f Loop, interval: Interval, seeds: Vec<Seed>) {
        let carried = self.carried_seeds(l, seeds);
        let needed: Vec<Operand> = carried.iter().flatten().cloned().collect();
        let fused = self.scopes.last().is_some_and(|s| s.fused);
        let hoisted = if fused && self.fits_in_place(&l.body, interval) {
            self.hoist(&needed, interval.start)
        } else {
            None
        };
        let in_place = hoisted.is_some();
        let (looped, sums) = self.fused_loop(l, interval, &carried, in_place);
        if let Some(mut stmts) = hoisted {
            stmts.push(Stmt::Loop(Box::new(looped)));
            self.plan.insert(address(stmt), Plan::InPlace(stmts));
            for (var, sum) in sums {
                self.born.insert(sum, interval.end);
                self.contribute(var, Operand::Var(sum));
            }
        } else {
            self.plan.insert(address(stmt), Plan::Plain);
            self.again(looped, sums, interval);
        }
        for (c, d) in l.carried.iter().zip(carried) {
            if let Some(d) = d {
                self.seed(&c.init, &Seed::Float(d));
            }
        }
    }

    /// The loop with forward and reverse part of each iteration, and the sums that it makes for variables outside.
    fn fused_loop(
        &mut self,
        l: &'f Loop,
        interval: Interval,
        seeds: &[Option<Operand>],
        in_place: bool,
    ) -> (Loop, Vec<(Var, Var)>) {
        let yields = seeds
            .iter()
            .map(|d| d.clone().map_or(Seed::Nothing, Seed::Float))
            .collect();
        self.depth += 1;
        let body = self.fused_block(
            &l.body,
            interval,
            &Seeds {
                yields,
                breaks: Vec::new(),
                last: false,
            },
            &[],
        );
        self.depth -= 1;
        let mut frame = body.frame;
        l.carried.iter().for_each(|c| drop(frame.remove(&c.var)));
        let mut block = Block {
            stmts: body.stmts,
            end: End::Yield(body.yields),
        };
        let (mut carried, mut results, mut exhausted) =
            (l.carried.clone(), l.results.clone(), l.exhausted.clone());
        let mut sums = Vec::new();
        for sum in self.sums(frame, &mut block, !in_place) {
            exhausted.push(Operand::Var(sum.carried.var));
            carried.push(sum.carried);
            results.push(sum.result);
            sums.push((sum.of, sum.result));
        }
        let looped = Loop {
            span: l.span,
            name: l.name.clone(),
            head: l.head.clone(),
            carried,
            body: block,
            exhausted,
            results,
            limit: l.limit.clone().filter(|_| in_place),
        };
        (looped, sums)
    }

    /// A second run of an independent loop, in the reverse sweep: its variables get new names, its prints are left out.
    fn again(&mut self, mut looped: Loop, sums: Vec<(Var, Var)>, interval: Interval) {
        let primal = self.primal.vars.len();
        let facts = self.facts;
        let done = |root: Var| root.0 < primal && !interval.contains(facts.defs[root.0].order);
        drop_effects(&mut looped.body, &done);
        let own = self.own.iter().filter(|(_, at)| *at == interval.start);
        own.for_each(|(root, _)| elements::drop_unread(&mut looped.body, *root));
        let mut stmt = Stmt::Loop(Box::new(looped));
        self.rename(&mut stmt, interval);
        self.push(stmt);
        for (var, sum) in sums {
            if let Some(frame) = self.frames.last_mut() {
                frame.insert(var, Operand::Var(sum));
            }
        }
    }

    /// Gives new names to the primal variables that a statement defines, and the names that hold here to those it reads.
    fn rename(&mut self, stmt: &mut Stmt, interval: Interval) {
        let mut names: BTreeMap<Var, Var> = BTreeMap::new();
        let mut used = Vec::new();
        let primal = self.primal.vars.len();
        vars_mut::stmt(stmt, &mut |v, role| match role {
            _ if v.0 >= primal => {}
            Role::Def => {
                let _ = names.insert(*v, *v);
            }
            _ => used.push((*v, role)),
        });
        let defined: Vec<Var> = names.keys().copied().collect();
        let read = self.contents_read(stmt);
        for var in defined {
            let name = self.fresh_again(var);
            names.insert(var, name);
        }
        for (var, role) in used {
            if names.contains_key(&var) {
                continue;
            }
            let name = if role == Role::Root {
                // What an iteration reads of its own elements it has written before.
                if read.contains(&var) && !self.own.contains(&(var, interval.start)) {
                    self.found.reads.insert((var, interval.start, None));
                }
                self.need_root(var)
            } else {
                self.need(var)
            };
            names.insert(var, name);
        }
        vars_mut::stmt(stmt, &mut |v, _| {
            if let Some(name) = names.get(v) {
                *v = *name;
            }
        });
    }

    /// The roots of a statement whose contents matter to it, not only their lengths.
    fn contents_read(&self, stmt: &Stmt) -> HashSet<Var> {
        let mut read = HashSet::new();
        elements::mentioned(stmt, &mut |var, asked| {
            if !asked || self.facts.is_reshaped(var) {
                read.insert(var);
            }
        });
        read
    }

    fn reverse_recorded(
        &mut self,
        stmt: &'f Stmt,
        l: &'f Loop,
        interval: Interval,
        seeds: Vec<Seed>,
        in_any_order: bool,
    ) {
        let has_breaks = breaks(&l.body);
        let adjoints = self.carried_adjoints(l, seeds.clone());
        let index = self.reverse_index(l);
        let mut body = self.split_body(
            l,
            interval,
            &Seeds {
                yields: adjoints.yields,
                breaks: seeds,
                last: false,
            },
            index.filter(|_| !has_breaks),
        );
        let next = self.next_adjoints(&adjoints.carried, &mut body);
        let mut head = self.reverse_head(stmt, l, &mut body, index, has_breaks);
        if let (Head::Counted { backwards, .. }, true) = (&mut head, in_any_order) {
            // Forwards is faster, unless there are records to be taken off.
            let unpacks = matches!(body.stmts.first(), Some(Stmt::Unpack { .. }));
            *backwards &= unpacks;
        }
        self.finish_recorded(l, head, adjoints.carried, next, body, None);
    }

    /// The adjoints of the carried values: variables of the reverse loop.
    fn carried_adjoints(&mut self, l: &'f Loop, seeds: Vec<Seed>) -> Adjoints<'f> {
        let inits = self.carried_seeds(l, seeds);
        let (mut carried, mut yields) = (Vec::new(), Vec::new());
        for (c, init) in l.carried.iter().zip(inits) {
            if !self.facts.is_active(c.var) {
                yields.push(Seed::Nothing);
                continue;
            }
            let kind = self.vars[c.var.0].kind.clone();
            let d = self.fresh(&self.d_name(c.var), kind.clone(), Class::Value);
            yields.push(Seed::Float(Operand::Var(d)));
            carried.push((
                c,
                Carried {
                    var: d,
                    init: init.unwrap_or_else(|| Operand::number(0.0, kind)),
                },
            ));
        }
        Adjoints { carried, yields }
    }

    /// What the adjoints of the carried values are on entry of the iteration.
    fn next_adjoints(
        &mut self,
        carried: &[(&'f Carried, Carried)],
        body: &mut Split,
    ) -> Vec<Operand> {
        let mut next = |(c, _): &(&'f Carried, Carried)| {
            let kind = self.vars[c.var.0].kind.clone();
            let d = body.frame.remove(&c.var);
            d.unwrap_or_else(|| Operand::number(0.0, kind))
        };
        carried.iter().map(&mut next).collect()
    }

    fn reverse_index(&mut self, l: &Loop) -> Option<Var> {
        match &l.head {
            Head::Counted { index, .. } => Some(self.fresh_like(*index)),
            _ => None,
        }
    }

    /// The reverse of an iteration; `index` is the name of its index, where the reverse loop counts.
    fn split_body(
        &mut self,
        l: &'f Loop,
        interval: Interval,
        seeds: &Seeds,
        index: Option<Var>,
    ) -> Split {
        let known = match (&l.head, index) {
            (Head::Counted { index, .. }, Some(name)) => vec![(*index, name)],
            _ => Vec::new(),
        };
        self.depth += 1;
        let runs = self.runs(l);
        let split = self.split_body_knowing(&l.body, interval, seeds, known, runs);
        self.depth -= 1;
        split
    }

    /// How the reverse loop goes: counting backwards, popping a record in each iteration if there is one; or popping
    /// records until there are none left.
    fn reverse_head(
        &mut self,
        stmt: &'f Stmt,
        l: &'f Loop,
        body: &mut Split,
        index: Option<Var>,
        has_breaks: bool,
    ) -> Head {
        let counted = match (&l.head, index) {
            (
                Head::Counted {
                    start,
                    end,
                    inclusive,
                    step,
                    reverse,
                    backwards,
                    ..
                },
                Some(index),
            ) if !has_breaks => {
                let start = self.need_operand(start);
                let end = self.need_operand(end);
                let step = step.as_ref().map(|s| self.need_operand(s));
                Some(Head::Counted {
                    index,
                    start,
                    end,
                    inclusive: *inclusive,
                    step,
                    reverse: *reverse,
                    backwards: !*backwards,
                })
            }
            _ => None,
        };
        if counted.is_some() && body.unpacked.is_empty() {
            return counted.unwrap_or(Head::Forever);
        }
        let stores::Stored { store, above } = self.store_records(stmt, l, counted.is_none());
        let vars = std::mem::take(&mut body.unpacked);
        match counted {
            Some(head) => {
                body.stmts.insert(
                    0,
                    Stmt::Unpack {
                        record: store,
                        vars,
                    },
                );
                head
            }
            None => Head::Records { store, vars, above },
        }
    }

    fn finish_recorded(
        &mut self,
        l: &'f Loop,
        head: Head,
        carried: Vec<(&'f Carried, Carried)>,
        next: Vec<Operand>,
        body: Split,
        renamed: Option<Interval>,
    ) {
        let mut block = Block {
            stmts: body.stmts,
            end: End::Yield(next),
        };
        let sums = self.sums(body.frame, &mut block, true);
        let mut results = Vec::new();
        let mut exhausted = Vec::new();
        let mut all = Vec::new();
        let mut flows = Vec::new();
        for (primal, c) in carried {
            let result = self.fresh_like(c.var);
            flows.push((primal.init.clone(), result));
            exhausted.push(Operand::Var(c.var));
            results.push(result);
            all.push(c);
        }
        let mut summed = Vec::new();
        for sum in sums {
            exhausted.push(Operand::Var(sum.carried.var));
            results.push(sum.result);
            summed.push((sum.of, sum.result));
            all.push(sum.carried);
        }
        let looped = Loop {
            span: l.span,
            name: l.name.clone(),
            head,
            carried: all,
            body: block,
            exhausted,
            results,
            limit: None,
        };
        if looped.body.stmts.is_empty()
            && summed.is_empty()
            && matches!(looped.head, Head::Counted { .. })
            && flows.is_empty()
        {
            return;
        }
        let mut stmt = Stmt::Loop(Box::new(looped));
        if let Some(interval) = renamed {
            self.rename(&mut stmt, interval);
        }
        self.push(stmt);
        for (var, sum) in summed {
            if let Some(frame) = self.frames.last_mut() {
                frame.insert(var, Operand::Var(sum));
            }
        }
        for (init, d) in flows {
            self.seed(&init, &Seed::Float(Operand::Var(d)));
        }
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
            let op = Op::Binary(BinOp::Add, Operand::Var(carried), d);
            body.stmts.push(Stmt::Let { var: next, op });
            if let End::Yield(values) = &mut body.end {
                values.push(Operand::Var(next));
            }
            let so_far = if resume { self.take_adjoint(var) } else { None };
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

/// The adjoints of what a loop carries, with the primal's variables, and what flows back into the values yielded.
struct Adjoints<'f> {
    carried: Vec<(&'f Carried, Carried)>,
    yields: Vec<Seed>,
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

/// Leaves out what has happened before: what only has an effect (asserts, prints), and additions to memory around the
/// loop.
fn drop_effects(block: &mut Block, done: &dyn Fn(Var) -> bool) {
    let happened = |stmt: &Stmt| match stmt {
        Stmt::Do(Op::Opaque(_)) => true,
        Stmt::Add { place, .. } => done(place.root),
        _ => false,
    };
    block.stmts.retain(|s| !happened(s));
    let drop_all = |arms: &mut Vec<Block>| arms.iter_mut().for_each(|b| drop_effects(b, done));
    for stmt in &mut block.stmts {
        match stmt {
            Stmt::Switch { arms, .. } => drop_all(arms),
            Stmt::Loop(l) => drop_effects(&mut l.body, done),
            Stmt::Replay { arms, .. } => arms.iter_mut().for_each(|(_, b)| drop_effects(b, done)),
            _ => {}
        }
    }
    if let End::Switch { arms, .. } = &mut block.end {
        drop_all(arms);
    }
}
