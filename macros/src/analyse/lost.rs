//! Gradients that would be lost: active values written into constant places.

use std::collections::BTreeSet;

use super::activity;
use crate::ir::uses::{blocks, end_blocks};
use crate::ir::{Block, Class, Function, Kind, Op, Operand, Place, Stmt, Var};

/// The constant `&mut` parameters that an active value is written into.
pub fn lost(function: &Function) -> BTreeSet<Var> {
    let constants: Vec<Var> = function
        .params
        .iter()
        .filter(|param| !param.active)
        .map(|param| param.var)
        .filter(|var| is_open(function, *var))
        .collect();
    let mut found = BTreeSet::new();
    if !constants.is_empty() {
        let varied = activity::varied(function);
        stores(&function.body, &mut |place, value| {
            if constants.contains(&place.root) && depends(value, &varied) {
                found.insert(place.root);
            }
        });
    }
    found
}

fn is_open(function: &Function, var: Var) -> bool {
    let info = function.vars.get(var.0);
    info.is_some_and(|info| info.class == Class::RefMut && info.kind != Kind::Inert)
}

fn depends(value: &Operand, varied: &[bool]) -> bool {
    match value {
        Operand::Var(var) => varied[var.0],
        Operand::Place(place) => varied[place.root.0],
        Operand::Literal(_) => false,
    }
}

/// Every value that is written to a place.
fn stores(block: &Block, f: &mut dyn FnMut(&Place, &Operand)) {
    for stmt in &block.stmts {
        match stmt {
            Stmt::Store { place, value }
            | Stmt::Add { place, value, .. }
            | Stmt::Compound { place, value, .. }
            | Stmt::Do(Op::Push(place, value)) => f(place, value),
            _ => {}
        }
        blocks(stmt).into_iter().for_each(|block| stores(block, f));
    }
    end_blocks(&block.end)
        .iter()
        .for_each(|block| stores(block, f));
}
