//! Rewrites of the primal that leave its values as they are and make its adjoint cheaper.

mod extremes;
mod lengths;
mod scratch;

use crate::choices::Choices;
use crate::ir::build::cheap as opaque;
use crate::ir::{Class, Function, Kind, Op, Stmt, Var, VarInfo};

/// Rewrites a function for its adjoint.
pub fn prepare(choices: Choices, function: &mut Function) {
    if choices.prepare {
        extremes::rewrite(function);
        scratch::sink(function);
        lengths::by_name(function);
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
