//! Independent iterations: each runs forward and back at once, and nothing is stored.

use std::collections::{BTreeMap, HashSet};

use super::elements;
use crate::analyse::Interval;
use crate::differentiate::{address, Plan, Reverser, Seed, Seeds};
use crate::ir::walk::{vars_mut, Role};
use crate::ir::{Block, By, End, Loop, Op, Opaque, Operand, Stmt, Var};

impl<'f> Reverser<'f> {
    pub(super) fn fuse_loop(
        &mut self,
        stmt: &'f Stmt,
        l: &'f Loop,
        interval: Interval,
        seeds: Vec<Seed>,
    ) {
        let carried = self.carried_seeds(l, seeds);
        let needed: Vec<Operand> = carried.iter().flatten().cloned().collect();
        let fused = self.scopes.last().is_some_and(|s| s.fused);
        let hoisted = if fused && self.fits_in_place(&l.body, interval) {
            self.hoist(&needed, interval.start)
        } else {
            None
        };
        let in_place = hoisted.is_some();
        let (looped, sums) = self.fused_loop(l, interval, &carried, in_place);
        if let Some(mut stmts) = hoisted {
            stmts.push(Stmt::Loop(Box::new(looped)));
            self.plan.insert(address(stmt), Plan::InPlace(stmts));
            for (var, sum) in sums {
                self.born.insert(sum, interval.end);
                self.contribute(var, Operand::Var(sum));
            }
        } else {
            self.plan.insert(address(stmt), Plan::Plain);
            self.again(looped, sums, interval);
        }
        for (c, d) in l.carried.iter().zip(carried) {
            if let Some(d) = d {
                self.seed(&c.init, &Seed::Float(d));
            }
        }
    }

    /// The loop with forward and reverse part of each iteration, and the sums that it makes for variables outside.
    fn fused_loop(
        &mut self,
        l: &'f Loop,
        interval: Interval,
        seeds: &[Option<Operand>],
        in_place: bool,
    ) -> (Loop, Vec<(Var, Var)>) {
        let yields = seeds
            .iter()
            .map(|d| d.clone().map_or(Seed::Nothing, Seed::Float))
            .collect();
        self.depth += 1;
        let body = self.fused_block(
            &l.body,
            interval,
            &Seeds {
                yields,
                breaks: Vec::new(),
                last: false,
            },
            &[],
        );
        self.depth -= 1;
        let mut frame = body.frame;
        l.carried.iter().for_each(|c| drop(frame.remove(&c.var)));
        let mut block = Block {
            stmts: body.stmts,
            end: End::Yield(body.yields),
        };
        let (mut carried, mut results, mut exhausted) =
            (l.carried.clone(), l.results.clone(), l.exhausted.clone());
        let mut sums = Vec::new();
        for sum in self.sums(frame, &mut block, !in_place) {
            exhausted.push(Operand::Var(sum.carried.var));
            carried.push(sum.carried);
            results.push(sum.result);
            sums.push((sum.of, sum.result));
        }
        let looped = Loop {
            span: l.span,
            name: l.name.clone(),
            head: l.head.clone(),
            carried,
            body: block,
            exhausted,
            results,
            limit: l.limit.clone().filter(|_| in_place),
        };
        (looped, sums)
    }

    /// A second run of an independent loop, in the reverse sweep: its variables get new names, its prints are left out.
    fn again(&mut self, mut looped: Loop, sums: Vec<(Var, Var)>, interval: Interval) {
        let primal = self.primal.vars.len();
        let facts = self.facts;
        let done = |root: Var| root.0 < primal && !interval.contains(facts.defs[root.0].order);
        drop_effects(&mut looped.body, &done);
        let own = self.own.iter().filter(|(_, at)| *at == interval.start);
        own.for_each(|(root, _)| elements::drop_unread(&mut looped.body, *root));
        let mut stmt = Stmt::Loop(Box::new(looped));
        self.rename(&mut stmt, interval);
        self.push(stmt);
        for (var, sum) in sums {
            if let Some(frame) = self.frames.last_mut() {
                frame.insert(var, Operand::Var(sum));
            }
        }
    }

    /// Gives new names to the primal variables that a statement defines, and the names that hold here to those it reads.
    pub(super) fn rename(&mut self, stmt: &mut Stmt, interval: Interval) {
        let mut names: BTreeMap<Var, Var> = BTreeMap::new();
        let mut used = Vec::new();
        let primal = self.primal.vars.len();
        vars_mut::stmt(stmt, &mut |v, role| match role {
            _ if v.0 >= primal => {}
            Role::Def => {
                let _ = names.insert(*v, *v);
            }
            _ => used.push((*v, role)),
        });
        let defined: Vec<Var> = names.keys().copied().collect();
        let read = self.contents_read(stmt);
        for var in defined {
            let name = self.fresh_again(var);
            names.insert(var, name);
        }
        for (var, role) in used {
            if names.contains_key(&var) {
                continue;
            }
            let name = if role == Role::Root {
                // What an iteration reads of its own elements it has written before.
                if read.contains(&var) && !self.own.contains(&(var, interval.start)) {
                    self.found.reads.insert((var, interval.start, None));
                }
                self.need_root(var)
            } else {
                self.need(var)
            };
            names.insert(var, name);
        }
        vars_mut::stmt(stmt, &mut |v, _| {
            if let Some(name) = names.get(v) {
                *v = *name;
            }
        });
    }

    /// The roots of a statement whose contents matter to it, not only their lengths.
    fn contents_read(&self, stmt: &Stmt) -> HashSet<Var> {
        let mut read = HashSet::new();
        elements::mentioned(stmt, &mut |var, asked| {
            if !asked || self.facts.is_reshaped(var) {
                read.insert(var);
            }
        });
        read
    }
}

/// The memory that an expression changes. Macros that are given it only look at it.
fn filled(opaque: &Opaque) -> impl Iterator<Item = Var> + '_ {
    let looks = matches!(opaque.expr, syn::Expr::Macro(_));
    let captures = opaque.captures.iter().filter(move |_| !looks);
    captures.filter_map(|capture| match &capture.operand {
        Operand::Place(place) if capture.by == By::RefMut => Some(place.root),
        _ => None,
    })
}

/// Leaves out what has happened before: what only has an effect (asserts, prints), and what is done to memory around the
/// loop. What fills memory that this run makes again is no such thing.
pub(super) fn drop_effects(block: &mut Block, done: &dyn Fn(Var) -> bool) {
    let happened = |stmt: &Stmt| match stmt {
        Stmt::Do(Op::Opaque(opaque)) => filled(opaque).all(done),
        Stmt::Add { place, .. } => done(place.root),
        _ => false,
    };
    block.stmts.retain(|s| !happened(s));
    let drop_all = |arms: &mut Vec<Block>| arms.iter_mut().for_each(|b| drop_effects(b, done));
    for stmt in &mut block.stmts {
        match stmt {
            Stmt::Switch { arms, .. } => drop_all(arms),
            Stmt::Loop(l) => drop_effects(&mut l.body, done),
            Stmt::Replay { arms, .. } => arms.iter_mut().for_each(|(_, b)| drop_effects(b, done)),
            _ => {}
        }
    }
    if let End::Switch { arms, .. } = &mut block.end {
        drop_all(arms);
    }
}
