//! Calls of functions that are not known by their names: no rule is known for them, so what goes into them has to be
//! constant.

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::Expr;

use super::activity;
use crate::ir::uses;
use crate::ir::{Block, Cost, Function, Op, Opaque, Operand, Stmt};

/// Where something active goes into a call of a function that is given.
pub fn given(function: &Function) -> Vec<Span> {
    let mut calls = Vec::new();
    find(&function.body, &mut calls);
    if calls.is_empty() {
        return Vec::new();
    }
    let varied = activity::varied(function);
    let is_varied = |operand: &Operand| match operand {
        Operand::Var(var) => varied[var.0],
        Operand::Place(place) => varied[place.root.0],
        Operand::Literal(_) => false,
    };
    calls
        .into_iter()
        .filter(|call| call.captures.iter().any(|c| is_varied(&c.operand)))
        .map(|call| callee(&call.expr))
        .collect()
}

fn find<'f>(block: &'f Block, calls: &mut Vec<&'f Opaque>) {
    for stmt in &block.stmts {
        if let Stmt::Let {
            op: Op::Opaque(opaque),
            ..
        }
        | Stmt::Do(Op::Opaque(opaque)) = stmt
        {
            calls.extend((opaque.cost == Cost::Given).then_some(&**opaque));
        }
        uses::blocks(stmt)
            .into_iter()
            .for_each(|inner| find(inner, calls));
    }
    uses::end_blocks(&block.end)
        .iter()
        .for_each(|arm| find(arm, calls));
}

fn callee(call: &Expr) -> Span {
    match call {
        Expr::Call(call) => call.func.span(),
        other => other.span(),
    }
}
