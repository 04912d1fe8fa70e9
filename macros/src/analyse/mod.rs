//! Facts about the IR that differentiation builds on: order, definitions, writes, activity.

pub mod activity;
pub mod contents;
mod evaluated;
pub mod extent;
mod given;
mod lent;
mod lost;
pub mod order;

use std::collections::{HashMap, HashSet};

use crate::ir::{Block, Function, Op, Stmt, Var};
pub use activity::is_constant_of_unknown_type;
use evaluated::Evaluated;
pub use given::given;
pub use lent::lends_a_place;
pub use lost::lost;
pub use order::{first_field, Interval};

/// What the differentiator asks about a primal function.
pub struct Facts<'f> {
    /// Per variable, where and by what it is defined.
    pub defs: Vec<Def<'f>>,
    /// Per root, the order numbers of everything that writes it after its definition, ascending.
    pub writes: HashMap<Var, Vec<u32>>,
    reshapes: HashMap<Var, Vec<u32>>,
    fields: HashMap<(Var, u32), Option<String>>,
    /// Intervals of the loops.
    pub loops: Vec<Interval>,
    /// What functions of the table come to in the primal.
    pub evaluated: Evaluated,
    /// Per variable: depends on an active parameter, and the result depends on it.
    pub active: Vec<bool>,
    /// Roots that are results: by their kind, or for an error is taken out of them.
    pub results: HashSet<Var>,
    statements: HashMap<usize, Interval>,
    blocks: HashMap<usize, Interval>,
}

/// Where a variable is defined, and by what.
#[derive(Clone, Copy)]
pub struct Def<'f> {
    pub order: u32,
    pub by: DefBy<'f>,
}

#[derive(Clone, Copy)]
pub enum DefBy<'f> {
    Param,
    Let(&'f Op),
    Join,
    Index,
    Carried,
    LoopResult,
}

/// Gathers the facts about a primal function.
pub fn analyse(function: &Function) -> Facts<'_> {
    let order = order::number(function);
    let active = activity::active(function);
    Facts {
        evaluated: Evaluated::of(&function.body, &order.blocks),
        results: contents::results(function),
        defs: order.defs,
        writes: order.writes,
        reshapes: order.reshapes,
        fields: order.fields,
        loops: order.loops,
        statements: order.statements,
        blocks: order.blocks,
        active,
    }
}

impl Facts<'_> {
    /// The order numbers that a statement and everything in it take.
    pub fn of(&self, stmt: &Stmt) -> Interval {
        self.statements
            .get(&(stmt as *const Stmt as usize))
            .copied()
            .unwrap_or_default()
    }

    /// The order numbers that a block takes.
    pub fn of_block(&self, block: &Block) -> Interval {
        self.blocks
            .get(&(block as *const Block as usize))
            .copied()
            .unwrap_or_default()
    }

    pub fn is_active(&self, var: Var) -> bool {
        self.active.get(var.0).copied().unwrap_or(false)
    }

    /// Whether anything writes `root` at an order number in `after..=until`, `after` excluded.
    pub fn written_between(&self, root: Var, after: u32, until: u32) -> bool {
        let Some(writes) = self.writes.get(&root) else {
            return false;
        };
        let first = writes.partition_point(|w| *w <= after);
        writes.get(first).is_some_and(|w| *w <= until)
    }

    /// The last order number that may run before `position` does, counted from `from`: loops between the two repeat.
    pub fn until_repeated(&self, from: u32, position: u32) -> u32 {
        let repeated = self
            .loops
            .iter()
            .filter(|l| l.contains(position) && !l.contains(from));
        repeated
            .map(|l| l.end)
            .max()
            .unwrap_or(position)
            .max(position)
    }

    /// The only field of `root` that is written at an order number; `None` if it is not known to be only one.
    pub fn field_written(&self, root: Var, at: u32) -> Option<&String> {
        self.fields.get(&(root, at)).and_then(Option::as_ref)
    }

    /// Whether anything writes `root` after its definition.
    pub fn is_written(&self, root: Var) -> bool {
        self.writes.get(&root).is_some_and(|w| !w.is_empty())
    }

    /// Whether anything may change the size of what `root` holds.
    pub fn is_reshaped(&self, root: Var) -> bool {
        self.reshapes.contains_key(&root)
    }

    /// The roots of another place whose sizes may change in an interval.
    pub fn reshaped_in(&self, interval: Interval) -> impl Iterator<Item = Var> + '_ {
        let within = move |at: &Vec<u32>| at.iter().any(|w| interval.contains(*w));
        let roots = self
            .reshapes
            .iter()
            .filter(move |(_, at)| within(at))
            .map(|(root, _)| *root);
        roots.filter(move |root| !interval.contains(self.defs[root.0].order))
    }

    /// The loops that two places of the program are both in and that start after `root` is defined, so that either may
    /// run before the other.
    pub fn shared_loops(&self, root: Var, a: u32, b: u32) -> impl Iterator<Item = &Interval> {
        let born = self.defs[root.0].order;
        let loops = self.loops.iter();
        loops.filter(move |l| l.contains(a) && l.contains(b) && !l.contains(born))
    }
}
