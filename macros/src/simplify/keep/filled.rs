//! Vectors that an iteration fills with much work.

use super::changed;
use crate::analyse::extent::asks_length;
use crate::differentiate::is_expensive;
use crate::ir::uses::{self, has_break};
use crate::ir::walk::{vars, Role};
use crate::ir::{Block, Class, End, Kind, Op, Stmt, Var, VarInfo};

/// A vector of floats that an iteration makes.
pub(super) fn vector(stmt: &Stmt, all: &[VarInfo]) -> Option<Var> {
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
pub(super) struct Filled {
    pub root: Var,
    /// Where these stand.
    pub writers: Vec<usize>,
}

/// Whether an iteration fills a vector, with much work, and afterwards only reads it.
pub(super) fn filled(stmts: &[Stmt], root: Var) -> Option<Filled> {
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

pub(super) fn writes(stmt: &Stmt, root: Var) -> bool {
    changed(stmt).contains(&root)
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
    !used && quiet && changed(&stmts[at]).len() == 1
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
