//! What an iteration does with the elements of memory around its loop.

use crate::analyse::contents;
use crate::analyse::extent::{asks_length, Extent, Extents};
use crate::ir::parts::shared::{self, Part};
use crate::ir::walk::vars;
use crate::ir::{Block, Head, Loop, Op, Operand, Place, Proj, Stmt, Var};

/// How often a block mentions a root, questions for its length aside.
pub(super) fn mentions(block: &Block, root: Var) -> usize {
    let mut count = 0;
    in_block(block, &mut |v, asked| {
        count += usize::from(v == root && !asked)
    });
    count
}

/// Every variable of a statement, and whether it is only asked for its length there.
pub(super) fn mentioned(stmt: &Stmt, f: &mut dyn FnMut(Var, bool)) {
    let asks = match stmt {
        Stmt::Let {
            op: Op::Opaque(opaque),
            ..
        } => asks_length(opaque),
        _ => false,
    };
    shared::of_stmt(stmt, &mut |part| in_part(part, asks, f));
}

fn in_block(block: &Block, f: &mut dyn FnMut(Var, bool)) {
    block.stmts.iter().for_each(|stmt| mentioned(stmt, f));
    shared::of_end(&block.end, &mut |part| in_part(part, false, f));
}

fn in_part(part: Part<'_>, asks: bool, f: &mut dyn FnMut(Var, bool)) {
    match part {
        Part::Block(block) => in_block(block, f),
        Part::Operand(o) | Part::Captured(o, _) | Part::Exhausted(o) => {
            vars::operand(o, &mut |v, _| f(*v, asks));
        }
        Part::Place(p, _) => vars::place(p, &mut |v, _| f(*v, asks)),
        Part::Handle(v, _) | Part::Moved(v) | Part::Def(v) => f(*v, asks),
    }
}

/// Leaves out stores to a root of which nothing else is read.
pub(super) fn drop_unread(block: &mut Block, root: Var) {
    let stores = |stmt: &Stmt| matches!(stmt, Stmt::Store { place, .. } if place.root == root);
    let count = block.stmts.iter().filter(|stmt| stores(stmt)).count();
    if mentions(block, root) == count {
        block.stmts.retain(|stmt| !stores(stmt));
    }
}

/// Whether every iteration writes one element of a root that no other iteration touches, before it reads it.
pub(super) fn are_own(extents: &Extents, l: &Loop, root: Var) -> bool {
    let mut places = Vec::new();
    contents::of_block(&l.body, root, &mut places);
    let Some(first) = places.first().and_then(|place| position(extents, place)) else {
        return false;
    };
    let stores_first = l.body.stmts.iter().find_map(|stmt| written_by(stmt, root));
    stores_first == Some(true)
        && moves_along(extents, l, &first)
        && places
            .iter()
            .all(|place| position(extents, place).as_ref() == Some(&first))
        && mentions(&l.body, root) == places.len()
}

/// Whether the iterations write every element of a root, one each.
pub(super) fn are_all_written(extents: &Extents, l: &Loop, root: Var) -> bool {
    let Some(count) = l.head.count() else {
        return false;
    };
    let mut places = Vec::new();
    contents::of_block(&l.body, root, &mut places);
    let written = l.body.stmts.iter().find_map(|stmt| match stmt {
        Stmt::Store { place, .. } | Stmt::Add { place, .. } if place.root == root => Some(place),
        _ => None,
    });
    let all = || {
        let offset = position(extents, written?)?.offset_from(count.index)?;
        let from = extents.of(count.start)?.plus(&offset, 1);
        let to = extents.of(count.end)?.plus(&offset, 1);
        let length = extents.length(&Place::root(root))?;
        Some(from == Extent::default() && to == length)
    };
    places.len() == 1 && mentions(&l.body, root) == 1 && all() == Some(true)
}

/// Whether the first statement that uses a root stores to it; `None` if a statement does not use it.
fn written_by(stmt: &Stmt, root: Var) -> Option<bool> {
    if let Stmt::Store { place, value } = stmt {
        if place.root == root {
            return Some(!reads(value, root));
        }
    }
    let mut places = Vec::new();
    contents::of_stmt(stmt, root, &mut places);
    (!places.is_empty()).then_some(false)
}

fn reads(value: &Operand, root: Var) -> bool {
    let mut found = false;
    vars::operand(value, &mut |v, _| found |= *v == root);
    found
}

/// Whether a position is another one in every iteration: the loop's index, and what is fixed around the loop.
fn moves_along(extents: &Extents, l: &Loop, at: &Extent) -> bool {
    let Head::Counted { index, .. } = &l.head else {
        return false;
    };
    let inside = extents.facts.of_block(&l.body);
    let is_fixed = |rest: Extent| {
        rest.vars()
            .all(|v| !inside.contains(extents.facts.defs[v.0].order) && !is_carried(l, v))
    };
    at.offset_from(*index).is_some_and(is_fixed)
}

fn is_carried(l: &Loop, var: Var) -> bool {
    l.carried.iter().any(|c| c.var == var)
}

/// The position of an element.
fn position(extents: &Extents, place: &Place) -> Option<Extent> {
    match &place.path[..] {
        [Proj::Index(index)] => extents.of(index),
        _ => None,
    }
}
