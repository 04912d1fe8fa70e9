//! Which carried values of two loops go through the same values.

use std::collections::HashMap;

use super::{index_of, Shared};
use crate::ir::walk::vars_mut;
use crate::ir::{Block, End, Loop, Op, Operand, Stmt, Var};
use crate::simplify::share::{self, place_text, Memory};

/// The values that start alike in both loops, and are made alike from each other and from what does not change.
pub(super) fn shared(first: &Loop, again: &Loop, memory: &Memory) -> Vec<Shared> {
    let mut pairs = starting_alike(first, again);
    loop {
        let names = names(first, again, &pairs, memory);
        let count = pairs.len();
        pairs.retain(|pair| goes_on_alike(first, again, pair, &names));
        if pairs.len() == count {
            let chosen = pairs.iter().map(|&(position, at)| Shared {
                position,
                first: first.carried[at].var,
            });
            return chosen.collect();
        }
    }
}

/// A position in the second loop, and the one in the first.
type Pair = (usize, usize);

fn starting_alike(first: &Loop, again: &Loop) -> Vec<Pair> {
    let pair = |(position, carried): (usize, &crate::ir::Carried)| {
        let mut all = first.carried.iter();
        let at = all.position(|other| other.init.is_same(&carried.init))?;
        Some((position, at))
    };
    again.carried.iter().enumerate().filter_map(pair).collect()
}

fn goes_on_alike(
    first: &Loop,
    again: &Loop,
    &(position, at): &Pair,
    names: &HashMap<Var, Var>,
) -> bool {
    let (Some(next), Some(same)) = (next(&again.body, position), next(&first.body, at)) else {
        return false;
    };
    let named = |operand: &Operand| operand.var().map(|var| *names.get(&var).unwrap_or(&var));
    match (named(next), named(same)) {
        (Some(a), Some(b)) => a == b,
        _ => next.is_same(same),
    }
}

fn next(body: &Block, at: usize) -> Option<&Operand> {
    match &body.end {
        End::Yield(values) => values.get(at),
        _ => None,
    }
}

/// One name for what is the same in both bodies, if these pairs are alike.
fn names(first: &Loop, again: &Loop, pairs: &[Pair], memory: &Memory) -> HashMap<Var, Var> {
    let carried = |&(position, at): &Pair| (again.carried[position].var, first.carried[at].var);
    let mut names: HashMap<Var, Var> = pairs.iter().map(carried).collect();
    names.extend(index_of(again).zip(index_of(first)));
    let mut known = HashMap::new();
    for (var, op) in lets(&first.body).chain(lets(&again.body)) {
        let mut op = op.clone();
        vars_mut::op(&mut op, &mut |var, _| *var = *names.get(var).unwrap_or(var));
        if let Some(key) = key(&op, memory) {
            let name = *known.entry(key).or_insert(var);
            names.insert(var, name);
        }
    }
    names
}

fn lets(body: &Block) -> impl Iterator<Item = (Var, &Op)> {
    body.stmts.iter().filter_map(|stmt| match stmt {
        Stmt::Let { var, op } => Some((*var, op)),
        _ => None,
    })
}

/// A text that two operations share only if they compute the same: also for copies of what never changes.
fn key(op: &Op, memory: &Memory) -> Option<String> {
    match op {
        Op::Keep(place) if memory.is_constant(place) => Some(format!("keep{}", place_text(place)?)),
        op => share::key(op, memory),
    }
}
