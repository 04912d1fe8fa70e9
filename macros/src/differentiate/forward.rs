//! The forward sweep: the primal as it is, with what the reverse sweep asked for: saved values, records, clones, and
//! statements that were fused in place.

use std::collections::HashMap;

use super::{address, Plan, Reverser};
use crate::analyse::Interval;
use crate::ir::uses;
use crate::ir::{
    Arg, Block, By, Capture, Class, End, Kind, Loop, Op, Operand, Place, Proj, Stmt, Var, Wrapper,
};
use crate::lower::tries::failed;

/// What is appended to the leaves of a split block.
#[derive(Clone, Copy)]
pub(super) enum Sink<'a> {
    /// Nothing is recorded.
    Nowhere,
    /// The record of an arm leaves a switch as one more join.
    Arm { arm: usize, arms: usize },
    /// The record of an iteration is pushed.
    Push(Var),
    /// The block is an arm of a tail switch: its record becomes `join` in the record of the block around it.
    Tail {
        arm: usize,
        arms: usize,
        join: Option<Var>,
        layout: &'a [Var],
        outer: &'a Sink<'a>,
    },
}

impl Sink<'_> {
    /// Whether a block around records an operand.
    fn records(&self, operand: &Operand) -> bool {
        match self {
            Sink::Tail { layout, outer, .. } => recorded(operand, layout) || outer.records(operand),
            _ => false,
        }
    }
}

impl<'f> Reverser<'f> {
    /// The forward statements of a block, its end left out.
    pub(super) fn forward_stmts(
        &mut self,
        block: &'f Block,
        shadows: &HashMap<Var, Stmt>,
    ) -> Vec<Stmt> {
        let mut out = Vec::with_capacity(block.stmts.len());
        for stmt in &block.stmts {
            self.forward_stmt(stmt, &mut out);
            for var in defined(stmt) {
                let zeros = self.zeros.get(&var).into_iter().flatten();
                let declared = shadows.get(&var).into_iter().chain(zeros);
                out.extend(declared.cloned());
            }
        }
        out
    }

    fn forward_stmt(&mut self, stmt: &'f Stmt, out: &mut Vec<Stmt>) {
        if let Some(saves) = self.saved_before.get(&address(stmt)) {
            out.extend(saves.iter().cloned());
        }
        match (stmt, self.plan.get(&address(stmt)).cloned()) {
            (_, Some(Plan::InPlace(stmts))) => out.extend(stmts),
            (_, Some(Plan::Plain)) => {
                let mut copy = stmt.clone();
                self.keep_inside(&mut copy, out);
                out.push(copy);
            }
            (_, Some(Plan::SaveRoots(saved))) => {
                for (root, old) in saved {
                    out.push(Stmt::Let {
                        var: old,
                        op: Op::Keep(Place::root(root)),
                    });
                }
                let mut stmt = stmt.clone();
                self.keep_moved(&mut stmt, out);
                out.push(stmt);
            }
            (_, Some(Plan::Save(old))) => self.forward_saving(stmt, old, out),
            (Stmt::Switch { on, arms, joins }, plan) => {
                let join = match plan {
                    Some(Plan::RecordArms(join)) => Some(join),
                    _ => None,
                };
                let count = arms.len();
                let arms = arms
                    .iter()
                    .enumerate()
                    .map(|(arm, block)| {
                        let sink = if join.is_some() {
                            Sink::Arm { arm, arms: count }
                        } else {
                            Sink::Nowhere
                        };
                        self.forward_block(block, sink)
                    })
                    .collect();
                let joins = joins.iter().copied().chain(join).collect();
                out.push(Stmt::Switch {
                    on: on.clone(),
                    arms,
                    joins,
                });
            }
            (Stmt::Loop(l), plan) => self.forward_loop(l, plan, out),
            (stmt, _) => {
                let mut stmt = stmt.clone();
                self.keep_moved(&mut stmt, out);
                out.push(stmt);
            }
        }
    }

    fn forward_loop(&mut self, l: &'f Loop, plan: Option<Plan>, out: &mut Vec<Stmt>) {
        let sink = match plan {
            Some(Plan::RecordIterations { store, before }) => {
                out.extend(before);
                Sink::Push(store)
            }
            _ => Sink::Nowhere,
        };
        let body = self.forward_block(&l.body, sink);
        let forward = Loop {
            span: l.span,
            name: l.name.clone(),
            head: l.head.clone(),
            carried: l.carried.clone(),
            body,
            exhausted: l.exhausted.clone(),
            results: l.results.clone(),
            limit: l.limit.clone(),
        };
        out.push(Stmt::Loop(Box::new(forward)));
    }

    /// A statement that overwrites something the reverse sweep reads.
    fn forward_saving(&mut self, stmt: &'f Stmt, old: Var, out: &mut Vec<Stmt>) {
        match stmt {
            Stmt::Store { place, value } => {
                let mut value = value.clone();
                self.keep_operand(&mut value, out);
                out.push(Stmt::Let {
                    var: old,
                    op: Op::Replace(place.clone(), value),
                });
            }
            Stmt::Add { place, .. } | Stmt::Compound { place, .. } => {
                out.push(Stmt::Let {
                    var: old,
                    op: self.copy_of(old, place),
                });
                let mut stmt = stmt.clone();
                self.keep_moved(&mut stmt, out);
                out.push(stmt);
            }
            _ => out.push(stmt.clone()),
        }
    }

    fn copy_of(&self, old: Var, place: &Place) -> Op {
        if self.vars[old.0].class == Class::Value {
            Op::Use(Operand::Place(place.clone()))
        } else {
            Op::Keep(place.clone())
        }
    }

    /// Replaces moves out of roots that are needed later by clones.
    fn keep_moved(&mut self, stmt: &mut Stmt, out: &mut Vec<Stmt>) {
        let mut kept = Vec::new();
        match stmt {
            // An integer that is read again, however often it is: nothing says that it is `Copy`.
            Stmt::Let {
                var,
                op: op @ Op::Use(Operand::Place(_)),
            } if self.vars[var.0].class == Class::Value && self.is_taken_out(op) => {
                if let Op::Use(Operand::Place(place)) = op {
                    *op = Op::Keep(place.clone());
                }
            }
            Stmt::Let { op, .. } | Stmt::Do(op) => match op {
                Op::Call(call) => {
                    for arg in &mut call.args {
                        if let Arg::Value(operand) = arg {
                            self.keep_operand(operand, &mut kept);
                            if let Some((clone, copy)) =
                                self.cloned_string(operand, operand.clone())
                            {
                                kept.push(clone);
                                *operand = copy;
                            }
                        }
                    }
                }
                Op::Use(o) => {
                    if let Some(place) = self.moved(o) {
                        *op = Op::Keep(place);
                    }
                }
                Op::Aggregate(_, parts) => parts
                    .iter_mut()
                    .for_each(|o| self.keep_operand(o, &mut kept)),
                Op::Binary(_, a, b) => {
                    self.keep_operand(a, &mut kept);
                    self.keep_operand(b, &mut kept);
                }
                Op::Neg(a) | Op::Cast(a, _) | Op::Push(_, a) => self.keep_operand(a, &mut kept),
                Op::Opaque(opaque) if opaque.cost.runs_once() => {
                    self.keep_results(&mut opaque.captures, &mut kept)
                }
                _ => {}
            },
            Stmt::Store { value, .. } | Stmt::Compound { value, .. } => {
                self.keep_operand(value, &mut kept)
            }
            _ => {}
        }
        out.extend(kept);
    }

    /// Results that an expression takes apart, as `r.err().unwrap()` does for its error.
    fn keep_results(&mut self, captures: &mut [Capture], kept: &mut Vec<Stmt>) {
        let by_value = captures
            .iter_mut()
            .filter(|capture| capture.by == By::Value);
        for Capture { operand, .. } in by_value {
            let place = match &*operand {
                Operand::Place(place) => place.clone(),
                _ => continue,
            };
            if matches!(self.kind_of(&place), Kind::Result(_)) {
                self.keep_operand(operand, kept);
            }
        }
    }

    /// The same in a statement and all blocks inside it.
    pub(super) fn keep_inside(&mut self, stmt: &mut Stmt, out: &mut Vec<Stmt>) {
        match stmt {
            Stmt::Switch { arms, .. } => arms.iter_mut().for_each(|arm| self.keep_in_block(arm)),
            Stmt::Loop(l) => self.keep_in_block(&mut l.body),
            stmt => self.keep_moved(stmt, out),
        }
    }

    fn keep_in_block(&mut self, block: &mut Block) {
        for mut stmt in std::mem::take(&mut block.stmts) {
            self.keep_inside(&mut stmt, &mut block.stmts);
            block.stmts.push(stmt);
        }
        if let End::Switch { arms, .. } = &mut block.end {
            arms.iter_mut().for_each(|arm| self.keep_in_block(arm));
        }
    }

    /// Whether handing over an operand at the end of a block would take it out of memory that is needed again, or out of a variant.
    pub(super) fn is_moved_early(&self, operand: &Operand, interval: Interval) -> bool {
        let Operand::Place(place) = operand else {
            return false;
        };
        let variant = place.path.iter().any(|p| matches!(p, Proj::Payload(_)));
        let scalar = matches!(self.kind_of(place), Kind::Float(_) | Kind::Inert);
        let outside = !interval.contains(self.facts.defs[place.root.0].order);
        let kept = self.must_keep(place) && (outside || !place.path.is_empty());
        !scalar && (variant || kept || self.is_element(place))
    }

    pub(super) fn keep_operand(&mut self, operand: &mut Operand, kept: &mut Vec<Stmt>) {
        if self.moved(operand).is_some() {
            self.keep_operand_now(operand, kept);
        }
    }

    fn keep_operand_now(&mut self, operand: &mut Operand, kept: &mut Vec<Stmt>) {
        self.copy_operand(operand, kept, false);
    }

    /// Puts what an operand reads into a variable of its own: a clone of it, or itself.
    fn copy_operand(&mut self, operand: &mut Operand, before: &mut Vec<Stmt>, itself: bool) {
        let Operand::Place(place) = operand.clone() else {
            return;
        };
        let copy = self.fresh("copy", self.kind_of(&place), Class::Root);
        let op = match itself {
            true => Op::Use(Operand::Place(place)),
            false => Op::Keep(place),
        };
        before.push(Stmt::Let { var: copy, op });
        *operand = Operand::Place(Place::root(copy));
    }

    /// Whether a load is of what is inside of a success, of unseen type, that is mentioned elsewhere.
    fn is_taken_out(&self, op: &Op) -> bool {
        let Op::Use(Operand::Place(place)) = op else {
            return false;
        };
        let mut mentions = 0;
        let mut count = || {
            uses::of_block(&self.primal.body, &mut |used| {
                mentions += usize::from(used.var() == place.root);
            });
            mentions > 1
        };
        self.is_inside_of_success(place) && count()
    }

    /// Whether a place is what is inside of a success, of unseen type: a load of it takes the success away.
    pub(super) fn is_inside_of_success(&self, place: &Place) -> bool {
        let inside =
            matches!(place.path.last(), Some(Proj::Payload(wrapper)) if !wrapper.is_failure());
        let owned = self.vars[place.root.0].class == Class::Root;
        inside && owned && self.kind_of(place) == Kind::Unknown
    }

    /// Whether an operand is what a way out of the code before left, to be handed on and no more.
    pub(super) fn leaves_by(&self, operand: &Operand) -> bool {
        let Operand::Place(place) = operand else {
            return false;
        };
        let info = &self.vars[place.root.0];
        matches!(place.path[..], [Proj::Payload(Wrapper::Some)])
            && info.class == Class::Root
            && !info.named
            && !self.must_keep(place)
    }

    /// The place of an operand that a by-value use would move away although it is needed later.
    fn moved(&self, operand: &Operand) -> Option<Place> {
        let Operand::Place(place) = operand else {
            return None;
        };
        // Errors carry no floats, but are not all `Copy`.
        let error =
            matches!(place.path.last(), Some(Proj::Payload(wrapper)) if wrapper.is_failure());
        let copied = matches!(self.kind_of(place), Kind::Float(_) | Kind::Inert) && !error;
        let kept = self.must_keep(place) || self.is_element(place);
        (!copied && kept).then(|| place.clone())
    }

    /// Whether a place is inside of a sequence of the function's own: nothing is moved out of an index. `for x in xs` gives
    /// elements away.
    fn is_element(&self, place: &Place) -> bool {
        let element = place.path.iter().any(|p| matches!(p, Proj::Index(_)));
        element && self.is_owned(place) && !self.kind_of(place).is_made_of_floats()
    }

    /// A block that yields what it yields and, at every leaf, its record.
    pub(super) fn forward_block(&mut self, block: &'f Block, sink: Sink) -> Block {
        let mut stmts = self.forward_stmts(block, &HashMap::new());
        let layout = self
            .layouts
            .get(&address(block))
            .cloned()
            .unwrap_or_default();
        let end = match &block.end {
            End::Switch { on, arms } => {
                let join = match self.plan.get(&address(&block.end)) {
                    Some(Plan::RecordArms(join)) => Some(*join),
                    _ => None,
                };
                let count = arms.len();
                let arms = arms
                    .iter()
                    .enumerate()
                    .map(|(arm, inner)| {
                        let sink = Sink::Tail {
                            arm,
                            arms: count,
                            join,
                            layout: &layout,
                            outer: &sink,
                        };
                        self.forward_block(inner, sink)
                    })
                    .collect();
                End::Switch {
                    on: on.clone(),
                    arms,
                }
            }
            End::Yield(values) => End::Yield(self.leaf(block, values, &layout, &sink, &mut stmts)),
            End::Break(values) => End::Break(self.leaf(block, values, &layout, &sink, &mut stmts)),
            End::Never(op) => End::Never(op.clone()),
        };
        Block { stmts, end }
    }

    /// Records at a leaf; what it hands over.
    fn leaf(
        &mut self,
        block: &'f Block,
        values: &[Operand],
        layout: &[Var],
        sink: &Sink,
        stmts: &mut Vec<Stmt>,
    ) -> Vec<Operand> {
        let mut values = values.to_vec();
        let interval = self.facts.of_block(block);
        for value in &mut values {
            if recorded(value, layout) {
                self.keep_operand_now(value, stmts);
            } else if self.is_moved_early(value, interval) {
                let as_it_is = block.stmts.is_empty() && self.leaves_by(value);
                self.copy_operand(value, stmts, as_it_is);
            }
        }
        if matches!(sink, Sink::Nowhere) {
            return values;
        }
        self.keep_failures(layout, sink, stmts);
        if let Some(record) = self.sink(layout.to_vec(), sink, stmts) {
            values.push(Operand::Var(record));
        }
        values
    }

    /// A failure that leaves by `?` is taken out of a result: out of a copy, where the result is recorded.
    fn keep_failures(&mut self, layout: &[Var], sink: &Sink, stmts: &mut Vec<Stmt>) {
        for mut stmt in std::mem::take(stmts) {
            if let Stmt::Let {
                op: Op::Opaque(opaque),
                ..
            } = &mut stmt
            {
                if let Some(operand) = failed(opaque) {
                    if recorded(operand, layout) || sink.records(operand) {
                        self.keep_operand_now(operand, stmts);
                    }
                }
            }
            stmts.push(stmt);
        }
    }

    /// Builds the record from the inside out; an arm's record is handed back to be yielded.
    fn sink(&mut self, vars: Vec<Var>, sink: &Sink, stmts: &mut Vec<Stmt>) -> Option<Var> {
        match sink {
            Sink::Nowhere => None,
            Sink::Push(store) => {
                stmts.push(Stmt::Push {
                    store: *store,
                    values: vars,
                });
                None
            }
            Sink::Arm { arm, arms } => Some(self.inject(*arm, *arms, vars, stmts)),
            Sink::Tail {
                arm,
                arms,
                join,
                layout,
                outer,
            } => {
                let record = join.map(|join| (join, self.inject(*arm, *arms, vars, stmts)));
                let vars = layout.iter().map(|v| match record {
                    Some((join, inner)) if join == *v => inner,
                    _ => *v,
                });
                self.sink(vars.collect(), outer, stmts)
            }
        }
    }

    fn inject(&mut self, arm: usize, arms: usize, vars: Vec<Var>, stmts: &mut Vec<Stmt>) -> Var {
        let record = self.fresh("record", Kind::Unknown, Class::Record);
        stmts.push(Stmt::Let {
            var: record,
            op: Op::Inject { arm, arms, vars },
        });
        record
    }
}

/// The variables that a statement defines for its block.
fn defined(stmt: &Stmt) -> Vec<Var> {
    match stmt {
        Stmt::Let { var, .. } => vec![*var],
        Stmt::Switch { joins, .. } => joins.clone(),
        Stmt::Loop(l) => l.results.clone(),
        _ => Vec::new(),
    }
}

/// Whether an operand is a part of what a block records.
fn recorded(operand: &Operand, layout: &[Var]) -> bool {
    matches!(operand, Operand::Place(place) if layout.contains(&place.root))
}
