//! Where a loop stores its records.
//!
//! A loop that runs once makes its own store. The runs of a loop inside others share one, which is made before the
//! outermost: what a run pushes in the forward sweep, the reverse of that run takes off its end. So nothing is
//! allocated per run, and a record of the loop around mentions no store:
//!
//! ```text
//! let mut records = Vec::new();                       // before the outermost loop
//! for i in 0..n {
//!     reserve(&mut records, [n, m]);                  // for all runs, in the first of them
//!     for j in 0..m { …; records.push((…)) }
//! }
//! for i in (0..n).rev() { for j in (0..m).rev() { let (…) = records.pop(); … } }
//! ```
//!
//! A reverse loop that does not count notes how long the store was before its run, and stops there. What is bounded
//! stays in arrays, as long as nothing around is on the heap.

use super::{address, breaks};
use crate::differentiate::{Plan, Reverser, Scope};
use crate::ir::{Capacity, Class, Kind, Limit, Loop, Op, Operand, Stmt, TripCount, Var};

/// The reverse sweep's side of a store.
pub(super) struct Stored {
    pub store: Var,
    /// How long the store was before this run of the loop, if others share it.
    pub above: Option<Operand>,
}

/// What the body of a recorded loop says to the stores of loops inside it.
#[derive(Clone)]
pub(in crate::differentiate) struct Runs {
    /// How often it runs, where that is known before.
    trips: Option<TripCount>,
    /// Its own records are in a `Vec`.
    on_heap: bool,
}

impl<'f> Reverser<'f> {
    /// Plans the store of a loop's records. `marked` asks for the length that it had before this run.
    pub(super) fn store_records(&mut self, stmt: &'f Stmt, l: &Loop, marked: bool) -> Stored {
        let store = self.fresh("records", Kind::Unknown, Class::Store);
        let capacity = self.capacity(l);
        if !self.is_shared(l, &capacity) {
            let decl = new_store(store, capacity);
            self.record_iterations(stmt, store, vec![decl]);
            let store = self.recorded_name(store);
            return Stored { store, above: None };
        }
        self.declare_outside(new_store(store, Capacity::Shared(l.span)));
        let factors = self.factors(l);
        let reserve = factors.map(|factors| Stmt::Do(Op::Reserve(store, factors)));
        let mut before: Vec<Stmt> = reserve.into_iter().collect();
        let above = marked.then(|| {
            let mark = self.fresh("mark", Kind::Inert, Class::Value);
            let op = Op::Mark(store);
            before.push(Stmt::Let { var: mark, op });
            Operand::Var(self.recorded_name(mark))
        });
        self.record_iterations(stmt, store, before);
        Stored { store, above }
    }

    fn record_iterations(&mut self, stmt: &Stmt, store: Var, before: Vec<Stmt>) {
        let plan = Plan::RecordIterations { store, before };
        self.plan.insert(address(stmt), plan);
    }

    /// What the body of a loop says to the stores of loops inside it.
    pub(super) fn runs(&self, l: &Loop) -> Runs {
        Runs {
            trips: l.head.trips().filter(|_| !breaks(&l.body)),
            on_heap: matches!(self.capacity(l), Capacity::Vec(..)),
        }
    }

    /// Whether the runs of a loop share a store.
    fn is_shared(&self, l: &Loop, capacity: &Capacity) -> bool {
        let mut around = self.split_scopes();
        match capacity {
            Capacity::Vec(..) => around.next().is_some(),
            // Its limit is the user's, run by run.
            _ if matches!(l.limit, Some(Limit::MaxIters(_))) => false,
            _ => around.any(|scope| scope.runs.as_ref().is_some_and(|runs| runs.on_heap)),
        }
    }

    /// The split blocks around, innermost first, inside the block in which the reverse sweep of all of them stands.
    pub(super) fn split_scopes(&self) -> impl Iterator<Item = &Scope> {
        self.scopes.iter().rev().take_while(|scope| !scope.fused)
    }

    /// The trip counts of the loops around, if each of them runs the next in every iteration, and the loop's own; nothing
    /// if that is not known.
    fn factors(&self, l: &Loop) -> Option<Vec<TripCount>> {
        Some(self.times_around(self.runs(l).trips?))
    }

    /// The trip counts of the loops around, if each of them runs the next in every iteration, and one more.
    pub(super) fn times_around(&self, own: TripCount) -> Vec<TripCount> {
        let around = self
            .split_scopes()
            .map_while(|scope| scope.runs.as_ref()?.trips.clone());
        let mut factors: Vec<TripCount> = around.collect();
        if factors.len() < self.split_scopes().count() {
            factors.clear();
        }
        factors.reverse();
        factors.push(own);
        factors
    }

    /// Defines something in the block in which the reverse sweep stands, before the statement that is being reversed.
    pub(super) fn declare_outside(&mut self, decl: Stmt) {
        let fused = self.scopes.iter_mut().rev().find(|scope| scope.fused);
        let Some(scope) = fused else { return };
        match scope.at {
            Some(stmt) => self.saved_before.entry(stmt).or_default().push(decl),
            None => scope.before_tail.push(decl),
        }
    }
}

fn new_store(var: Var, capacity: Capacity) -> Stmt {
    let op = Op::NewStore(capacity);
    Stmt::Let { var, op }
}
