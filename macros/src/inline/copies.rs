//! Floats that only got another name: what a body gave, what a parameter was given. The differentiator would keep both.

use std::collections::HashMap;

use crate::ir::parts::exclusive::{self, Part};
use crate::ir::walk::{vars_mut, Role};
use crate::ir::{Block, Class, Float, Function, Kind, Op, Operand, Stmt, Var, VarInfo};

/// Replaces copies of floats by what they are copies of.
pub(super) fn propagate(function: &mut Function, is_copy: &dyn Fn(Var) -> bool) {
    let mut sources = HashMap::new();
    take(&mut function.body, &function.vars, is_copy, &mut sources);
    vars_mut::block(&mut function.body, &mut |var, role| {
        if role == Role::Use {
            *var = origin(*var, &sources);
        }
    });
}

fn origin(mut var: Var, sources: &HashMap<Var, Var>) -> Var {
    while let Some(source) = sources.get(&var) {
        var = *source;
    }
    var
}

fn take(
    block: &mut Block,
    vars: &[VarInfo],
    is_copy: &dyn Fn(Var) -> bool,
    sources: &mut HashMap<Var, Var>,
) {
    block.stmts.retain_mut(|stmt| {
        if let Some((var, source)) = copied(stmt, vars).filter(|(var, _)| is_copy(*var)) {
            sources.insert(var, source);
            return false;
        }
        exclusive::of_stmt(stmt, &mut |part| inside(part, vars, is_copy, sources));
        true
    });
    exclusive::of_end(&mut block.end, &mut |part| {
        inside(part, vars, is_copy, sources)
    });
}

fn inside(
    part: Part<'_>,
    vars: &[VarInfo],
    is_copy: &dyn Fn(Var) -> bool,
    sources: &mut HashMap<Var, Var>,
) {
    if let Part::Block(block) = part {
        take(block, vars, is_copy, sources);
    }
}

/// A float and the float that it is. Where the width is open, the type that is written at the copy may decide it.
fn copied(stmt: &Stmt, vars: &[VarInfo]) -> Option<(Var, Var)> {
    let Stmt::Let {
        var,
        op: Op::Use(Operand::Var(source)),
    } = stmt
    else {
        return None;
    };
    let is_known = |v: &Var| matches!(&vars[v.0].kind, Kind::Float(f) if *f != Float::Open);
    let is_value = vars[var.0].class == Class::Value;
    (is_value && is_known(var) && is_known(source)).then_some((*var, *source))
}
