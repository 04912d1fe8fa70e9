//! The floats that the reverse sweep computes, which may be reordered: how often each is read, and further ones.

use std::collections::HashSet;

use crate::ir::uses;
use crate::ir::{Block, Function, Var, VarInfo};

/// The variables of a function, taken out of it while its statements are changed.
pub struct Sweep<'e> {
    exact: &'e HashSet<Var>,
    primal: usize,
    vars: Vec<VarInfo>,
    /// How often each variable is read.
    counts: Vec<usize>,
}

impl<'e> Sweep<'e> {
    /// Changes the body of a function; what is `exact` stays as it is.
    pub fn over(
        function: &mut Function,
        exact: &'e HashSet<Var>,
        change: impl FnOnce(&mut Sweep<'e>, &mut Block),
    ) {
        let mut counts = vec![0; function.vars.len()];
        uses::of_block(&function.body, &mut |used| counts[used.var().0] += 1);
        let mut sweep = Sweep {
            exact,
            primal: function.primal_vars,
            vars: std::mem::take(&mut function.vars),
            counts,
        };
        change(&mut sweep, &mut function.body);
        function.vars = sweep.vars;
    }

    /// Whether this is a float that the reverse sweep computes, and may compute in another way.
    pub fn is_free(&self, var: Var) -> bool {
        var.0 >= self.primal && !self.exact.contains(&var) && self.vars[var.0].kind.is_float()
    }

    pub fn is_read_once(&self, var: Var) -> bool {
        self.counts[var.0] == 1
    }

    pub fn info(&self, var: Var) -> &VarInfo {
        &self.vars[var.0]
    }

    /// A new variable of the kind of another, which is read once.
    pub fn like(&mut self, var: Var) -> Var {
        let VarInfo { kind, class, .. } = &self.vars[var.0];
        let info = VarInfo::new("d", kind.clone(), *class);
        self.vars.push(info);
        self.counts.push(1);
        Var(self.vars.len() - 1)
    }
}
