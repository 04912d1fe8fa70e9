//! The sum over the iterations that the result came from.

use syn::parse_quote;

use super::super::{fresh, opaque, set};
use super::keep::{Kept, Trace};
use super::slice::{slice, Slice};
use super::{yields, Extreme, Update};
use crate::ir::{
    BinOp, Block, Carried, Class, End, Head, Kind, Loop, Op, Operand, Selector, Stmt, Var, VarInfo,
};

impl Extreme<'_> {
    /// The statements that take the loop's place.
    pub(super) fn rewritten(&self, vars: &mut Vec<VarInfo>) -> Option<Vec<Stmt>> {
        let m = &self.the_loop.carried[self.carried];
        let kind = vars[m.var.0].kind.clone();
        let v = match &self.update {
            Update::Rule { v, .. } => v,
            Update::Branch { v, .. } => *v,
        };
        let (winner, tie) = (
            slice(self.the_loop, v, vars)?,
            slice(self.the_loop, v, vars)?,
        );
        let at = self.the_loop.exhausted.iter();
        let at = at.zip(&self.the_loop.results);
        let (_, result) = at.into_iter().find(|(o, _)| o.var() == Some(m.var))?;
        let value = fresh(vars, "extreme", kind.clone());
        let kept = self.searched(value, vars);
        let Kept { stmts, trace } = kept.or_else(|| self.keeping(value, vars))?;
        let mut sum = Sum {
            vars,
            kind,
            trace,
            value,
            stmts,
        };
        let ties = sum.ties(self.the_loop, tie);
        let total = sum.won(ties, winner);
        let through = sum.started(total, &m.init);
        let mut stmts = sum.stmts;
        let value = Operand::Var(value);
        stmts.push(set(*result, Op::Attach { value, through }));
        Some(stmts)
    }
}

/// A sum, and what is left of its weight if ties have taken from it.
struct Total {
    sum: Operand,
    weight: Option<Operand>,
}

struct Sum<'v> {
    vars: &'v mut Vec<VarInfo>,
    kind: Kind,
    trace: Trace,
    value: Var,
    stmts: Vec<Stmt>,
}

impl Sum<'_> {
    fn float(&mut self, name: &str) -> Var {
        fresh(self.vars, name, self.kind.clone())
    }

    /// `left op right`
    fn binary(
        &mut self,
        block: &mut Vec<Stmt>,
        op: BinOp,
        left: Operand,
        right: Operand,
    ) -> Operand {
        let var = self.float("t");
        block.push(set(var, Op::Binary(op, left, right)));
        Operand::Var(var)
    }

    /// The sum with one more term, of the weight that there is.
    fn plus(&mut self, block: &mut Vec<Stmt>, total: &Total, term: Operand) -> Operand {
        let term = match &total.weight {
            Some(weight) => self.binary(block, BinOp::Mul, weight.clone(), term),
            None => term,
        };
        self.binary(block, BinOp::Add, total.sum.clone(), term)
    }

    /// Over the iterations that tied, last first, if there are any:
    /// `for i in (from..to).rev() with s = 0, w = 1 { v = f(i); if v == m { s + ½w·v, ½w } else { s, w } }`
    fn ties(&mut self, of: &Loop, slice: Slice) -> Total {
        let none = Operand::number(0.0, self.kind.clone());
        let Some(to) = self.trace.upto else {
            return Total {
                sum: none,
                weight: None,
            };
        };
        let from = fresh(self.vars, "from", Kind::Inert);
        let captures = [
            ("from", Operand::Var(self.trace.from)),
            ("state", Operand::Var(self.trace.state)),
            ("start", self.trace.start.clone()),
        ];
        let after = parse_quote!(if state == 0u8 { start } else { from + 1 });
        self.stmts.push(set(from, opaque(after, &captures)));
        let (sum, weight) = (self.float("sum"), self.float("weight"));
        let (total, left) = (self.float("sum"), self.float("weight"));
        let mut body = slice.stmts;
        let next = self.tie(&mut body, slice.value, sum, weight);
        let one = Operand::number(1.0, self.kind.clone());
        let carried = vec![
            Carried {
                var: sum,
                init: none,
            },
            Carried {
                var: weight,
                init: one,
            },
        ];
        self.stmts.push(Stmt::Loop(Box::new(Loop {
            span: of.span,
            name: of.name.clone(),
            head: Head::Counted {
                index: slice.index,
                start: Operand::Var(from),
                end: Operand::Var(to),
                inclusive: false,
                step: None,
                reverse: true,
                backwards: false,
            },
            exhausted: vec![Operand::Var(sum), Operand::Var(weight)],
            carried,
            body: Block {
                stmts: body,
                end: End::Yield(next.into()),
            },
            results: vec![total, left],
            limit: None,
        })));
        Total {
            sum: Operand::Var(total),
            weight: Some(Operand::Var(left)),
        }
    }

    /// The next sum and weight.
    fn tie(&mut self, body: &mut Vec<Stmt>, v: Operand, sum: Var, weight: Var) -> [Operand; 2] {
        let (s, w) = (Operand::Var(sum), Operand::Var(weight));
        let captures = [("v", v.clone()), ("extreme", Operand::Var(self.value))];
        let on = self.decide(body, parse_quote!(v == extreme), &captures);
        let mut part = Vec::new();
        let half = Operand::number(0.5, self.kind.clone());
        let half = self.binary(&mut part, BinOp::Mul, half, w.clone());
        let total = Total {
            sum: s.clone(),
            weight: Some(half.clone()),
        };
        let some = self.plus(&mut part, &total, v);
        let next = [self.float("sum"), self.float("weight")];
        body.push(Stmt::Switch {
            on,
            arms: vec![yields(part, [some, half]), yields(Vec::new(), [s, w])],
            joins: next.to_vec(),
        });
        next.map(Operand::Var)
    }

    /// With what is left on the iteration that brought the result, if one did.
    fn won(&mut self, total: Total, slice: Slice) -> Total {
        let mut at_winner = vec![set(slice.index, Op::Use(Operand::Var(self.trace.from)))];
        at_winner.extend(slice.stmts);
        let with = self.plus(&mut at_winner, &total, slice.value);
        let sum = self.either(parse_quote!(state == 1u8), at_winner, with, total.sum);
        Total { sum, ..total }
    }

    /// With what is left on what the loop started with, if the result is that.
    fn started(&mut self, total: Total, init: &Operand) -> Operand {
        let is_variable = init
            .var()
            .is_some_and(|v| self.vars[v.0].class == Class::Value);
        if !is_variable {
            return total.sum;
        }
        let mut at_start = Vec::new();
        let with = self.plus(&mut at_start, &total, init.clone());
        self.either(parse_quote!(state == 0u8), at_start, with, total.sum)
    }

    /// `if condition { stmts; with } else { without }`, the condition being about the state.
    fn either(
        &mut self,
        condition: syn::Expr,
        stmts: Vec<Stmt>,
        with: Operand,
        without: Operand,
    ) -> Operand {
        let captures = [("state", Operand::Var(self.trace.state))];
        let mut before = std::mem::take(&mut self.stmts);
        let on = self.decide(&mut before, condition, &captures);
        let join = self.float("sum");
        before.push(Stmt::Switch {
            on,
            arms: vec![yields(stmts, [with]), yields(Vec::new(), [without])],
            joins: vec![join],
        });
        self.stmts = before;
        Operand::Var(join)
    }

    fn decide(
        &mut self,
        block: &mut Vec<Stmt>,
        expr: syn::Expr,
        captures: &[(&str, Operand)],
    ) -> Selector {
        let var = fresh(self.vars, "c", Kind::Inert);
        block.push(set(var, opaque(expr, captures)));
        Selector::Bool(Operand::Var(var))
    }
}
