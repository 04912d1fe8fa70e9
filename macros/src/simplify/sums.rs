//! Additions to one place become one addition.
//!
//! Only additions to cotangents are moved: their order is ours. An addition is moved down to the next one to the same
//! place, past statements that do not look at that memory.

use std::collections::HashMap;

use super::share::place_text;
use super::{inner_blocks, last_blocks};
use crate::ir::uses;
use crate::ir::{BinOp, Block, Class, Function, Op, Operand, Stmt, Var, VarInfo};

/// Gathers the additions of a function.
pub fn gather(function: &mut Function) {
    let mut gathering = Gathering {
        vars: std::mem::take(&mut function.vars),
    };
    gathering.block(&mut function.body);
    function.vars = gathering.vars;
}

/// Additions that may still move, by root and by what they print as: their positions.
type Open = HashMap<Var, HashMap<String, usize>>;

struct Gathering {
    vars: Vec<VarInfo>,
}

impl Gathering {
    fn block(&mut self, block: &mut Block) {
        let mut open = Open::new();
        let mut stmts: Vec<Option<Stmt>> = Vec::with_capacity(block.stmts.len());
        for mut stmt in std::mem::take(&mut block.stmts) {
            inner_blocks(&mut stmt, &mut |inner| self.block(inner));
            match self.target(&stmt) {
                Some((root, text)) => {
                    if let Some(earlier) = open.entry(root).or_default().remove(&text) {
                        stmt = self.merged(&mut stmts, earlier, stmt);
                    }
                    open.entry(root).or_default().insert(text, stmts.len());
                }
                None => close(&mut open, &stmt),
            }
            stmts.push(Some(stmt));
        }
        block.stmts = stmts.into_iter().flatten().collect();
        last_blocks(&mut block.end, &mut |arm| self.block(arm));
    }

    /// The place in a cotangent that a statement adds a float to.
    fn target(&self, stmt: &Stmt) -> Option<(Var, String)> {
        let Stmt::Add {
            place,
            value: Operand::Var(value),
            ..
        } = stmt
        else {
            return None;
        };
        let cotangent = matches!(
            self.vars[place.root.0].class,
            Class::Shadow | Class::Slot | Class::Lent
        );
        let float = self.vars[value.0].kind.is_float();
        (cotangent && float)
            .then(|| place_text(place))
            .flatten()
            .map(|text| (place.root, text))
    }

    /// The later addition, of both values; the sum is computed before it.
    fn merged(&mut self, stmts: &mut Vec<Option<Stmt>>, earlier: usize, later: Stmt) -> Stmt {
        match (stmts[earlier].take(), later) {
            (
                Some(Stmt::Add {
                    value: first,
                    negate: minus,
                    ..
                }),
                Stmt::Add {
                    place,
                    value: second,
                    negate,
                },
            ) => {
                let op = if minus == negate {
                    BinOp::Add
                } else {
                    BinOp::Sub
                };
                let value = self.sum(stmts, op, first, second);
                Stmt::Add {
                    place,
                    value,
                    negate: minus,
                }
            }
            (_, later) => later,
        }
    }

    fn sum(
        &mut self,
        stmts: &mut Vec<Option<Stmt>>,
        op: BinOp,
        first: Operand,
        second: Operand,
    ) -> Operand {
        let like = first.var().or(second.var()).unwrap_or(Var(0));
        let kind = self.vars[like.0].kind.clone();
        self.vars
            .push(VarInfo::new("d", kind.clone(), Class::Value));
        let var = Var(self.vars.len() - 1);
        let op = if op == BinOp::Add && first.var() == second.var() {
            Op::Binary(BinOp::Mul, Operand::number(2.0, kind), second)
        } else {
            Op::Binary(op, first, second)
        };
        stmts.push(Some(Stmt::Let { var, op }));
        Operand::Var(var)
    }
}

/// Ends the moves of additions to memory that a statement, or a block inside it, looks at.
fn close(open: &mut Open, stmt: &Stmt) {
    if open.is_empty() {
        return;
    }
    uses::of_stmt(stmt, &mut |used| drop(open.remove(&used.var())));
    for block in uses::blocks(stmt) {
        uses::of_block(block, &mut |used| drop(open.remove(&used.var())));
    }
}
