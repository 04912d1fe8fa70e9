//! Vectors that took two loops, or functions such as `exp`, to fill are kept for the second run of a loop.
//!
//! ```text
//! for j in 0..k { let mut s = scratch; fill s; … }          for j in 0..k { …; fill s; kept.extend(s); … }
//! …                                                     ⇒   …
//! for j in 0..k { let mut t = scratch; fill t; reverse }    for j in 0..k { t = kept[at..]; reverse; at += t.len() }
//! ```
//!
//! An independent loop whose seed is known only after it runs again, forward and back at once. What the first run filled
//! with more work than there are elements is worth a copy: a triangular product takes `d²/2` multiplications, its result
//! `d` numbers. One store serves all runs, and holds no more than one run's.

use std::collections::HashSet;

mod filled;
mod matched;

use proc_macro2::Span;
use quote::quote;
use syn::parse_quote;

use super::both::same_iterations;
use super::{inner_blocks, last_blocks};
use crate::ir::uses::{self, has_break, Use};
use crate::ir::walk::{defined_in, vars};
use crate::ir::{
    build, Block, Capacity, Carried, Class, End, Function, Head, Kind, Literal, Loop, Op, Operand,
    Place, Proj, Stmt, TripCount, Var, VarInfo,
};
use filled::{filled, vector, Filled};
use matched::Matched;

/// Keeps what is worth it in loops inside others, in stores that are made before the outermost. What a loop fills that
/// runs once is not kept: that would be memory for all that it runs over.
pub fn for_second_runs(function: &mut Function) {
    let mut pass = Keeping {
        primal: function.primal_vars,
        vars: std::mem::take(&mut function.vars),
        stores: Vec::new(),
    };
    for mut stmt in std::mem::take(&mut function.body.stmts) {
        inner_blocks(&mut stmt, &mut |inner| pass.block(inner));
        let stores = pass.stores.drain(..).map(new_store);
        function.body.stmts.extend(stores);
        function.body.stmts.push(stmt);
    }
    function.vars = pass.vars;
}

fn new_store(store: Var) -> Stmt {
    Stmt::Let {
        var: store,
        op: Op::NewStore(Capacity::Shared(Span::call_site())),
    }
}

struct Keeping {
    primal: usize,
    vars: Vec<VarInfo>,
    /// To be made before the outermost loop.
    stores: Vec<Var>,
}

impl Keeping {
    fn block(&mut self, of: &mut Block) {
        for stmt in &mut of.stmts {
            inner_blocks(stmt, &mut |inner| self.block(inner));
        }
        last_blocks(&mut of.end, &mut |inner| self.block(inner));
        self.pairs(&mut of.stmts);
    }

    /// Looks at every loop of the reverse sweep, and at those of the forward sweep before it in the block.
    fn pairs(&mut self, stmts: &mut Vec<Stmt>) {
        let mut second = 0;
        while second < stmts.len() {
            for first in (0..second).rev() {
                if let Some(store) = self.keep(&mut stmts[first..=second]) {
                    self.stores.push(store);
                    stmts.insert(first, Stmt::Do(Op::Clear(store)));
                    second += 1;
                    break;
                }
            }
            second += 1;
        }
    }

    /// Keeps one vector of two loops, the first and the last of some statements, if there is one to be kept.
    fn keep(&mut self, stmts: &mut [Stmt]) -> Option<Var> {
        let (Some(Stmt::Loop(forward)), Some(Stmt::Loop(again))) = (stmts.first(), stmts.last())
        else {
            return None;
        };
        let index = same_order(&forward.head, &again.head)?;
        let (there, here) = index;
        let straight = |l: &Loop| matches!(l.body.end, End::Yield(_)) && !has_break(&l.body);
        let runs = there.0 < self.primal && here.0 >= self.primal;
        if !runs || !straight(forward) || !straight(again) || forward.limit.is_some() {
            return None;
        }
        let (found, last) = self.found(forward, again, index)?;
        if !is_unchanged(stmts, forward, last) {
            return None;
        }
        let store = self.fresh("kept", Kind::Unknown, Class::Store);
        if let Some(Stmt::Loop(forward)) = stmts.first_mut() {
            let copy = self.copied(forward, found.original, store);
            forward.body.stmts.splice(last + 1..last + 1, copy);
        }
        if let Some(Stmt::Loop(again)) = stmts.last_mut() {
            self.recall(again, &found, store);
        }
        Some(store)
    }

    /// What is worth keeping, and where the first run is done with it.
    fn found(&self, forward: &Loop, again: &Loop, index: (Var, Var)) -> Option<(Found, usize)> {
        let candidates: Vec<Filled> = (again.body.stmts.iter())
            .filter_map(|stmt| vector(stmt, &self.vars))
            .filter_map(|root| filled(&again.body.stmts, root))
            .collect();
        if candidates.is_empty() {
            return None;
        }
        let matched = Matched::of(&forward.body.stmts, &again.body.stmts, index);
        candidates.into_iter().find_map(|filled| {
            let last = matched.last_writer(&forward.body.stmts, &filled)?;
            let original = *matched.names.get(&filled.root)?;
            let until = (last, *filled.writers.last()?);
            let alike = matched.changes_alike(&forward.body.stmts, &again.body.stmts, until);
            alike.then_some((Found { original, filled }, last))
        })
    }

    fn fresh(&mut self, name: &str, kind: Kind, class: Class) -> Var {
        self.vars.push(VarInfo::new(name, kind, class));
        Var(self.vars.len() - 1)
    }
}

/// A vector of the second run, and what the first calls it.
struct Found {
    original: Var,
    filled: Filled,
}

/// Whether what the first statements of a loop read outside of it is the same until the last of some statements is done:
/// a loop that looks alike may be another call of the same function.
fn is_unchanged(stmts: &[Stmt], forward: &Loop, last: usize) -> bool {
    let inside = defined_in(&forward.body);
    let mut read = HashSet::new();
    for stmt in &forward.body.stmts[..=last] {
        vars::stmt(stmt, &mut |var, _| {
            read.insert(*var);
        });
    }
    let harmless = |var: &Var| inside.contains(var) || !read.contains(var);
    stmts.iter().all(|stmt| changed(stmt).iter().all(harmless))
}

/// What a statement changes, at every depth.
fn changed(stmt: &Stmt) -> HashSet<Var> {
    let mut changed = HashSet::new();
    let mut note = |used: Use<'_>| {
        if used.mutates() {
            changed.insert(used.var());
        }
    };
    uses::of_stmt(stmt, &mut note);
    for inner in uses::blocks(stmt) {
        uses::of_block(inner, &mut note);
    }
    changed
}

/// The indices of two loops that count over the same numbers in the same order.
fn same_order(first: &Head, second: &Head) -> Option<(Var, Var)> {
    let down = |head: &Head| match head {
        Head::Counted {
            reverse, backwards, ..
        } => reverse ^ backwards,
        _ => false,
    };
    same_iterations(first, second).filter(|_| down(first) == down(second))
}

impl Keeping {
    /// The first run puts a copy into the store; when the first of all comes to it, for as many as the loop will make.
    fn copied(&mut self, forward: &Loop, root: Var, store: Var) -> Vec<Stmt> {
        let copy = Stmt::Do(Op::Append(store, whole(root)));
        let Head::Counted { start, end, .. } = &forward.head else {
            return vec![copy];
        };
        let length = self.fresh("len", Kind::Inert, Class::Value);
        let op = build::length_of(root);
        let counts = |start: Operand, end: Operand| TripCount {
            start,
            end,
            inclusive: false,
        };
        let trips = vec![
            counts(start.clone(), end.clone()),
            counts(zero(), Operand::Var(length)),
        ];
        let length = Stmt::Let { var: length, op };
        vec![length, Stmt::Do(Op::Reserve(store, trips)), copy]
    }

    /// The second run takes the vector from the store instead.
    fn recall(&mut self, again: &mut Loop, found: &Found, store: Var) {
        let filled = &found.filled;
        let [at, next, result] =
            ["at", "next", "at"].map(|name| self.fresh(name, Kind::Inert, Class::Value));
        let op = Op::Recall(store, Operand::Var(at), whole(filled.root));
        let mut place = 0;
        let first = filled.writers.first().copied();
        let stmts = std::mem::take(&mut again.body.stmts);
        for (position, stmt) in stmts.into_iter().enumerate() {
            if Some(position) == first {
                place = again.body.stmts.len();
            }
            if !filled.writers.contains(&position) {
                again.body.stmts.push(stmt);
            }
        }
        let step = after(at, filled.root);
        let steps = [
            Stmt::Do(op),
            Stmt::Let {
                var: next,
                op: step,
            },
        ];
        again.body.stmts.splice(place..place, steps);
        if let End::Yield(values) = &mut again.body.end {
            values.push(Operand::Var(next));
        }
        let start = zero();
        again.carried.push(Carried {
            var: at,
            init: start,
        });
        again.exhausted.push(Operand::Var(at));
        again.results.push(result);
    }
}

/// `at + root.len()`
fn after(at: Var, root: Var) -> Op {
    let at = ("at", Operand::Var(at));
    build::cheap(parse_quote!(at + root.len()), &[at, of_root(root)])
}

fn of_root(root: Var) -> (&'static str, Operand) {
    ("root", Operand::Place(Place::root(root)))
}

fn zero() -> Operand {
    Operand::Literal(Literal {
        tokens: quote!(0),
        kind: Kind::Inert,
        value: None,
    })
}

fn whole(root: Var) -> Place {
    Place::root(root).then(Proj::Slice { lo: None, hi: None })
}
