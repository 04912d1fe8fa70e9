//! What two loops both compute.

use std::collections::HashMap;

use super::share::{key, Memory};
use crate::ir::uses::has_break;
use crate::ir::walk::{vars_mut, Role};
use crate::ir::{End, Head, Loop, Op, Operand, Stmt, Var};

/// Whether every iteration comes to its end, and after it the next.
pub(super) fn runs_to_its_end(of: &Loop) -> bool {
    matches!(of.body.end, End::Yield(_)) && !has_break(&of.body)
}

/// What the iterations of both loops compute alike.
pub(super) struct Both {
    /// What the first calls what the second names.
    pub names: HashMap<Var, Var>,
    /// Where the statements stand in the first and in the second, in the order of the second.
    pub pairs: Vec<(usize, usize)>,
}

impl Both {
    /// `None` if the loops do not run over the same numbers.
    pub fn of(first: &Loop, second: &Loop, memory: &Memory) -> Option<Both> {
        let (there, here) = same_iterations(&first.head, &second.head)?;
        let mut both = Both {
            names: HashMap::from([(here, there)]),
            pairs: Vec::new(),
        };
        let mut computed: HashMap<String, (usize, Var)> = HashMap::new();
        for (at, stmt) in first.body.stmts.iter().enumerate() {
            if let Stmt::Let { var, op } = stmt {
                if let Some(key) = key(op, memory) {
                    computed.entry(key).or_insert((at, *var));
                }
            }
        }
        for (at, stmt) in second.body.stmts.iter().enumerate() {
            let Stmt::Let { var, op } = stmt else {
                continue;
            };
            let renamed = both.renamed(op);
            let known = key(&renamed, memory).and_then(|key| computed.get(&key));
            if let Some((there, name)) = known {
                both.names.insert(*var, *name);
                both.pairs.push((*there, at));
            }
        }
        Some(both)
    }

    /// An operation of the second, in the first one's names.
    fn renamed(&self, op: &Op) -> Op {
        let mut renamed = op.clone();
        vars_mut::op(&mut renamed, &mut |var, role| {
            if let (Role::Use, Some(name)) = (role, self.names.get(var)) {
                *var = *name;
            }
        });
        renamed
    }
}

/// The indices of two loops that run over the same numbers, in whatever order.
pub(super) fn same_iterations(first: &Head, second: &Head) -> Option<(Var, Var)> {
    let bounds = |head: &Head| {
        let count = head.count()?;
        Some((count.index, text(count.start)?, text(count.end)?))
    };
    let ((there, from, to), (here, start, end)) = (bounds(first)?, bounds(second)?);
    ((from, to) == (start, end)).then_some((there, here))
}

/// A text that two operands outside loops share only if they are the same.
fn text(operand: &Operand) -> Option<String> {
    match operand {
        Operand::Var(var) => Some(format!("v{}", var.0)),
        Operand::Literal(literal) => Some(literal.tokens.to_string()),
        Operand::Place(_) => None,
    }
}
