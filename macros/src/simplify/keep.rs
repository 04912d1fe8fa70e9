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

use std::collections::{HashMap, HashSet};

use proc_macro2::{Ident, Span};
use quote::quote;
use syn::parse_quote;

use super::{inner_blocks, last_blocks};
use crate::analyse::extent::asks_length;
use crate::differentiate::is_expensive;
use crate::ir::uses::{self, has_break};
use crate::ir::walk::{self, vars, vars_mut, Role};
use crate::ir::{
    Block, By, Capacity, Capture, Carried, Class, Cost, End, Function, Head, Kind, Literal, Loop,
    Op, Opaque, Operand, Place, Proj, Stmt, TripCount, Var, VarInfo,
};

/// Keeps what is worth it in loops inside others, in stores that are made before the outermost. What a loop fills that
/// runs once is not kept: that would be memory for all that it runs over.
pub fn for_second_runs(function: &mut Function) {
    let vars = &mut function.vars;
    for mut stmt in std::mem::take(&mut function.body.stmts) {
        let mut stores = Vec::new();
        inner_blocks(&mut stmt, &mut |inner| block(inner, vars, &mut stores));
        function
            .body
            .stmts
            .extend(stores.into_iter().map(new_store));
        function.body.stmts.push(stmt);
    }
}

fn new_store(store: Var) -> Stmt {
    Stmt::Let {
        var: store,
        op: Op::NewStore(Capacity::Shared(Span::call_site())),
    }
}

fn block(of: &mut Block, all: &mut Vec<VarInfo>, stores: &mut Vec<Var>) {
    for stmt in &mut of.stmts {
        inner_blocks(stmt, &mut |inner| block(inner, all, stores));
    }
    last_blocks(&mut of.end, &mut |inner| block(inner, all, stores));
    pairs(&mut of.stmts, all, stores);
}

/// Looks at every two loops of a block that count alike.
fn pairs(stmts: &mut Vec<Stmt>, all: &mut Vec<VarInfo>, stores: &mut Vec<Var>) {
    let mut second = 0;
    while second < stmts.len() {
        for first in (0..second).rev() {
            let (before, after) = stmts.split_at_mut(second);
            let (Stmt::Loop(forward), Stmt::Loop(again)) = (&mut before[first], &mut after[0])
            else {
                continue;
            };
            if let Some(store) = keep(forward, again, all) {
                stores.push(store);
                stmts.insert(first, Stmt::Do(Op::Clear(store)));
                second += 1;
                break;
            }
        }
        second += 1;
    }
}

/// Keeps one vector of two loops, if there is one to be kept.
fn keep(forward: &mut Loop, again: &mut Loop, all: &mut Vec<VarInfo>) -> Option<Var> {
    let index = same_order(&forward.head, &again.head)?;
    let straight = |l: &Loop| matches!(l.body.end, End::Yield(_)) && !has_break(&l.body);
    if !straight(forward) || !straight(again) || forward.limit.is_some() {
        return None;
    }
    let candidates: Vec<Filled> = (again.body.stmts.iter())
        .filter_map(|stmt| vector(stmt, all))
        .filter_map(|root| filled(&again.body.stmts, root))
        .collect();
    if candidates.is_empty() {
        return None;
    }
    let matched = Matched::of(&forward.body.stmts, &again.body.stmts, index);
    let (filled, last) = candidates.into_iter().find_map(|filled| {
        let last = matched.last_writer(&forward.body.stmts, &filled)?;
        Some((filled, last))
    })?;
    let original = *matched.names.get(&filled.root)?;
    let store = fresh(all, "kept", Kind::Unknown, Class::Store);
    let copy = copied(forward, original, store, all);
    forward.body.stmts.splice(last + 1..last + 1, copy);
    recall(again, &filled, store, all);
    Some(store)
}

/// The names of a loop's index in the first and the second, if both count over the same numbers in the same order.
fn same_order(first: &Head, second: &Head) -> Option<(Var, Var)> {
    let parts = |head: &Head| match head {
        Head::Counted {
            index,
            start,
            end,
            inclusive: false,
            step: None,
            reverse,
            backwards,
        } => Some((*index, format!("{start:?} {end:?}"), reverse ^ backwards)),
        _ => None,
    };
    let ((there, bounds, order), (here, same, alike)) = (parts(first)?, parts(second)?);
    (bounds == same && order == alike).then_some((there, here))
}

/// A vector of floats that an iteration makes.
fn vector(stmt: &Stmt, all: &[VarInfo]) -> Option<Var> {
    let Stmt::Let {
        var,
        op: Op::Aggregate(..),
    } = stmt
    else {
        return None;
    };
    let info = &all[var.0];
    let is_vector = matches!(&info.kind, Kind::Vec(element) if element.is_float());
    (is_vector && info.class == Class::Root).then_some(*var)
}

/// A vector, and the statements that fill it.
struct Filled {
    root: Var,
    writers: Vec<usize>,
}

/// Whether an iteration fills a vector, with much work, and afterwards only reads it.
fn filled(stmts: &[Stmt], root: Var) -> Option<Filled> {
    let writers: Vec<usize> = (0..stmts.len())
        .filter(|at| writes(&stmts[*at], root))
        .collect();
    let last = *writers.last()?;
    let reads = |at: &usize| !writers.contains(at) && reads_contents(&stmts[*at], root);
    let read_before = (0..last).any(|at| reads(&at));
    let read_after = (last..stmts.len()).any(|at| reads(&at));
    let much = writers.iter().any(|at| is_much(&stmts[*at], root));
    let alone = writers.iter().all(|at| only_writes(stmts, *at));
    (much && alone && read_after && !read_before).then_some(Filled { root, writers })
}

fn writes(stmt: &Stmt, root: Var) -> bool {
    written(stmt).contains(&root)
}

/// The roots that a statement changes, at every depth.
fn written(stmt: &Stmt) -> HashSet<Var> {
    let mut roots = HashSet::new();
    note_written(stmt, &mut roots);
    roots
}

fn note_written(stmt: &Stmt, roots: &mut HashSet<Var>) {
    walk::writes(stmt, &mut |place| {
        roots.insert(place.root);
    });
    for inner in uses::blocks(stmt) {
        inner
            .stmts
            .iter()
            .for_each(|stmt| note_written(stmt, roots));
    }
}

/// Whether a statement uses more of a vector than its length.
fn reads_contents(stmt: &Stmt, root: Var) -> bool {
    let length = |op: &Op| matches!(op, Op::Opaque(opaque) if asks_length(opaque));
    if matches!(stmt, Stmt::Let { op, .. } if length(op)) {
        return false;
    }
    let mut found = false;
    vars::stmt(stmt, &mut |var, role| {
        found |= *var == root && role != Role::Def
    });
    found && !matches!(stmt, Stmt::Let { var, .. } if *var == root)
}

/// Whether filling takes more work than there are elements: a loop in a loop, or functions that take long.
fn is_much(stmt: &Stmt, root: Var) -> bool {
    let Stmt::Loop(l) = stmt else { return false };
    l.body.stmts.iter().any(|inner| match inner {
        Stmt::Loop(_) => writes(inner, root),
        Stmt::Let { op, .. } => is_expensive(op),
        _ => false,
    })
}

/// Whether a loop does nothing but write to one root.
fn only_writes(stmts: &[Stmt], at: usize) -> bool {
    let defined = uses::defined(&stmts[at]);
    let others = stmts.iter().enumerate().filter(|(other, _)| *other != at);
    let mut used = false;
    for (_, stmt) in others {
        vars::stmt(stmt, &mut |var, _| used |= defined.contains(var));
    }
    let quiet = matches!(&stmts[at], Stmt::Loop(l) if is_quiet(&l.body) && !has_break(&l.body));
    !used && quiet && written(&stmts[at]).len() == 1
}

fn is_quiet(block: &Block) -> bool {
    let quiet = |stmt: &Stmt| match stmt {
        Stmt::Let { op, .. } => !matches!(op, Op::Call(_) | Op::Pop(_) | Op::TakeLast(_)),
        Stmt::Store { .. } | Stmt::Add { .. } => true,
        Stmt::Loop(l) => is_quiet(&l.body),
        _ => false,
    };
    matches!(block.end, End::Yield(_)) && block.stmts.iter().all(quiet)
}

/// Which statements of a second run are those of the first.
struct Matched {
    /// What the first calls what the second names.
    names: HashMap<Var, Var>,
    /// Where they stand there, by where they stand here.
    at: HashMap<usize, usize>,
}

impl Matched {
    fn of(first: &[Stmt], second: &[Stmt], (there, here): (Var, Var)) -> Matched {
        let mut matched = Matched {
            names: HashMap::from([(here, there)]),
            at: HashMap::new(),
        };
        let mut next = 0;
        for (at, stmt) in second.iter().enumerate() {
            let found = (next..first.len()).find(|found| matched.same(&first[*found], stmt));
            if let Some(found) = found {
                matched.at.insert(at, found);
                next = found + 1;
            }
        }
        matched
    }

    /// Whether two statements are the same but for names; those that the second defines are then known.
    fn same(&mut self, first: &Stmt, second: &Stmt) -> bool {
        if std::mem::discriminant(first) != std::mem::discriminant(second) {
            return false;
        }
        let (there, here) = (defined(first), defined(second));
        if there.len() != here.len() {
            return false;
        }
        let mut names = self.names.clone();
        names.extend(here.into_iter().zip(there));
        let mut renamed = second.clone();
        vars_mut::stmt(&mut renamed, &mut |var, _| {
            if let Some(name) = names.get(var) {
                *var = *name;
            }
        });
        // Spans and all: a second run is a copy of the first.
        let same = format!("{first:?}") == format!("{renamed:?}");
        if same {
            self.names = names;
        }
        same
    }

    /// The last statement of the first run that writes to a vector, if it writes there just where the second does.
    fn last_writer(&self, first: &[Stmt], filled: &Filled) -> Option<usize> {
        let original = *self.names.get(&filled.root)?;
        let here: Option<Vec<usize>> = (filled.writers.iter())
            .map(|at| self.at.get(at).copied())
            .collect();
        let there: Vec<usize> = (0..first.len())
            .filter(|at| writes(&first[*at], original))
            .collect();
        (here? == there).then(|| there.last().copied())?
    }
}

/// Everything that a statement defines, in its order.
fn defined(stmt: &Stmt) -> Vec<Var> {
    let mut found = Vec::new();
    vars::stmt(stmt, &mut |var, role| {
        if role == Role::Def {
            found.push(*var);
        }
    });
    found
}

/// The first run puts a copy into the store; when the first of all comes to it, for as many as the loop will make.
fn copied(forward: &Loop, root: Var, store: Var, all: &mut Vec<VarInfo>) -> Vec<Stmt> {
    let copy = Stmt::Do(Op::Append(store, whole(root)));
    let Head::Counted { start, end, .. } = &forward.head else {
        return vec![copy];
    };
    let length = fresh(all, "len", Kind::Inert, Class::Value);
    let op = cheap(parse_quote!(root.len()), vec![of_root(root)]);
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
fn recall(again: &mut Loop, filled: &Filled, store: Var, all: &mut Vec<VarInfo>) {
    let [at, next, result] =
        ["at", "next", "at"].map(|name| fresh(all, name, Kind::Inert, Class::Value));
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

/// `at + root.len()`
fn after(at: Var, root: Var) -> Op {
    let at = Capture {
        name: Ident::new("at", Span::call_site()),
        operand: Operand::Var(at),
        by: By::Value,
    };
    cheap(parse_quote!(at + root.len()), vec![at, of_root(root)])
}

fn of_root(root: Var) -> Capture {
    Capture {
        name: Ident::new("root", Span::call_site()),
        operand: Operand::Place(Place::root(root)),
        by: By::Ref,
    }
}

fn cheap(expr: syn::Expr, captures: Vec<Capture>) -> Op {
    Op::Opaque(Box::new(Opaque {
        expr,
        captures,
        cost: Cost::Cheap,
        effect: false,
    }))
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

fn fresh(all: &mut Vec<VarInfo>, name: &str, kind: Kind, class: Class) -> Var {
    all.push(VarInfo::new(name, kind, class));
    Var(all.len() - 1)
}
