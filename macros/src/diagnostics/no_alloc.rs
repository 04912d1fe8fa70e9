//! Option `no_alloc`: whatever the reverse sweep would put on the heap is refused, where it comes from.

use proc_macro2::Span;

use super::{Errors, Slug};
use crate::ir::uses::{blocks, end_blocks};
use crate::ir::{Block, Capacity, Function, Kind, Op, Place, Stmt};

/// Refuses what the generated part of an adjoint allocates. The user's own allocations are the user's.
pub fn check(adjoint: &Function, errors: &mut Errors) {
    check_block(adjoint, &adjoint.body, errors);
}

fn check_block(adjoint: &Function, block: &Block, errors: &mut Errors) {
    for stmt in &block.stmts {
        if let Stmt::Let { op, .. } | Stmt::Do(op) = stmt {
            check_op(adjoint, op, errors);
        }
        for inner in blocks(stmt) {
            check_block(adjoint, inner, errors);
        }
    }
    for inner in end_blocks(&block.end) {
        check_block(adjoint, inner, errors);
    }
}

fn check_op(adjoint: &Function, op: &Op, errors: &mut Errors) {
    match op {
        Op::NewStore(Capacity::Vec(_, span)) => errors.refuse(Slug::LoopStorage, *span),
        Op::Zero(place) | Op::Keep(place) => {
            if let Some((name, span)) = on_heap(adjoint, place) {
                errors.refuse_with(Slug::ValueStorage, span, &format!("`{name}`"));
            }
        }
        _ => {}
    }
}

/// The variable, if copies of it and cotangents like it are on the heap.
fn on_heap(adjoint: &Function, place: &Place) -> Option<(String, Span)> {
    let info = adjoint.vars.get(place.root.0)?;
    let dynamic = place.path.is_empty() && holds_vec(&info.kind);
    dynamic.then(|| (info.name.to_string(), info.name.span()))
}

fn holds_vec(kind: &Kind) -> bool {
    match kind {
        Kind::Slice(_) | Kind::Vec(_) => true,
        Kind::Array(inner) | Kind::Option(inner) | Kind::Result(inner) => holds_vec(inner),
        Kind::Tuple(parts) => parts.iter().any(holds_vec),
        Kind::Float(_) | Kind::Inert | Kind::Unknown => false,
    }
}
