//! Where the contents of memory are used, as opposed to its length.

use super::extent::asks_length;
use crate::ir::uses::{self, Use};
use crate::ir::{Block, Op, Place, Stmt, Var};

/// The places of a root that a block uses, in the order in which they stand; questions for its length are none.
pub fn of_block(block: &Block, root: Var, places: &mut Vec<Place>) {
    block
        .stmts
        .iter()
        .for_each(|stmt| of_stmt(stmt, root, places));
    uses::of_end(&block.end, &mut |used| note(used, root, places));
    uses::end_blocks(&block.end)
        .iter()
        .for_each(|arm| of_block(arm, root, places));
}

/// The same of a statement.
pub fn of_stmt(stmt: &Stmt, root: Var, places: &mut Vec<Place>) {
    match stmt {
        Stmt::Let {
            op: Op::Opaque(opaque),
            ..
        } if asks_length(opaque) => {}
        stmt => uses::of_stmt(stmt, &mut |used| note(used, root, places)),
    }
    uses::blocks(stmt)
        .into_iter()
        .for_each(|block| of_block(block, root, places));
}

fn note(used: Use<'_>, root: Var, places: &mut Vec<Place>) {
    if let Use::Place(place, _) = used {
        if place.root == root {
            places.push(place.clone());
        }
    }
}
