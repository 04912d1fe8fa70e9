//! Values that wait to be printed where they are used.
//!
//! A value waits if it is used once and computing it has no effect. It is printed as a `let` after all when something
//! is about to change what it reads, or when a nested block begins.

use std::collections::HashMap;

use proc_macro2::TokenStream;

use super::code::{Code, Level};
use super::Emitter;
use crate::ir::uses::{Access, Use};
use crate::ir::{Class, Cost, Op, Operand, Proj, Stmt, Var};

/// Expressions nest at most this many operations: longer ones are hard to read, and to copy.
const LARGEST: usize = 12;

/// The values that wait.
#[derive(Default)]
pub struct Pending {
    waiting: HashMap<Var, Code>,
    /// In the order of their definition; some have been used since.
    order: Vec<Var>,
    /// Which of them read a variable that may change.
    readers: HashMap<Var, Vec<Var>>,
}

impl Pending {
    fn insert(&mut self, var: Var, code: Code) {
        for read in &code.reads {
            self.readers.entry(*read).or_default().push(var);
        }
        self.order.push(var);
        self.waiting.insert(var, code);
    }

    /// Whether a value waits that reads a variable.
    fn reads(&self, var: Var, read: Var) -> bool {
        let waiting = self.waiting.get(&var);
        waiting.is_some_and(|code| code.reads.contains(&read))
    }

    /// The expression of a value that waits, to be printed here.
    pub fn take(&mut self, var: Var) -> Option<Code> {
        self.waiting.remove(&var)
    }
}

impl Emitter<'_> {
    /// Whether a value may stand where it is used, in place of having a name.
    fn may_wait(&self, var: Var, op: &Op, code: &Code) -> bool {
        let info = self.info(var);
        let ours = var.0 >= self.function.primal_vars || info.name == "t";
        let trivial = matches!(op, Op::Use(Operand::Var(_) | Operand::Literal(_)));
        let unnamed = ours || trivial || self.versions[var.0];
        self.uses[var.0] == 1
            && unnamed
            && matches!(info.class, Class::Value | Class::Record)
            && info.ty.is_none()
            && code.level != Level::Low
            && code.size <= LARGEST
            && is_pure(op)
    }

    /// Defines a value: here and now, or where it is used.
    pub fn define(&mut self, lines: &mut TokenStream, var: Var, op: &Op, code: Code) {
        if self.may_wait(var, op, &code) {
            self.pending.insert(var, code);
        } else {
            self.print_let(lines, var, &code);
        }
    }

    /// Prints everything that waits.
    pub fn flush(&mut self, lines: &mut TokenStream) {
        for var in std::mem::take(&mut self.pending.order) {
            self.print_waiting(lines, var);
        }
        self.pending.readers.clear();
    }

    fn print_waiting(&mut self, lines: &mut TokenStream, var: Var) {
        if let Some(code) = self.pending.take(var) {
            self.print_let(lines, var, &code);
        }
    }

    /// Prints the values that read a variable which is about to change.
    pub fn flush_readers(&mut self, lines: &mut TokenStream, changing: Var) {
        for var in self.pending.readers.remove(&changing).unwrap_or_default() {
            self.print_waiting(lines, var);
        }
    }

    /// Prints the values that a statement would disturb: those which read what it changes, lends or moves away.
    pub fn before(&mut self, lines: &mut TokenStream, stmt: &Stmt) {
        let mut disturbed = Vec::new();
        let copies = matches!(stmt, Stmt::Let { var, op: Op::Use(Operand::Place(_)) } if self.class(*var) == Class::Value);
        // `place op= value` computes the value first.
        let updates = matches!(
            stmt,
            Stmt::Store { .. } | Stmt::Add { .. } | Stmt::Compound { .. }
        );
        self.before_index(lines, stmt);
        crate::ir::uses::of_stmt(stmt, &mut |used| match used {
            Use::Place(place, Access::Mutate) if !updates => disturbed.push(place.root),
            Use::Place(place, Access::Read) if !copies => disturbed.push(place.root),
            Use::Var(var) if self.class(var).is_memory() => disturbed.push(var),
            _ => {}
        });
        disturbed
            .into_iter()
            .for_each(|var| self.flush_readers(lines, var));
    }

    /// `v[v.len() - 1] = …` does not compile where `v` is a vector: it is borrowed before its index is computed.
    fn before_index(&mut self, lines: &mut TokenStream, stmt: &Stmt) {
        let (Stmt::Store { place, .. } | Stmt::Add { place, .. } | Stmt::Compound { place, .. }) =
            stmt
        else {
            return;
        };
        for proj in &place.path {
            let Proj::Index(Operand::Var(index)) = proj else {
                continue;
            };
            if self.pending.reads(*index, place.root) {
                self.print_waiting(lines, *index);
            }
        }
    }
}

/// Whether an operation has no effect, so that it may be printed later.
fn is_pure(op: &Op) -> bool {
    match op {
        Op::Use(_)
        | Op::Neg(_)
        | Op::Binary(..)
        | Op::Math { .. }
        | Op::Cast(..)
        | Op::Compare(..)
        | Op::Settle(_)
        | Op::Record(_)
        | Op::Inject { .. }
        | Op::Aggregate(..) => true,
        Op::Opaque(opaque) => opaque.cost == Cost::Cheap && !opaque.effect,
        _ => false,
    }
}
