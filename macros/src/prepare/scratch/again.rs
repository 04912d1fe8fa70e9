//! Scratch memory that an iteration fills a second time is other memory from there on.
//!
//! ```text
//! let mut t = scratch of n;               let mut t = scratch of n;
//! for j in 0..n { t[j] = … }              for j in 0..n { t[j] = … }
//! … t …                            →      … t …
//! for j in 0..n { t[j] = … }              let mut u = scratch of n;
//! … t …                                   for j in 0..n { u[j] = … }
//!                                         … u …
//! ```
//!
//! What the reverse sweep reads of the first filling is still there after the second, and need not be copied before it,
//! neither where it is kept nor where it is computed again. Where nothing is read but to be added up, the reverse sweep
//! reads none of it, and one memory does.

use std::collections::HashSet;

use super::fill::are_filled_first;
use crate::analyse::analyse;
use crate::analyse::extent::{asks_length, Extents};
use crate::ir::uses::{self, each_stmt};
use crate::ir::walk::{vars, vars_mut};
use crate::ir::{BinOp, Block, Ctor, Function, Op, Stmt, Var};

/// Gives second fillings memory of their own.
pub(super) fn separate(function: &mut Function) {
    while let Some(filling) = second_filling(function) {
        let info = function.vars[filling.root.0].clone();
        function.vars.push(info);
        let other = Var(function.vars.len() - 1);
        rename(&mut function.body, &filling, other);
    }
}

/// Where in the block that defines it a root is filled again.
struct Filling {
    root: Var,
    at: usize,
}

fn second_filling(function: &Function) -> Option<Filling> {
    let mut blocks = Vec::new();
    with_scratch(&function.body, &mut blocks);
    if blocks.is_empty() {
        return None;
    }
    let facts = analyse(function);
    let extents = Extents {
        function,
        facts: &facts,
    };
    blocks
        .into_iter()
        .find_map(|block| in_block(block, &extents))
}

/// The blocks that define scratch memory.
fn with_scratch<'b>(block: &'b Block, found: &mut Vec<&'b Block>) {
    if block.stmts.iter().any(|stmt| scratch(stmt).is_some()) {
        found.push(block);
    }
    let inner = block.stmts.iter().flat_map(uses::blocks);
    for block in inner.chain(uses::end_blocks(&block.end)) {
        with_scratch(block, found);
    }
}

fn scratch(stmt: &Stmt) -> Option<Var> {
    match stmt {
        Stmt::Let {
            var,
            op: Op::Aggregate(Ctor::Scratch, _),
        } => Some(*var),
        _ => None,
    }
}

fn in_block(block: &Block, extents: &Extents) -> Option<Filling> {
    let stmts = &block.stmts;
    let defined = stmts.iter().enumerate();
    let mut defined = defined.filter_map(|(at, stmt)| Some((at, scratch(stmt)?)));
    defined.find_map(|(before, root)| {
        let starts = (before + 2..stmts.len()).filter(|at| mentions(&stmts[*at], root));
        let again = |at: &usize| {
            is_factor(&stmts[before + 1..*at], root)
                && are_filled_first(extents, &stmts[*at..], root)
        };
        let at = starts.rev().find(again)?;
        Some(Filling { root, at })
    })
}

fn mentions(stmt: &Stmt, root: Var) -> bool {
    let mut found = false;
    vars::stmt(stmt, &mut |var, _| found |= *var == root);
    found
}

/// Whether statements multiply by what they read of a root, or give it to a function.
fn is_factor(stmts: &[Stmt], root: Var) -> bool {
    let mut read = HashSet::from([root]);
    let mut found = false;
    let mut look = |stmt: &Stmt| {
        let Stmt::Let { var, op } = stmt else { return };
        let mut uses = false;
        vars::op(op, &mut |var, _| uses |= read.contains(var));
        match op {
            _ if !uses => {}
            Op::Opaque(opaque) if asks_length(opaque) => {}
            Op::Use(_) | Op::Neg(_) | Op::Binary(BinOp::Add | BinOp::Sub, ..) => {
                read.insert(*var);
            }
            _ => found = true,
        }
    };
    for stmt in stmts {
        look(stmt);
        for inner in uses::blocks(stmt) {
            each_stmt(inner, &mut look);
        }
    }
    found
}

/// From the filling on, the root has another name.
fn rename(block: &mut Block, filling: &Filling, other: Var) {
    let Filling { root, at } = *filling;
    let Some(definition) = block.stmts.iter().find(|stmt| scratch(stmt) == Some(root)) else {
        super::inner_blocks(block, &mut |inner| rename(inner, filling, other));
        return;
    };
    let mut definition = definition.clone();
    let to_other = |var: &mut Var| {
        if *var == root {
            *var = other;
        }
    };
    vars_mut::stmt(&mut definition, &mut |var, _| to_other(var));
    let mut rest = Block {
        stmts: block.stmts.split_off(at),
        end: block.end.clone(),
    };
    vars_mut::block(&mut rest, &mut |var, _| to_other(var));
    block.stmts.push(definition);
    block.stmts.extend(rest.stmts);
    block.end = rest.end;
}
