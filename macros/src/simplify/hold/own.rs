//! The cotangents of local vectors, while nothing but zeros is in them, hold what a loop computes.
//!
//! ```text
//! d.fill(0.0);                                              d.fill(0.0);
//! for i in 0..n { e = exp(x[i]); total += e }         ⇒     for i in 0..n { e = exp(x[i]); total += e; d[i] = e }
//! …                                                         …
//! for i in 0..n { e = exp(x[i]); d[i] += s * e }            for i in 0..n { e = d[i]; d[i] = s * e }
//! ```

use super::{element, expensive_in_both, first_addition, uses_of};
use crate::ir::uses;
use crate::ir::{Block, Class, Function, Op, Operand, Stmt, Var, VarInfo};
use crate::simplify::blank::{is_fill, stored};
use crate::simplify::both::runs_to_its_end;
use crate::simplify::share::Memory;
use crate::simplify::{inner_blocks, last_blocks};

/// Uses the vectors that are filled with zeros in that way.
pub fn in_vectors(function: &mut Function) {
    let mut vars = std::mem::take(&mut function.vars);
    block(&mut function.body, &mut vars);
    function.vars = vars;
}

fn block(of: &mut Block, vars: &mut Vec<VarInfo>) {
    for stmt in &mut of.stmts {
        inner_blocks(stmt, &mut |inner| block(inner, vars));
    }
    last_blocks(&mut of.end, &mut |arm| block(arm, vars));
    for at in 0..of.stmts.len() {
        let cotangent = |root: &Var| vars[root.0].class == Class::Shadow;
        if let Some(root) = is_fill(&of.stmts[at]).filter(cotangent) {
            hold(&mut of.stmts[at + 1..], root, vars);
        }
    }
}

/// The first of the statements that looks at the vector has to be the reverse of a loop among those before.
fn hold(stmts: &mut [Stmt], root: Var, vars: &mut Vec<VarInfo>) -> Option<()> {
    let reverse = stmts.iter().position(|stmt| uses_of(stmt, root) > 0)?;
    (0..reverse)
        .rev()
        .find_map(|forward| in_both(&mut stmts[forward..=reverse], root, vars))
}

/// Holds a value that the first and the last of some statements compute.
fn in_both(stmts: &mut [Stmt], root: Var, vars: &mut Vec<VarInfo>) -> Option<()> {
    let [Stmt::Loop(forward), .., Stmt::Loop(reverse)] = &*stmts else {
        return None;
    };
    let straight = forward.limit.is_none() && runs_to_its_end(forward);
    let alone = uses_of_body(&reverse.body, root) == 1;
    let added = first_addition(reverse, root).filter(|_| straight && alone)?;
    let (there, here) = (element(forward, root)?, element(reverse, root)?);
    expensive_in_both(forward, reverse, added, &Memory::unchanging(vars.len()))?;
    let memory = Memory::while_running(stmts, vars.len());
    let (first, second) = expensive_in_both(forward, reverse, added, &memory)?;
    let [Stmt::Loop(forward), .., Stmt::Loop(reverse)] = stmts else {
        return None;
    };
    let value = *uses::defined(&forward.body.stmts[first]).first()?;
    let value = Operand::Var(value);
    let held = Stmt::Store {
        place: there,
        value,
    };
    forward.body.stmts.insert(first + 1, held);
    if let Stmt::Add { value, negate, .. } = reverse.body.stmts.remove(added) {
        let assigned = stored(here.clone(), value, negate, vars);
        reverse.body.stmts.splice(added..added, assigned);
    }
    if let Stmt::Let { op, .. } = &mut reverse.body.stmts[second] {
        *op = Op::Use(Operand::Place(here));
    }
    Some(())
}

fn uses_of_body(body: &Block, root: Var) -> usize {
    body.stmts.iter().map(|stmt| uses_of(stmt, root)).sum()
}
