//! Cotangents of vectors to which nothing is added: what is taken of them is zero. Joining loops leaves such behind.

use std::collections::HashMap;

use super::{is_fill, mentions};
use crate::ir::parts::exclusive::{self, Part};
use crate::ir::uses;
use crate::ir::walk::vars;
use crate::ir::{Block, Class, Ctor, Function, Op, Operand, Place, Proj, Stmt, Var, VarInfo};

/// Reads zeros instead; whether there were any.
pub fn added(function: &mut Function) -> bool {
    let mut left: HashMap<Var, usize> = HashMap::new();
    uses::each_stmt(&function.body, &mut |stmt| {
        let blank = blank(stmt).filter(|var| function.vars[var.0].class == Class::Shadow);
        left.extend(blank.map(|var| (var, 0)));
    });
    if left.is_empty() {
        return false;
    }
    vars::block(&function.body, &mut |var, _| {
        left.entry(*var).and_modify(|count| *count += 1);
    });
    uses::each_stmt(&function.body, &mut |stmt| {
        let root = blank(stmt)
            .or(is_fill(stmt))
            .or(element(stmt).map(|place| place.root));
        let Some(root) = root else { return };
        left.entry(root)
            .and_modify(|count| *count -= mentions(stmt, root));
    });
    left.retain(|_, others| *others == 0);
    read_zeros(&mut function.body, function.vars.as_slice(), &left);
    !left.is_empty()
}

/// The vector of zeros that a statement makes.
fn blank(stmt: &Stmt) -> Option<Var> {
    match stmt {
        Stmt::Let {
            var,
            op: Op::Aggregate(Ctor::VecRepeat | Ctor::Scratch, parts),
        } if parts.first().is_some_and(|part| part.is_number(0.0)) => Some(*var),
        _ => None,
    }
}

/// The element that a statement takes or reads.
fn element(stmt: &Stmt) -> Option<&Place> {
    let Stmt::Let { op, .. } = stmt else {
        return None;
    };
    match op {
        Op::Take { shadow: place, .. } | Op::Use(Operand::Place(place)) => {
            matches!(place.path[..], [Proj::Index(_)]).then_some(place)
        }
        _ => None,
    }
}

fn read_zeros(block: &mut Block, vars: &[VarInfo], of: &HashMap<Var, usize>) {
    block
        .stmts
        .retain(|stmt| !is_fill(stmt).is_some_and(|root| of.contains_key(&root)));
    for stmt in &mut block.stmts {
        if element(stmt).is_some_and(|place| of.contains_key(&place.root)) {
            if let Stmt::Let { var, op } = stmt {
                *op = Op::Use(Operand::number(0.0, vars[var.0].kind.clone()));
            }
        }
        exclusive::of_stmt(stmt, &mut |part| inside(part, vars, of));
    }
    exclusive::of_end(&mut block.end, &mut |part| inside(part, vars, of));
}

fn inside(part: Part<'_>, vars: &[VarInfo], of: &HashMap<Var, usize>) {
    if let Part::Block(block) = part {
        read_zeros(block, vars, of);
    }
}
