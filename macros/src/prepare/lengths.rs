//! Lengths that are known to be a number with a name are called by it.
//!
//! ```text
//! let mut v = vec![0.0; d];                                   let mut v = vec![0.0; d];
//! let n = min(v.len(), x[i * d..(i + 1) * d].len());   →
//! for j in 0..n { … }                                         for j in 0..d { … }
//! ```
//!
//! Every slice and iterator asks for a length of its own. That loops are over the same elements, or over all of a vector,
//! shows when they have one name for it; and there is less to compute, and to record.

use std::collections::HashMap;

use syn::Expr;

use crate::analyse::analyse;
use crate::analyse::extent::{asks_length, says_min, Extents};
use crate::ir::parts::exclusive::{self, Part};
use crate::ir::uses::{blocks, end_blocks};
use crate::ir::walk::vars_mut;
use crate::ir::{Block, Function, Op, Opaque, Operand, Stmt, Var};

/// Calls lengths by their names.
pub(super) fn by_name(function: &mut Function) {
    if !asks(&function.body) {
        return;
    }
    let mut names = HashMap::new();
    let facts = analyse(function);
    let extents = Extents {
        function,
        facts: &facts,
    };
    note_names(&function.body, &extents, &mut names);
    remove(&mut function.body, &names);
    vars_mut::block(&mut function.body, &mut |var, _| {
        if let Some(name) = names.get(var) {
            *var = *name;
        }
    });
}

/// Whether a block asks for a length.
fn asks(block: &Block) -> bool {
    let asking = |stmt: &Stmt| length(stmt).is_some() || blocks(stmt).into_iter().any(asks);
    block.stmts.iter().any(asking) || end_blocks(&block.end).iter().any(asks)
}

/// The variable that a statement defines as a length, or as the least of two.
fn length(stmt: &Stmt) -> Option<Var> {
    match stmt {
        Stmt::Let {
            var,
            op: Op::Opaque(opaque),
        } if asks_length(opaque) || is_least(opaque) => Some(*var),
        _ => None,
    }
}

fn is_least(opaque: &Opaque) -> bool {
    matches!(&opaque.expr, Expr::Call(call) if says_min(&call.func))
}

/// Notes other names for the variables that are lengths. Those that are only known to be equal keep theirs: the compiler
/// learns from a length taken of a slice that its elements are there.
fn note_names(block: &Block, extents: &Extents<'_>, names: &mut HashMap<Var, Var>) {
    for stmt in &block.stmts {
        let name = |var: Var| extents.of(&Operand::Var(var))?.as_var();
        if let Some((var, name)) = length(stmt).and_then(|var| Some((var, name(var)?))) {
            if var != name {
                names.insert(var, name);
            }
        }
        for inner in blocks(stmt) {
            note_names(inner, extents, names);
        }
    }
    for arm in end_blocks(&block.end) {
        note_names(arm, extents, names);
    }
}

/// Takes the definitions out of what has another name.
fn remove(block: &mut Block, names: &HashMap<Var, Var>) {
    let renamed = |stmt: &Stmt| length(stmt).is_some_and(|var| names.contains_key(&var));
    block.stmts.retain(|stmt| !renamed(stmt));
    let mut inner = |part: Part<'_>| {
        if let Part::Block(block) = part {
            remove(block, names);
        }
    };
    for stmt in &mut block.stmts {
        exclusive::of_stmt(stmt, &mut inner);
    }
    exclusive::of_end(&mut block.end, &mut inner);
}
