//! What `no_alloc` promises: nothing in an adjoint needs an allocator.

use crate::diagnostics::{Errors, Slug};
use crate::ir::walk::blocks;
use crate::ir::{Block, Capacity, Class, Ctor, End, Function, Kind, Op, Stmt, Var};

/// Refuses what an adjoint would allocate: storage of loops without a bound, and temporaries on the heap.
pub fn refuse(adjoint: &Function, errors: &mut Errors) {
    block(adjoint, &adjoint.body, errors);
}

fn block(adjoint: &Function, code: &Block, errors: &mut Errors) {
    for stmt in &code.stmts {
        if let Stmt::Let { var, op } = stmt {
            definition(adjoint, *var, op, errors);
        }
        for inner in blocks(stmt) {
            block(adjoint, inner, errors);
        }
    }
    if let End::Switch { arms, .. } = &code.end {
        arms.iter().for_each(|arm| block(adjoint, arm, errors));
    }
}

fn definition(adjoint: &Function, var: Var, op: &Op, errors: &mut Errors) {
    match op {
        Op::NewStore(Capacity::Vec(_, span, name)) => {
            errors.refuse_with(Slug::LoopStorage, *span, &format!("`{name}`"));
        }
        Op::Zero(_) | Op::Keep(_) | Op::Aggregate(Ctor::Vec | Ctor::VecRepeat, _) => {
            value(adjoint, var, errors);
        }
        _ => {}
    }
}

/// A variable on the heap. The cotangent of one that is refused anyway is passed over: one mistake, one error.
fn value(adjoint: &Function, var: Var, errors: &mut Errors) {
    let info = &adjoint.vars[var.0];
    let shadow = info.class == Class::Shadow;
    let refused = shadow && !errors.is_empty();
    if matches!(info.kind, Kind::Vec(_)) && !refused {
        let name = format!("`{}`", info.name);
        errors.refuse_with(Slug::ValueStorage, info.name.span(), &name);
    }
}
