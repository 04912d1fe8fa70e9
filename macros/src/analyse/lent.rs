//! Functions that lend: what they return stands in an argument.

use crate::ir::{Class, End, Function, Op, Operand, Place, Proj, Stmt};

/// Whether the function returns one place that an argument refers to, whatever happens, and can be asked for it after the
/// reverse sweep as well.
pub fn lends_a_place(function: &Function) -> bool {
    match &function.body.end {
        End::Yield(operands) => operands.iter().all(|operand| match operand {
            Operand::Place(place) => is_lent(function, place),
            _ => false,
        }),
        _ => false,
    }
}

/// Whether a place is behind a reference, or is a reference that a call has lent.
fn is_lent(function: &Function, place: &Place) -> bool {
    let inside = |step: &Proj| matches!(step, Proj::Payload(_) | Proj::Variant(_));
    let by_call =
        |stmt: &Stmt| matches!(stmt, Stmt::Let { var, op: Op::Call(_) } if *var == place.root);
    let is_result = place.path.is_empty() && function.body.stmts.iter().any(by_call);
    let behind = function.vars[place.root.0].class == Class::Ref;
    is_result || (behind && !place.path.iter().any(inside))
}
