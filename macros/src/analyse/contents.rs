//! Where the contents of memory are used, as opposed to its length.

use std::collections::HashSet;

use super::extent::asks_length;
use crate::ir::uses::{self, Use};
use crate::ir::{Block, Class, Function, Kind, Op, Place, Proj, Stmt, Var};

/// The roots that are results: by their kind, or for an error is taken out of them.
pub fn results(function: &Function) -> HashSet<Var> {
    let of_kind = |kind: &Kind| matches!(kind, Kind::Result(_));
    let vars = function.vars.iter().enumerate();
    let known = vars.filter(|(_, info)| info.class == Class::Root && of_kind(&info.kind));
    let mut found: HashSet<Var> = known.map(|(index, _)| Var(index)).collect();
    uses::of_block(&function.body, &mut |used| match used {
        Use::Place(Place { root, path }, _) if fails(path) => {
            let info = &function.vars[root.0];
            if info.class == Class::Root && info.kind == Kind::Unknown {
                found.insert(*root);
            }
        }
        _ => {}
    });
    found
}

fn fails(path: &[Proj]) -> bool {
    matches!(path.first(), Some(Proj::Payload(wrapper)) if wrapper.is_failure())
}

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
