//! What comparisons look at must come out to the last bit as in the primal.
//!
//! A loop that kept an extreme runs again, and finds the iterations that brought it because their value equals it. So what
//! comparisons and other conditions depend on is not rewritten in ways that round differently.

use std::collections::{HashMap, HashSet};

use crate::ir::uses::{self, Use};
use crate::ir::{Block, End, Function, Loop, Op, Operand, Stmt, Var};

/// What comparisons depend on, however far back.
pub fn compared(function: &Function) -> HashSet<Var> {
    let mut search = Search::default();
    search.block(&function.body);
    let mut found = HashSet::new();
    let mut open = search.compared;
    while let Some(var) = open.pop() {
        if found.insert(var) {
            open.extend(search.sources.remove(&var).unwrap_or_default());
        }
    }
    found
}

#[derive(Default)]
struct Search {
    /// What a variable, or what stands in memory, is made from.
    sources: HashMap<Var, Vec<Var>>,
    /// What comparisons and inert expressions take.
    compared: Vec<Var>,
}

impl Search {
    fn block(&mut self, block: &Block) {
        block.stmts.iter().for_each(|stmt| self.stmt(stmt));
        uses::end_blocks(&block.end)
            .iter()
            .for_each(|arm| self.block(arm));
    }

    fn stmt(&mut self, stmt: &Stmt) {
        for inner in uses::blocks(stmt) {
            self.block(inner);
        }
        match stmt {
            Stmt::Let { var, op } => {
                let from = taken(stmt);
                if matches!(op, Op::Compare(..) | Op::Opaque(_)) {
                    self.compared.extend(&from);
                }
                self.from(*var, from);
            }
            Stmt::Store { place, .. } | Stmt::Add { place, .. } => {
                self.from(place.root, taken(stmt))
            }
            Stmt::Switch { arms, joins, .. } => arms.iter().for_each(|arm| self.handed(arm, joins)),
            Stmt::Replay { arms, joins, .. } => {
                arms.iter().for_each(|(_, arm)| self.handed(arm, joins));
            }
            Stmt::Loop(the_loop) => self.a_loop(the_loop),
            _ => {}
        }
    }

    fn from(&mut self, var: Var, from: Vec<Var>) {
        self.sources.entry(var).or_default().extend(from);
    }

    /// What a block yields to those that wait for it.
    fn handed(&mut self, block: &Block, to: &[Var]) {
        match &block.end {
            End::Yield(values) => self.each(to, values),
            End::Switch { arms, .. } => arms.iter().for_each(|arm| self.handed(arm, to)),
            End::Break(_) | End::Never(_) => {}
        }
    }

    /// What a block leaves its loop with.
    fn left(&mut self, block: &Block, results: &[Var]) {
        match &block.end {
            End::Break(values) => self.each(results, values),
            End::Switch { arms, .. } => arms.iter().for_each(|arm| self.left(arm, results)),
            End::Yield(_) | End::Never(_) => {}
        }
    }

    fn a_loop(&mut self, the_loop: &Loop) {
        let carried: Vec<Var> = the_loop.carried.iter().map(|c| c.var).collect();
        let inits: Vec<Operand> = the_loop.carried.iter().map(|c| c.init.clone()).collect();
        self.each(&carried, &inits);
        self.handed(&the_loop.body, &carried);
        self.each(&the_loop.results, &the_loop.exhausted);
        self.left(&the_loop.body, &the_loop.results);
    }

    fn each(&mut self, to: &[Var], values: &[Operand]) {
        for (var, value) in to.iter().zip(values) {
            if let Operand::Var(from) | Operand::Place(crate::ir::Place { root: from, .. }) = value
            {
                self.from(*var, vec![*from]);
            }
        }
    }
}

/// What a statement uses.
fn taken(stmt: &Stmt) -> Vec<Var> {
    let mut vars = Vec::new();
    uses::of_stmt(stmt, &mut |used: Use<'_>| vars.push(used.var()));
    vars
}
