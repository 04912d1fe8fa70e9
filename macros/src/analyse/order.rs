//! Numbers every statement and block in the order in which they stand, and notes definitions and writes.

use std::collections::HashMap;

use super::{Def, DefBy};
use syn::Member;

use crate::ir::walk;
use crate::ir::{Block, End, Function, Head, Loop, Op, Operand, Place, Proj, Stmt, Var};

/// Order numbers `start..end`.
#[derive(Clone, Copy, Default, Debug, PartialEq, Eq)]
pub struct Interval {
    pub start: u32,
    pub end: u32,
}

impl Interval {
    /// The order number of its end: after everything in it, and still inside whatever it is inside of.
    pub fn last(self) -> u32 {
        self.end.saturating_sub(1)
    }

    pub fn contains(self, order: u32) -> bool {
        self.start <= order && order < self.end
    }
}

/// What numbering finds.
pub struct Order<'f> {
    pub statements: HashMap<usize, Interval>,
    pub blocks: HashMap<usize, Interval>,
    pub defs: Vec<Def<'f>>,
    pub writes: HashMap<Var, Vec<u32>>,
    /// Those of the writes that may change the size of what a root holds.
    pub reshapes: HashMap<Var, Vec<u32>>,
    /// Per root and order number of a write, the field that is written, if it is only one.
    pub fields: HashMap<(Var, u32), Option<String>>,
    pub loops: Vec<Interval>,
    next: u32,
}

pub fn number(function: &Function) -> Order<'_> {
    let unknown = Def {
        order: 0,
        by: DefBy::Param,
    };
    let mut order = Order {
        statements: HashMap::new(),
        blocks: HashMap::new(),
        defs: vec![unknown; function.vars.len()],
        writes: HashMap::new(),
        reshapes: HashMap::new(),
        fields: HashMap::new(),
        loops: Vec::new(),
        next: 1,
    };
    order.block(&function.body);
    order
}

impl<'f> Order<'f> {
    fn tick(&mut self) -> u32 {
        self.next += 1;
        self.next - 1
    }

    fn block(&mut self, block: &'f Block) {
        let start = self.tick();
        for stmt in &block.stmts {
            self.stmt(stmt);
        }
        match &block.end {
            End::Switch { arms, .. } => arms.iter().for_each(|arm| self.block(arm)),
            End::Never(op) => self.write_op(op),
            End::Yield(_) | End::Break(_) => {}
        }
        let end = self.tick();
        self.blocks
            .insert(block as *const Block as usize, Interval { start, end });
    }

    fn stmt(&mut self, stmt: &'f Stmt) {
        let start = self.tick();
        walk::writes(stmt, &mut |place| self.write(place, start));
        if !stores_scalar(stmt) {
            walk::writes(stmt, &mut |place| {
                self.reshapes.entry(place.root).or_default().push(start)
            });
        }
        match stmt {
            Stmt::Let { var, op } => self.define(*var, start, DefBy::Let(op)),
            Stmt::Switch { arms, joins, .. } => {
                arms.iter().for_each(|arm| self.block(arm));
                let end = self.next;
                joins.iter().for_each(|j| self.define(*j, end, DefBy::Join));
            }
            Stmt::Loop(l) => self.looped(l, start),
            _ => {}
        }
        let end = self.tick();
        self.statements
            .insert(stmt as *const Stmt as usize, Interval { start, end });
    }

    fn looped(&mut self, l: &'f Loop, start: u32) {
        if let Head::Counted { index, .. } = &l.head {
            self.define(*index, start, DefBy::Index);
        }
        for c in &l.carried {
            self.define(c.var, start, DefBy::Carried);
        }
        self.block(&l.body);
        let end = self.next;
        self.loops.push(Interval { start, end });
        l.results
            .iter()
            .for_each(|r| self.define(*r, end, DefBy::LoopResult));
    }

    fn write_op(&mut self, op: &'f Op) {
        let at = self.tick();
        walk::op_writes(op, &mut |place| self.write(place, at));
    }

    fn write(&mut self, place: &Place, at: u32) {
        self.writes.entry(place.root).or_default().push(at);
        let field = first_field(place);
        let known = self
            .fields
            .entry((place.root, at))
            .or_insert_with(|| field.clone());
        if *known != field {
            *known = None;
        }
    }

    fn define(&mut self, var: Var, order: u32, by: DefBy<'f>) {
        self.defs[var.0] = Def { order, by };
    }
}

/// Whether a statement writes nothing but a scalar into a part of something.
fn stores_scalar(stmt: &Stmt) -> bool {
    match stmt {
        Stmt::Add { .. } => true,
        Stmt::Store { place, value } => {
            !place.path.is_empty() && !matches!(value, Operand::Place(_))
        }
        _ => false,
    }
}

/// The field of its root that a place is in, if it is in one: other fields are other memory.
pub fn first_field(place: &Place) -> Option<String> {
    match place.path.first() {
        Some(Proj::Field(Member::Named(name))) => Some(name.to_string()),
        Some(Proj::Field(Member::Unnamed(index))) => Some(index.index.to_string()),
        _ => None,
    }
}
