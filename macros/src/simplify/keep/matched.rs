//! Which statements of a loop's second run are those of its first.

use std::collections::{HashMap, HashSet};

use super::changed;
use super::filled::{writes, Filled};
use crate::ir::walk::{defined, vars_mut};
use crate::ir::{Stmt, Var};

/// Which statements of a second run are those of the first.
pub(super) struct Matched {
    /// What the first calls what the second names.
    pub(super) names: HashMap<Var, Var>,
    /// Where they stand there, by where they stand here.
    at: HashMap<usize, usize>,
}

impl Matched {
    pub(super) fn of(first: &[Stmt], second: &[Stmt], (there, here): (Var, Var)) -> Matched {
        let mut matched = Matched {
            names: HashMap::from([(here, there)]),
            at: HashMap::new(),
        };
        let mut next = 0;
        for (at, stmt) in second.iter().enumerate() {
            let found = (next..first.len()).find(|found| matched.same(&first[*found], stmt));
            if let Some(found) = found {
                matched.at.insert(at, found);
                next = found + 1;
            }
        }
        matched
    }

    /// Whether two statements are the same but for names; those that the second defines are then known.
    fn same(&mut self, first: &Stmt, second: &Stmt) -> bool {
        if std::mem::discriminant(first) != std::mem::discriminant(second) {
            return false;
        }
        let (there, here) = (defined(first), defined(second));
        if there.len() != here.len() {
            return false;
        }
        let mut names = self.names.clone();
        names.extend(here.into_iter().zip(there));
        let mut renamed = second.clone();
        vars_mut::stmt(&mut renamed, &mut |var, _| {
            if let Some(name) = names.get(var) {
                *var = *name;
            }
        });
        // Spans and all: a second run is a copy of the first.
        let same = format!("{first:?}") == format!("{renamed:?}");
        if same {
            self.names = names;
        }
        same
    }

    /// The last statement of the first run that writes to a vector, if it writes there just where the second does.
    pub(super) fn last_writer(&self, first: &[Stmt], filled: &Filled) -> Option<usize> {
        let original = *self.names.get(&filled.root)?;
        let here: Option<Vec<usize>> = (filled.writers.iter())
            .map(|at| self.at.get(at).copied())
            .collect();
        let there: Vec<usize> = (0..first.len())
            .filter(|at| writes(&first[*at], original))
            .collect();
        (here? == there).then(|| there.last().copied())?
    }

    /// Whether both runs change all memory of an iteration by the same statements, up to one of each.
    pub(super) fn changes_alike(
        &self,
        first: &[Stmt],
        second: &[Stmt],
        until: (usize, usize),
    ) -> bool {
        let counterparts: HashSet<usize> = self.at.values().copied().collect();
        let originals: HashSet<Var> = self.names.values().copied().collect();
        let changes = |stmt: &Stmt, any: &dyn Fn(&Var) -> bool| changed(stmt).iter().any(any);
        let there = (0..=until.0).all(|at| {
            counterparts.contains(&at) || !changes(&first[at], &|root| originals.contains(root))
        });
        let here = (0..=until.1).all(|at| {
            self.at.contains_key(&at)
                || !changes(&second[at], &|root| self.names.contains_key(root))
        });
        there && here
    }
}
