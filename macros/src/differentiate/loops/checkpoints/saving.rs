//! The forward sweep of a loop with checkpoints.

use quote::{quote, ToTokens};
use syn::Expr;

use super::expression::{integer, sequence, zero};
use super::leaves::{break_with, yield_also};
use super::{keep, put_back, Saved, State};
use crate::differentiate::loops::breaks;
use crate::differentiate::loops::fused::drop_effects;
use crate::differentiate::Reverser;
use crate::ir::{BinOp, Capacity, Carried, Class, Head, Kind, Loop, Op, Operand, Stmt, Var};

impl<'f> Reverser<'f> {
    /// The loop of the forward sweep, as it is, but for the visits; and what it needs before.
    pub(super) fn saving_loop(
        &mut self,
        l: &'f Loop,
        state: &State,
        saved: Saved,
        limit: &Expr,
    ) -> Vec<Stmt> {
        let mut out = if breaks(&l.body) {
            self.counting_loop(l, state, saved.trips)
        } else {
            let op = sequence(
                l,
                |range| quote!(::core::iter::Iterator::size_hint(&(#range)).0),
            );
            vec![Stmt::Let {
                var: saved.trips,
                op,
            }]
        };
        let capacity =
            Capacity::Checkpoints(limit.to_token_stream(), Operand::Var(saved.trips), l.span);
        out.push(Stmt::Let {
            var: saved.store,
            op: Op::NewStore(capacity),
        });
        let mut looped = l.clone();
        let round = self.count_rounds(&mut looped);
        let visit = self.visit(saved.store, round, state);
        looped.body.stmts.splice(0..0, visit);
        let mut copy = Stmt::Loop(Box::new(looped));
        self.keep_inside(&mut copy, &mut out);
        out.push(copy);
        out
    }

    /// Runs the loop, only to know how often that is, and puts the state back.
    fn counting_loop(&mut self, l: &'f Loop, state: &State, trips: Var) -> Vec<Stmt> {
        let kept = self.copies(state);
        let mut out: Vec<Stmt> = kept.iter().copied().map(keep).collect();
        let mut looped = l.clone();
        let round = self.count_rounds(&mut looped);
        let entered = match &looped.body.stmts[0] {
            Stmt::Let { var, .. } => *var,
            _ => round,
        };
        drop_effects(&mut looped.body, &|_| false);
        break_with(&mut looped.body, &Operand::Var(entered));
        looped.exhausted = match looped.head {
            Head::Forever => Vec::new(),
            _ => vec![Operand::Var(round)],
        };
        looped.results = Vec::new();
        looped.limit = None;
        let mut copy = Stmt::Loop(Box::new(looped));
        self.refresh(&mut copy);
        if let Stmt::Loop(looped) = &mut copy {
            looped.results = vec![trips];
        }
        self.keep_inside(&mut copy, &mut out);
        out.push(copy);
        out.extend(kept.into_iter().map(put_back));
        out
    }

    /// Lets a loop count its iterations from 0: the variable that holds the number of the present one. The first
    /// statement of the body defines the next.
    fn count_rounds(&mut self, l: &mut Loop) -> Var {
        let round = self.fresh("round", Kind::Inert, Class::Value);
        let entered = self.fresh("round", Kind::Inert, Class::Value);
        l.carried.push(Carried {
            var: round,
            init: zero(),
        });
        let op = Op::Binary(BinOp::Add, Operand::Var(round), integer(1));
        l.body.stmts.insert(0, Stmt::Let { var: entered, op });
        yield_also(&mut l.body, &Operand::Var(entered));
        round
    }
}
