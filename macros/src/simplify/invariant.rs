//! What a loop reads again in every iteration is read once before it.
//!
//! ```text
//! for i in 0..n { y[i] += a[i] * x[j]; }   ⇒   let c = if 0 < n { x[j] } else { 0.0 };
//!                                              for i in 0..n { y[i] += a[i] * c; }
//! ```
//!
//! The compiler does not know that `y` and `x` are apart, and would read `x[j]` after every write to `y`, one element at a
//! time. The IR does. Where the loop does not run, nothing is read: there may be no such element.

use std::collections::HashSet;

use super::lanes::{elements, if_any, Elements};
use super::{inner_blocks, last_blocks};
use crate::ir::{Block, Class, Function, Kind, Loop, Op, Operand, Proj, Stmt, Var, VarInfo};

/// Reads before the innermost loops what they read from memory that they do not change, while they change other memory.
pub fn before_loops(function: &mut Function) {
    let mut vars = std::mem::take(&mut function.vars);
    block(&mut function.body, &mut vars);
    function.vars = vars;
}

fn block(of: &mut Block, vars: &mut Vec<VarInfo>) {
    for mut stmt in std::mem::take(&mut of.stmts) {
        inner_blocks(&mut stmt, &mut |inner| block(inner, vars));
        if let Stmt::Loop(l) = &mut stmt {
            of.stmts.extend(taken_out(l, vars));
        }
        of.stmts.push(stmt);
    }
    last_blocks(&mut of.end, &mut |arm| block(arm, vars));
}

/// Takes what stays the same out of a loop: the statements that read it before.
fn taken_out(l: &mut Loop, vars: &mut Vec<VarInfo>) -> Vec<Stmt> {
    let Some(elements) = elements(l) else {
        return Vec::new();
    };
    let writes = |stmt: &Stmt| matches!(stmt, Stmt::Store { .. } | Stmt::Add { .. });
    if !elements.body.iter().any(writes) {
        return Vec::new();
    }
    let fixed = |stmt: &Stmt| is_fixed(stmt, &elements, vars);
    let found: HashSet<usize> = (0..elements.body.len())
        .filter(|at| fixed(&elements.body[*at]))
        .collect();
    if found.is_empty() {
        return Vec::new();
    }
    let (lo, hi) = (elements.lo.clone(), elements.hi.clone());
    let mut at = 0..;
    let (out, rest): (Vec<Stmt>, Vec<Stmt>) = std::mem::take(&mut l.body.stmts)
        .into_iter()
        .partition(|_| at.next().is_some_and(|at| found.contains(&at)));
    l.body.stmts = rest;
    read_if_any(out, (lo, hi), vars).collect()
}

/// Whether a statement reads a float that is the same in all iterations.
fn is_fixed(stmt: &Stmt, elements: &Elements<'_>, vars: &[VarInfo]) -> bool {
    let Stmt::Let {
        var,
        op: Op::Use(Operand::Place(place)),
    } = stmt
    else {
        return false;
    };
    let element = place.path.iter().any(|p| matches!(p, Proj::Index(_)));
    let ours = !matches!(vars[place.root.0].class, Class::Slot | Class::Lent);
    let float = matches!(vars[var.0].kind, Kind::Float(_));
    element && ours && float && elements.is_same_throughout(place) && !elements.changes(place)
}

/// `let (…) = if lo < hi { … } else { zeros };`
fn read_if_any(
    reads: Vec<Stmt>,
    range: (Operand, Operand),
    vars: &mut Vec<VarInfo>,
) -> impl Iterator<Item = Stmt> {
    let (mut stmts, mut joins) = (Vec::new(), Vec::new());
    let (mut values, mut zeros) = (Vec::new(), Vec::new());
    for stmt in reads {
        if let Stmt::Let { var, op } = stmt {
            let info = vars[var.0].clone();
            zeros.push(Operand::number(0.0, info.kind.clone()));
            vars.push(info);
            let read = Var(vars.len() - 1);
            values.push(Operand::Var(read));
            stmts.push(Stmt::Let { var: read, op });
            joins.push(var);
        }
    }
    let arms = [(stmts, values), (Vec::new(), zeros)];
    if_any(range, arms, joins, vars).into_iter()
}
