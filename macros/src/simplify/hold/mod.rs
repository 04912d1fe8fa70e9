//! What a loop computes is held where the gradient will be, until the loop's reverse takes it from there.
//!
//! ```text
//! for i in 0..n { e = exp(x[i]); total += e }  …  for i in 0..n { e = exp(x[i]); d_x[i] += d * e }
//! ⇒ for i in 0..n { e = exp(x[i]); total += e; hold d_x[i] = e }  …  for i in 0..n { e = held d_x[i]; d_x[i] += d * e }
//! ```
//!
//! A gradient that is written for the first time is memory that nobody looks at before. So a loop whose seed is known only
//! after it, such as a sum's that is divided by or taken the logarithm of, stores nothing and evaluates no transcendental
//! function again. That is so in `f_grad` and its like; to a slot that may hold something already nothing is written
//! (`Slot::hold` does nothing), and `held` computes the value once more. Cotangents of local vectors that have just been
//! filled with zeros serve in the same way ([`own`]).

pub mod own;

use super::blank::stored;
use super::both::{runs_to_its_end, Both};
use super::fuse::flat;
use super::share::Memory;
use crate::analyse::extent::asks_length;
use crate::differentiate::is_expensive;
use crate::ir::uses;
use crate::ir::{
    BinOp, Block, End, Function, Head, Loop, Op, Operand, Place, Proj, Stmt, Var, VarInfo,
};

/// Uses the cotangents of these parameters, slices and arrays of floats, in that way; returns those that it uses. What is
/// added to an element first is assigned there.
pub fn in_cotangents(function: &mut Function, slots: &[Var]) -> Vec<Var> {
    let memory = Memory::new(function);
    let vars = &mut function.vars;
    let mut used = slots.to_vec();
    used.retain(|&slot| block(&mut function.body, slot, &memory, vars));
    used
}

/// The first statement that uses the slot has to be the reverse of a loop.
fn block(of: &mut Block, slot: Var, memory: &Memory, vars: &mut Vec<VarInfo>) -> bool {
    if let Some(at) = of.stmts.iter().position(|stmt| uses_of(stmt, slot) > 0) {
        let (before, after) = of.stmts.split_at_mut(at);
        let Some(Stmt::Loop(reverse)) = after.first_mut() else {
            return false;
        };
        let Some(added) = first_addition(reverse, slot) else {
            return false;
        };
        let loops = before.iter_mut().rev().filter_map(|stmt| match stmt {
            Stmt::Loop(forward) => Some(forward.as_mut()),
            _ => None,
        });
        for forward in loops {
            if hold(forward, reverse, added, slot, memory) {
                break;
            }
        }
        begin(&mut reverse.body.stmts, added, vars);
        return true;
    }
    match &mut of.end {
        End::Switch { arms, .. } => {
            let arms = arms.iter_mut().map(|arm| block(arm, slot, memory, vars));
            arms.fold(false, |found, arm| found | arm)
        }
        _ => false,
    }
}

/// An addition that is the first to its element says so.
fn begin(stmts: &mut Vec<Stmt>, added: usize, vars: &mut Vec<VarInfo>) {
    let Stmt::Add {
        place,
        value,
        negate,
    } = stmts[added].clone()
    else {
        return;
    };
    if negate && negated(stmts, &value, vars) {
        stmts[added + 1] = Stmt::Do(Op::First(place, value));
        return;
    }
    let mut assigned = stored(place, value, negate, vars);
    if let Some(Stmt::Store { place, value }) = assigned.pop() {
        assigned.push(Stmt::Do(Op::First(place, value)));
    }
    stmts.splice(added..=added, assigned);
}

/// Makes a product that an iteration uses once its opposite, by that of a factor which is the same in all iterations; whether
/// that could be. One more statement stands before it then.
fn negated(stmts: &mut Vec<Stmt>, value: &Operand, vars: &mut Vec<VarInfo>) -> bool {
    let product = stmts.iter().position(|stmt| match stmt {
        Stmt::Let {
            var,
            op: Op::Binary(BinOp::Mul, ..),
        } => {
            value.var() == Some(*var) && stmts.iter().map(|s| uses_of(s, *var)).sum::<usize>() == 1
        }
        _ => false,
    });
    let own: Vec<Var> = stmts.iter().flat_map(uses::defined).copied().collect();
    let same = |operand: &Operand| operand.var().is_some_and(|var| !own.contains(&var));
    let Some(at) = product else { return false };
    let Stmt::Let {
        op: Op::Binary(_, left, right),
        ..
    } = &mut stmts[at]
    else {
        return false;
    };
    let factor = if same(left) { left } else { right };
    let Some(var) = factor.var().filter(|_| same(factor)) else {
        return false;
    };
    vars.push(vars[var.0].clone());
    let opposite = Var(vars.len() - 1);
    let op = Op::Neg(std::mem::replace(factor, Operand::Var(opposite)));
    stmts.insert(at, Stmt::Let { var: opposite, op });
    true
}

/// Whether the first statement that uses a slot writes every element of it, of which there are as many as the parameter has.
pub fn overwrites(function: &Function, slot: Var, param: Var) -> bool {
    let stmts = &function.body.stmts;
    let Some(at) = stmts.iter().position(|stmt| uses_of(stmt, slot) > 0) else {
        return false;
    };
    let Stmt::Loop(l) = &stmts[at] else {
        return false;
    };
    let is_length = |end: Var| {
        let is_it = |stmt: &Stmt| matches!(stmt, Stmt::Let { var, op } if *var == end && asks_for(op, param));
        stmts[..at].iter().any(is_it)
    };
    counts_up_to(&l.head).is_some_and(is_length) && runs_to_its_end(l) && writes_own(l, slot)
}

/// The end of a loop that counts from 0, one by one.
fn counts_up_to(head: &Head) -> Option<Var> {
    let count = head.count()?;
    (flat::number(count.start) == Some(0)).then_some(count.end.var()?)
}

/// Whether an operation is `param.len()`.
fn asks_for(op: &Op, param: Var) -> bool {
    let Op::Opaque(opaque) = op else { return false };
    let whole = |place: &Place| place.root == param && place.path.is_empty();
    let mut captures = opaque.captures.iter();
    asks_length(opaque)
        && captures.any(|c| matches!(&c.operand, Operand::Place(place) if whole(place)))
}

/// Whether every iteration of a loop holds or assigns a value in its own element.
fn writes_own(l: &Loop, slot: Var) -> bool {
    let Some(own) = element(l, slot) else {
        return false;
    };
    l.body.stmts.iter().any(|stmt| match stmt {
        Stmt::Do(Op::Hold(place, _) | Op::First(place, _)) => is_same(place, &own),
        _ => false,
    })
}

fn uses_of(stmt: &Stmt, slot: Var) -> usize {
    let mut count = 0;
    uses::of_stmt(stmt, &mut |used| count += usize::from(used.var() == slot));
    for inner in uses::blocks(stmt) {
        uses::of_block(inner, &mut |used| count += usize::from(used.var() == slot));
    }
    count
}

/// The first statement in a loop that uses the slot, if all of them add to the iteration's own element.
fn first_addition(reverse: &Loop, slot: Var) -> Option<usize> {
    let own = element(reverse, slot)?;
    let is_addition = |stmt: &Stmt| match stmt {
        Stmt::Add { place, .. } => is_same(place, &own),
        _ => false,
    };
    let stmts = &reverse.body.stmts;
    let used: Vec<usize> = (0..stmts.len())
        .filter(|&at| uses_of(&stmts[at], slot) > 0)
        .collect();
    let additions = used.iter().all(|&at| is_addition(&stmts[at]));
    let straight = runs_to_its_end(reverse);
    used.first().copied().filter(|_| additions && straight)
}

/// `slot[i]`, where `i` counts the loop's iterations.
fn element(of: &Loop, slot: Var) -> Option<Place> {
    let Head::Counted { index, .. } = of.head else {
        return None;
    };
    Some(Place {
        root: slot,
        path: vec![Proj::Index(Operand::Var(index))],
    })
}

fn is_same(place: &Place, own: &Place) -> bool {
    let index = |place: &Place| match place.path.as_slice() {
        [Proj::Index(Operand::Var(index))] => Some(*index),
        _ => None,
    };
    place.root == own.root && index(place).is_some() && index(place) == index(own)
}

/// Holds a value that both loops compute in every iteration.
fn hold(forward: &mut Loop, reverse: &mut Loop, added: usize, slot: Var, memory: &Memory) -> bool {
    let straight = forward.limit.is_none() && runs_to_its_end(forward);
    let (Some(there), Some(here), true) =
        (element(forward, slot), element(reverse, slot), straight)
    else {
        return false;
    };
    let Some((first, second)) = expensive_in_both(forward, reverse, added, memory) else {
        return false;
    };
    let Some(value) = uses::defined(&forward.body.stmts[first]).first().copied() else {
        return false;
    };
    let held = Stmt::Do(Op::Hold(there, Operand::Var(value)));
    forward.body.stmts.insert(first + 1, held);
    if let Stmt::Let { op, .. } = &mut reverse.body.stmts[second] {
        let otherwise = Box::new(op.clone());
        *op = Op::Held {
            place: here,
            otherwise,
        };
    }
    true
}

/// The positions of statements that compute the same expensive value, the second before position `added`.
fn expensive_in_both(
    forward: &Loop,
    reverse: &Loop,
    added: usize,
    memory: &Memory,
) -> Option<(usize, usize)> {
    let both = Both::of(forward, reverse, memory)?;
    let expensive = |stmt: &Stmt| matches!(stmt, Stmt::Let { op, .. } if is_expensive(op));
    let mut pairs = both.pairs.into_iter();
    pairs.find(|(_, second)| *second < added && expensive(&reverse.body.stmts[*second]))
}
