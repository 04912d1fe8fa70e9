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

use crate::analyse::extent::{asks_length, says_min, Extents};
use crate::analyse::{analyse, DefBy};
use crate::ir::parts::exclusive::{self, Part};
use crate::ir::uses::{blocks, end_blocks};
use crate::ir::walk::vars_mut;
use crate::ir::{Block, Capture, Ctor, Function, Op, Opaque, Operand, Place, Proj, Stmt, Var};

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

/// The variable that a statement defines as a length, or as the least of two, and how.
fn length(stmt: &Stmt) -> Option<(Var, &Opaque)> {
    match stmt {
        Stmt::Let {
            var,
            op: Op::Opaque(opaque),
        } if asks_length(opaque) || is_least(opaque) => Some((*var, opaque)),
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
        if let Some((var, opaque)) = length(stmt) {
            let found = name(var, opaque, extents, names);
            if let Some(name) = found.filter(|name| *name != var) {
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

/// The number that a length is, that a whole vector was made of, or that both of two lengths are.
fn name(
    var: Var,
    opaque: &Opaque,
    extents: &Extents<'_>,
    names: &HashMap<Var, Var>,
) -> Option<Var> {
    let named = |var: Var| *names.get(&var).unwrap_or(&var);
    let known = extents.of(&Operand::Var(var))?.as_var();
    known.or_else(|| match &opaque.captures[..] {
        [Capture {
            operand: Operand::Place(place),
            ..
        }] => made_of(place, extents).map(named),
        [a, b] if is_least(opaque) => {
            let (a, b) = (named(a.operand.var()?), named(b.operand.var()?));
            (a == b).then_some(a)
        }
        _ => None,
    })
}

/// The variable that says how long a vector was made, if it has stayed so long and the place is all of it.
fn made_of(place: &Place, extents: &Extents<'_>) -> Option<Var> {
    let whole = matches!(&place.path[..], [] | [Proj::Slice { lo: None, hi: None }]);
    match extents.facts.defs[place.root.0].by {
        DefBy::Let(Op::Aggregate(Ctor::VecRepeat | Ctor::Scratch, parts)) if whole => {
            let fixed = !extents.facts.is_reshaped(place.root);
            parts.get(1).filter(|_| fixed)?.var()
        }
        _ => None,
    }
}

/// Takes the definitions out of what has another name.
fn remove(block: &mut Block, names: &HashMap<Var, Var>) {
    let renamed = |stmt: &Stmt| length(stmt).is_some_and(|(var, _)| names.contains_key(&var));
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
