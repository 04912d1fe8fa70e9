//! Loops that go through elements, and what they do with each.

use std::collections::HashSet;

use crate::ir::uses::{self, Use};
use crate::ir::{BinOp, End, Loop, Op, Operand, Place, Stmt, Var};
use crate::simplify::fuse::flat;
use crate::simplify::share::place_text;

/// Loops over fewer elements are unrolled if that is known: so many they have at least.
const FEWEST: i64 = 8;

/// A loop over the elements from one to another.
pub struct Elements<'l> {
    pub body: &'l [Stmt],
    pub index: Var,
    pub lo: &'l Operand,
    pub hi: &'l Operand,
    /// What the body defines.
    pub defined: HashSet<Var>,
}

impl Elements<'_> {
    pub fn definition(&self, var: Var) -> Option<&Op> {
        self.body.iter().find_map(|stmt| match stmt {
            Stmt::Let { var: defined, op } if *defined == var => Some(op),
            _ => None,
        })
    }

    /// Whether a place is the same in all iterations.
    pub fn is_same_throughout(&self, place: &Place) -> bool {
        let mut same = true;
        uses::of_operand(&Operand::Place(place.clone()), &mut |used| {
            same &= !self.defined.contains(&used.var());
        });
        same
    }

    /// How often statements use a variable.
    pub fn mentions(&self, var: Var) -> usize {
        let mut count = 0;
        for stmt in self.body {
            uses::of_stmt(stmt, &mut |used| count += usize::from(used.var() == var));
        }
        count
    }

    /// Whether the loop may change the memory of a place.
    pub fn changes(&self, place: &Place) -> bool {
        let mut changes = false;
        for stmt in self.body {
            uses::of_stmt(stmt, &mut |used| {
                changes |= used.mutates() && used.var() == place.root
            });
        }
        changes
    }

    /// Whether a variable is what an element is before the loop: nothing changes the memory, or iterations look at no
    /// other element of it, and that variable is the first that does.
    pub fn is_as_before(&self, var: Var, place: &Place) -> bool {
        let (mut changes, mut elsewhere, mut first) = (false, false, None);
        let text = place_text(place);
        for (at, stmt) in self.body.iter().enumerate() {
            uses::of_stmt(stmt, &mut |used| {
                if used.var() == place.root {
                    changes |= used.mutates();
                    first = first.or(Some(at));
                    elsewhere |= !matches!(used, Use::Place(other, _) if place_text(other) == text);
                }
            });
        }
        let here = text.is_some() && !elsewhere && first == defined_at(self.body, var);
        !changes || here
    }
}

/// Where a variable is defined.
fn defined_at(stmts: &[Stmt], var: Var) -> Option<usize> {
    stmts
        .iter()
        .position(|stmt| uses::defined(stmt).contains(&var))
}

/// What a loop carries on with.
fn carried_on(l: &Loop, position: usize) -> Option<Var> {
    match &l.body.end {
        End::Yield(values) => values.get(position)?.var(),
        _ => None,
    }
}

/// How an operation adds to a value, and what.
fn addition(op: &Op, to: Var) -> Option<(BinOp, &Operand)> {
    let Op::Binary(operator @ (BinOp::Add | BinOp::Sub), left, right) = op else {
        return None;
    };
    match (left.var() == Some(to), right.var() == Some(to)) {
        (true, false) => Some((*operator, right)),
        (false, true) if *operator == BinOp::Add => Some((*operator, left)),
        _ => None,
    }
}

/// A loop that counts, over more than a few elements, and does nothing that is not known.
pub fn elements(l: &Loop) -> Option<Elements<'_>> {
    let count = l.head.count()?;
    let plain = matches!(l.body.end, End::Yield(_)) && l.limit.is_none();
    let known = plain && l.body.stmts.iter().all(flat::is_simple);
    let short = matches!(flat::number(count.end), Some(..FEWEST));
    let mut defined: HashSet<Var> = uses::defined_in_body(l).into_iter().collect();
    defined.extend(l.body.stmts.iter().flat_map(uses::defined));
    (known && !short).then_some(Elements {
        body: &l.body.stmts,
        index: count.index,
        lo: count.start,
        hi: count.end,
        defined,
    })
}

/// How a loop adds to a value that it carries and does nothing else with, and what.
pub fn carried_term<'l>(
    elements: &Elements<'l>,
    l: &'l Loop,
    position: usize,
) -> Option<(BinOp, &'l Operand)> {
    let (value, next) = (l.carried[position].var, carried_on(l, position)?);
    let End::Yield(values) = &l.body.end else {
        return None;
    };
    let mentions = |var| {
        let is_it = |operand: &&Operand| operand.var() == Some(var);
        let yields = values.iter().filter(is_it).count();
        let exhausted = l.exhausted.iter().filter(is_it).count();
        (elements.mentions(var), yields, exhausted)
    };
    let alone = mentions(value) == (1, 0, 1) && mentions(next) == (0, 1, 0);
    let at = defined_at(elements.body, next).filter(|_| alone)?;
    match &elements.body[at] {
        Stmt::Let { op, .. } => addition(op, value),
        _ => None,
    }
}

/// What a loop carried, and no longer does.
pub struct Uncarried {
    pub init: Operand,
    pub operator: BinOp,
    /// What it was called after the loop.
    pub result: Var,
}

/// Takes a value that a loop only adds to ([`carried_term`]) out of it.
pub fn uncarry(l: &mut Loop, position: usize) -> Option<Uncarried> {
    let at = defined_at(&l.body.stmts, carried_on(l, position)?)?;
    let Stmt::Let { op, .. } = l.body.stmts.remove(at) else {
        return None;
    };
    let carried = l.carried.remove(position);
    if let End::Yield(values) = &mut l.body.end {
        values.remove(position);
    }
    let is_it = |operand: &Operand| operand.var() == Some(carried.var);
    let exhausted = l.exhausted.iter().position(is_it)?;
    l.exhausted.remove(exhausted);
    Some(Uncarried {
        init: carried.init,
        operator: addition(&op, carried.var)?.0,
        result: l.results.remove(exhausted),
    })
}
