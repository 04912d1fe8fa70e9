//! `#[checkpoints(N)]`: a few states of a loop are saved, and what lies between them is run again.
//!
//! Original: `for i in range { body }`. Adjoint:
//!
//! ```text
//! let mut saved = Checkpoints::<_, N>::new(trips);          // in the forward sweep
//! for i in range { if saved.due(round) { saved.push(state) } body; round += 1 }
//!
//! for round in (0..trips).rev() {                           // in the reverse sweep
//!     let (from, state) = saved.restore(round);
//!     for k in from..round { if saved.due(k) { saved.push(state) } body }
//!     body, and its reverse
//! }
//! ```
//!
//! The state is what the loop carries, and the contents of every root outside it that it writes; of a slice, a `Vec`. Where the trip count is
//! not known, one further run of the loop counts it.

mod expression;
mod leaves;
mod saving;

use std::collections::{BTreeMap, BTreeSet};

use quote::quote;
use syn::Expr;

use super::fused::drop_effects;
use crate::analyse::Interval;
use crate::differentiate::block::Split;
use crate::differentiate::{address, Plan, Reverser, Seed, Seeds};
use crate::ir::walk::{vars_mut, Role};
use crate::ir::{
    Block, By, Carried, Class, End, Kind, Loop, Op, Operand, Place, Selector, Stmt, Var,
};
use expression::{capture, counted, index_of, once, zero};
use leaves::never_break;

/// What a loop hands from iteration to iteration.
struct State {
    carried: Vec<Var>,
    roots: Vec<Var>,
}

/// The variables of the forward sweep that the reverse sweep goes on with.
#[derive(Clone, Copy)]
struct Saved {
    store: Var,
    trips: Var,
}

impl<'f> Reverser<'f> {
    /// Reverses a loop from checkpoints.
    pub(super) fn reverse_checkpointed(
        &mut self,
        stmt: &'f Stmt,
        l: &'f Loop,
        seeds: Vec<Seed>,
        limit: &Expr,
    ) {
        let interval = self.facts.of(stmt);
        let state = self.state(l, interval);
        let saved = Saved {
            store: self.fresh("saved", Kind::Unknown, Class::Store),
            trips: self.fresh("trips", Kind::Inert, Class::Value),
        };
        let forward = self.saving_loop(l, &state, saved, limit);
        self.plan.insert(address(stmt), Plan::InPlace(forward));
        let saved = Saved {
            store: self.recorded_name(saved.store),
            trips: self.recorded_name(saved.trips),
        };
        let adjoints = self.carried_adjoints(l, seeds.clone());
        let (breaks, handed) = self.handed_again(seeds);
        let seeds = Seeds {
            yields: adjoints.yields,
            breaks,
            last: true,
        };
        let iteration = self.fused_block(&l.body, interval, &seeds, &[]);
        let round = self.fresh("round", Kind::Inert, Class::Value);
        let mut stmts = self.resume(l, &state, saved, round);
        stmts.extend(handed);
        stmts.extend(iteration.stmts);
        let mut body = Split {
            stmts,
            unpacked: Vec::new(),
            frame: iteration.frame,
        };
        let next = self.next_adjoints(&adjoints.carried, &mut body);
        let head = counted(round, zero(), Operand::Var(saved.trips), true);
        self.finish_recorded(l, head, adjoints.carried, next, body, Some(interval));
    }

    /// Cotangents in memory that the round which left the loop may move: a copy for every round.
    fn handed_again(&mut self, seeds: Vec<Seed>) -> (Vec<Seed>, Vec<Stmt>) {
        let mut copies = Vec::new();
        let again = |seed| {
            let Seed::Shadow(place) = seed else {
                return seed;
            };
            let kind = self.kind_of(&place);
            let copy = self.fresh("d_left", kind, Class::Shadow);
            let op = Op::Keep(place);
            copies.push(Stmt::Let { var: copy, op });
            Seed::Shadow(Place::root(copy))
        };
        let seeds = seeds.into_iter().map(again).collect();
        (seeds, copies)
    }

    /// The state of a loop.
    fn state(&mut self, l: &Loop, interval: Interval) -> State {
        let written = |(root, at): (&Var, &Vec<u32>)| {
            at.iter().any(|w| interval.contains(*w)).then_some(*root)
        };
        let roots: BTreeSet<Var> = self.facts.writes.iter().filter_map(written).collect();
        let outside = |root: &Var| !interval.contains(self.facts.defs[root.0].order);
        State {
            carried: l.carried.iter().map(|c| c.var).collect(),
            roots: roots.into_iter().filter(outside).collect(),
        }
    }

    /// `if saved.due(round) { saved.push(state) }`, before an iteration.
    fn visit(&mut self, store: Var, round: Var, state: &State) -> [Stmt; 2] {
        let captures = vec![
            capture("saved", Operand::Var(store), By::Value),
            capture("round", Operand::Var(round), By::Value),
        ];
        let due = self.fresh("due", Kind::Inert, Class::Value);
        let op = once(quote!(saved.due(round)), captures);
        let copies: Vec<(Var, Var)> = self.copies(state);
        let values = state.carried.iter().copied();
        let push = Stmt::Push {
            store,
            values: values.chain(copies.iter().map(|(_, copy)| *copy)).collect(),
        };
        let save = copies.into_iter().map(keep).chain([push]).collect();
        let arms = [save, Vec::new()].map(|stmts| Block {
            stmts,
            end: End::Yield(Vec::new()),
        });
        let save = Stmt::Switch {
            on: Selector::Bool(Operand::Var(due)),
            arms: arms.into(),
            joins: Vec::new(),
        };
        [Stmt::Let { var: due, op }, save]
    }

    /// Goes back to the entry of iteration `round`: from the state saved last, by running on from there.
    fn resume(&mut self, l: &'f Loop, state: &State, saved: Saved, round: Var) -> Vec<Stmt> {
        let resumed = self.fresh("resumed", Kind::Unknown, Class::Record);
        let inner = self.fresh("state", Kind::Unknown, Class::Record);
        let from = self.fresh("from", Kind::Inert, Class::Value);
        let captures = vec![
            capture("saved", Operand::Var(saved.store), By::Value),
            capture("round", Operand::Var(round), By::Value),
        ];
        let op = once(quote!(saved.restore(round)), captures);
        let carried: Vec<Var> = state.carried.iter().map(|v| self.fresh_like(*v)).collect();
        let roots = self.copies(state);
        let parts = carried
            .iter()
            .copied()
            .chain(roots.iter().map(|(_, copy)| *copy));
        let mut out = vec![
            Stmt::Let { var: resumed, op },
            Stmt::Unpack {
                record: resumed,
                vars: vec![from, inner],
            },
            Stmt::Unpack {
                record: inner,
                vars: parts.collect(),
            },
        ];
        out.extend(roots.into_iter().map(put_back));
        out.push(self.rerun(l, state, saved, &carried, (from, round)));
        out.extend(index_of(l, round));
        out
    }

    /// `for k in from..round { if saved.due(k) { saved.push(state) } body }`, the state being `init` before. Its results are the
    /// primal's carried values on entry of iteration `round`.
    fn rerun(
        &mut self,
        l: &'f Loop,
        state: &State,
        saved: Saved,
        init: &[Var],
        (from, round): (Var, Var),
    ) -> Stmt {
        let k = self.fresh("k", Kind::Inert, Class::Value);
        let mut body = l.body.clone();
        drop_effects(&mut body, &|_| false);
        never_break(&mut body);
        let visit = self.visit(saved.store, k, state);
        body.stmts
            .splice(0..0, visit.into_iter().chain(index_of(l, k)));
        let carried = l.carried.iter().zip(init).map(|(c, init)| Carried {
            var: c.var,
            init: Operand::Var(*init),
        });
        let looped = Loop {
            span: l.span,
            name: l.name.clone(),
            head: counted(k, Operand::Var(from), Operand::Var(round), false),
            carried: carried.collect(),
            body,
            exhausted: state.carried.iter().map(|v| Operand::Var(*v)).collect(),
            results: Vec::new(),
            limit: None,
        };
        let mut stmt = Stmt::Loop(Box::new(looped));
        self.refresh(&mut stmt);
        if let Stmt::Loop(looped) = &mut stmt {
            looped.results = state.carried.clone();
        }
        stmt
    }

    /// Gives new names to the primal variables that a statement defines.
    fn refresh(&mut self, stmt: &mut Stmt) {
        let primal = self.primal.vars.len();
        let mut defined = BTreeSet::new();
        vars_mut::stmt(stmt, &mut |v, role| {
            if role == Role::Def && v.0 < primal {
                defined.insert(*v);
            }
        });
        let names: BTreeMap<Var, Var> = defined
            .into_iter()
            .map(|v| (v, self.fresh_again(v)))
            .collect();
        vars_mut::stmt(stmt, &mut |v, _| {
            if let Some(name) = names.get(v) {
                *v = *name;
            }
        });
    }

    /// The roots of a state, each with a variable of its own for a copy of what it holds.
    fn copies(&mut self, state: &State) -> Vec<(Var, Var)> {
        let copy = |root: &Var| {
            let kind = match self.vars[root.0].kind.clone() {
                Kind::Slice(item) => Kind::Vec(item),
                kind => kind,
            };
            (*root, self.fresh("state", kind, Class::Root))
        };
        state.roots.iter().map(copy).collect()
    }
}

/// `let copy = root.clone();`
fn keep((root, copy): (Var, Var)) -> Stmt {
    Stmt::Let {
        var: copy,
        op: Op::Keep(Place::root(root)),
    }
}

/// `root = copy`
fn put_back((root, copy): (Var, Var)) -> Stmt {
    Stmt::Store {
        place: Place::root(root),
        value: Operand::Place(Place::root(copy)),
    }
}
