//! Which functions of the table the primal evaluates anyway, and of what.

use std::collections::HashMap;

use super::order::Interval;
use crate::ir::{uses, Block, End, Op, Operand, Stmt, Var};

/// Results of functions of the table, by function and arguments.
#[derive(Default)]
pub struct Evaluated {
    results: HashMap<Call, Vec<(Var, Interval)>>,
}

/// The function's name, and the arguments.
type Call = (&'static str, Vec<Var>);

impl Evaluated {
    /// Finds the calls in a block whose intervals are known.
    pub fn of(block: &Block, blocks: &HashMap<usize, Interval>) -> Self {
        let mut evaluated = Self::default();
        evaluated.block(block, blocks);
        evaluated
    }

    /// The results of a function for such arguments, each with the block that it is defined in.
    pub fn results(&self, rule: &'static str, args: &[Operand]) -> &[(Var, Interval)] {
        let found = vars(args).and_then(|args| self.results.get(&(rule, args)));
        found.map_or(&[], Vec::as_slice)
    }

    fn block(&mut self, block: &Block, blocks: &HashMap<usize, Interval>) {
        let interval = blocks.get(&(block as *const Block as usize));
        for stmt in &block.stmts {
            self.stmt(stmt, interval.copied().unwrap_or_default());
            for inner in uses::blocks(stmt) {
                self.block(inner, blocks);
            }
        }
        if let End::Switch { arms, .. } = &block.end {
            arms.iter().for_each(|arm| self.block(arm, blocks));
        }
    }

    fn stmt(&mut self, stmt: &Stmt, interval: Interval) {
        let Stmt::Let { var, op } = stmt else { return };
        let Op::Math { rule, args, .. } = op else {
            return;
        };
        if let Some(args) = vars(args) {
            let results = self.results.entry((rule.name, args)).or_default();
            results.push((*var, interval));
        }
    }
}

/// The variables that arguments are, if all are.
fn vars(args: &[Operand]) -> Option<Vec<Var>> {
    args.iter().map(Operand::var).collect()
}
