//! Branches.
//!
//! Original: `y = if c { a } else { b }`. Adjoint: `if c { d_a += d_y } else { d_b += d_y }`. The arm that was not taken
//! contributes nothing. What the reverse of an arm needs leaves the forward part in a record that also says which arm it
//! was; without records the condition is decided again.

use std::collections::BTreeSet;

use super::block::Fused;
use super::forward::Sink;
use super::{address, Frame, Plan, Reverser, Seed, Seeds};
use crate::analyse::Interval;
use crate::ir::uses;
use crate::ir::walk::{self, vars, Role};
use crate::ir::{Block, Class, End, Kind, Operand, Place, Selector, Stmt, Var};

impl<'f> Reverser<'f> {
    pub(super) fn reverse_switch(
        &mut self,
        stmt: &'f Stmt,
        on: &'f Selector,
        arms: &'f [Block],
        joins: &'f [Var],
    ) {
        let interval = self.facts.of(stmt);
        let seeds = Seeds {
            yields: joins.iter().map(|j| self.join_seed(*j)).collect(),
            breaks: Vec::new(),
            last: false,
        };
        if seeds.are_absent() && !arms.iter().any(writes_memory) {
            return;
        }
        if self.switch_in_place(stmt, on, arms, joins, interval, &seeds) {
            return;
        }
        let parts = arms
            .iter()
            .map(|arm| self.split_block(arm, self.facts.of_block(arm), &seeds))
            .collect();
        self.replay(address(stmt), on, parts, interval);
    }

    /// What flows back into a variable that a construct yields.
    pub(super) fn join_seed(&mut self, join: Var) -> Seed {
        if self.vars[join.0].class == Class::Value {
            return self.take_adjoint(join).map_or(Seed::Nothing, Seed::Float);
        }
        match self.shadows.get(&join) {
            Some(shadow) => Seed::Shadow(Place::root(*shadow)),
            None => Seed::Nothing,
        }
    }

    /// The reverse of arms that were split: picks the arm that was taken.
    fn replay(
        &mut self,
        at: usize,
        on: &Selector,
        parts: Vec<super::block::Split>,
        interval: Interval,
    ) {
        let is_recorded = parts.iter().any(|p| !p.unpacked.is_empty());
        if !is_recorded
            && parts
                .iter()
                .all(|p| p.stmts.is_empty() && p.frame.is_empty())
        {
            return;
        }
        self.position = interval.start;
        let mut frames: Vec<Frame> = Vec::new();
        let mut blocks: Vec<(Vec<Var>, Vec<Stmt>)> = Vec::new();
        for part in parts {
            frames.push(part.frame);
            blocks.push((part.unpacked, part.stmts));
        }
        let (joins, ends) = self.join_frames(&frames, &BTreeSet::new());
        let targets = joins.iter().map(|(_, join)| *join).collect();
        let arms = blocks
            .into_iter()
            .zip(ends)
            .map(|((unpacked, stmts), end)| {
                (
                    unpacked,
                    Block {
                        stmts,
                        end: End::Yield(end),
                    },
                )
            });
        if is_recorded {
            let record = self.fresh("record", Kind::Unknown, Class::Record);
            self.plan.insert(at, Plan::RecordArms(record));
            let record = self.recorded_name(record);
            let arms = arms.collect();
            self.push(Stmt::Replay {
                record,
                arms,
                joins: targets,
            });
        } else {
            let on = self.need_selector(on);
            let arms = arms.map(|(_, block)| block).collect();
            self.push(Stmt::Switch {
                on,
                arms,
                joins: targets,
            });
        }
        for (var, join) in joins {
            self.contribute(var, Operand::Var(join));
        }
    }

    fn need_selector(&mut self, on: &Selector) -> Selector {
        match on {
            Selector::Bool(o) => Selector::Bool(self.need_operand(o)),
            Selector::Index(o) => Selector::Index(self.need_operand(o)),
        }
    }

    /// One join for each variable that some arm contributes to, and what each arm yields for it: its contribution, or
    /// zero. What all arms contribute alike, out of `through`, is contributed at once.
    fn join_frames(
        &mut self,
        frames: &[Frame],
        through: &BTreeSet<Var>,
    ) -> (Vec<(Var, Var)>, Vec<Vec<Operand>>) {
        let touched: BTreeSet<Var> = frames.iter().flat_map(|f| f.keys().copied()).collect();
        let mut joins = Vec::new();
        let mut ends = vec![Vec::new(); frames.len()];
        for var in touched {
            let common = frames
                .first()
                .and_then(|f| f.get(&var))
                .and_then(Operand::var);
            let is_common = common.is_some_and(|c| {
                through.contains(&c)
                    && frames
                        .iter()
                        .all(|f| f.get(&var).and_then(Operand::var) == Some(c))
            });
            if let (true, Some(c)) = (is_common, common) {
                self.contribute(var, Operand::Var(c));
                continue;
            }
            let kind = self.vars[var.0].kind.clone();
            let join = self.fresh(&self.d_name(var), kind.clone(), Class::Value);
            joins.push((var, join));
            let contributes =
                |frame: &Frame| frame.get(&var).is_some_and(|d| !self.may_be_absent(d));
            if !frames.iter().all(contributes) {
                self.absent.insert(join);
            }
            for (end, frame) in ends.iter_mut().zip(frames) {
                end.push(
                    frame
                        .get(&var)
                        .cloned()
                        .unwrap_or_else(|| Operand::number(0.0, kind.clone())),
                );
            }
        }
        (joins, ends)
    }

    /// Fuses a switch in the forward sweep, if the cotangents of what it yields are there by then.
    fn switch_in_place(
        &mut self,
        stmt: &'f Stmt,
        on: &'f Selector,
        arms: &'f [Block],
        joins: &'f [Var],
        interval: Interval,
        seeds: &Seeds,
    ) -> bool {
        let fused = self.scopes.last().is_some_and(|s| s.fused);
        if !fused || !arms.iter().all(|arm| self.fits_in_place(arm, interval)) {
            return false;
        }
        let Some(mut stmts) = self.hoist(&seeds.operands(), interval.start) else {
            return false;
        };
        let (switch, contributions) = self.fuse_arms(on, arms, seeds, joins.to_vec());
        stmts.push(switch);
        self.plan.insert(address(stmt), Plan::InPlace(stmts));
        for (var, join) in contributions {
            self.contribute(var, Operand::Var(join));
        }
        true
    }

    /// Arms with forward and reverse part each; their contributions become further joins.
    fn fuse_arms(
        &mut self,
        on: &Selector,
        arms: &'f [Block],
        seeds: &Seeds,
        joins: Vec<Var>,
    ) -> (Stmt, Vec<(Var, Var)>) {
        let fused: Vec<Fused> = arms
            .iter()
            .map(|a| self.fused_block(a, self.facts.of_block(a), seeds, &[]))
            .collect();
        let through = seeds.operands().iter().filter_map(Operand::var).collect();
        let frames: Vec<Frame> = fused
            .iter()
            .filter(|f| f.never.is_none())
            .map(|f| f.frame.clone())
            .collect();
        let (contributions, ends) = self.join_frames(&frames, &through);
        let end = arms
            .iter()
            .map(|a| self.facts.of_block(a).end)
            .max()
            .unwrap_or_default();
        for (_, join) in &contributions {
            self.born.insert(*join, end);
        }
        let mut ends = ends.into_iter();
        let arms = fused
            .into_iter()
            .map(|f| match f.never {
                Some(op) => Block {
                    stmts: f.stmts,
                    end: End::Never(op),
                },
                None => {
                    let extra = ends.next().unwrap_or_default();
                    Block {
                        stmts: f.stmts,
                        end: End::Yield(f.yields.into_iter().chain(extra).collect()),
                    }
                }
            })
            .collect();
        let joins = joins
            .into_iter()
            .chain(contributions.iter().map(|(_, j)| *j))
            .collect();
        (
            Stmt::Switch {
                on: on.clone(),
                arms,
                joins,
            },
            contributions,
        )
    }

    /// A switch at the end of a fused block: nothing comes after it, so its arms can be fused.
    pub(super) fn fused_tail(
        &mut self,
        on: &Selector,
        arms: &'f [Block],
        seeds: &Seeds,
    ) -> (Vec<Stmt>, Vec<Operand>) {
        let joins = if seeds.last {
            Vec::new()
        } else {
            self.tail_joins(arms)
        };
        let (switch, contributions) = self.fuse_arms(on, arms, seeds, joins.clone());
        for (var, join) in contributions {
            self.contribute(var, Operand::Var(join));
        }
        (vec![switch], self.as_operands(&joins))
    }

    /// A switch at the end of a fused block whose reverse has to wait.
    pub(super) fn split_tail(
        &mut self,
        end: &'f End,
        on: &'f Selector,
        arms: &'f [Block],
        seeds: &Seeds,
    ) -> (Vec<Stmt>, Vec<Operand>) {
        self.reverse_tail(end, on, arms, seeds);
        let record = match self.plan.get(&address(end)) {
            Some(Plan::RecordArms(record)) => Some(*record),
            _ => None,
        };
        let joins = if seeds.last {
            Vec::new()
        } else {
            self.tail_joins(arms)
        };
        let count = arms.len();
        let mut forward: Vec<Block> = arms
            .iter()
            .enumerate()
            .map(|(arm, block)| {
                let sink = if record.is_some() {
                    Sink::Arm { arm, arms: count }
                } else {
                    Sink::Nowhere
                };
                self.forward_block(block, sink)
            })
            .collect();
        if seeds.last {
            let only_record = |arm| yield_only_record(arm, record.is_some());
            forward.iter_mut().for_each(only_record);
        }
        let all = joins.iter().copied().chain(record).collect();
        (
            vec![Stmt::Switch {
                on: on.clone(),
                arms: forward,
                joins: all,
            }],
            self.as_operands(&joins),
        )
    }

    /// The reverse of a switch at the end of a split block: seeds go straight to the leaves.
    pub(super) fn reverse_tail(
        &mut self,
        end: &'f End,
        on: &'f Selector,
        arms: &'f [Block],
        seeds: &Seeds,
    ) {
        let intervals: Vec<Interval> = arms.iter().map(|a| self.facts.of_block(a)).collect();
        let start = intervals.first().map_or(0, |i| i.start);
        let stop = intervals.last().map_or(start, |i| i.end);
        let parts = arms
            .iter()
            .map(|arm| self.split_block(arm, self.facts.of_block(arm), seeds))
            .collect();
        self.replay(address(end), on, parts, Interval { start, end: stop });
    }

    /// Variables for what the leaves of tail arms yield.
    fn tail_joins(&mut self, arms: &'f [Block]) -> Vec<Var> {
        let Some(values) = arms.iter().find_map(|a| leaf(a)) else {
            return Vec::new();
        };
        let kinds: Vec<Kind> = values.iter().map(|v| self.operand_kind(v)).collect();
        kinds
            .into_iter()
            .map(|kind| {
                let class = if matches!(kind, Kind::Float(_) | Kind::Inert) {
                    Class::Value
                } else {
                    Class::Root
                };
                self.fresh("out", kind, class)
            })
            .collect()
    }

    fn as_operands(&self, joins: &[Var]) -> Vec<Operand> {
        let by_class = |v: &Var| match self.vars[v.0].class {
            Class::Value => Operand::Var(*v),
            _ => Operand::Place(Place::root(*v)),
        };
        joins.iter().map(by_class).collect()
    }

    /// Whether the reverse of a block may run as soon as its forward part: it writes only what is its own, and nothing
    /// that it reads is overwritten later.
    pub(super) fn fits_in_place(&self, block: &Block, interval: Interval) -> bool {
        let mut fits = true;
        vars::block(block, &mut |v, role| {
            let own = interval.contains(self.facts.defs[v.0].order);
            if role == Role::Root && !own {
                let late = self.facts.written_between(*v, interval.start, u32::MAX);
                fits &= !late && !self.shadow_is_late(&Place::root(*v));
            }
        });
        fits
    }
}

impl Seeds {
    fn are_absent(&self) -> bool {
        self.yields
            .iter()
            .chain(&self.breaks)
            .all(|s| matches!(s, Seed::Nothing))
    }

    /// The variables that hold the seeds.
    pub(super) fn operands(&self) -> Vec<Operand> {
        let operand = |seed: &Seed| match seed {
            Seed::Nothing => None,
            Seed::Float(d) => Some(d.clone()),
            Seed::Shadow(place) => Some(Operand::Place(place.clone())),
        };
        self.yields
            .iter()
            .chain(&self.breaks)
            .filter_map(operand)
            .collect()
    }
}

/// Every leaf yields its record, which is the last of what it hands over, and nothing else; it leaves no loop.
fn yield_only_record(block: &mut Block, recorded: bool) {
    match &mut block.end {
        End::Yield(values) | End::Break(values) => {
            let record = values.pop().filter(|_| recorded);
            block.end = End::Yield(record.into_iter().collect());
        }
        End::Switch { arms, .. } => arms
            .iter_mut()
            .for_each(|arm| yield_only_record(arm, recorded)),
        End::Never(_) => {}
    }
}

/// What some leaf of a block yields.
fn leaf(block: &Block) -> Option<&[Operand]> {
    match &block.end {
        End::Yield(values) => Some(values),
        End::Switch { arms, .. } => arms.iter().find_map(leaf),
        End::Break(_) | End::Never(_) => None,
    }
}

/// Whether anything in a block writes memory.
pub(super) fn writes_memory(block: &Block) -> bool {
    let mut found = false;
    for stmt in &block.stmts {
        walk::writes(stmt, &mut |_| found = true);
        found |= uses::blocks(stmt).into_iter().any(writes_memory);
    }
    match &block.end {
        End::Switch { arms, .. } => found || arms.iter().any(writes_memory),
        End::Never(op) => {
            walk::op_writes(op, &mut |_| found = true);
            found
        }
        End::Yield(_) | End::Break(_) => found,
    }
}
