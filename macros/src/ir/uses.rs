//! What a statement reads, writes and defines, without the blocks inside it.

pub use super::parts::Access;

use super::parts::shared::{self as parts, Part};
use super::{Block, End, Head, Loop, Op, Operand, Place, Stmt, Var};

/// One use of a variable.
#[derive(Clone, Copy, Debug)]
pub enum Use<'a> {
    /// A variable named as an operand.
    Var(Var),
    /// A variable that an opaque expression names, once or more.
    Captured(Var),
    /// Memory.
    Place(&'a Place, Access),
    /// A `Fresh`, a record, a store or a slot as a whole.
    Handle(Var, Access),
}

/// Receives the uses of a statement.
pub type Sink<'s, 'a> = &'s mut dyn FnMut(Use<'a>);

impl<'a> Use<'a> {
    /// The variable that is used: the root, of a place.
    pub fn var(self) -> Var {
        match self {
            Use::Var(var) | Use::Captured(var) | Use::Handle(var, _) => var,
            Use::Place(place, _) => place.root,
        }
    }

    /// Whether the use may change what the variable holds.
    pub fn mutates(self) -> bool {
        matches!(
            self,
            Use::Place(_, Access::Mutate) | Use::Handle(_, Access::Mutate)
        )
    }
}

/// Uses of a statement itself. What its blocks use is not among them, nor what it defines; the heads of loops, their
/// initial values and the results over the carried values are.
pub fn of_stmt<'a>(stmt: &'a Stmt, sink: Sink<'_, 'a>) {
    parts::of_stmt(stmt, &mut |part| of_part(part, sink));
}

/// Uses of a loop on entry: the initial values and the head.
pub fn of_head<'a>(the_loop: &'a Loop, sink: Sink<'_, 'a>) {
    parts::of_loop(the_loop, &mut |part| {
        if !matches!(part, Part::Exhausted(_)) {
            of_part(part, sink);
        }
    });
}

/// Uses of the end itself, without those of its arms.
pub fn of_end<'a>(end: &'a End, sink: Sink<'_, 'a>) {
    parts::of_end(end, &mut |part| of_part(part, sink));
}

/// Uses of an operation.
pub fn of_op<'a>(op: &'a Op, sink: Sink<'_, 'a>) {
    parts::of_op(op, &mut |part| of_part(part, sink));
}

fn of_part<'a>(part: Part<'a>, sink: Sink<'_, 'a>) {
    match part {
        Part::Operand(operand) | Part::Exhausted(operand) => of_operand(operand, sink),
        Part::Captured(Operand::Var(var), _) => sink(Use::Captured(*var)),
        Part::Captured(Operand::Place(place), access) => of_place(place, access, sink),
        Part::Captured(Operand::Literal(_), _) => {}
        Part::Place(place, access) => of_place(place, access, sink),
        Part::Handle(var, access) => sink(Use::Handle(*var, access)),
        Part::Moved(var) => sink(Use::Var(*var)),
        Part::Def(_) | Part::Block(_) => {}
    }
}

/// Uses of an operand.
pub fn of_operand<'a>(operand: &'a Operand, sink: Sink<'_, 'a>) {
    match operand {
        Operand::Var(var) => sink(Use::Var(*var)),
        Operand::Place(place) => of_place(place, Access::Read, sink),
        Operand::Literal(_) => {}
    }
}

/// Uses of a place: its indices, then its root.
fn of_place<'a>(place: &'a Place, access: Access, sink: Sink<'_, 'a>) {
    parts::of_path(place, &mut |part| of_part(part, sink));
    sink(Use::Place(place, access));
}

/// What a statement defines for the statements after it in its block.
pub fn defined(stmt: &Stmt) -> &[Var] {
    match stmt {
        Stmt::Let { var, .. } => std::slice::from_ref(var),
        Stmt::Switch { joins, .. } | Stmt::Replay { joins, .. } => joins,
        Stmt::Loop(the_loop) => &the_loop.results,
        Stmt::Vjp(vjp) => vjp.result.as_slice(),
        Stmt::Unpack { vars, .. } => vars,
        Stmt::Store { .. }
        | Stmt::Add { .. }
        | Stmt::Compound { .. }
        | Stmt::Do(_)
        | Stmt::Accumulate { .. }
        | Stmt::Unpop { .. }
        | Stmt::AccumulateEach { .. }
        | Stmt::Push { .. } => &[],
    }
}

/// What a loop defines for its own body.
pub fn defined_in_body(the_loop: &Loop) -> Vec<Var> {
    let mut vars: Vec<Var> = the_loop.carried.iter().map(|carried| carried.var).collect();
    match &the_loop.head {
        Head::Counted { index, .. } => vars.push(*index),
        Head::Refill { index, along, .. } => {
            vars.push(*index);
            vars.extend(along.iter().map(|(item, _)| *item));
        }
        Head::Chunks { index, chunk, .. } => vars.extend([index, chunk]),
        Head::Records { vars: popped, .. } => vars.extend(popped),
        Head::Forever => {}
    }
    vars
}

/// Visits the statements of a block and of all blocks inside.
pub fn each_stmt<'b>(block: &'b Block, f: &mut dyn FnMut(&'b Stmt)) {
    for stmt in &block.stmts {
        f(stmt);
        blocks(stmt)
            .into_iter()
            .for_each(|inner| each_stmt(inner, f));
    }
    end_blocks(&block.end)
        .iter()
        .for_each(|arm| each_stmt(arm, f));
}

/// The blocks inside a statement.
pub fn blocks(stmt: &Stmt) -> Vec<&Block> {
    let mut found = Vec::new();
    if let Stmt::Switch { .. } | Stmt::Replay { .. } | Stmt::Loop(_) = stmt {
        parts::of_stmt(stmt, &mut |part| {
            if let Part::Block(block) = part {
                found.push(block);
            }
        });
    }
    found
}

/// The arms of a tail switch.
pub fn end_blocks(end: &End) -> &[Block] {
    match end {
        End::Switch { arms, .. } => arms,
        _ => &[],
    }
}

/// Every use in a block and in the blocks inside it.
pub fn of_block<'a>(block: &'a Block, sink: Sink<'_, 'a>) {
    for stmt in &block.stmts {
        of_stmt(stmt, sink);
        for inner in blocks(stmt) {
            of_block(inner, sink);
        }
    }
    of_end(&block.end, sink);
    for arm in end_blocks(&block.end) {
        of_block(arm, sink);
    }
}

/// Whether a block leaves the loop whose body it is.
pub fn has_break(block: &Block) -> bool {
    let in_arms = |arms: &[Block]| arms.iter().any(has_break);
    let in_statements = block.stmts.iter().any(|stmt| match stmt {
        Stmt::Loop(_) => false,
        other => blocks(other).into_iter().any(has_break),
    });
    in_statements || matches!(block.end, End::Break(_)) || in_arms(end_blocks(&block.end))
}
