//! Copies of what nobody reads again become moves: nothing is cloned, and nothing has to be `Clone`, without need.
//!
//! ```text
//! let r = …;  let copy = keep r;  …  (r is not mentioned again)   ⇒   let copy = r;
//! ```
//!
//! What stands in an arm is moved there if nothing behind the arms mentions it. So is the error of a result.
//! The reverse sweep decides late what it reads, so the copies are made first and those without a use are found here.
//! The copies that the user wrote (`x.clone()`) stay.

use std::collections::HashSet;

use crate::ir::{uses, Block, Class, End, Function, Op, Operand, Place, Proj, Stmt, Var};

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
    pass.block(&mut function.body, &HashSet::new(), &HashSet::new());
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

    /// A root that is defined in a block is gone at its end: what comes later neither in it nor behind it does not come.
    /// `around` is defined outside, where nothing runs twice, and `after` mentioned behind the block.
    fn block(&self, block: &mut Block, around: &HashSet<Var>, after: &HashSet<Var>) {
        let mut here = around.clone();
        here.extend(block.stmts.iter().flat_map(uses::defined));
        let mut later = after.clone();
        if let End::Switch { arms, .. } = &mut block.end {
            for arm in arms {
                self.block(arm, &here, &later);
            }
        }
        mentioned_at_end(block, &mut later);
        for stmt in block.stmts.iter_mut().rev() {
            self.stmt(stmt, &here, &later);
            self.inner_blocks(stmt, &here, &later);
            mentioned(stmt, &mut later);
        }
    }

    fn stmt(&self, stmt: &mut Stmt, here: &HashSet<Var>, later: &HashSet<Var>) {
        let Stmt::Let { var, op } = stmt else { return };
        let Op::Keep(place) = op else { return };
        let root = place.root;
        let moves = (var.0 >= self.primal || is_error(place))
            && place
                .path
                .iter()
                .all(|step| matches!(step, Proj::Payload(_)))
            && self.owned[root.0]
            && here.contains(&root)
            && !later.contains(&root)
            && !self.borrowed.contains(&root);
        if moves {
            *op = Op::Use(Operand::Place(place.clone()));
        }
    }

    /// One arm at most is run, once; the body of a loop again and again.
    fn inner_blocks(&self, stmt: &mut Stmt, here: &HashSet<Var>, later: &HashSet<Var>) {
        let none = HashSet::new();
        match stmt {
            Stmt::Switch { arms, .. } => {
                arms.iter_mut().for_each(|arm| self.block(arm, here, later));
            }
            Stmt::Loop(the_loop) => self.block(&mut the_loop.body, &none, &none),
            Stmt::Replay { arms, .. } => {
                let arms = arms.iter_mut();
                arms.for_each(|(_, arm)| self.block(arm, &none, &none));
            }
            _ => {}
        }
    }
}

/// The error of a result, which no primal copies: its own `clone` is an expression that is left as it is.
fn is_error(place: &Place) -> bool {
    matches!(place.path[..], [Proj::Payload(wrapper)] if wrapper.is_failure())
}

fn mentioned(stmt: &Stmt, later: &mut HashSet<Var>) {
    uses::of_stmt(stmt, &mut |used| {
        later.insert(used.var());
    });
    for inner in uses::blocks(stmt) {
        uses::of_block(inner, &mut |used| {
            later.insert(used.var());
        });
    }
}

fn mentioned_at_end(block: &Block, later: &mut HashSet<Var>) {
    uses::of_end(&block.end, &mut |used| {
        later.insert(used.var());
    });
    for inner in uses::end_blocks(&block.end) {
        uses::of_block(inner, &mut |used| {
            later.insert(used.var());
        });
    }
}
