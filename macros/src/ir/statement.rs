//! Statements, blocks and loops.

use proc_macro2::Span;
use syn::Expr;

use super::{BinOp, Op, Operand, Place, TripCount, Var, Vjp};

/// Statements and an end.
#[derive(Clone, Debug)]
pub struct Block {
    pub stmts: Vec<Stmt>,
    pub end: End,
}

/// How a block ends.
#[derive(Clone, Debug)]
pub enum End {
    /// Hands values to the construct that owns the block: joins of a switch, the next iteration's carried values, the
    /// function's result.
    Yield(Vec<Operand>),
    /// Leaves the innermost loop with its results.
    Break(Vec<Operand>),
    /// A switch in tail position; its arms end as this block may end.
    Switch { on: Selector, arms: Vec<Block> },
    /// Diverges.
    Never(Op),
}

/// What a switch branches on.
#[derive(Clone, Debug)]
pub enum Selector {
    /// Two arms: true, false.
    Bool(Operand),
    /// As many arms as there are: an inert value 0, 1, … (`u32`).
    Index(Operand),
}

#[derive(Clone, Debug)]
pub enum Stmt {
    /// Defines a value (`Class::Value`) or initialises a root.
    Let {
        var: Var,
        op: Op,
    },
    /// `place = value`.
    Store {
        place: Place,
        value: Operand,
    },
    /// `place += value`, or `-=`. On a slot's place: only if wanted.
    Add {
        place: Place,
        value: Operand,
        negate: bool,
    },
    /// `place op= value` where the kinds are not known (primal only).
    Compound {
        place: Place,
        op: BinOp,
        value: Operand,
        span: Span,
    },
    /// For its effect: asserts, printing, calls without result.
    Do(Op),
    Switch {
        on: Selector,
        arms: Vec<Block>,
        joins: Vec<Var>,
    },
    Loop(Box<Loop>),

    // Only in adjoints:
    /// `Cotangent::accumulate(&mut place, &value)`.
    Accumulate {
        place: Place,
        value: Place,
    },
    /// The reverse of a call, operator or cast whose rule the compiler finds.
    Vjp(Box<Vjp>),
    /// `store.push((values…))`: the record of one iteration.
    Push {
        store: Var,
        values: Vec<Var>,
    },
    /// Accumulates every element of `values` into `place`.
    AccumulateEach {
        place: Place,
        values: Place,
    },
    /// What `pop` took off is pushed again, if it was something.
    Unpop {
        place: Place,
        item: Place,
    },
    /// `let (vars…) = record;`
    Unpack {
        record: Var,
        vars: Vec<Var>,
    },
    /// Branches on the arm that a [`Op::Inject`] recorded, binding its variables.
    Replay {
        record: Var,
        arms: Vec<(Vec<Var>, Block)>,
        joins: Vec<Var>,
    },
}

/// A counted or endless loop.
#[derive(Clone, Debug)]
pub struct Loop {
    /// Where it stands in the user's code, for messages and `loop` names.
    pub span: Span,
    /// How messages call it: `for i in 0..n`, shortened.
    pub name: String,
    pub head: Head,
    /// Values that change from iteration to iteration; the body yields the next ones.
    pub carried: Vec<Carried>,
    pub body: Block,
    /// Results if the head is exhausted, over the carried values (empty for `Forever`).
    pub exhausted: Vec<Operand>,
    pub results: Vec<Var>,
    pub limit: Option<Limit>,
}

#[derive(Clone, Debug)]
pub struct Carried {
    pub var: Var,
    pub init: Operand,
}

/// What makes a loop go on.
#[allow(clippy::large_enum_variant, reason = "one per loop")]
#[derive(Clone, Debug)]
pub enum Head {
    /// `for index in start..end`, its order reversed by `reverse`, every `step`-th of those;
    /// `backwards` (adjoint only) walks the resulting sequence from its end. All inert operands.
    Counted {
        index: Var,
        start: Operand,
        end: Operand,
        inclusive: bool,
        step: Option<Operand>,
        reverse: bool,
        backwards: bool,
    },
    /// Through the whole chunks of so many elements of memory that does not change: `for (index, chunk) in
    /// of.chunks_exact(size).enumerate()`, or from the last to the first (adjoint only).
    Chunks {
        index: Var,
        chunk: Var,
        of: Place,
        size: Operand,
        backwards: bool,
    },
    /// Element `index` of a vector of `length` elements becomes what the body yields; a vector that is empty is made
    /// (adjoint only). A body that has elements of other vectors `along` names neither these vectors nor the index.
    Refill {
        index: Var,
        along: Vec<(Var, Place)>,
        vector: Place,
        length: Operand,
    },
    /// Until a `break`.
    Forever,
    /// Pops the records of `store`, last first, until there are no more than `above` (adjoint only).
    Records {
        store: Var,
        vars: Vec<Var>,
        above: Option<Operand>,
    },
}

/// A head that counts by one.
#[derive(Clone, Copy)]
pub struct Count<'h> {
    pub index: Var,
    pub start: &'h Operand,
    /// One more than the last.
    pub end: &'h Operand,
    /// From the last to the first.
    pub down: bool,
}

impl Head {
    /// How often a counted loop runs at most: steps are not looked at.
    pub fn trips(&self) -> Option<TripCount> {
        match self {
            Head::Counted {
                start,
                end,
                inclusive,
                ..
            } => Some(TripCount {
                start: start.clone(),
                end: end.clone(),
                inclusive: *inclusive,
            }),
            _ => None,
        }
    }

    /// `for index in start..end`, or the same the other way round.
    pub fn count(&self) -> Option<Count<'_>> {
        match self {
            Head::Counted {
                index,
                start,
                end,
                inclusive: false,
                step: None,
                reverse,
                backwards,
            } => Some(Count {
                index: *index,
                start,
                end,
                down: reverse != backwards,
            }),
            _ => None,
        }
    }
}

/// The user's bound on what a loop stores.
#[derive(Clone, Debug)]
pub enum Limit {
    MaxIters(Expr),
    Checkpoints(Expr),
}
