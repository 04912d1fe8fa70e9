//! What of an iteration computes one value, to be run again for another index.

use std::collections::{HashMap, HashSet};

use crate::ir::uses;
use crate::ir::walk::{self, defined, vars, vars_mut};
use crate::ir::{Block, Cost, Loop, Op, Operand, Stmt, Var, VarInfo};

/// A copy of what computes a value, under new names.
pub(super) struct Slice {
    pub stmts: Vec<Stmt>,
    pub index: Var,
    pub value: Operand,
}

/// The statements of an iteration that `value` takes; `None` if those read what the loop carries, or have effects.
pub(super) fn slice(the_loop: &Loop, value: &Operand, all: &mut Vec<VarInfo>) -> Option<Slice> {
    let stmts = &the_loop.body.stmts;
    let mut needed = HashSet::new();
    vars::operand(value, &mut |var, _| needed.extend([*var]));
    let mut taken = vec![false; stmts.len()];
    while let Some(at) = (0..stmts.len()).find(|at| !taken[*at] && gives(&stmts[*at], &needed)) {
        taken[at] = true;
        vars::stmt(&stmts[at], &mut |var, _| needed.extend([*var]));
    }
    let picked = || stmts.iter().zip(&taken).filter(|(_, taken)| **taken);
    let own: HashSet<Var> = picked().flat_map(|(stmt, _)| defined(stmt)).collect();
    let carries = the_loop.carried.iter().any(|c| needed.contains(&c.var));
    if carries || !picked().all(|(stmt, _)| is_repeatable(stmt, &own)) {
        return None;
    }
    let mut copy: Vec<Stmt> = picked().map(|(stmt, _)| stmt.clone()).collect();
    let crate::ir::Head::Counted { index, .. } = &the_loop.head else {
        return None;
    };
    let names = rename(own.into_iter().chain([*index]), all);
    let name = |var: &mut Var| {
        if let Some(new) = names.get(var) {
            *var = *new;
        }
    };
    copy.iter_mut()
        .for_each(|stmt| vars_mut::stmt(stmt, &mut |var, _| name(var)));
    let mut value = value.clone();
    vars_mut::operand(&mut value, &mut |var, _| name(var));
    let index = names[index];
    Some(Slice {
        stmts: copy,
        index,
        value,
    })
}

/// Whether a statement defines or changes something that is needed.
fn gives(stmt: &Stmt, needed: &HashSet<Var>) -> bool {
    let mut gives = uses::defined(stmt).iter().any(|var| needed.contains(var));
    writes_of(stmt, &mut |root| gives |= needed.contains(&root));
    gives
}

/// The roots that a statement changes, those of its blocks included.
fn writes_of(stmt: &Stmt, found: &mut dyn FnMut(Var)) {
    walk::writes(stmt, &mut |place| found(place.root));
    each_inside(stmt, &mut |stmt| {
        walk::writes(stmt, &mut |place| found(place.root))
    });
}

/// The statements in the blocks of a statement, at every depth.
fn each_inside(stmt: &Stmt, f: &mut dyn FnMut(&Stmt)) {
    uses::blocks(stmt)
        .into_iter()
        .for_each(|inner| each_in(inner, f));
}

fn each_in(block: &Block, f: &mut dyn FnMut(&Stmt)) {
    for stmt in &block.stmts {
        f(stmt);
        each_inside(stmt, f);
    }
    uses::end_blocks(&block.end)
        .iter()
        .for_each(|arm| each_in(arm, f));
}

/// Whether running a statement once more changes nothing but what the slice itself defines.
fn is_repeatable(stmt: &Stmt, own: &HashSet<Var>) -> bool {
    let mut repeatable = is_quiet_stmt(stmt);
    writes_of(stmt, &mut |root| repeatable &= own.contains(&root));
    each_inside(stmt, &mut |stmt| repeatable &= is_quiet_stmt(stmt));
    repeatable
}

fn is_quiet_stmt(stmt: &Stmt) -> bool {
    match stmt {
        Stmt::Do(_) => false,
        Stmt::Let { op, .. } => is_quiet(op),
        _ => true,
    }
}

fn is_quiet(op: &Op) -> bool {
    match op {
        Op::Opaque(opaque) => opaque.cost == Cost::Cheap,
        _ => true,
    }
}

fn rename(vars: impl Iterator<Item = Var>, all: &mut Vec<VarInfo>) -> HashMap<Var, Var> {
    vars.map(|var| {
        all.push(all[var.0].clone());
        (var, Var(all.len() - 1))
    })
    .collect()
}
