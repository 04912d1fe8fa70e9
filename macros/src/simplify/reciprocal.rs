//! `a / s` and `b / s` become `a * r` and `b * r` with `r = 1 / s`.
//!
//! Each quotient may differ in its last bit, and where `1 / s` overflows (a subnormal `s`) it is infinite or NaN where
//! the division was not. Only divisions of the reverse sweep are rewritten.

use std::collections::{HashMap, HashSet};

use crate::ir::{BinOp, Block, Class, End, Function, Op, Operand, Stmt, Var, VarInfo};

/// Shares the reciprocals of divisors that divide at least twice. What is `exact` is still divided.
pub fn divide_once(function: &mut Function, exact: &HashSet<Var>) {
    let mut sharing = Sharing {
        exact,
        primal: function.primal_vars,
        vars: std::mem::take(&mut function.vars),
        reciprocals: HashMap::new(),
    };
    sharing.block(&mut function.body);
    function.vars = sharing.vars;
}

struct Sharing<'e> {
    exact: &'e HashSet<Var>,
    primal: usize,
    vars: Vec<VarInfo>,
    reciprocals: HashMap<Var, Var>,
}

impl Sharing<'_> {
    fn block(&mut self, block: &mut Block) {
        let counts = self.divisions(block);
        let mut entered = Vec::new();
        let mut stmts = Vec::with_capacity(block.stmts.len());
        for mut stmt in std::mem::take(&mut block.stmts) {
            if let Some(divisor) = self.divisor(&stmt) {
                if !self.reciprocals.contains_key(&divisor) && counts[&divisor] > 1 {
                    stmts.push(self.reciprocal(divisor));
                    entered.push(divisor);
                }
            }
            self.stmt(&mut stmt);
            stmts.push(stmt);
        }
        block.stmts = stmts;
        if let End::Switch { arms, .. } = &mut block.end {
            arms.iter_mut().for_each(|arm| self.block(arm));
        }
        for divisor in entered {
            self.reciprocals.remove(&divisor);
        }
    }

    fn stmt(&mut self, stmt: &mut Stmt) {
        let shared = self
            .divisor(stmt)
            .and_then(|divisor| self.reciprocals.get(&divisor).copied());
        match stmt {
            Stmt::Let {
                op: Op::Binary(op, _, right),
                ..
            } => {
                if let Some(reciprocal) = shared {
                    (*op, *right) = (BinOp::Mul, Operand::Var(reciprocal));
                }
            }
            Stmt::Switch { arms, .. } => arms.iter_mut().for_each(|arm| self.block(arm)),
            Stmt::Replay { arms, .. } => arms.iter_mut().for_each(|(_, arm)| self.block(arm)),
            Stmt::Loop(the_loop) => self.block(&mut the_loop.body),
            _ => {}
        }
    }

    /// The divisor of a generated division of floats.
    fn divisor(&self, stmt: &Stmt) -> Option<Var> {
        let Stmt::Let {
            var,
            op: Op::Binary(BinOp::Div, _, Operand::Var(divisor)),
        } = stmt
        else {
            return None;
        };
        let info = &self.vars[var.0];
        (var.0 >= self.primal
            && !self.exact.contains(var)
            && info.class == Class::Value
            && info.kind.is_float())
        .then_some(*divisor)
    }

    fn reciprocal(&mut self, divisor: Var) -> Stmt {
        let kind = self.vars[divisor.0].kind.clone();
        self.vars
            .push(VarInfo::new("inverse", kind.clone(), Class::Value));
        let var = Var(self.vars.len() - 1);
        self.reciprocals.insert(divisor, var);
        Stmt::Let {
            var,
            op: Op::Binary(
                BinOp::Div,
                Operand::number(1.0, kind),
                Operand::Var(divisor),
            ),
        }
    }

    /// How often each divisor divides in the statements of a block; the blocks inside it are left to themselves.
    fn divisions(&self, block: &Block) -> HashMap<Var, usize> {
        let mut counts = HashMap::new();
        for stmt in &block.stmts {
            if let Some(divisor) = self.divisor(stmt) {
                *counts.entry(divisor).or_insert(0) += 1;
            }
        }
        counts
    }
}
