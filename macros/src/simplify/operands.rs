//! Every operand of a statement, to be replaced.

use crate::ir::parts::exclusive::{self as parts, Part};
use crate::ir::{End, Operand, Place, Stmt, Var};

/// Where a variable stands.
pub enum Spot<'a> {
    /// Anything may stand here.
    Operand(&'a mut Operand),
    /// Only a variable may.
    Var(&'a mut Var),
}

/// Receives the spots of a statement.
pub type Visit<'v> = &'v mut dyn FnMut(Spot<'_>);

/// The operands of a statement itself, without its blocks and without the results of a loop over its carried values.
pub fn of_stmt(stmt: &mut Stmt, visit: Visit<'_>) {
    parts::of_stmt(stmt, &mut |part| of_part(part, visit));
}

/// The operands of a block's end, without its arms.
pub fn of_end(end: &mut End, visit: Visit<'_>) {
    parts::of_end(end, &mut |part| of_part(part, visit));
}

/// The operands in a list.
pub fn of_operands(operands: &mut [Operand], visit: Visit<'_>) {
    for operand in operands {
        of_operand(operand, visit);
    }
}

fn of_part(part: Part<'_>, visit: Visit<'_>) {
    match part {
        Part::Operand(operand) | Part::Captured(operand, _) => of_operand(operand, visit),
        Part::Place(place, _) => of_path(place, visit),
        Part::Moved(var) => visit(Spot::Var(var)),
        // No other variable names the same record, store or slot.
        Part::Handle(..) | Part::Exhausted(_) | Part::Def(_) | Part::Block(_) => {}
    }
}

fn of_operand(operand: &mut Operand, visit: Visit<'_>) {
    if let Operand::Place(place) = operand {
        of_path(place, visit);
    } else {
        visit(Spot::Operand(operand));
    }
}

fn of_path(place: &mut Place, visit: Visit<'_>) {
    parts::of_path(place, &mut |part| of_part(part, visit));
}
