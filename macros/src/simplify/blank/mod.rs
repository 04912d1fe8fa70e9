//! The first thing that is added to memory filled with zeros is assigned.
//!
//! ```text
//! d.fill(0.0);  for i in 0..n { … d[i] += a; … }   ⇒   for i in 0..n { … d[i] = a; … }
//! ```
//!
//! If every run of a block starts with that, what it leaves in the memory is not read: what it takes out is only read.

mod unread;

use std::collections::HashMap;

use super::fuse::flat;
use super::{inner_blocks, last_blocks};
use crate::ir::walk::vars;
use crate::ir::{Block, By, Ctor, Function, Loop, Op, Operand, Place, Proj, Stmt, Var};

/// Leaves out fillings of vectors that a loop then adds to from end to end.
pub fn assign(function: &mut Function) {
    let mut lengths = HashMap::new();
    note_lengths(&function.body.stmts, &mut lengths);
    let mut mentioned = vec![0; function.vars.len()];
    vars::block(&function.body, &mut |var, _| mentioned[var.0] += 1);
    let pass = Blanks {
        lengths,
        mentioned,
        primal: function.primal_vars,
    };
    pass.block(&mut function.body);
}

/// The lengths of vectors that are made of them, by the operands.
fn note_lengths(stmts: &[Stmt], lengths: &mut HashMap<Var, Operand>) {
    for stmt in stmts {
        if let Stmt::Let {
            var,
            op: Op::Aggregate(Ctor::VecRepeat | Ctor::Scratch, parts),
        } = stmt
        {
            lengths.extend(parts.get(1).map(|length| (*var, length.clone())));
        }
        for inner in crate::ir::uses::blocks(stmt) {
            note_lengths(&inner.stmts, lengths);
        }
    }
}

struct Blanks {
    lengths: HashMap<Var, Operand>,
    /// How often each variable is mentioned.
    mentioned: Vec<usize>,
    primal: usize,
}

impl Blanks {
    fn block(&self, of: &mut Block) {
        for stmt in &mut of.stmts {
            inner_blocks(stmt, &mut |inner| self.block(inner));
        }
        last_blocks(&mut of.end, &mut |arm| self.block(arm));
        let mut at = 0;
        while at < of.stmts.len() {
            match is_fill(&of.stmts[at]) {
                Some(root) if self.is_assigned(&mut of.stmts[at + 1..], root) => {
                    of.stmts.remove(at);
                    if self.is_own(of, at, root) {
                        unread::zeros(of, root, self.primal);
                    }
                }
                _ => at += 1,
            }
        }
    }

    /// Whether nothing but its definition mentions a root outside of the statements of a block from here on.
    fn is_own(&self, block: &Block, from: usize, root: Var) -> bool {
        let before: usize = block.stmts[..from].iter().map(|s| mentions(s, root)).sum();
        // Its filling was the other mention.
        before == 0 && unread::mentions_in_block(block, root) + 2 == self.mentioned[root.0]
    }

    /// Makes the first statement that mentions a root assign to all of it, if it adds to all of it.
    fn is_assigned(&self, stmts: &mut [Stmt], root: Var) -> bool {
        let first = stmts.iter_mut().find(|stmt| mentions(stmt, root) > 0);
        let Some(stmt) = first else { return false };
        let covers = flat::range(stmt, self.primal).is_some_and(|(_, range)| {
            let length = self.lengths.get(&root);
            range.start == 0 && length.is_some_and(|length| length.is_same(range.end))
        });
        match stmt {
            Stmt::Loop(l) if covers && mentions_in(l, root) == 1 => store(l, root),
            _ => false,
        }
    }
}

/// `root[i] += value` becomes `root[i] = value`; whether it was there.
fn store(l: &mut Loop, root: Var) -> bool {
    let crate::ir::Head::Counted { index, .. } = l.head else {
        return false;
    };
    for stmt in &mut l.body.stmts {
        if let Stmt::Add {
            place,
            value,
            negate: false,
        } = stmt
        {
            let own = matches!(&place.path[..], [Proj::Index(at)] if at.var() == Some(index));
            if place.root == root && own {
                let (place, value) = (place.clone(), value.clone());
                *stmt = Stmt::Store { place, value };
                return true;
            }
        }
    }
    false
}

fn mentions_in(l: &Loop, root: Var) -> usize {
    l.body.stmts.iter().map(|stmt| mentions(stmt, root)).sum()
}

fn mentions(stmt: &Stmt, root: Var) -> usize {
    let mut count = 0;
    vars::stmt(stmt, &mut |var, _| count += usize::from(*var == root));
    count
}

/// The vector that a statement fills with zeros, as vectors are which were made before a loop.
pub fn is_fill(stmt: &Stmt) -> Option<Var> {
    let Stmt::Do(Op::Opaque(opaque)) = stmt else {
        return None;
    };
    let [vector, blank] = &opaque.captures[..] else {
        return None;
    };
    let fills = vector.name == "vector" && blank.name == "blank" && vector.by == By::RefMut;
    match &vector.operand {
        Operand::Place(Place { root, path }) => {
            let all = matches!(&path[..], [Proj::Slice { lo: None, hi: None }]);
            (fills && all && blank.operand.is_number(0.0)).then_some(*root)
        }
        _ => None,
    }
}
