//! Rewrites of the primal that leave its values as they are and make its adjoint cheaper.

mod extremes;
mod scratch;

use proc_macro2::{Ident, Span};
use syn::Expr;

use crate::choices::Choices;
use crate::ir::{
    By, Capture, Class, Cost, Function, Kind, Op, Opaque, Operand, Stmt, Var, VarInfo,
};

/// Rewrites a function for its adjoint.
pub fn prepare(choices: Choices, function: &mut Function) {
    if choices.prepare {
        extremes::rewrite(function);
        scratch::sink(function);
    }
    function.primal_vars = function.vars.len();
}

/// A new variable.
fn fresh(vars: &mut Vec<VarInfo>, name: &str, kind: Kind) -> Var {
    vars.push(VarInfo::new(name, kind, Class::Value));
    Var(vars.len() - 1)
}

/// `let var = op;`
fn set(var: Var, op: Op) -> Stmt {
    Stmt::Let { var, op }
}

/// An inert expression over operands, under the names that it has for them.
fn opaque(expr: Expr, operands: &[(&str, Operand)]) -> Op {
    let captures = operands.iter().map(|(name, operand)| Capture {
        name: Ident::new(name, Span::call_site()),
        operand: operand.clone(),
        by: By::Value,
    });
    Op::Opaque(Box::new(Opaque {
        captures: captures.collect(),
        expr,
        cost: Cost::Cheap,
        effect: false,
    }))
}
