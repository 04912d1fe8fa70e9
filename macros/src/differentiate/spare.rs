//! What a record can do without: values that come cheaply from the rest of it.
//!
//! Whether a value is recorded is decided when the reverse first needs it. By the end more is known, as in
//! `y = 1 / (1 + e)`, where the reverse needs `y` first and `e` later: `e` is recorded then, and `y` follows from it.

use super::Reverser;
use crate::ir::{Class, Var};

impl Reverser<'_> {
    /// Takes out of the innermost scope's record what is computed again instead.
    pub(super) fn spare(&mut self) {
        let scope = self.scopes.len() - 1;
        for index in (0..self.scopes[scope].record.len()).rev() {
            let (var, name) = self.scopes[scope].record[index];
            if self.is_spared(scope, var) {
                self.scopes[scope].record.remove(index);
                self.recompute_as(scope, var, name);
            }
        }
    }

    /// Whether a recorded value would be computed again if it had not been recorded before the others.
    fn is_spared(&mut self, scope: usize, var: Var) -> bool {
        if var.0 >= self.primal.vars.len() || self.vars[var.0].class != Class::Value {
            return false;
        }
        let Some(name) = self.scopes[scope].known.remove(&var) else {
            return false;
        };
        let weight = self.weight(scope, var, self.budget(scope));
        if weight.is_none_or(|weight| weight == 0) {
            self.scopes[scope].known.insert(var, name);
            return false;
        }
        true
    }
}
