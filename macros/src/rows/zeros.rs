//! Cotangents that are zero because a row starts from one part of the result.

use std::collections::{HashMap, HashSet};

use crate::ir::parts::exclusive::{self, Part};
use crate::ir::uses::{self, Use};
use crate::ir::{
    BinOp, Class, Ctor, Function, Kind, Op, Operand, Place, Proj, SlotArg, Stmt, Var, VarInfo, Vjp,
};
use syn::Member;

/// What is known of the rows' variables.
pub struct Zeros {
    zero: HashSet<Var>,
    /// Parts of seeds, and of cotangents that are put together.
    known: HashMap<Var, Vec<Operand>>,
    /// Joins to which an arm hands over something else than zero.
    other: HashSet<Var>,
    /// Variables of the adjoint, before it has rows, whose memory changes.
    changing: HashSet<Var>,
}

impl Zeros {
    pub fn new(function: &Function) -> Zeros {
        let mut changing = HashSet::new();
        uses::of_block(&function.body, &mut |used: Use<'_>| {
            if used.mutates() {
                changing.insert(used.var());
            }
        });
        Zeros {
            zero: HashSet::new(),
            known: HashMap::new(),
            other: HashSet::new(),
            changing,
        }
    }

    /// A row's variable is one like the adjoint's.
    pub fn copied(&mut self, var: Var, copy: Var) {
        if self.changing.contains(&var) {
            self.changing.insert(copy);
        }
    }

    /// A cotangent consists of these parts.
    pub fn know(&mut self, var: Var, parts: &[Operand]) {
        if !self.changing.contains(&var) {
            self.known.insert(var, parts.to_vec());
        }
    }

    /// An arm hands a value over to a join.
    pub fn handed(&mut self, join: Var, value: &Operand) {
        if !value.is_number(0.0) {
            self.other.insert(join);
        }
    }

    /// The arms of a join are over.
    pub fn join(&mut self, join: Var) {
        if !self.other.contains(&join) {
            self.zero.insert(join);
        }
    }

    /// Writes zeros for variables that are zero.
    pub fn substitute(&self, stmt: &mut Stmt, vars: &[VarInfo]) {
        exclusive::of_stmt(stmt, &mut |part| {
            if let Part::Operand(operand) = part {
                self.operand(operand, vars);
            }
        });
    }

    /// The same for an operand.
    pub fn operand(&self, operand: &mut Operand, vars: &[VarInfo]) {
        let var = match operand {
            Operand::Var(var) => *var,
            Operand::Place(place) if place.path.is_empty() => place.root,
            _ => return,
        };
        if self.zero.contains(&var) {
            *operand = Operand::number(0.0, vars[var.0].kind.clone());
        }
    }

    /// The statement without computing what is zero; `None` if it does nothing then.
    pub fn fold(&mut self, stmt: Stmt, vars: &[VarInfo]) -> Option<Stmt> {
        match stmt {
            Stmt::Let { var, op } => {
                let op = self.folded(op, &vars[var.0].kind);
                self.note(var, &op, vars);
                Some(Stmt::Let { var, op })
            }
            Stmt::Add { value, .. } if is_zero(&value) => None,
            Stmt::Vjp(vjp) if adds_nothing(&vjp) => None,
            stmt => Some(stmt),
        }
    }

    fn note(&mut self, var: Var, op: &Op, vars: &[VarInfo]) {
        match op {
            Op::Use(value) if is_zero(value) && self.stays(var, vars) => {
                self.zero.insert(var);
            }
            Op::Aggregate(Ctor::Array | Ctor::Tuple, parts) => {
                let are_values = parts.iter().all(|part| !matches!(part, Operand::Place(_)));
                if are_values {
                    self.know(var, parts);
                }
            }
            Op::Use(Operand::Place(place)) if place.path.is_empty() => {
                if let Some(parts) = self.known.get(&place.root).cloned() {
                    self.know(var, &parts);
                }
            }
            _ => {}
        }
    }

    /// Whether a variable stays what it is at first.
    fn stays(&self, var: Var, vars: &[VarInfo]) -> bool {
        vars[var.0].class == Class::Value || !self.changing.contains(&var)
    }

    fn folded(&self, op: Op, kind: &Kind) -> Op {
        let zero = || Op::Use(Operand::number(0.0, kind.clone()));
        match op {
            Op::Use(Operand::Place(place)) => match self.part(&place) {
                Some(part) => Op::Use(part),
                None => Op::Use(Operand::Place(place)),
            },
            Op::Neg(value) if is_zero(&value) => zero(),
            Op::Binary(BinOp::Mul, a, b) if is_zero(&a) || is_zero(&b) => zero(),
            Op::Binary(BinOp::Div, a, _) if is_zero(&a) => zero(),
            Op::Binary(BinOp::Add, a, b) if is_zero(&a) => Op::Use(b),
            Op::Binary(BinOp::Add | BinOp::Sub, a, b) if is_zero(&b) => Op::Use(a),
            Op::Binary(BinOp::Sub, a, b) if is_zero(&a) => Op::Neg(b),
            Op::Select {
                then, otherwise, ..
            } if is_zero(&then) && is_zero(&otherwise) => zero(),
            op => op,
        }
    }

    /// A part that is known.
    fn part(&self, place: &Place) -> Option<Operand> {
        let [proj] = &place.path[..] else {
            return None;
        };
        let index = match proj {
            Proj::Field(Member::Unnamed(index)) => index.index as usize,
            proj => proj.literal_index()?,
        };
        self.known.get(&place.root)?.get(index).cloned()
    }
}

fn is_zero(operand: &Operand) -> bool {
    operand.is_number(0.0)
}

/// Whether nothing but a zero cotangent flows through a call, whose result nobody wants.
fn adds_nothing(vjp: &Vjp) -> bool {
    vjp.result.is_none()
        && vjp.seed.as_ref().is_some_and(is_zero)
        && !vjp.changes_primal()
        && !vjp
            .slots
            .iter()
            .any(|slot| matches!(slot, SlotArg::Constant))
}
