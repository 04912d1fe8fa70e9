//! Drops what nobody reads: values, joins, carried values, results, writes to memory that is never read, and switches
//! and loops that do nothing.

use super::live::Live;
use crate::ir::{Block, End, Function, Head, Loop, Op, SlotArg, Stmt, Var, Vjp};

/// Drops what a function does not need.
pub fn remove(function: &mut Function) {
    let live = Live::new(function);
    let mut sweep = Sweep {
        live,
        constructs: 0,
    };
    sweep.block(&mut function.body, &Kept::ALL);
}

/// Which of the operands that a block hands over are still taken.
struct Kept<'k> {
    /// `None`: all of them.
    yields: Option<&'k [bool]>,
    breaks: &'k [bool],
}

impl Kept<'_> {
    const ALL: Kept<'static> = Kept {
        yields: None,
        breaks: &[],
    };
}

struct Sweep {
    live: Live,
    /// How many constructs the walk has met: their numbers in [`Live`].
    constructs: usize,
}

impl Sweep {
    fn block(&mut self, block: &mut Block, kept: &Kept<'_>) {
        let mut stmts = Vec::with_capacity(block.stmts.len());
        for stmt in std::mem::take(&mut block.stmts) {
            stmts.extend(self.stmt(stmt));
        }
        block.stmts = stmts;
        match &mut block.end {
            End::Yield(operands) => {
                if let Some(yields) = kept.yields {
                    filter(operands, yields);
                }
            }
            End::Break(operands) => filter(operands, kept.breaks),
            End::Switch { arms, .. } => arms.iter_mut().for_each(|arm| self.block(arm, kept)),
            End::Never(_) => {}
        }
    }

    fn kept(&self, vars: &[Var]) -> Vec<bool> {
        vars.iter().map(|&var| self.live.var(var)).collect()
    }

    fn stmt(&mut self, stmt: Stmt) -> Option<Stmt> {
        match stmt {
            Stmt::Let { var, op } => self.define(var, op),
            Stmt::Store { ref place, .. }
            | Stmt::Add { ref place, .. }
            | Stmt::Compound { ref place, .. }
            | Stmt::AccumulateEach { ref place, .. }
            | Stmt::Unpop { ref place, .. }
            | Stmt::Accumulate { ref place, .. } => self.writes(place.root).then_some(stmt),
            Stmt::Push { store, values } => self.push(store, values),
            Stmt::Do(Op::Reserve(store, _) | Op::Append(store, _) | Op::Clear(store)) => {
                self.live.var(store).then_some(stmt)
            }
            Stmt::Do(Op::Restore(_, ref place) | Op::Recall(_, _, ref place)) => {
                self.writes(place.root).then_some(stmt)
            }
            Stmt::Unpack { record, vars } => self.unpack(record, vars),
            Stmt::Vjp(vjp) => self.vjp(vjp),
            Stmt::Switch { .. } | Stmt::Replay { .. } | Stmt::Loop(_) => self.construct(stmt),
            Stmt::Do(_) => Some(stmt),
        }
    }

    fn push(&self, store: Var, mut values: Vec<Var>) -> Option<Stmt> {
        self.only_fields(store, &mut values);
        let push = Stmt::Push { store, values };
        self.live.var(store).then_some(push)
    }

    fn unpack(&self, record: Var, mut vars: Vec<Var>) -> Option<Stmt> {
        let is_read = vars.iter().any(|&var| self.live.var(var));
        self.only_fields(record, &mut vars);
        is_read.then_some(Stmt::Unpack { record, vars })
    }

    /// Leaves those fields of a record that are read.
    fn only_fields(&self, store: Var, fields: &mut Vec<Var>) {
        if let Some(read) = self.live.fields(store) {
            filter(fields, &read);
        }
    }

    fn writes(&self, root: Var) -> bool {
        self.live.var(root)
    }

    fn define(&self, var: Var, op: Op) -> Option<Stmt> {
        if self.live.var(var) {
            return Some(Stmt::Let { var, op });
        }
        match op {
            Op::Replace(place, value) => self
                .writes(place.root)
                .then_some(Stmt::Store { place, value }),
            // Nobody wants what was there; the zero does not depend on it.
            Op::Take { ref shadow, .. } => {
                self.writes(shadow.root).then_some(Stmt::Let { var, op })
            }
            _ => None,
        }
    }

    fn vjp(&self, mut vjp: Box<Vjp>) -> Option<Stmt> {
        for slot in &mut vjp.slots {
            let wanted = match slot {
                SlotArg::Inactive | SlotArg::Constant | SlotArg::Rule(_) => true,
                SlotArg::Fresh(var) => self.live.var(*var),
                SlotArg::Shadow(place) => self.writes(place.root),
            };
            if !wanted {
                *slot = SlotArg::Inactive;
            }
        }
        let changes = vjp.changes_primal();
        // What a rule adds goes to the slots of what it captures.
        let wanted = vjp.slots.iter().any(|slot| {
            !matches!(
                slot,
                SlotArg::Inactive | SlotArg::Constant | SlotArg::Rule(_)
            )
        });
        (wanted || changes || vjp.result.is_some()).then_some(Stmt::Vjp(vjp))
    }

    /// A construct that is needed loses its unneeded results; another one is dropped, and those inside it are passed.
    fn construct(&mut self, mut stmt: Stmt) -> Option<Stmt> {
        let needed = self.live.construct(self.constructs);
        self.constructs += 1;
        match &mut stmt {
            Stmt::Switch { arms, joins, .. } => {
                let kept = self.kept(joins);
                arms.iter_mut().for_each(|arm| {
                    self.block(
                        arm,
                        &Kept {
                            yields: Some(&kept),
                            breaks: &[],
                        },
                    )
                });
                filter(joins, &kept);
            }
            Stmt::Replay { arms, joins, .. } => {
                let kept = self.kept(joins);
                arms.iter_mut().for_each(|(_, arm)| {
                    self.block(
                        arm,
                        &Kept {
                            yields: Some(&kept),
                            breaks: &[],
                        },
                    )
                });
                filter(joins, &kept);
            }
            Stmt::Loop(the_loop) => self.the_loop(the_loop),
            _ => {}
        }
        needed.then_some(stmt)
    }

    fn the_loop(&mut self, the_loop: &mut Loop) {
        let carried: Vec<bool> = the_loop
            .carried
            .iter()
            .map(|carried| self.live.var(carried.var))
            .collect();
        let results = self.kept(&the_loop.results);
        if let Head::Records { store, vars, .. } = &mut the_loop.head {
            self.only_fields(*store, vars);
        }
        self.block(
            &mut the_loop.body,
            &Kept {
                yields: Some(&carried),
                breaks: &results,
            },
        );
        filter(&mut the_loop.carried, &carried);
        filter(&mut the_loop.exhausted, &results);
        filter(&mut the_loop.results, &results);
    }
}

/// Keeps the items that are marked.
fn filter<T>(items: &mut Vec<T>, kept: &[bool]) {
    let mut marks = kept.iter();
    items.retain(|_| marks.next().copied().unwrap_or(true));
}
