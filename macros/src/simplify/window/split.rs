//! The second loop in two: one that reads the windows, and one that goes on where they end.

use proc_macro2::Literal as Number;
use syn::parse_quote;

use super::{element, index_of, Windows, LENGTH};
use crate::ir::walk::rename;
use crate::ir::{build, uses, Carried, Class, End, Head, Kind, Loop, Op, Operand, Stmt, Var};

impl Windows {
    /// The loop in two; each window with the position of what it holds among the carried values.
    pub(super) fn split(&mut self, whole: Loop, windows: &[(usize, Var)]) -> Vec<Stmt> {
        let middle = self.fresh("middle", Kind::Inert, Class::Value);
        let mut stmts = Vec::new();
        if let Head::Counted { end, .. } = &whole.head {
            let length = Number::usize_unsuffixed(LENGTH);
            let op = build::cheap(
                parse_quote!(::core::cmp::Ord::min(end, #length)),
                &[("end", end.clone())],
            );
            stmts.push(Stmt::Let { var: middle, op });
        }
        let mut front = Stmt::Loop(Box::new(self.front(&whole, middle, windows)));
        rename(&mut front, &mut self.vars);
        let results = uses::defined(&front).to_vec();
        stmts.push(front);
        let rest = self.rest(whole, middle, windows, &results, &mut stmts);
        stmts.push(Stmt::Loop(Box::new(rest)));
        stmts
    }

    /// The loop up to `middle`, what windows hold being read there.
    fn front(&mut self, whole: &Loop, middle: Var, windows: &[(usize, Var)]) -> Loop {
        let mut front = whole.clone();
        if let Head::Counted { end, .. } = &mut front.head {
            *end = Operand::Var(middle);
        }
        let index = index_of(&front);
        let held = |at: usize| windows.iter().find(|(position, _)| *position == at);
        let (mut carried, mut reads) = (Vec::new(), Vec::new());
        for (at, c) in front.carried.drain(..).enumerate() {
            match held(at).zip(index) {
                Some(((_, window), index)) => reads.push(Stmt::Let {
                    var: c.var,
                    op: read(*window, Operand::Var(index)),
                }),
                None => carried.push(c),
            }
        }
        front.body.stmts.splice(0..0, reads);
        if let End::Yield(values) = &mut front.body.end {
            let mut at = 0..;
            values.retain(|_| at.next().is_some_and(|at| held(at).is_none()));
        }
        front.results = carried.iter().map(|c| self.like(c.var)).collect();
        front.exhausted = carried.iter().map(|c| Operand::Var(c.var)).collect();
        front.carried = carried;
        front
    }

    /// The loop from `middle` on.
    fn rest(
        &mut self,
        mut whole: Loop,
        middle: Var,
        windows: &[(usize, Var)],
        results: &[Var],
        stmts: &mut Vec<Stmt>,
    ) -> Loop {
        if let Head::Counted { start, .. } = &mut whole.head {
            *start = Operand::Var(middle);
        }
        let mut results = results.iter();
        for (at, Carried { var, init }) in whole.carried.iter_mut().enumerate() {
            let held = windows.iter().find(|(position, _)| *position == at);
            let from = match held {
                Some((_, window)) => {
                    let from = self.like(*var);
                    let op = read(*window, Operand::Var(middle));
                    stmts.push(Stmt::Let { var: from, op });
                    Some(from)
                }
                None => results.next().copied(),
            };
            if let Some(from) = from {
                *init = Operand::Var(from);
            }
        }
        whole
    }

    fn like(&mut self, var: Var) -> Var {
        let info = self.vars[var.0].clone();
        self.vars.push(info);
        Var(self.vars.len() - 1)
    }
}

fn read(window: Var, at: Operand) -> Op {
    Op::Use(Operand::Place(element(window, at)))
}
