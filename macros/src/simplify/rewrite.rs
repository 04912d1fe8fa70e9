//! One walk in order of execution: operands are replaced by what they are known to be, operations are rewritten by the
//! table, and what was computed before is not computed again.

use std::collections::{HashMap, HashSet};

use super::exact;
use super::identities::{apply, Rewritten, Terms};
use super::operands::{self, Spot};
use super::share::{key, Memory};
use crate::ir::{Block, Class, End, Function, Kind, Op, Operand, Stmt, Var, VarInfo};

/// No operation is rewritten more often: rows make operations shorter, this is a safeguard.
const ROUNDS: usize = 8;

/// Rewrites the generated operations of a function.
pub fn rewrite(function: &mut Function) {
    let memory = Memory::new(function);
    let exact = exact::compared(function);
    let count = function.vars.len();
    let mut rewriter = Rewriter {
        primal: function.primal_vars,
        exact,
        vars: std::mem::take(&mut function.vars),
        known: vec![None; count],
        twins: vec![None; count],
        definitions: vec![None; count],
        available: HashMap::new(),
        entered: Vec::new(),
        memory,
    };
    rewriter.block(&mut function.body);
    function.vars = rewriter.vars;
}

struct Rewriter {
    /// Variables below this index are the primal's.
    primal: usize,
    /// What comparisons look at.
    exact: HashSet<Var>,
    vars: Vec<VarInfo>,
    /// What a variable is replaced by.
    known: Vec<Option<Operand>>,
    /// The primal's values that equal an earlier one: the reverse sweep reads that one.
    twins: Vec<Option<Var>>,
    /// The operations on values that identities look through.
    definitions: Vec<Option<Op>>,
    /// What has been computed in this block or in one around it.
    available: HashMap<String, Var>,
    /// The keys in `available`, in the order of their entry.
    entered: Vec<String>,
    memory: Memory,
}

impl Rewriter {
    fn block(&mut self, block: &mut Block) {
        let outer = self.entered.len();
        let mut stmts = Vec::with_capacity(block.stmts.len());
        for mut stmt in std::mem::take(&mut block.stmts) {
            let ours = self.is_ours(&stmt);
            operands::of_stmt(&mut stmt, &mut |spot| self.replace(spot, ours));
            self.stmt(stmt, &mut stmts);
        }
        block.stmts = stmts;
        operands::of_end(&mut block.end, &mut |spot| self.replace(spot, false));
        if let End::Switch { arms, .. } = &mut block.end {
            arms.iter_mut().for_each(|arm| self.block(arm));
        }
        for key in self.entered.drain(outer..) {
            self.available.remove(&key);
        }
    }

    /// Whether a statement belongs to the reverse sweep.
    fn is_ours(&self, stmt: &Stmt) -> bool {
        match stmt {
            Stmt::Let { var, .. } => var.0 >= self.primal,
            Stmt::Add { place, .. } => place.root.0 >= self.primal,
            _ => false,
        }
    }

    fn replace(&self, spot: Spot<'_>, ours: bool) {
        let twin = |var: Var| self.twins[var.0].filter(|_| ours).unwrap_or(var);
        match spot {
            Spot::Operand(operand) => {
                let Some(var) = operand.var() else { return };
                *operand = self.known[var.0].clone().unwrap_or(Operand::Var(var));
                if let Operand::Var(var) = operand {
                    *var = twin(*var);
                }
            }
            Spot::Var(var) => {
                if let Some(Operand::Var(known)) = &self.known[var.0] {
                    *var = *known;
                }
            }
        }
    }

    fn stmt(&mut self, stmt: Stmt, out: &mut Vec<Stmt>) {
        match stmt {
            Stmt::Let { var, op } => self.define(var, op, out),
            Stmt::Add {
                place,
                value,
                negate,
            } => match self.minus(&value) {
                Some(positive) => out.push(Stmt::Add {
                    place,
                    value: positive,
                    negate: !negate,
                }),
                // Nothing to add, in an adjoint. The primal's additions have places of the primal.
                None if value.is_number(0.0) && place.root.0 >= self.primal => {}
                None => out.push(Stmt::Add {
                    place,
                    value,
                    negate,
                }),
            },
            mut other => {
                self.nested(&mut other);
                out.push(other);
            }
        }
    }

    fn minus(&self, value: &Operand) -> Option<Operand> {
        let terms = Terms {
            kind: &Kind::Unknown,
            exact: true,
            definitions: &self.definitions,
        };
        terms.negated(value)
    }

    fn nested(&mut self, stmt: &mut Stmt) {
        match stmt {
            Stmt::Switch { arms, .. } => arms.iter_mut().for_each(|arm| self.block(arm)),
            Stmt::Replay { arms, .. } => arms.iter_mut().for_each(|(_, arm)| self.block(arm)),
            Stmt::Loop(the_loop) => {
                self.block(&mut the_loop.body);
                operands::of_operands(&mut the_loop.exhausted, &mut |spot| {
                    self.replace(spot, false)
                });
            }
            _ => {}
        }
    }

    fn define(&mut self, var: Var, op: Op, out: &mut Vec<Stmt>) {
        if self.vars[var.0].class != Class::Value {
            return out.push(Stmt::Let { var, op });
        }
        let ours = var.0 >= self.primal && self.vars[var.0].ty.is_none();
        let op = if ours && self.vars[var.0].kind != Kind::Unknown {
            self.simplest(var, op, out)
        } else {
            op
        };
        if ours {
            if let Op::Use(operand @ (Operand::Var(_) | Operand::Literal(_))) = &op {
                self.known[var.0] = Some(operand.clone());
                // Records hold variables only: the definition stays until it is known to be dead.
                return out.push(Stmt::Let { var, op });
            }
        }
        let key = key(&op, &self.memory);
        match key.as_ref().and_then(|key| self.available.get(key)) {
            Some(same) if ours => {
                let same = Operand::Var(*same);
                self.known[var.0] = Some(same.clone());
                out.push(Stmt::Let {
                    var,
                    op: Op::Use(same),
                });
            }
            Some(same) => {
                self.twins[var.0] = Some(*same);
                out.push(Stmt::Let { var, op });
            }
            None => self.enter(var, op, key, out),
        }
    }

    fn enter(&mut self, var: Var, op: Op, key: Option<String>, out: &mut Vec<Stmt>) {
        if let Some(key) = key {
            self.available.insert(key.clone(), var);
            self.entered.push(key);
        }
        if is_over_values(&op) {
            self.definitions[var.0] = Some(op.clone());
        }
        out.push(Stmt::Let { var, op });
    }

    /// Applies rows until none applies.
    fn simplest(&mut self, var: Var, mut op: Op, out: &mut Vec<Stmt>) -> Op {
        let kind = self.vars[var.0].kind.clone();
        for _ in 0..ROUNDS {
            let terms = Terms {
                kind: &kind,
                exact: self.exact.contains(&var),
                definitions: &self.definitions,
            };
            op = match apply(&terms, &op) {
                None => break,
                Some(Rewritten::Is(op)) => op,
                Some(Rewritten::Minus(positive)) => {
                    let value = self.fresh(var);
                    self.define(value, positive, out);
                    Op::Neg(self.known[value.0].clone().unwrap_or(Operand::Var(value)))
                }
            };
        }
        op
    }

    /// A new variable like an old one.
    fn fresh(&mut self, like: Var) -> Var {
        let info = self.vars[like.0].clone();
        self.vars.push(info);
        if self.exact.contains(&like) {
            self.exact.insert(Var(self.vars.len() - 1));
        }
        self.known.push(None);
        self.twins.push(None);
        self.definitions.push(None);
        Var(self.vars.len() - 1)
    }
}

/// Whether identities may look through an operation: its operands are the same wherever it is seen.
fn is_over_values(op: &Op) -> bool {
    let is_value = |operand: &Operand| !matches!(operand, Operand::Place(_));
    match op {
        Op::Neg(x) => is_value(x),
        Op::Binary(_, a, b) => is_value(a) && is_value(b),
        _ => false,
    }
}
