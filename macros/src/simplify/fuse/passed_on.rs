//! A cotangent that an iteration leaves in memory for itself, where there is a zero before and after, stays a value.

use std::collections::HashSet;

use super::super::blank::is_fill;
use crate::ir::walk::vars;
use crate::ir::{Ctor, Op, Operand, Place, Stmt, Var};

/// Rewrites the body of a loop; the statements before it tell what it finds in memory.
pub(super) fn in_loop(stmts: &mut [Stmt], at: usize) {
    let (before, rest) = stmts.split_at_mut(at);
    let Some(Stmt::Loop(l)) = rest.first_mut() else {
        return;
    };
    let roots: HashSet<Var> = l
        .body
        .stmts
        .iter()
        .filter_map(taken)
        .map(|p| p.root)
        .collect();
    let mut roots: Vec<Var> = roots.into_iter().collect();
    roots.sort_unstable();
    for root in roots {
        if is_zero(before, root) {
            pass_on(&mut l.body.stmts, root);
        }
    }
}

/// The element of a cotangent that a statement takes.
fn taken(stmt: &Stmt) -> Option<&Place> {
    match stmt {
        Stmt::Let {
            op: Op::Take { shadow, .. },
            ..
        } => Some(shadow),
        _ => None,
    }
}

/// `d[i] += v; … let t = take d[i];` ⇒ `let t = v;`, if that is all.
fn pass_on(stmts: &mut Vec<Stmt>, root: Var) {
    let mentions = |stmt: &Stmt| mentions(stmt, root);
    let all: Vec<usize> = (0..stmts.len())
        .filter(|at| mentions(&stmts[*at]))
        .collect();
    let [add, take] = all[..] else { return };
    let op = match (&stmts[add], taken(&stmts[take])) {
        (
            Stmt::Add {
                place,
                value: value @ Operand::Var(_),
                negate,
            },
            Some(shadow),
        ) if is_same(place, shadow) => match negate {
            true => Op::Neg(value.clone()),
            false => Op::Use(value.clone()),
        },
        _ => return,
    };
    if let Stmt::Let { op: taken, .. } = &mut stmts[take] {
        *taken = op;
        stmts.remove(add);
    }
}

fn is_same(a: &Place, b: &Place) -> bool {
    a.root == b.root
        && a.path.len() == b.path.len()
        && a.path.iter().zip(&b.path).all(|(a, b)| a.is_same(b))
}

/// Whether all of a root is zero after some statements: made or filled with zeros, and then only taken from.
fn is_zero(before: &[Stmt], root: Var) -> bool {
    for stmt in before.iter().rev() {
        if is_fill(stmt) == Some(root) {
            return true;
        }
        match stmt {
            Stmt::Let { var, op } if *var == root => return is_made_zero(op),
            Stmt::Loop(l) if l.body.stmts.iter().all(|s| only_takes(s, root)) => {}
            stmt if only_takes(stmt, root) => {}
            _ => return false,
        }
    }
    false
}

fn is_made_zero(op: &Op) -> bool {
    match op {
        Op::Zero(_) => true,
        Op::Aggregate(Ctor::VecRepeat, parts) => {
            matches!(parts.first(), Some(zero) if zero.is_number(0.0))
        }
        _ => false,
    }
}

fn only_takes(stmt: &Stmt, root: Var) -> bool {
    taken(stmt).is_some_and(|place| place.root == root) || !mentions(stmt, root)
}

fn mentions(stmt: &Stmt, root: Var) -> bool {
    let mut found = false;
    vars::stmt(stmt, &mut |var, _| found |= *var == root);
    found
}
