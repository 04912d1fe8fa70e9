//! Where the statements of a reverse block gather, and how pure ones move out of it to where they are needed earlier.

use std::collections::HashMap;

use super::Reverser;
use crate::ir::walk::{vars, Role};
use crate::ir::{Class, Kind, Op, Operand, Stmt, Var};

/// Statements in the making.
#[derive(Clone, Default)]
pub(super) struct Stream {
    stmts: Vec<Option<Stmt>>,
    index: HashMap<Var, usize>,
}

impl Stream {
    fn push(&mut self, stmt: Stmt) {
        if let Stmt::Let { var, .. } = &stmt {
            self.index.insert(*var, self.stmts.len());
        }
        let at = self.stmts.len();
        match &stmt {
            Stmt::Switch { joins, .. } | Stmt::Replay { joins, .. } => {
                self.index.extend(joins.iter().map(|j| (*j, at)));
            }
            Stmt::Loop(l) => self.index.extend(l.results.iter().map(|r| (*r, at))),
            Stmt::Vjp(v) => self.index.extend(v.result.iter().map(|r| (*r, at))),
            _ => {}
        }
        self.stmts.push(Some(stmt));
    }

    pub(super) fn into_stmts(self) -> Vec<Stmt> {
        self.stmts.into_iter().flatten().collect()
    }
}

impl Reverser<'_> {
    /// Appends to the reverse block being written.
    pub(super) fn push(&mut self, stmt: Stmt) {
        if let Some(stream) = self.streams.last_mut() {
            stream.push(stmt);
        }
    }

    /// Defines a value in the reverse block being written.
    pub(super) fn define(&mut self, name: &str, kind: Kind, op: Op) -> Operand {
        let var = self.fresh(name, kind, Class::Value);
        self.push(Stmt::Let { var, op });
        Operand::Var(var)
    }

    /// Moves what computes `seeds` out of the reverse block, so that it can stand in the forward sweep at order number
    /// `at`. Fails, and changes nothing, if that takes anything that is not there yet by then.
    pub(super) fn hoist(&mut self, seeds: &[Operand], at: u32) -> Option<Vec<Stmt>> {
        if !self.choices.in_place {
            return None;
        }
        let mut picked = Vec::new();
        let mut todo: Vec<Var> = seeds.iter().filter_map(held).collect();
        while let Some(var) = todo.pop() {
            let Some(index) = self.streams.last()?.index.get(&var).copied() else {
                if !self.is_there(var, at) {
                    return None;
                }
                continue;
            };
            if picked.contains(&index) {
                continue;
            }
            // Moved before, for a construct that comes later: it may not be there yet.
            let Some(stmt) = self.streams.last()?.stmts.get(index)?.as_ref() else {
                if !self.is_there(var, at) {
                    return None;
                }
                continue;
            };
            let Stmt::Let { op, .. } = stmt else {
                return None;
            };
            if !is_pure(op) && !self.is_handed_on(op) && !self.is_unwrapped(op) {
                return None;
            }
            vars::op(op, &mut |v, _| todo.push(*v));
            picked.push(index);
        }
        picked.sort_unstable();
        let stream = self.streams.last_mut()?;
        let moved: Vec<Stmt> = picked
            .iter()
            .filter_map(|i| stream.stmts[*i].take())
            .collect();
        for stmt in &moved {
            if let Stmt::Let { var, .. } = stmt {
                self.born.insert(*var, at);
            }
        }
        Some(moved)
    }

    /// Whether a cotangent in memory only gets another name.
    fn is_handed_on(&self, op: &Op) -> bool {
        match op {
            Op::Use(Operand::Place(p)) => {
                p.path.is_empty() && self.vars[p.root.0].class == Class::Shadow
            }
            _ => false,
        }
    }

    /// Whether a float is taken out of a cotangent that came into being in the reverse block for nothing else.
    fn is_unwrapped(&self, op: &Op) -> bool {
        let Op::Unwrap { shadow, otherwise } = op else {
            return false;
        };
        let Some(stream) = self.streams.last() else {
            return false;
        };
        let mut uses = 0;
        for stmt in stream.stmts.iter().flatten() {
            vars::stmt(stmt, &mut |var, role| {
                uses += usize::from(*var == shadow.root && role != Role::Def);
            });
        }
        let made_here = stream.index.contains_key(&shadow.root);
        let number = !matches!(otherwise, Operand::Place(_));
        made_here && number && shadow.path.is_empty() && uses == 1
    }

    /// Whether a variable that is not defined in the current reverse block is there when the forward sweep is at `at`.
    fn is_there(&self, var: Var, at: u32) -> bool {
        if var.0 < self.primal.vars.len() {
            return self.facts.defs[var.0].order < at;
        }
        self.born.get(&var).is_none_or(|since| *since <= at)
    }
}

/// The variable that holds a seed.
fn held(seed: &Operand) -> Option<Var> {
    match seed {
        Operand::Var(v) => Some(*v),
        Operand::Place(p) => Some(p.root),
        Operand::Literal(_) => None,
    }
}

/// Operations on values without effect or memory.
fn is_pure(op: &Op) -> bool {
    let scalar = |o: &Operand| !matches!(o, Operand::Place(_));
    match op {
        Op::Use(o) | Op::Neg(o) => scalar(o),
        Op::Binary(_, a, b) | Op::Compare(_, a, b) => scalar(a) && scalar(b),
        Op::Math { args, .. } => args.iter().all(scalar),
        Op::Select { .. } => true,
        _ => false,
    }
}
