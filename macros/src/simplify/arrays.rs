//! Additions to every element of a parameter's cotangent become one addition of an array.
//!
//! ```text
//! d_v[0] += a;  …  d_v[1] -= b;   ⇒   d_v += [a, -b];
//! ```
//!
//! A cotangent that starts from nothing, as in `f_grad`, is then assigned: there is no zero to add to.

use std::collections::{HashMap, HashSet};

use crate::ir::uses;
use crate::ir::{Class, Ctor, Function, Op, Operand, Place, Stmt, Var, VarInfo};

/// Arrays of more elements are left as they are: what is added to them would be held all at once.
const MOST: usize = 16;

/// Rewrites the additions to slots of arrays of so many elements; returns the slots to which nothing is added otherwise.
pub fn add_at_once(function: &mut Function, lengths: &HashMap<Var, usize>) -> HashSet<Var> {
    let mut slots: Vec<(Var, usize)> = lengths
        .iter()
        .map(|(slot, length)| (*slot, *length))
        .collect();
    slots.sort_by_key(|(slot, _)| slot.0);
    let mut add = |(slot, length): (Var, usize)| {
        let additions = complete(function, slot, length)?;
        replace(function, slot, &additions);
        Some(slot)
    };
    slots.into_iter().filter_map(&mut add).collect()
}

/// `slot[…] += value`, or `-=`.
#[derive(Clone)]
struct Addition {
    id: usize,
    value: Var,
    negate: bool,
}

/// The additions to a slot, in the order of the elements, if each element has one and that is all.
fn complete(function: &Function, slot: Var, length: usize) -> Option<Vec<Addition>> {
    if length == 0 || length > MOST {
        return None;
    }
    let mut additions: Vec<Option<Addition>> = vec![None; length];
    for (id, stmt) in function.body.stmts.iter().enumerate() {
        if let Some((element, value, negate)) = element(function, stmt, slot) {
            *additions.get_mut(element)? = Some(Addition { id, value, negate });
        }
    }
    let mut uses = 0;
    uses::of_block(&function.body, &mut |used| {
        uses += usize::from(used.var() == slot)
    });
    let additions: Vec<Addition> = additions.into_iter().collect::<Option<_>>()?;
    (additions.len() == uses).then_some(additions)
}

/// The element of the slot that a statement adds a float to.
fn element(function: &Function, stmt: &Stmt, slot: Var) -> Option<(usize, Var, bool)> {
    let Stmt::Add {
        place: Place { root, path },
        value: Operand::Var(value),
        negate,
    } = stmt
    else {
        return None;
    };
    let ([index], true) = (path.as_slice(), *root == slot) else {
        return None;
    };
    let float = function.vars[value.0].kind.is_float();
    float.then_some((index.literal_index()?, *value, *negate))
}

/// Puts the array in the place of the last of the additions.
fn replace(function: &mut Function, slot: Var, additions: &[Addition]) {
    let last = additions.iter().map(|addition| addition.id).max();
    let gone: HashSet<usize> = additions.iter().map(|addition| addition.id).collect();
    let mut stmts = Vec::with_capacity(function.body.stmts.len());
    for (id, stmt) in std::mem::take(&mut function.body.stmts)
        .into_iter()
        .enumerate()
    {
        if Some(id) == last {
            addition(function, &mut stmts, slot, additions);
        } else if !gone.contains(&id) {
            stmts.push(stmt);
        }
    }
    function.body.stmts = stmts;
}

/// `slot += [value, …]`
fn addition(function: &mut Function, stmts: &mut Vec<Stmt>, slot: Var, additions: &[Addition]) {
    let mut define = |like: Var, class: Class, op: Op| {
        let kind = function.vars[like.0].kind.clone();
        function.vars.push(VarInfo::new("d", kind, class));
        let var = Var(function.vars.len() - 1);
        stmts.push(Stmt::Let { var, op });
        var
    };
    let parts = additions.iter().map(|&Addition { value, negate, .. }| {
        Operand::Var(match negate {
            true => define(value, Class::Value, Op::Neg(Operand::Var(value))),
            false => value,
        })
    });
    let parts = Op::Aggregate(Ctor::Array, parts.collect());
    let array = define(slot, Class::Root, parts);
    stmts.push(Stmt::Add {
        place: Place::root(slot),
        value: Operand::Place(Place::root(array)),
        negate: false,
    });
}
