//! Zeros that a cotangent leaves behind where it is taken, and that nobody reads before all of the memory is assigned
//! again.

use crate::ir::uses::{self, Use};
use crate::ir::walk::vars;
use crate::ir::{Block, Head, Loop, Op, Operand, Place, Proj, Stmt, Var};
use crate::simplify::fuse::flat;

use super::mentions;

/// Makes reads of the takes of a root which every run of a block first assigns to as a whole.
pub(super) fn zeros(block: &mut Block, root: Var, primal: usize) {
    let last = |stmt: &&Stmt| taken_by(stmt, root, primal).is_some() || mentions(stmt, root) == 0;
    let count = block.stmts.iter().rev().take_while(last).count();
    let from = block.stmts.len() - count;
    let (before, takers) = block.stmts.split_at_mut(from);
    let earlier = before.iter().any(|stmt| takes(stmt, root));
    let taken: Vec<Elements> = takers
        .iter()
        .filter_map(|stmt| taken_by(stmt, root, primal))
        .collect();
    if !earlier && are_apart(&taken) {
        takers.iter_mut().for_each(|stmt| read(stmt, root));
    }
}

/// The elements that a statement takes.
enum Elements {
    One(i64),
    From(i64),
}

/// What a statement takes of a root, if that is all it does with it.
fn taken_by(stmt: &Stmt, root: Var, primal: usize) -> Option<Elements> {
    if let Some([Proj::Index(Operand::Literal(at))]) = element(stmt, root) {
        let at = at.tokens.to_string();
        return Some(Elements::One(at.trim_end_matches("usize").parse().ok()?));
    }
    let (l, range) = flat::range(stmt, primal)?;
    let mut using = l.body.stmts.iter().filter(|s| mentions(s, root) > 0);
    let (one, others) = (using.next()?, using.next());
    let own = |path: &[Proj]| matches!(path, [Proj::Index(at)] if at.var() == Some(range.index));
    let fits = others.is_none() && element(one, root).is_some_and(own);
    fits.then_some(Elements::From(range.start))
}

/// Where a statement takes an element of a root.
fn element(stmt: &Stmt, root: Var) -> Option<&[Proj]> {
    match stmt {
        Stmt::Let {
            op: Op::Take { shadow, .. },
            ..
        } if shadow.root == root => Some(&shadow.path),
        _ => None,
    }
}

/// Whether iterations use their own elements of a root only, and take them out in the end.
pub(super) fn takes_own(l: &Loop, root: Var) -> bool {
    let Head::Counted { index, .. } = l.head else {
        return false;
    };
    let own = |path: &[Proj]| matches!(path, [Proj::Index(at)] if at.var() == Some(index));
    let mut only = true;
    for stmt in &l.body.stmts {
        uses::of_stmt(stmt, &mut |used| {
            let here = matches!(used, Use::Place(place, _) if own(&place.path));
            only &= used.var() != root || here;
        });
    }
    let mut using = l.body.stmts.iter().filter(|s| mentions(s, root) > 0);
    let last = using.next_back().and_then(|stmt| element(stmt, root));
    only && last.is_some_and(own)
}

/// Whether no element is taken twice.
fn are_apart(taken: &[Elements]) -> bool {
    let mut ones = Vec::new();
    let mut from = None;
    for elements in taken {
        match elements {
            Elements::One(at) if ones.contains(at) => return false,
            Elements::One(at) => ones.push(*at),
            Elements::From(_) if from.is_some() => return false,
            Elements::From(at) => from = Some(*at),
        }
    }
    ones.iter().all(|at| from.is_none_or(|from| *at < from))
}

fn takes(stmt: &Stmt, root: Var) -> bool {
    let mut found = element(stmt, root).is_some();
    for inner in uses::blocks(stmt) {
        found |= inner.stmts.iter().any(|stmt| takes(stmt, root));
    }
    found
}

fn read(stmt: &mut Stmt, root: Var) {
    match stmt {
        Stmt::Loop(l) => l.body.stmts.iter_mut().for_each(|stmt| read(stmt, root)),
        Stmt::Let { op, .. } => {
            let shadow: Option<Place> = match op {
                Op::Take { shadow, .. } if shadow.root == root => Some(shadow.clone()),
                _ => None,
            };
            if let Some(shadow) = shadow {
                *op = Op::Use(Operand::Place(shadow));
            }
        }
        _ => {}
    }
}

/// How often a block mentions a root.
pub(super) fn mentions_in_block(block: &Block, root: Var) -> usize {
    let mut count = 0;
    vars::block(block, &mut |var, _| count += usize::from(*var == root));
    count
}
