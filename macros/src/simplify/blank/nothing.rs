//! Cotangents of vectors to which nothing is added: what is taken of them is zero. Joining loops leaves such behind.

use std::collections::{HashMap, HashSet};

use super::{is_fill, mentions};
use crate::ir::parts::exclusive::{self, Part};
use crate::ir::uses;
use crate::ir::walk::vars;
use crate::ir::{
    BinOp, Block, Class, Ctor, Function, Op, Operand, Place, Proj, Stmt, Var, VarInfo,
};

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
    let untouched = left.into_iter().filter(|(_, others)| *others == 0);
    let roots: HashSet<Var> = untouched.map(|(root, _)| root).collect();
    let any = !roots.is_empty();
    let mut nothing = Nothing {
        vars: &function.vars,
        roots,
        zeros: HashSet::new(),
    };
    if any {
        nothing.block(&mut function.body);
    }
    any
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

/// What nothing was added to, and what comes from it.
struct Nothing<'f> {
    vars: &'f [VarInfo],
    roots: HashSet<Var>,
    zeros: HashSet<Var>,
}

impl Nothing<'_> {
    fn block(&mut self, block: &mut Block) {
        block.stmts.retain_mut(|stmt| self.matters(stmt));
        exclusive::of_end(&mut block.end, &mut |part| self.inside(part));
    }

    fn inside(&mut self, part: Part<'_>) {
        if let Part::Block(block) = part {
            self.block(block);
        }
    }

    /// Whether a statement is to stay. A zero that comes from nothing stays one whatever it is multiplied by.
    fn matters(&mut self, stmt: &mut Stmt) -> bool {
        let read = element(stmt).is_some_and(|place| self.roots.contains(&place.root));
        match stmt {
            Stmt::Let { var, op } if read || self.is_zero(op) => {
                self.zeros.insert(*var);
                *op = Op::Use(Operand::number(0.0, self.vars[var.0].kind.clone()));
                true
            }
            Stmt::Add { value, .. } => !self.comes_from_nothing(value),
            stmt => {
                exclusive::of_stmt(stmt, &mut |part| self.inside(part));
                !is_fill(stmt).is_some_and(|root| self.roots.contains(&root))
            }
        }
    }

    fn comes_from_nothing(&self, operand: &Operand) -> bool {
        operand.var().is_some_and(|var| self.zeros.contains(&var))
    }

    fn is_zero(&self, op: &Op) -> bool {
        let zero = |operand| self.comes_from_nothing(operand);
        match op {
            Op::Neg(a) | Op::Binary(BinOp::Div, a, _) => zero(a),
            Op::Binary(BinOp::Mul, a, b) => zero(a) || zero(b),
            Op::Binary(BinOp::Add | BinOp::Sub, a, b) => zero(a) && zero(b),
            _ => false,
        }
    }
}
