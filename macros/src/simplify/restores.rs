//! What the reverse sweep restores in memory, and nobody reads any more, is not restored.
//!
//! The reverse sweep undoes what the forward sweep overwrote, so that the statements before find their operands. Who has
//! the value from elsewhere ([`super::past_memory`]) does not read it from memory, and often nobody else is left.

use std::collections::HashSet;

use super::{inner_blocks, last_blocks};
use crate::ir::uses;
use crate::ir::{Block, Class, Function, Operand, Stmt, Var, VarInfo};

/// Leaves such out; whether there were any.
pub fn unread(function: &mut Function) -> bool {
    let mut pass = Restores {
        vars: &function.vars,
        primal: function.primal_vars,
        restored: HashSet::new(),
        found: false,
    };
    let mut restored = HashSet::new();
    uses::each_stmt(&function.body, &mut |stmt| {
        restored.extend(pass.restores(stmt))
    });
    pass.restored = restored;
    if !pass.restored.is_empty() {
        pass.block(&mut function.body, HashSet::new());
    }
    pass.found
}

struct Restores<'f> {
    vars: &'f [VarInfo],
    primal: usize,
    /// The memory that is restored somewhere: what else is mentioned does not matter.
    restored: HashSet<Var>,
    found: bool,
}

impl Restores<'_> {
    /// `later`: what is mentioned after the block; returns what is mentioned in it or later.
    fn block(&mut self, of: &mut Block, later: HashSet<Var>) -> HashSet<Var> {
        let mut read = later.clone();
        last_blocks(&mut of.end, &mut |arm| {
            read.extend(self.block(arm, later.clone()))
        });
        uses::of_end(&of.end, &mut |used| self.note(used.var(), &mut read));
        let mut kept = Vec::new();
        for mut stmt in std::mem::take(&mut of.stmts).into_iter().rev() {
            if self
                .restores(&stmt)
                .is_some_and(|root| !read.contains(&root))
            {
                self.found = true;
                continue;
            }
            self.inside(&mut stmt, &mut read);
            self.mentions(&stmt, &mut read);
            kept.push(stmt);
        }
        kept.reverse();
        of.stmts = kept;
        read
    }

    /// What a loop reads, its next iteration reads, too.
    fn inside(&mut self, stmt: &mut Stmt, read: &mut HashSet<Var>) {
        if matches!(stmt, Stmt::Loop(_)) {
            for inner in uses::blocks(stmt) {
                uses::each_stmt(inner, &mut |stmt| self.mentions(stmt, read));
                uses::of_block(inner, &mut |used| {
                    if !used.mutates() {
                        self.note(used.var(), read);
                    }
                });
            }
        }
        let later = read.clone();
        inner_blocks(stmt, &mut |inner| {
            read.extend(self.block(inner, later.clone()))
        });
    }

    /// What a statement itself mentions, but for memory that it restores.
    fn mentions(&self, stmt: &Stmt, read: &mut HashSet<Var>) {
        let restored = self.restores(stmt);
        uses::of_stmt(stmt, &mut |used| {
            if Some(used.var()) != restored {
                self.note(used.var(), read);
            }
        });
    }

    fn note(&self, var: Var, read: &mut HashSet<Var>) {
        if self.restored.contains(&var) {
            read.insert(var);
        }
    }

    /// The memory of ours in which a statement puts a float that the reverse sweep has kept.
    fn restores(&self, stmt: &Stmt) -> Option<Var> {
        let Stmt::Store {
            place,
            value: Operand::Var(value),
        } = stmt
        else {
            return None;
        };
        let kept = value.0 >= self.primal && self.vars[value.0].kind.is_float();
        let own = place.root.0 < self.primal && self.vars[place.root.0].class == Class::Root;
        (kept && own).then_some(place.root)
    }
}
