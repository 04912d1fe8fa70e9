//! Iterations that record what their reverse needs: the reverse loop takes the records off, last first.

use super::{breaks, stores};
use crate::analyse::Interval;
use crate::differentiate::block::Split;
use crate::differentiate::{Reverser, Seed, Seeds};
use crate::ir::{Block, Carried, Class, End, Head, Loop, Operand, Stmt, Var};

impl<'f> Reverser<'f> {
    pub(super) fn reverse_recorded(
        &mut self,
        stmt: &'f Stmt,
        l: &'f Loop,
        interval: Interval,
        seeds: Vec<Seed>,
        in_any_order: bool,
    ) {
        let has_breaks = breaks(&l.body);
        let adjoints = self.carried_adjoints(l, seeds.clone());
        let index = self.reverse_index(l);
        let mut body = self.split_body(
            l,
            interval,
            &Seeds {
                yields: adjoints.yields,
                breaks: seeds,
                last: false,
            },
            index.filter(|_| !has_breaks),
        );
        let next = self.next_adjoints(&adjoints.carried, &mut body);
        let mut head = self.reverse_head(stmt, l, &mut body, index, has_breaks);
        if let (Head::Counted { backwards, .. }, true) = (&mut head, in_any_order) {
            // Forwards is faster, unless there are records to be taken off.
            let unpacks = matches!(body.stmts.first(), Some(Stmt::Unpack { .. }));
            *backwards &= unpacks;
        }
        self.finish_recorded(l, head, adjoints.carried, next, body, None);
    }

    /// The adjoints of the carried values: variables of the reverse loop.
    pub(super) fn carried_adjoints(&mut self, l: &'f Loop, seeds: Vec<Seed>) -> Adjoints<'f> {
        let inits = self.carried_seeds(l, seeds);
        let (mut carried, mut yields) = (Vec::new(), Vec::new());
        for (c, init) in l.carried.iter().zip(inits) {
            if !self.facts.is_active(c.var) {
                yields.push(Seed::Nothing);
                continue;
            }
            let kind = self.vars[c.var.0].kind.clone();
            let d = self.fresh(&self.d_name(c.var), kind.clone(), Class::Value);
            yields.push(Seed::Float(Operand::Var(d)));
            carried.push((
                c,
                Carried {
                    var: d,
                    init: init.unwrap_or_else(|| Operand::number(0.0, kind)),
                },
            ));
        }
        Adjoints { carried, yields }
    }

    /// What the adjoints of the carried values are on entry of the iteration.
    pub(super) fn next_adjoints(
        &mut self,
        carried: &[(&'f Carried, Carried)],
        body: &mut Split,
    ) -> Vec<Operand> {
        let mut next = |(c, _): &(&'f Carried, Carried)| {
            let kind = self.vars[c.var.0].kind.clone();
            let d = body.frame.remove(&c.var);
            d.unwrap_or_else(|| Operand::number(0.0, kind))
        };
        carried.iter().map(&mut next).collect()
    }

    fn reverse_index(&mut self, l: &Loop) -> Option<Var> {
        match &l.head {
            Head::Counted { index, .. } => Some(self.fresh_like(*index)),
            _ => None,
        }
    }

    /// The reverse of an iteration; `index` is the name of its index, where the reverse loop counts.
    fn split_body(
        &mut self,
        l: &'f Loop,
        interval: Interval,
        seeds: &Seeds,
        index: Option<Var>,
    ) -> Split {
        let known = match (&l.head, index) {
            (Head::Counted { index, .. }, Some(name)) => vec![(*index, name)],
            _ => Vec::new(),
        };
        self.depth += 1;
        let runs = self.runs(l);
        let split = self.split_body_knowing(&l.body, interval, seeds, known, runs);
        self.depth -= 1;
        split
    }

    /// How the reverse loop goes: counting backwards, popping a record in each iteration if there is one; or popping
    /// records until there are none left.
    fn reverse_head(
        &mut self,
        stmt: &'f Stmt,
        l: &'f Loop,
        body: &mut Split,
        index: Option<Var>,
        has_breaks: bool,
    ) -> Head {
        let counted = match (&l.head, index) {
            (
                Head::Counted {
                    start,
                    end,
                    inclusive,
                    step,
                    reverse,
                    backwards,
                    ..
                },
                Some(index),
            ) if !has_breaks => {
                let start = self.need_operand(start);
                let end = self.need_operand(end);
                let step = step.as_ref().map(|s| self.need_operand(s));
                Some(Head::Counted {
                    index,
                    start,
                    end,
                    inclusive: *inclusive,
                    step,
                    reverse: *reverse,
                    backwards: !*backwards,
                })
            }
            _ => None,
        };
        if counted.is_some() && body.unpacked.is_empty() {
            return counted.unwrap_or(Head::Forever);
        }
        let stores::Stored { store, above } = self.store_records(stmt, l, counted.is_none());
        let vars = std::mem::take(&mut body.unpacked);
        match counted {
            Some(head) => {
                body.stmts.insert(
                    0,
                    Stmt::Unpack {
                        record: store,
                        vars,
                    },
                );
                head
            }
            None => Head::Records { store, vars, above },
        }
    }

    pub(super) fn finish_recorded(
        &mut self,
        l: &'f Loop,
        head: Head,
        carried: Vec<(&'f Carried, Carried)>,
        next: Vec<Operand>,
        body: Split,
        renamed: Option<Interval>,
    ) {
        let mut block = Block {
            stmts: body.stmts,
            end: End::Yield(next),
        };
        let sums = self.sums(body.frame, &mut block, true);
        let mut results = Vec::new();
        let mut exhausted = Vec::new();
        let mut all = Vec::new();
        let mut flows = Vec::new();
        for (primal, c) in carried {
            let result = self.fresh_like(c.var);
            flows.push((primal.init.clone(), result));
            exhausted.push(Operand::Var(c.var));
            results.push(result);
            all.push(c);
        }
        let mut summed = Vec::new();
        for sum in sums {
            exhausted.push(Operand::Var(sum.carried.var));
            results.push(sum.result);
            summed.push((sum.of, sum.result));
            all.push(sum.carried);
        }
        let looped = Loop {
            span: l.span,
            name: l.name.clone(),
            head,
            carried: all,
            body: block,
            exhausted,
            results,
            limit: None,
        };
        if looped.body.stmts.is_empty()
            && summed.is_empty()
            && matches!(looped.head, Head::Counted { .. })
            && flows.is_empty()
        {
            return;
        }
        let mut stmt = Stmt::Loop(Box::new(looped));
        if let Some(interval) = renamed {
            self.rename(&mut stmt, interval);
        }
        self.push(stmt);
        for (var, sum) in summed {
            if let Some(frame) = self.frames.last_mut() {
                frame.insert(var, Operand::Var(sum));
            }
        }
        for (init, d) in flows {
            self.seed(&init, &Seed::Float(Operand::Var(d)));
        }
    }
}

/// The adjoints of what a loop carries, with the primal's variables, and what flows back into the values yielded.
pub(super) struct Adjoints<'f> {
    pub(super) carried: Vec<(&'f Carried, Carried)>,
    pub(super) yields: Vec<Seed>,
}
