//! Copies of what nobody reads again become moves: nothing is cloned, and nothing has to be `Clone`, without need.
//!
//! ```text
//! let r = …;  let copy = keep r;  …  (r is not mentioned again)   ⇒   let copy = r;
//! ```
//!
//! The reverse sweep decides late what it reads, so the copies are made first and those without a use are found here.
//! The copies that the user wrote (`x.clone()`) stay.

use std::collections::HashSet;

use crate::ir::{uses, Block, Class, End, Function, Op, Operand, Stmt, Var};

/// Turns last copies into moves.
pub fn last_uses(function: &mut Function) {
    let owned: Vec<bool> = function
        .vars
        .iter()
        .map(|info| info.class == Class::Root)
        .collect();
    let mut pass = Moves {
        owned,
        borrowed: HashSet::new(),
        primal: function.primal_vars,
    };
    pass.note_borrows(&function.body);
    pass.block(&mut function.body);
}

struct Moves {
    owned: Vec<bool>,
    /// Roots of which a part has a name of its own.
    borrowed: HashSet<Var>,
    primal: usize,
}

impl Moves {
    fn note_borrows(&mut self, block: &Block) {
        for stmt in &block.stmts {
            if let Stmt::Let {
                op: Op::Borrow(place),
                ..
            } = stmt
            {
                self.borrowed.insert(place.root);
            }
            for inner in uses::blocks(stmt) {
                self.note_borrows(inner);
            }
        }
        for inner in uses::end_blocks(&block.end) {
            self.note_borrows(inner);
        }
    }

    /// A root that is defined in a block is gone at its end: what does not come later in it does not come.
    fn block(&self, block: &mut Block) {
        let mut later: HashSet<Var> = HashSet::new();
        uses::of_end(&block.end, &mut |used| {
            later.insert(used.var());
        });
        for inner in uses::end_blocks(&block.end) {
            uses::of_block(inner, &mut |used| {
                later.insert(used.var());
            });
        }
        let here: HashSet<Var> = block
            .stmts
            .iter()
            .flat_map(uses::defined)
            .copied()
            .collect();
        for stmt in block.stmts.iter_mut().rev() {
            self.stmt(stmt, &here, &later);
            uses::of_stmt(stmt, &mut |used| {
                later.insert(used.var());
            });
            for inner in uses::blocks(stmt) {
                uses::of_block(inner, &mut |used| {
                    later.insert(used.var());
                });
            }
        }
        self.inner_blocks(block);
    }

    fn stmt(&self, stmt: &mut Stmt, here: &HashSet<Var>, later: &HashSet<Var>) {
        let Stmt::Let { var, op } = stmt else { return };
        let Op::Keep(place) = op else { return };
        let root = place.root;
        let moves = var.0 >= self.primal
            && place.path.is_empty()
            && self.owned[root.0]
            && here.contains(&root)
            && !later.contains(&root)
            && !self.borrowed.contains(&root);
        if moves {
            *op = Op::Use(Operand::Place(place.clone()));
        }
    }

    fn inner_blocks(&self, block: &mut Block) {
        for stmt in &mut block.stmts {
            match stmt {
                Stmt::Switch { arms, .. } => arms.iter_mut().for_each(|arm| self.block(arm)),
                Stmt::Loop(the_loop) => self.block(&mut the_loop.body),
                Stmt::Replay { arms, .. } => {
                    arms.iter_mut().for_each(|(_, arm)| self.block(arm));
                }
                _ => {}
            }
        }
        if let End::Switch { arms, .. } = &mut block.end {
            arms.iter_mut().for_each(|arm| self.block(arm));
        }
    }
}
