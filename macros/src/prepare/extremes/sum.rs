//! The sum over the iterations that the result came from.

use syn::parse_quote;

use super::super::{fresh, opaque, set};
use super::keep::Trace;
use super::slice::{slice, Slice};
use super::{Extreme, Update};
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
        let slice = slice(self.the_loop, v, vars)?;
        let at = self.the_loop.exhausted.iter();
        let at = at.zip(&self.the_loop.results);
        let (_, result) = at.into_iter().find(|(o, _)| o.var() == Some(m.var))?;
        let value = fresh(vars, "extreme", kind.clone());
        let (kept, trace) = self.keeping(value, vars)?;
        let mut sum = Sum {
            vars,
            kind,
            trace,
            value,
            stmts: vec![Stmt::Loop(Box::new(kept))],
        };
        let total = sum.over(self.the_loop, slice);
        let through = sum.started(total, &m.init);
        let mut stmts = sum.stmts;
        let value = Operand::Var(value);
        stmts.push(set(*result, Op::Attach { value, through }));
        Some(stmts)
    }
}

/// A sum and what is left of its weight.
struct Total {
    sum: Var,
    weight: Option<Var>,
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

    /// Where the iterations that matter end.
    fn end(&mut self, of: &Loop) -> Operand {
        let Head::Counted { end, .. } = &of.head else {
            return Operand::Var(self.trace.from);
        };
        let to = fresh(self.vars, "to", Kind::Inert);
        let mut captures = vec![
            ("from", Operand::Var(self.trace.from)),
            ("state", Operand::Var(self.trace.state)),
        ];
        let op = match self.trace.tied {
            None => opaque(
                parse_quote!(if state == 1u8 { from + 1 } else { from }),
                &captures,
            ),
            Some(tied) => {
                captures.push(("tied", Operand::Var(tied)));
                captures.push(("end", end.clone()));
                let expr = parse_quote!(if tied {
                    end
                } else if state == 1u8 {
                    from + 1
                } else {
                    from
                });
                opaque(expr, &captures)
            }
        };
        self.stmts.push(set(to, op));
        Operand::Var(to)
    }

    /// `for i in (from..to).rev() with s = 0, w = 1 { … }`
    fn over(&mut self, of: &Loop, slice: Slice) -> Total {
        let end = self.end(of);
        let (sum, total) = (self.float("sum"), self.float("sum"));
        let mut carried = vec![self.carry(sum, 0.0)];
        let mut results = vec![total];
        let mut body = slice.stmts;
        let (values, weight) = if self.trace.tied.is_some() {
            let (w, left) = (self.float("weight"), self.float("weight"));
            carried.push(self.carry(w, 1.0));
            results.push(left);
            let (s, w) = self.weigh(&mut body, slice.index, slice.value, sum, w);
            (vec![s, w], Some(left))
        } else {
            let s = self.binary(&mut body, BinOp::Add, Operand::Var(sum), slice.value);
            (vec![s], None)
        };
        let exhausted = carried.iter().map(|c| Operand::Var(c.var)).collect();
        let head = Head::Counted {
            index: slice.index,
            start: Operand::Var(self.trace.from),
            end,
            inclusive: false,
            step: None,
            reverse: true,
            backwards: false,
        };
        self.stmts.push(Stmt::Loop(Box::new(Loop {
            span: of.span,
            name: of.name.clone(),
            head,
            carried,
            body: Block {
                stmts: body,
                end: End::Yield(values),
            },
            exhausted,
            results,
            limit: None,
        })));
        Total { sum: total, weight }
    }

    fn carry(&self, var: Var, init: f64) -> Carried {
        let init = Operand::number(init, self.kind.clone());
        Carried { var, init }
    }

    /// The next sum and weight: all that is left at `from`, half of it at a tie.
    fn weigh(
        &mut self,
        body: &mut Vec<Stmt>,
        index: Var,
        v: Operand,
        sum: Var,
        weight: Var,
    ) -> (Operand, Operand) {
        let (s, w) = (Operand::Var(sum), Operand::Var(weight));
        let captures = [
            ("state", Operand::Var(self.trace.state)),
            ("i", Operand::Var(index)),
            ("from", Operand::Var(self.trace.from)),
        ];
        let first = self.decide(body, parse_quote!(state == 1u8 && i == from), &captures);
        let captures = [("v", v.clone()), ("extreme", Operand::Var(self.value))];
        let tie = self.decide(body, parse_quote!(v == extreme), &captures);
        let mut whole = Vec::new();
        let product = self.binary(&mut whole, BinOp::Mul, w.clone(), v.clone());
        let all = self.binary(&mut whole, BinOp::Add, s.clone(), product);
        let mut part = Vec::new();
        let half = Operand::number(0.5, self.kind.clone());
        let half = self.binary(&mut part, BinOp::Mul, half, w.clone());
        let product = self.binary(&mut part, BinOp::Mul, half.clone(), v);
        let some = self.binary(&mut part, BinOp::Add, s.clone(), product);
        let (next_sum, next_weight) = (self.float("sum"), self.float("weight"));
        let otherwise = Block {
            stmts: Vec::new(),
            end: End::Switch {
                on: tie,
                arms: vec![
                    yields(part, [some, half]),
                    yields(Vec::new(), [s, w.clone()]),
                ],
            },
        };
        body.push(Stmt::Switch {
            on: first,
            arms: vec![yields(whole, [all, w]), otherwise],
            joins: vec![next_sum, next_weight],
        });
        (Operand::Var(next_sum), Operand::Var(next_weight))
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

    /// The sum, and the rest of the weight on what the loop started with, if the result is that.
    fn started(&mut self, total: Total, init: &Operand) -> Operand {
        let sum = Operand::Var(total.sum);
        let is_variable = init
            .var()
            .is_some_and(|v| self.vars[v.0].class == Class::Value);
        if !is_variable {
            return sum;
        }
        let mut stmts = std::mem::take(&mut self.stmts);
        let captures = [("state", Operand::Var(self.trace.state))];
        let on = self.decide(&mut stmts, parse_quote!(state == 0u8), &captures);
        let mut at_start = Vec::new();
        let rest = match total.weight {
            Some(weight) => self.binary(
                &mut at_start,
                BinOp::Mul,
                Operand::Var(weight),
                init.clone(),
            ),
            None => init.clone(),
        };
        let with = self.binary(&mut at_start, BinOp::Add, sum.clone(), rest);
        let join = self.float("sum");
        stmts.push(Stmt::Switch {
            on,
            arms: vec![yields(at_start, [with]), yields(Vec::new(), [sum])],
            joins: vec![join],
        });
        self.stmts = stmts;
        Operand::Var(join)
    }
}

fn yields<const N: usize>(stmts: Vec<Stmt>, values: [Operand; N]) -> Block {
    let end = End::Yield(values.into());
    Block { stmts, end }
}
