//! The loop itself, with where its result came from.

use syn::{parse_quote, Expr, Path};

use super::super::{fresh, opaque, set};
use super::{yields, Extreme, Update};
use crate::ir::uses::defined;
use crate::ir::{
    Block, Carried, End, Head, Kind, Literal, Loop, Op, Operand, Selector, Stmt, Var, VarInfo,
};

/// What a loop notes of where its result came from.
pub(super) struct Trace {
    /// Where the loop starts.
    pub start: Operand,
    /// The iteration that brought the result; where the loop ends, while none has.
    pub from: Var,
    /// 0: it is what the loop started with. 1: it came from iteration `from`. 2: it came from nowhere (both are NaN).
    pub state: Var,
    /// After the last iteration that brought the same.
    pub upto: Option<Var>,
}

/// A loop that notes it.
pub(super) struct Kept {
    pub stmts: Vec<Stmt>,
    pub trace: Trace,
}

impl Extreme<'_> {
    /// The loop with its trace; its extreme is now called `result`.
    ///
    /// What an iteration notes is little, and chosen rather than branched on: which iteration wins cannot be predicted.
    pub(super) fn keeping(&self, result: Var, vars: &mut Vec<VarInfo>) -> Option<Kept> {
        let mut the_loop = self.the_loop.clone();
        let mut stmts = settled(&mut the_loop.head, vars);
        self.call_extreme(&mut the_loop, result);
        let compared = self.choose(&mut the_loop.body, vars);
        let Head::Counted {
            index, start, end, ..
        } = the_loop.head.clone()
        else {
            return None;
        };
        let from = self.traced(&mut the_loop, "from", end.clone(), vars);
        let upto = matches!(self.update, Update::Rule { .. })
            .then(|| self.traced(&mut the_loop, "upto", start.clone(), vars));
        let (kept, won) = match compared {
            Some([kept, won]) => (kept, Some(won)),
            None => self.outcome(&mut the_loop.body, vars),
        };
        let mut note = Note {
            body: &mut the_loop.body,
            vars: &mut *vars,
            index: Operand::Var(index),
        };
        note.next(parse_quote!(if on { before } else { i }), &kept, from);
        if let (Some(won), Some(upto)) = (won, upto) {
            note.next(parse_quote!(if on { i + 1 } else { before }), &won, upto);
        }
        let upto = upto.map(|upto| upto.result);
        let (state, from) = (fresh(vars, "state", Kind::Inert), from.result);
        let op = self.state(from, end, result);
        stmts.extend([Stmt::Loop(Box::new(the_loop)), set(state, op)]);
        Some(Kept {
            stmts,
            trace: Trace {
                start,
                from,
                state,
                upto,
            },
        })
    }

    /// Gives the extreme that a copy of the loop finds a name of its own.
    pub(super) fn call_extreme(&self, the_loop: &mut Loop, result: Var) {
        let m = self.the_loop.carried[self.carried].var;
        for (operand, name) in the_loop.exhausted.iter().zip(&mut the_loop.results) {
            if operand.var() == Some(m) {
                *name = result;
            }
        }
    }

    /// `let next = if v < m { v } else { m };` in place of the rule, which asks of both whether they are NaN. Where the
    /// first `m` is a number all are, and a comparison with NaN keeps them. At a tie the second argument is chosen, as the
    /// rule does: of two zeros it may be the other.
    ///
    /// Says whether the iteration kept the extreme, and whether it brought the new one: the processor compares once.
    fn choose(&self, body: &mut Block, vars: &mut Vec<VarInfo>) -> Option<[Operand; 2]> {
        let m = &self.the_loop.carried[self.carried];
        let Update::Rule {
            v,
            next,
            least,
            last,
        } = &self.update
        else {
            return None;
        };
        let at = body.stmts.iter().position(|s| defined(s).contains(next))?;
        if !is_number(&m.init) {
            return None;
        }
        let captures = [("this", v.clone()), ("extreme", Operand::Var(m.var))];
        let [better, as_good]: [Expr; 2] = match least {
            true => [parse_quote!(this < extreme), parse_quote!(this <= extreme)],
            false => [parse_quote!(this > extreme), parse_quote!(this >= extreme)],
        };
        let mut chosen = Vec::new();
        let mut decide = |name: &str, expr: Expr, captures: &[(&str, Operand)]| {
            let var = fresh(vars, name, Kind::Inert);
            chosen.push(set(var, opaque(expr, captures)));
            Operand::Var(var)
        };
        let better = decide("better", better, &captures);
        let won = decide("won", as_good, &captures);
        let kept = decide("kept", parse_quote!(!better), &[("better", better.clone())]);
        let arm = |value: Operand| yields(Vec::new(), [value]);
        chosen.push(Stmt::Switch {
            on: Selector::Bool(if *last { won.clone() } else { better }),
            arms: vec![arm(v.clone()), arm(Operand::Var(m.var))],
            joins: vec![*next],
        });
        body.stmts.splice(at..=at, chosen);
        Some([kept, won])
    }

    /// A rule brings something that is neither of its arguments only if it is NaN, as it cannot be from a number on.
    fn state(&self, from: Var, end: Operand, result: Var) -> Op {
        let starts_as_number = is_number(&self.the_loop.carried[self.carried].init);
        let captures = [
            ("from", Operand::Var(from)),
            ("end", end),
            ("extreme", Operand::Var(result)),
        ];
        match self.update {
            Update::Rule { .. } if !starts_as_number => {
                let expr = parse_quote!(if from == end {
                    0u8
                } else if extreme == extreme {
                    1u8
                } else {
                    2u8
                });
                opaque(expr, &captures)
            }
            _ => {
                let expr = parse_quote!(if from == end { 0u8 } else { 1u8 });
                opaque(expr, &captures[..2])
            }
        }
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
            Update::Rule { v, next, least, .. } => {
                let next = Operand::Var(*next);
                // Equal, as the new one does not lie on the other side; in one comparison, which NaN does not pass.
                let same: Expr = if *least {
                    parse_quote!(next >= this)
                } else {
                    parse_quote!(next <= this)
                };
                let mut same = |name: &str, operand: Operand| {
                    let var = fresh(vars, name, Kind::Inert);
                    let captures = [("this", operand), ("next", next.clone())];
                    let op = opaque(same.clone(), &captures);
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

/// Whether an operand is a number that is not NaN: written as one, or a constant of its type.
fn is_number(operand: &Operand) -> bool {
    let Operand::Literal(literal) = operand else {
        return false;
    };
    let constant = || {
        let path: Path = syn::parse2(literal.tokens.clone()).ok()?;
        let mut last = path.segments.iter().rev().map(|s| s.ident.to_string());
        let (name, of) = (last.next()?, last.next()?);
        Some(CONSTANTS.contains(&&*name) && matches!(&*of, "f32" | "f64"))
    };
    literal
        .value
        .map_or_else(|| constant() == Some(true), |value| !value.is_nan())
}

/// What extremes start from: `f64::INFINITY`.
const CONSTANTS: &[&str] = &["INFINITY", "NEG_INFINITY", "MAX", "MIN"];

/// Bounds that are read from memory get names: the loop may write there.
pub(super) fn settled(head: &mut Head, vars: &mut Vec<VarInfo>) -> Vec<Stmt> {
    let Head::Counted { start, end, .. } = head else {
        return Vec::new();
    };
    let mut stmts = Vec::new();
    for (bound, name) in [(start, "start"), (end, "end")] {
        if matches!(bound, Operand::Place(_)) {
            let var = fresh(vars, name, Kind::Inert);
            stmts.push(set(
                var,
                Op::Use(std::mem::replace(bound, Operand::Var(var))),
            ));
        }
    }
    stmts
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
pub(super) struct Traced {
    pub var: Var,
    pub result: Var,
}

/// What became of an iteration, noted at its end.
struct Note<'b> {
    body: &'b mut Block,
    vars: &'b mut Vec<VarInfo>,
    index: Operand,
}

impl Note<'_> {
    /// Yields the next value of the trace: an expression over `on`, the value `before`, and `i`.
    fn next(&mut self, expr: Expr, on: &Operand, traced: Traced) {
        let captures = [
            ("on", on.clone()),
            ("before", Operand::Var(traced.var)),
            ("i", self.index.clone()),
        ];
        let next = fresh(self.vars, "next", Kind::Inert);
        self.body.stmts.push(set(next, opaque(expr, &captures)));
        if let End::Yield(values) = &mut self.body.end {
            values.push(Operand::Var(next));
        }
    }
}

/// A number or a condition.
pub(super) fn integer(tokens: proc_macro2::TokenStream) -> Operand {
    Operand::Literal(Literal {
        tokens,
        kind: Kind::Inert,
        value: None,
    })
}
