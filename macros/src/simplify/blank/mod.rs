//! The first thing that is added to memory filled with zeros is assigned.
//!
//! ```text
//! d.fill(0.0);  for i in 0..n { … d[i] += a; … }   ⇒   for i in 0..n { … d[i] = a; … }
//! ```
//!
//! The same for the cotangent of a local array that a loop adds to from end to end, although it is made of zeros still.
//!
//! If every run of a block starts with that, what it leaves in the memory is not read: what it takes out is only read. And
//! if every run ends with taking everything out, it leaves the zeros with which the next one starts.

pub mod nothing;
mod unread;

use std::collections::HashMap;

use quote::ToTokens;

use super::fuse::flat;
use super::{inner_blocks, last_blocks};
use crate::ir::uses;
use crate::ir::walk::vars;
use crate::ir::{
    Block, By, Class, Ctor, End, Float, Function, Head, Kind, Literal, Loop, Op, Operand, Place,
    Proj, Stmt, Var, VarInfo,
};

/// Leaves out fillings of vectors that a loop then adds to from end to end.
pub fn assign(function: &mut Function) {
    let mut lengths = HashMap::new();
    note_lengths(&function.body.stmts, &mut lengths);
    let mut mentioned = vec![0; function.vars.len()];
    vars::block(&function.body, &mut |var, _| mentioned[var.0] += 1);
    let mut pass = Blanks {
        vars: std::mem::take(&mut function.vars),
        lengths,
        mentioned,
        primal: function.primal_vars,
    };
    pass.block(&mut function.body);
    function.vars = pass.vars;
}

/// The lengths of vectors of zeros, by the operands of which they are made, and those of arrays and of their cotangents.
fn note_lengths(stmts: &[Stmt], lengths: &mut HashMap<Var, Operand>) {
    for stmt in stmts {
        if let Stmt::Let {
            var,
            op: Op::Aggregate(Ctor::VecRepeat | Ctor::Scratch, parts),
        } = stmt
        {
            let zeros = parts.first().is_some_and(|part| part.is_number(0.0));
            let length = parts.get(1).filter(|_| zeros);
            lengths.extend(length.map(|length| (*var, length.clone())));
        }
        note_array(stmt, lengths);
        for inner in uses::blocks(stmt) {
            note_lengths(&inner.stmts, lengths);
        }
    }
}

fn note_array(stmt: &Stmt, lengths: &mut HashMap<Var, Operand>) {
    let (var, length) = match stmt {
        Stmt::Let {
            var,
            op: Op::Aggregate(Ctor::Array, parts),
        } => (var, Some(integer(parts.len()))),
        Stmt::Let {
            var,
            op: Op::Zero(of),
        } if of.path.is_empty() => (var, lengths.get(&of.root).cloned()),
        _ => return,
    };
    lengths.extend(length.map(|length| (*var, length)));
}

fn integer(value: usize) -> Operand {
    Operand::Literal(Literal {
        tokens: proc_macro2::Literal::usize_unsuffixed(value).into_token_stream(),
        kind: Kind::Inert,
        value: None,
    })
}

struct Blanks {
    vars: Vec<VarInfo>,
    lengths: HashMap<Var, Operand>,
    /// How often each variable is mentioned.
    mentioned: Vec<usize>,
    primal: usize,
}

impl Blanks {
    fn block(&mut self, of: &mut Block) {
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
                Some(root) if self.is_left_blank(of, at, root) => {
                    of.stmts.remove(at);
                }
                _ => {
                    if let Some(root) = self.is_zero(&of.stmts[at]) {
                        self.is_assigned(&mut of.stmts[at + 1..], root);
                    }
                    at += 1;
                }
            }
        }
    }

    /// The cotangent that a statement makes of zeros.
    fn is_zero(&self, stmt: &Stmt) -> Option<Var> {
        match stmt {
            Stmt::Let {
                var,
                op: Op::Zero(_),
            } => Some(*var).filter(|var| self.vars[var.0].class == Class::Shadow),
            _ => None,
        }
    }

    /// Whether every run of a block leaves the zeros in a root with which it was made.
    fn is_left_blank(&self, block: &Block, at: usize, root: Var) -> bool {
        let before: usize = block.stmts[..at].iter().map(|s| mentions(s, root)).sum();
        let own = unread::mentions_in_block(block, root) + 1 == self.mentioned[root.0];
        let straight = matches!(block.end, End::Yield(_)) && !uses::has_break(block);
        let mut using = block.stmts.iter().filter(|stmt| mentions(stmt, root) > 0);
        let taken = using.next_back().is_some_and(|stmt| {
            self.covers(stmt, root) && matches!(stmt, Stmt::Loop(l) if unread::takes_own(l, root))
        });
        before == 0 && own && straight && taken
    }

    /// Whether a statement is a loop over all elements of a vector that was made of zeros.
    fn covers(&self, stmt: &Stmt, root: Var) -> bool {
        let length = self.lengths.get(&root);
        flat::counted(stmt, 0).is_some_and(|(_, range)| {
            range.start == 0 && length.is_some_and(|length| length.is_same(range.end))
        })
    }

    /// Whether nothing but its definition mentions a root outside of the statements of a block from here on.
    fn is_own(&self, block: &Block, from: usize, root: Var) -> bool {
        let before: usize = block.stmts[..from].iter().map(|s| mentions(s, root)).sum();
        // Its filling was the other mention.
        before == 0 && unread::mentions_in_block(block, root) + 2 == self.mentioned[root.0]
    }

    /// Makes the first statement that mentions a root assign to all of it, if it adds to all of it.
    fn is_assigned(&mut self, stmts: &mut [Stmt], root: Var) -> bool {
        let first = stmts.iter_mut().find(|stmt| mentions(stmt, root) > 0);
        let Some(stmt) = first else { return false };
        let covers = self.covers(stmt, root);
        match stmt {
            Stmt::Loop(l) if covers && mentions_in(l, root) == 1 => self.store(l, root),
            _ => false,
        }
    }

    /// `root[i] += value` becomes `root[i] = value`, and `-=` its opposite; whether one of them was there.
    fn store(&mut self, l: &mut Loop, root: Var) -> bool {
        let Head::Counted { index, .. } = l.head else {
            return false;
        };
        let own = |place: &Place| {
            let here = matches!(&place.path[..], [Proj::Index(at)] if at.var() == Some(index));
            place.root == root && here
        };
        let is_store = |stmt: &Stmt| matches!(stmt, Stmt::Store { place, .. } if own(place));
        if l.body.stmts.iter().any(is_store) {
            return true;
        }
        // The primal's zeros keep their signs.
        if index.0 < self.primal && self.vars[root.0].class != Class::Shadow {
            return false;
        }
        let is_addition = |stmt: &Stmt| matches!(stmt, Stmt::Add { place, .. } if own(place));
        let Some(at) = l.body.stmts.iter().position(is_addition) else {
            return false;
        };
        if let Stmt::Add {
            place,
            value,
            negate,
        } = l.body.stmts.remove(at)
        {
            let stored = stored(place, value, negate, &mut self.vars);
            l.body.stmts.splice(at..at, stored);
        }
        true
    }
}

/// `place = value`, or `-value`.
pub fn stored(place: Place, value: Operand, negate: bool, vars: &mut Vec<VarInfo>) -> Vec<Stmt> {
    if !negate {
        return vec![Stmt::Store { place, value }];
    }
    let info = match &value {
        Operand::Var(var) => vars[var.0].clone(),
        _ => VarInfo::new("d", Kind::Float(Float::Open), Class::Value),
    };
    vars.push(info);
    let var = Var(vars.len() - 1);
    let op = Op::Neg(value);
    let value = Operand::Var(var);
    vec![Stmt::Let { var, op }, Stmt::Store { place, value }]
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
