//! `String`s handed to functions: the call in the forward sweep takes one, and the call in the reverse sweep another.

use super::Reverser;
use crate::ir::{Class, Kind, Operand, Stmt, Var};
use crate::lower::strings::{clone_of, is_string};

impl Reverser<'_> {
    /// A clone of a `String`, and its name; `None` for an operand that is something else. `named` is the operand where
    /// the clone is made.
    pub(super) fn cloned_string(
        &mut self,
        operand: &Operand,
        named: Operand,
    ) -> Option<(Stmt, Operand)> {
        let owned = |var: &Var| self.vars[var.0].ty.as_ref().is_some_and(is_string);
        operand.var().filter(owned)?;
        let copy = self.fresh("copy", Kind::Inert, Class::Value);
        let stmt = Stmt::Let {
            var: copy,
            op: clone_of(named),
        };
        Some((stmt, Operand::Var(copy)))
    }
}
