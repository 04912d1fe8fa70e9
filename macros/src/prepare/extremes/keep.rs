//! The loop itself, with where its result came from.

use syn::parse_quote;

use super::super::{fresh, opaque, set};
use super::{Extreme, Update};
use crate::ir::{Block, Carried, End, Head, Kind, Literal, Loop, Op, Operand, Stmt, Var, VarInfo};

/// What a loop notes of where its result came from.
pub(super) struct Trace {
    /// The iteration that brought the result; where the loop starts, while none has.
    pub from: Var,
    /// 0: it is what the loop started with. 1: it came from iteration `from`. 2: it came from nowhere (both are NaN).
    pub state: Var,
    /// Iterations after that brought the same.
    pub tied: Option<Var>,
}

impl Extreme<'_> {
    /// The loop with its trace; its extreme is now called `result`.
    pub(super) fn keeping(&self, result: Var, vars: &mut Vec<VarInfo>) -> Option<(Loop, Trace)> {
        let mut the_loop = self.the_loop.clone();
        let m = self.the_loop.carried[self.carried].var;
        for (operand, name) in the_loop.exhausted.iter().zip(&mut the_loop.results) {
            if operand.var() == Some(m) {
                *name = result;
            }
        }
        let Head::Counted { index, start, .. } = the_loop.head.clone() else {
            return None;
        };
        let from = self.traced(&mut the_loop, "from", start, vars);
        let state = self.traced(&mut the_loop, "state", integer(parse_quote!(0u8)), vars);
        let tied = matches!(self.update, Update::Rule { .. })
            .then(|| self.traced(&mut the_loop, "tied", integer(parse_quote!(false)), vars));
        let (kept, won) = self.outcome(&mut the_loop.body, vars);
        let now = Now {
            kept,
            won,
            index: Operand::Var(index),
        };
        now.note(&mut the_loop.body, &[Some(from), Some(state), tied], vars);
        let trace = Trace {
            from: from.result,
            state: state.result,
            tied: tied.map(|t| t.result),
        };
        Some((the_loop, trace))
    }

    /// One more carried value.
    fn traced(
        &self,
        the_loop: &mut Loop,
        name: &str,
        init: Operand,
        vars: &mut Vec<VarInfo>,
    ) -> Traced {
        let var = fresh(vars, name, Kind::Inert);
        let result = fresh(vars, name, Kind::Inert);
        the_loop.carried.push(Carried { var, init });
        the_loop.exhausted.push(Operand::Var(var));
        the_loop.results.push(result);
        Traced { var, result }
    }

    /// Whether the iteration kept the extreme, and whether it brought the new one.
    fn outcome(&self, body: &mut Block, vars: &mut Vec<VarInfo>) -> (Operand, Option<Operand>) {
        let m = self.the_loop.carried[self.carried].var;
        match &self.update {
            Update::Rule { v, next } => {
                let next = Operand::Var(*next);
                let mut same = |name: &str, operand: Operand| {
                    let var = fresh(vars, name, Kind::Inert);
                    let captures = [("this", operand), ("next", next.clone())];
                    let op = opaque(parse_quote!(this == next), &captures);
                    body.stmts.push(set(var, op));
                    Operand::Var(var)
                };
                let kept = same("kept", Operand::Var(m));
                (kept, Some(same("won", v.clone())))
            }
            Update::Branch { stmt, .. } => {
                let kept = fresh(vars, "kept", Kind::Inert);
                if let Stmt::Switch { arms, joins, .. } = &mut body.stmts[*stmt] {
                    let at = self.join_of(joins);
                    arms.iter_mut().for_each(|arm| say(arm, at, m));
                    joins.push(kept);
                }
                (Operand::Var(kept), None)
            }
        }
    }

    fn join_of(&self, joins: &[Var]) -> usize {
        let End::Yield(next) = &self.the_loop.body.end else {
            return 0;
        };
        let next = next[self.carried].var();
        joins
            .iter()
            .position(|j| Some(*j) == next)
            .unwrap_or_default()
    }
}

/// An arm says whether it keeps the extreme.
fn say(arm: &mut Block, join: usize, m: Var) {
    if let End::Yield(values) = &mut arm.end {
        let keeps = values.get(join).and_then(Operand::var) == Some(m);
        values.push(integer(parse_quote!(#keeps)));
    }
}

/// A carried value of the trace.
#[derive(Clone, Copy)]
struct Traced {
    var: Var,
    result: Var,
}

/// What became of an iteration.
struct Now {
    kept: Operand,
    won: Option<Operand>,
    index: Operand,
}

impl Now {
    /// Yields the next values of the trace.
    fn note(&self, body: &mut Block, trace: &[Option<Traced>; 3], vars: &mut Vec<VarInfo>) {
        for (which, traced) in trace.iter().enumerate() {
            let Some(traced) = traced else { continue };
            let next = fresh(vars, "next", Kind::Inert);
            body.stmts.push(set(next, self.next(which, traced.var)));
            if let End::Yield(values) = &mut body.end {
                values.push(Operand::Var(next));
            }
        }
    }

    fn next(&self, which: usize, before: Var) -> Op {
        let mut captures = vec![
            ("kept", self.kept.clone()),
            ("before", Operand::Var(before)),
        ];
        if which == 0 {
            captures.push(("i", self.index.clone()));
            return opaque(parse_quote!(if kept { before } else { i }), &captures);
        }
        let Some(won) = &self.won else {
            return opaque(parse_quote!(if kept { before } else { 1u8 }), &captures);
        };
        captures.push(("won", won.clone()));
        let expr = match which {
            1 => parse_quote!(if kept {
                before
            } else if won {
                1u8
            } else {
                2u8
            }),
            _ => parse_quote!(kept && (before || won)),
        };
        opaque(expr, &captures)
    }
}

fn integer(tokens: proc_macro2::TokenStream) -> Operand {
    Operand::Literal(Literal {
        tokens,
        kind: Kind::Inert,
        value: None,
    })
}
