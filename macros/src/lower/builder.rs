//! Where statements go: a stack of regions, each a block under construction.
//!
//! A region may continue *inside* an arm of a switch whose other arms have left it (`if c { return a; } …`): the
//! cursor moves into that arm, and closing the region folds the nest. Exits stay symbolic until the construct that
//! catches them (function, loop, switch) seals the draft.

use proc_macro2::TokenStream;

use crate::ir::{Block, End, Kind, Literal, Op, Operand, Selector, Stmt, Var};

/// Names a loop, or a labelled block, of the function.
pub type LoopId = usize;

/// Where control goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Target {
    /// To the end of the region: its values go to the construct that owns it.
    Fall,
    Return,
    Break(LoopId),
    Continue(LoopId),
}

/// A jump with what it hands over.
#[derive(Clone, Debug)]
pub struct Exit {
    pub target: Target,
    pub values: Vec<Operand>,
}

/// How a draft ends.
#[derive(Clone, Debug)]
pub enum Tail {
    Exit(Exit),
    Switch { on: Selector, arms: Vec<Draft> },
    Never(Op),
}

/// A block whose exits are not resolved yet.
#[derive(Clone, Debug)]
pub struct Draft {
    pub stmts: Vec<Stmt>,
    pub tail: Tail,
}

impl Draft {
    /// Resolves the exits.
    /// `resolve` may add statements before the end.
    pub fn seal(mut self, resolve: &mut dyn FnMut(Exit, &mut Vec<Stmt>) -> End) -> Block {
        let end = match self.tail {
            Tail::Exit(exit) => resolve(exit, &mut self.stmts),
            Tail::Never(op) => End::Never(op),
            Tail::Switch { on, arms } => End::Switch {
                on,
                arms: arms.into_iter().map(|arm| arm.seal(resolve)).collect(),
            },
        };
        Block {
            stmts: self.stmts,
            end,
        }
    }

    /// Visits the exits.
    pub fn exits<'d>(&'d self, visit: &mut dyn FnMut(&'d Exit)) {
        match &self.tail {
            Tail::Exit(exit) => visit(exit),
            Tail::Never(_) => {}
            Tail::Switch { arms, .. } => arms.iter().for_each(|arm| arm.exits(visit)),
        }
    }
}

/// A switch one of whose arms is where the region goes on.
#[derive(Debug)]
struct Pending {
    stmts: Vec<Stmt>,
    on: Selector,
    arms: Vec<Draft>,
    hole: usize,
}

/// A block under construction.
#[derive(Debug, Default)]
pub struct Region {
    stmts: Vec<Stmt>,
    nest: Vec<Pending>,
    tail: Option<Tail>,
}

impl Region {
    /// Whether control cannot get past its last statement.
    pub fn ended(&self) -> bool {
        self.tail.is_some()
    }

    /// Whether some path has left it for elsewhere.
    pub fn has_exits(&self) -> bool {
        let mut found = matches!(self.tail, Some(Tail::Exit(_)));
        if let Some(Tail::Switch { arms, .. }) = &self.tail {
            arms.iter().for_each(|arm| arm.exits(&mut |_| found = true));
        }
        for pending in &self.nest {
            for arm in &pending.arms {
                arm.exits(&mut |_| found = true);
            }
        }
        found
    }

    /// Ends the region, unless it has ended, and folds its nest.
    pub fn close(mut self, fall: impl FnOnce() -> Vec<Operand>) -> Draft {
        let tail = match self.tail.take() {
            Some(tail) => tail,
            None => Tail::Exit(Exit {
                target: Target::Fall,
                values: fall(),
            }),
        };
        let mut draft = Draft {
            stmts: self.stmts,
            tail,
        };
        for Pending {
            stmts,
            on,
            mut arms,
            hole,
        } in self.nest.into_iter().rev()
        {
            arms.insert(hole, draft);
            draft = Draft {
                stmts,
                tail: Tail::Switch { on, arms },
            };
        }
        draft
    }
}

/// The regions that are open, innermost last.
#[derive(Debug, Default)]
pub struct Builder {
    open: Vec<Region>,
}

impl Builder {
    /// Starts a block.
    pub fn open(&mut self) {
        self.open.push(Region::default());
    }

    /// Goes on with a region that was taken out.
    pub fn reopen(&mut self, region: Region) {
        self.open.push(region);
    }

    /// Takes the innermost region out.
    pub fn take(&mut self) -> Region {
        self.open.pop().unwrap_or_default()
    }

    /// Adds a statement; after the end of a region statements are unreachable and dropped.
    pub fn push(&mut self, stmt: Stmt) {
        if let Some(region) = self.open.last_mut() {
            if region.tail.is_none() {
                region.stmts.push(stmt);
            }
        }
    }

    /// The statement added last.
    pub fn last(&mut self) -> Option<&mut Stmt> {
        self.open
            .last_mut()
            .and_then(|region| region.stmts.last_mut())
    }

    /// Leaves room for the definition of a variable that is known later.
    pub fn reserve(&mut self, var: Var) -> Var {
        let nothing = Literal {
            tokens: TokenStream::new(),
            kind: Kind::Unknown,
            value: None,
        };
        self.push(Stmt::Let {
            var,
            op: Op::Use(Operand::Literal(nothing)),
        });
        var
    }

    /// Fills a definition that was left open.
    pub fn fill(&mut self, reserved: Var, definition: Op) {
        for region in self.open.iter_mut().rev() {
            let pending = region
                .nest
                .iter_mut()
                .rev()
                .map(|pending| &mut pending.stmts);
            for stmts in std::iter::once(&mut region.stmts).chain(pending) {
                let found = stmts.iter_mut().rev().find_map(|stmt| match stmt {
                    Stmt::Let { var, op } if *var == reserved => Some(op),
                    _ => None,
                });
                if let Some(op) = found {
                    *op = definition;
                    return;
                }
            }
        }
    }

    /// Takes the definition that was added last out again.
    pub fn take_definition(&mut self, defined: Var) -> Option<Op> {
        let stmts = &mut self.open.last_mut()?.stmts;
        match stmts.last() {
            Some(Stmt::Let { var, .. }) if *var == defined => match stmts.pop() {
                Some(Stmt::Let { op, .. }) => Some(op),
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether this point cannot be reached.
    pub fn ended(&self) -> bool {
        self.open.last().is_none_or(Region::ended)
    }

    /// Ends the innermost region.
    pub fn end(&mut self, tail: Tail) {
        if let Some(region) = self.open.last_mut() {
            region.tail.get_or_insert(tail);
        }
    }

    /// Goes on inside `arm`, the one arm of a switch that falls through; `others` have ended, `arm` belongs between
    /// them at `hole`.
    pub fn descend(&mut self, on: Selector, others: Vec<Draft>, hole: usize, arm: Region) {
        if let Some(region) = self.open.last_mut() {
            let stmts = std::mem::replace(&mut region.stmts, arm.stmts);
            region.nest.push(Pending {
                stmts,
                on,
                arms: others,
                hole,
            });
            region.nest.extend(arm.nest);
            region.tail = arm.tail;
        }
    }
}
