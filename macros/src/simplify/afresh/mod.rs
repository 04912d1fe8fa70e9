//! Vectors of a record that its other parts lead to again are kept while they are few, and else computed afresh.
//!
//! ```text
//! for t in 0..m {                             ⇒   let few = m * n ≤ …;
//!     for i in 0..n { z[i] = … y … }              for t in 0..m {
//!     … z …                                           for i in 0..n { z[i] = … y … }
//!     let old = y.clone();                            let kept = if few { z.to_vec() } else { Vec::new() };
//!     for i in 0..n { y[i] += … }                     … y …
//!     records.push((old, z));                         records.push((old, kept));
//! }                                               }
//! for t in (0..m).rev() {                         for t in (0..m).rev() {
//!     let (old, z) = records.pop();                   let (old, mut z) = records.pop();
//!     …                                               if !few { for i in 0..n { z'[i] = … old … }  z = z'; }
//! }                                                   …
//!                                                 }
//! ```
//!
//! What has left the cache when the reverse sweep needs it takes longer to read than to compute: an equation of 10,000
//! components integrated in 100 steps takes 13 ms where the stages of the steps are computed again, and 18 where they
//! are kept.

mod slice;

use std::collections::HashMap;

use syn::{parse_quote, Expr};

use self::slice::Slice;
use super::{hoist, inner_blocks, last_blocks};
use crate::ir::build::cheap;
use crate::ir::uses::{self, each_stmt};
use crate::ir::walk::{vars, vars_mut, Role};
use crate::ir::{
    Block, By, Capacity, Class, Ctor, End, Function, Head, Kind, Loop, Op, Operand, Place,
    Selector, Stmt, TripCount, Var, VarInfo,
};

/// Rewrites the recorded loops of a function of which that is known; at most so many floats of a loop are kept.
pub fn beyond(function: &mut Function, most: usize) {
    let mut mentions = HashMap::new();
    vars::block(&function.body, &mut |var, _| {
        *mentions.entry(*var).or_insert(0) += 1;
    });
    let mut scratch = Vec::new();
    each_stmt(&function.body, &mut |stmt| scratch.extend(made(stmt)));
    let mut pass = Afresh {
        vars: std::mem::take(&mut function.vars),
        primal: function.primal_vars,
        mentions,
        scratch: scratch.into_iter().collect(),
        most,
        changed: false,
    };
    pass.block(&mut function.body);
    function.vars = pass.vars;
    if pass.changed {
        // Vectors that records took away stay in their loops now.
        hoist::out_of_loops(function);
    }
}

/// A vector that is made to be filled, and its length.
pub(super) fn made(stmt: &Stmt) -> Option<(Var, Operand)> {
    match stmt {
        Stmt::Let {
            var,
            op: Op::Aggregate(Ctor::Scratch, parts),
        } => Some((*var, parts.get(1)?.clone())),
        _ => None,
    }
}

struct Afresh {
    vars: Vec<VarInfo>,
    /// Variables below this index are the primal's.
    primal: usize,
    /// How often each variable stands in the function.
    mentions: HashMap<Var, usize>,
    /// Vectors that every iteration fills before it reads them, with their lengths.
    scratch: HashMap<Var, Operand>,
    most: usize,
    changed: bool,
}

/// A loop that records, and the one that takes its records off, in one block.
struct Pair<'b> {
    forward: &'b Loop,
    reverse: &'b Loop,
    /// What is between them.
    between: &'b [Stmt],
    /// The record, as the one loop and as the other calls its parts.
    pushed: &'b [Var],
    unpacked: &'b [Var],
    trips: &'b TripCount,
}

/// What a pair becomes.
struct Rewrite {
    /// Whether the vectors are few.
    decide: Stmt,
    forward: Loop,
    reverse: Loop,
}

impl Afresh {
    fn block(&mut self, of: &mut Block) {
        for stmt in &mut of.stmts {
            inner_blocks(stmt, &mut |inner| self.block(inner));
        }
        last_blocks(&mut of.end, &mut |arm| self.block(arm));
        let mut at = 0;
        while at < of.stmts.len() {
            if let Some((forward, reverse, rewrite)) = self.pair_from(&of.stmts, at) {
                of.stmts[forward] = Stmt::Loop(Box::new(rewrite.forward));
                of.stmts[reverse] = Stmt::Loop(Box::new(rewrite.reverse));
                of.stmts.insert(forward, rewrite.decide);
                self.changed = true;
            }
            at += 1;
        }
    }

    /// The loops that use the store which a statement makes, where they stand, and what they become.
    fn pair_from(&mut self, stmts: &[Stmt], at: usize) -> Option<(usize, usize, Rewrite)> {
        let Stmt::Let {
            var: store,
            op: Op::NewStore(Capacity::Vec(Some(trips), _)),
        } = &stmts[at]
        else {
            return None;
        };
        // Made, pushed to, popped off.
        (self.mentions.get(store) == Some(&3)).then_some(())?;
        let place = |is: &dyn Fn(&Loop) -> bool| {
            let mut loops = stmts.iter().enumerate().skip(at);
            loops.find_map(|(i, stmt)| match stmt {
                Stmt::Loop(l) if is(l) => Some((i, &**l)),
                _ => None,
            })
        };
        let (i, forward) = place(&|l| pushed(l, *store).is_some())?;
        let (j, reverse) = place(&|l| unpacked(l, *store).is_some())?;
        let pair = Pair {
            forward,
            reverse,
            between: stmts.get(i + 1..j)?,
            pushed: pushed(forward, *store)?,
            unpacked: unpacked(reverse, *store)?,
            trips,
        };
        let slice = Slice::of(&pair, self)?;
        Some((i, j, self.rewritten(&pair, &slice)))
    }

    fn fresh(&mut self, name: &str, kind: Kind) -> Var {
        self.vars.push(VarInfo::new(name, kind, Class::Value));
        Var(self.vars.len() - 1)
    }

    fn fresh_like(&mut self, var: Var) -> Var {
        self.vars.push(self.vars[var.0].clone());
        Var(self.vars.len() - 1)
    }

    fn rewritten(&mut self, pair: &Pair<'_>, slice: &Slice) -> Rewrite {
        let few = self.fresh("few", Kind::Inert);
        let op = cheap(
            self.is_few(slice.targets.len()),
            &[
                ("start", pair.trips.start.clone()),
                ("end", pair.trips.end.clone()),
                ("length", slice.length.clone()),
            ],
        );
        Rewrite {
            decide: Stmt::Let { var: few, op },
            forward: self.keeping(pair, slice, few),
            reverse: self.again(pair, slice, few),
        }
    }

    fn is_few(&self, vectors: usize) -> Expr {
        let most = self.most / vectors.max(1);
        parse_quote!(
            ::core::iter::Iterator::size_hint(&(start..end)).0.saturating_mul(length) <= #most
        )
    }

    /// The forward loop, which copies the vectors where they are few.
    fn keeping(&mut self, pair: &Pair<'_>, slice: &Slice, few: Var) -> Loop {
        let mut l = pair.forward.clone();
        let mut push = l.body.stmts.pop();
        if let Some(Stmt::Push { values, .. }) = &mut push {
            for (position, root) in &slice.targets {
                values[*position] = self.kept_if(few, values[*position], *root, &mut l.body);
            }
        }
        l.body.stmts.extend(push);
        l
    }

    /// A part of the record that is a copy of a vector, or empty where there are not few. It is called after the vector.
    fn kept_if(&mut self, few: Var, part: Var, root: Var, body: &mut Block) -> Var {
        let copy = body.stmts.iter_mut().find_map(|stmt| match stmt {
            Stmt::Let {
                var,
                op: op @ Op::Keep(_),
            } if *var == part => Some(op),
            _ => None,
        });
        if let Some(copy) = copy {
            *copy = copied(root, few);
            self.vars[part.0] = self.vars[root.0].clone();
            return part;
        }
        let var = self.fresh_like(root);
        let op = copied(root, few);
        body.stmts.push(Stmt::Let { var, op });
        var
    }

    /// The reverse loop, which computes them where they are not.
    fn again(&mut self, pair: &Pair<'_>, slice: &Slice, few: Var) -> Loop {
        let mut l = pair.reverse.clone();
        let mut names = slice.names.clone();
        let mut stmts = slice.stmts.clone();
        stmts
            .iter_mut()
            .for_each(|stmt| self.rename(stmt, &mut names));
        stmts.extend(slice.targets.iter().map(|(position, _)| {
            let made = pair.pushed[*position];
            let made = names.get(&made).copied().unwrap_or(made);
            Stmt::Store {
                place: Place::root(pair.unpacked[*position]),
                value: Operand::Place(Place::root(made)),
            }
        }));
        let arm = |stmts| Block {
            stmts,
            end: End::Yield(Vec::new()),
        };
        let choice = Stmt::Switch {
            on: Selector::Bool(Operand::Var(few)),
            arms: vec![arm(Vec::new()), arm(stmts)],
            joins: Vec::new(),
        };
        // Behind the record.
        l.body.stmts.insert(1, choice);
        l
    }

    /// Gives what a statement defines a name of its own, and calls what it reads by the names that hold.
    fn rename(&mut self, stmt: &mut Stmt, names: &mut HashMap<Var, Var>) {
        vars_mut::stmt(stmt, &mut |var, role| {
            if role == Role::Def && !names.contains_key(var) {
                names.insert(*var, self.fresh_like(*var));
            }
            if let Some(name) = names.get(var) {
                *var = *name;
            }
        });
    }
}

/// `if few { vector.to_vec() } else { Vec::new() }`
fn copied(root: Var, few: Var) -> Op {
    let mut op = cheap(
        parse_quote!(if few {
            vector.to_vec()
        } else {
            ::core::default::Default::default()
        }),
        &[
            ("vector", Operand::Place(Place::root(root))),
            ("few", Operand::Var(few)),
        ],
    );
    if let Op::Opaque(opaque) = &mut op {
        opaque.captures[0].by = By::Ref;
    }
    op
}

/// Whether an operation is such a copy: what it is of.
pub fn is_copied(op: &Op) -> Option<Var> {
    let Op::Opaque(opaque) = op else { return None };
    let [vector, few] = &opaque.captures[..] else {
        return None;
    };
    match &vector.operand {
        Operand::Place(place) if vector.name == "vector" && few.name == "few" => Some(place.root),
        _ => None,
    }
}

/// What a loop that counts puts into a store at the end of each iteration.
fn pushed(l: &Loop, to: Var) -> Option<&[Var]> {
    match (&l.head, l.body.stmts.last()?) {
        (Head::Counted { .. }, Stmt::Push { store, values }) if *store == to => Some(values),
        _ => None,
    }
}

/// What a loop that counts takes out of a store at the start of each iteration.
fn unpacked(l: &Loop, from: Var) -> Option<&[Var]> {
    match (&l.head, l.body.stmts.first()?) {
        (Head::Counted { .. }, Stmt::Unpack { record, vars }) if *record == from => Some(vars),
        _ => None,
    }
}

/// Whether statements change the memory of a root.
fn change(stmts: &[Stmt], root: Var) -> bool {
    let mut changes = false;
    let mut look = |stmt: &Stmt| {
        uses::of_stmt(stmt, &mut |used| {
            changes |= used.mutates() && used.var() == root
        });
    };
    for stmt in stmts {
        look(stmt);
        uses::blocks(stmt)
            .into_iter()
            .for_each(|inner| each_stmt(inner, &mut look));
    }
    changes
}
