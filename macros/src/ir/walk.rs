//! Walks over the IR: every variable of a statement, and which places it writes.

use std::collections::{HashMap, HashSet};

use super::parts::Access;
use super::*;

/// What a variable is doing where it stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// Defined here.
    Def,
    /// Read as a value, or moved.
    Use,
    /// Root of a place.
    Root,
}

macro_rules! walker {
    ($module:ident, $parts:ident, $($mutability:ident)?) => {
        /// Visits every occurrence of a variable, nested blocks included, in the order in which they stand.
        pub mod $module {
            use super::super::parts::$parts::{self as parts, Part};
            use super::*;

            type F<'a> = &'a mut dyn FnMut(& $($mutability)? Var, Role);

            pub fn block(block: & $($mutability)? Block, f: F) {
                for s in & $($mutability)? block.stmts {
                    stmt(s, f);
                }
                parts::of_end(& $($mutability)? block.end, &mut |part| visit(part, f));
            }

            pub fn stmt(stmt: & $($mutability)? Stmt, f: F) {
                parts::of_stmt(stmt, &mut |part| visit(part, f));
            }

            pub fn op(op: & $($mutability)? Op, f: F) {
                parts::of_op(op, &mut |part| visit(part, f));
            }

            pub fn operand(operand: & $($mutability)? Operand, f: F) {
                match operand {
                    Operand::Var(v) => f(v, Role::Use),
                    Operand::Place(p) => place(p, f),
                    Operand::Literal(_) => {}
                }
            }

            pub fn place(place: & $($mutability)? Place, f: F) {
                parts::of_path(place, &mut |part| visit(part, f));
                f(& $($mutability)? place.root, Role::Root);
            }

            fn visit(part: Part<'_>, f: F) {
                match part {
                    Part::Operand(o) | Part::Captured(o, _) | Part::Exhausted(o) => operand(o, f),
                    Part::Place(p, _) => place(p, f),
                    Part::Handle(v, Access::Read) | Part::Moved(v) => f(v, Role::Use),
                    Part::Handle(v, _) => f(v, Role::Root),
                    Part::Def(v) => f(v, Role::Def),
                    Part::Block(b) => block(b, f),
                }
            }
        }
    };
}

walker!(vars, shared,);
walker!(vars_mut, exclusive, mut);

/// Everything that a statement defines, at every depth, in its order.
pub fn defined(stmt: &Stmt) -> Vec<Var> {
    let mut found = Vec::new();
    vars::stmt(stmt, &mut |var, role| {
        if role == Role::Def {
            found.push(*var);
        }
    });
    found
}

/// Everything that the statements of a block define, and its arms.
pub fn defined_in(block: &Block) -> HashSet<Var> {
    let mut found = HashSet::new();
    vars::block(block, &mut |var, role| {
        if role == Role::Def {
            found.insert(*var);
        }
    });
    found
}

/// Gives new names to what a statement defines.
pub fn rename(stmt: &mut Stmt, all: &mut Vec<VarInfo>) {
    let mut names = HashMap::new();
    vars_mut::stmt(stmt, &mut |var, role| {
        if role == Role::Def {
            all.push(all[var.0].clone());
            names.insert(*var, Var(all.len() - 1));
        }
    });
    vars_mut::stmt(stmt, &mut |var, _| {
        if let Some(name) = names.get(var) {
            *var = *name;
        }
    });
}

/// The places that a statement itself writes or may write, without those of nested blocks.
pub fn writes(stmt: &Stmt, f: &mut dyn FnMut(&Place)) {
    match stmt {
        Stmt::Store { place, .. } | Stmt::Add { place, .. } | Stmt::Compound { place, .. } => {
            f(place)
        }
        Stmt::Let { op, .. } | Stmt::Do(op) => op_writes(op, f),
        _ => {}
    }
}

/// The places that an operation writes.
pub fn op_writes(op: &Op, f: &mut dyn FnMut(&Place)) {
    match op {
        Op::Call(call) => call.args.iter().for_each(|a| match a {
            Arg::RefMut(p)
            | Arg::Receiver {
                place: p,
                mutable: true,
            } => f(p),
            _ => {}
        }),
        Op::Opaque(o) => o.captures.iter().for_each(|c| match &c.operand {
            Operand::Place(p) if c.by == By::RefMut => f(p),
            _ => {}
        }),
        Op::Pop(p)
        | Op::Push(p, _)
        | Op::Replace(p, _)
        | Op::TakeLast(p)
        | Op::Restore(_, p)
        | Op::Recall(_, _, p) => f(p),
        _ => {}
    }
}
