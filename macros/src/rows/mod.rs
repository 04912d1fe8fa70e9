//! Adjoint IR → adjoint IR with a reverse sweep for each of several rows of the Jacobian.
//!
//! The forward sweep stays as it is. Of every cotangent, and of whatever is computed from one, there is one per row;
//! what they are computed by stands once per row, side by side, so that the compiler can make lanes of the rows:
//!
//! ```text
//! let d = d_t * s;  d_x[0] += d;   ⇒   let d_0 = d_t_0 * s;  let d_1 = d_t_1 * s;  d_x_0[0] += d_0;  d_x_1[0] += d_1;
//! ```
//!
//! A row starts from the cotangent of one part of the result; what is zero for that reason is not computed ([`zeros`]).
//! That saves time, and a row has zeros where another part's derivative is infinite.

mod dependent;
mod zeros;

use std::collections::{HashMap, HashSet};

use proc_macro2::Span;
use quote::format_ident;

use crate::differentiate::Adjoint;
use crate::ir::uses;
use crate::ir::walk::vars_mut;
use crate::ir::{
    Arg, Block, Carried, Class, Ctor, End, Function, Head, Kind, Loop, Op, Operand, Place, Stmt,
    Var, VarInfo, Vjp,
};
use zeros::Zeros;

/// Gives an adjoint `rows` cotangents of everything, the first of which starts from the first part of the result.
///
/// Afterwards it defines the seeds itself. Returns the slots, row by row, or what cannot run once
/// per row.
pub fn fan_out(adjoint: &mut Adjoint, rows: usize) -> Result<Vec<Option<Var>>, Refused> {
    let function = &mut adjoint.function;
    let slots = adjoint.slots.iter().flatten();
    let given: Vec<Var> = adjoint.d_out.iter().chain(slots).copied().collect();
    let mut fan = FanOut {
        rows,
        copies: HashMap::new(),
        dependent: dependent::of(function, &given),
        zeros: Zeros::new(function),
        vars: std::mem::take(&mut function.vars),
        refused: None,
    };
    fan.name_copies();
    let body = fan.body(function, adjoint.d_out);
    function.body = body;
    let fan_copies = &fan.copies;
    let slots = (0..rows).flat_map(|row| {
        let slots = adjoint.slots.iter();
        slots.map(move |slot| slot.map(|slot| fan_copies[&slot][row]))
    });
    let slots = slots.collect();
    function.vars = fan.vars;
    fan.refused.map_or(Ok(slots), Err)
}

/// What cannot run once per row, and where it stands.
pub type Refused = (Span, &'static str);

const CALLS: &str = "a function that calls others which write through their arguments";
const RECORDS: &str = "a function whose reverse sweep records cotangents";

/// What receives the result of the function, which is the primal's.
const RESULT: Var = Var(usize::MAX);

struct FanOut {
    rows: usize,
    vars: Vec<VarInfo>,
    dependent: HashSet<Var>,
    /// The variables of the rows, of each of which there is one per row.
    copies: HashMap<Var, Vec<Var>>,
    zeros: Zeros,
    /// Something that cannot run once per row.
    refused: Option<Refused>,
}

impl FanOut {
    fn name_copies(&mut self) {
        let mut dependent: Vec<Var> = self.dependent.iter().copied().collect();
        dependent.sort();
        for var in dependent {
            let copies = (0..self.rows).map(|row| {
                let mut info = self.vars[var.0].clone();
                info.name = format_ident!("{}_{row}", info.name);
                self.vars.push(info);
                let copy = Var(self.vars.len() - 1);
                self.zeros.copied(var, copy);
                copy
            });
            let copies = copies.collect();
            self.copies.insert(var, copies);
        }
    }

    fn body(&mut self, function: &Function, d_out: Option<Var>) -> Block {
        let seeds = d_out.map(|d_out| self.seeds(d_out));
        let result: Vec<Var> = function.result.iter().map(|_| RESULT).collect();
        let mut body = self.block(&function.body, &result, &[]);
        body.stmts.splice(0..0, seeds.into_iter().flatten());
        body
    }

    /// `let d_out_0 = [1.0, 0.0];  let d_out_1 = [0.0, 1.0];`
    fn seeds(&mut self, d_out: Var) -> Vec<Stmt> {
        let seed = |row: usize| {
            let var = self.copies[&d_out][row];
            let parts = seed_of(&self.vars[var.0].kind, row, self.rows);
            self.vars[var.0].class = Class::Shadow;
            self.zeros.know(var, &parts);
            let ctor = match &self.vars[var.0].kind {
                Kind::Tuple(_) => Ctor::Tuple,
                _ => Ctor::Array,
            };
            Stmt::Let {
                var,
                op: Op::Aggregate(ctor, parts),
            }
        };
        (0..self.rows).map(seed).collect()
    }

    /// `yields` and `breaks` receive what the block hands over.
    fn block(&mut self, block: &Block, yields: &[Var], breaks: &[Var]) -> Block {
        let stmts = block.stmts.iter();
        let stmts = stmts.flat_map(|stmt| self.stmt(stmt, breaks)).collect();
        let end = self.end(&block.end, yields, breaks);
        Block { stmts, end }
    }

    fn end(&mut self, end: &End, yields: &[Var], breaks: &[Var]) -> End {
        match end {
            End::Yield(values) => End::Yield(self.hand_over(values, yields)),
            End::Break(values) => End::Break(self.hand_over(values, breaks)),
            End::Switch { on, arms } => End::Switch {
                on: on.clone(),
                arms: arms
                    .iter()
                    .map(|arm| self.block(arm, yields, breaks))
                    .collect(),
            },
            End::Never(op) => End::Never(op.clone()),
        }
    }

    /// What a block hands over to these variables.
    fn hand_over(&mut self, values: &[Operand], to: &[Var]) -> Vec<Operand> {
        let mut handed = Vec::new();
        for (value, var) in values.iter().zip(to) {
            let Some(copies) = self.copies.get(var) else {
                handed.push(value.clone());
                continue;
            };
            for (row, copy) in copies.iter().enumerate() {
                let value = self.operand(value, row);
                self.zeros.handed(*copy, &value);
                handed.push(value);
            }
        }
        handed
    }

    fn stmt(&mut self, stmt: &Stmt, breaks: &[Var]) -> Vec<Stmt> {
        match stmt {
            Stmt::Switch { on, arms, joins } => {
                let arms = arms.iter().map(|arm| self.block(arm, joins, breaks));
                let arms = arms.collect();
                vec![Stmt::Switch {
                    on: on.clone(),
                    arms,
                    joins: self.joined(joins),
                }]
            }
            Stmt::Replay {
                record,
                arms,
                joins,
            } => {
                self.shared(*record);
                let arms = arms.iter();
                let arms = arms.map(|(vars, arm)| (vars.clone(), self.block(arm, joins, breaks)));
                let arms = arms.collect();
                vec![Stmt::Replay {
                    record: *record,
                    arms,
                    joins: self.joined(joins),
                }]
            }
            Stmt::Loop(the_loop) => vec![Stmt::Loop(Box::new(self.loop_of(the_loop)))],
            Stmt::Vjp(vjp) => self.vjps(vjp),
            stmt if self.is_of_rows(stmt) => self.each(stmt),
            stmt => vec![stmt.clone()],
        }
    }

    fn is_of_rows(&self, stmt: &Stmt) -> bool {
        let mut defined = uses::defined(stmt).iter();
        defined.any(|var| self.dependent.contains(var))
            || dependent::mentions(stmt, &self.dependent)
    }

    /// A statement once per row.
    fn each(&mut self, stmt: &Stmt) -> Vec<Stmt> {
        let rows = 0..self.rows;
        let copies = rows.map(|row| self.copy(stmt, row));
        let copies: Vec<Stmt> = copies.collect();
        let folded = copies.into_iter();
        folded
            .filter_map(|stmt| self.zeros.fold(stmt, &self.vars))
            .collect()
    }

    /// A statement in the variables of a row.
    fn copy(&self, stmt: &Stmt, row: usize) -> Stmt {
        let mut stmt = stmt.clone();
        vars_mut::stmt(&mut stmt, &mut |var, _| *var = self.of_row(*var, row));
        self.zeros.substitute(&mut stmt, &self.vars);
        stmt
    }

    fn of_row(&self, var: Var, row: usize) -> Var {
        self.copies.get(&var).map_or(var, |copies| copies[row])
    }

    fn operand(&self, operand: &Operand, row: usize) -> Operand {
        let mut operand = operand.clone();
        vars_mut::operand(&mut operand, &mut |var, _| *var = self.of_row(*var, row));
        self.zeros.operand(&mut operand, &self.vars);
        operand
    }

    /// Definitions once per row where they are of the rows.
    fn defined(&self, vars: &[Var]) -> Vec<Var> {
        let copies = |var: &Var| match self.copies.get(var) {
            Some(copies) => copies.clone(),
            None => vec![*var],
        };
        vars.iter().flat_map(copies).collect()
    }

    /// The joins of a switch; they are zero where all of its arms say so.
    fn joined(&mut self, joins: &[Var]) -> Vec<Var> {
        for var in joins {
            for copy in self.copies.get(var).into_iter().flatten() {
                self.zeros.join(*copy);
            }
        }
        self.defined(joins)
    }

    fn loop_of(&mut self, the_loop: &Loop) -> Loop {
        if let Head::Records { store, .. } = &the_loop.head {
            self.shared(*store);
        }
        let vars: Vec<Var> = the_loop.carried.iter().map(|each| each.var).collect();
        let carried = the_loop.carried.iter();
        let carried = carried.flat_map(|each| self.carried(each)).collect();
        let exhausted = self.hand_over(&the_loop.exhausted, &the_loop.results);
        Loop {
            body: self.block(&the_loop.body, &vars, &the_loop.results),
            carried,
            exhausted,
            results: self.defined(&the_loop.results),
            ..the_loop.clone()
        }
    }

    fn carried(&self, carried: &Carried) -> Vec<Carried> {
        match self.copies.get(&carried.var) {
            None => vec![carried.clone()],
            Some(copies) => (copies.iter().enumerate())
                .map(|(row, var)| Carried {
                    var: *var,
                    init: self.operand(&carried.init, row),
                })
                .collect(),
        }
    }

    /// A record or store that all rows read has to be the same for all.
    fn shared(&mut self, var: Var) {
        if self.copies.contains_key(&var) {
            self.refused.get_or_insert((self.vars[var.0].span, RECORDS));
        }
    }

    /// A call runs again in every row. One that writes would not find what it found in the row before.
    fn vjps(&mut self, vjp: &Vjp) -> Vec<Stmt> {
        let rows = self.rows;
        if vjp.changes_primal() {
            self.refused.get_or_insert((vjp.span, CALLS));
        }
        let mut stmts = Vec::new();
        for row in 0..rows {
            let mut of_row = vjp.clone();
            if row > 0 {
                of_row.ty =
                    (of_row.ty).or(of_row.result.and_then(|var| self.vars[var.0].ty.clone()));
                of_row.result = None;
            }
            if row + 1 < rows {
                self.keep_moved(&mut of_row, &mut stmts);
            }
            let stmt = self.copy(&Stmt::Vjp(Box::new(of_row)), row);
            stmts.extend(self.zeros.fold(stmt, &self.vars));
        }
        stmts
    }

    /// The rows that follow are given what this one is given.
    fn keep_moved(&mut self, vjp: &mut Vjp, before: &mut Vec<Stmt>) {
        for arg in &mut vjp.args {
            if let Arg::Value(Operand::Place(place)) = arg {
                let info = VarInfo::new("copy", Kind::Unknown, Class::Root);
                self.vars.push(info);
                let var = Var(self.vars.len() - 1);
                let op = Op::Keep(place.clone());
                before.push(Stmt::Let { var, op });
                *arg = Arg::Value(Operand::Place(Place::root(var)));
            }
        }
    }
}

/// One for the part that a row is of, zero for the others.
fn seed_of(kind: &Kind, row: usize, rows: usize) -> Vec<Operand> {
    let part = |index: usize| {
        let kind = match kind {
            Kind::Tuple(kinds) => kinds.get(index).cloned().unwrap_or(Kind::Unknown),
            Kind::Array(kind) => (**kind).clone(),
            _ => Kind::Unknown,
        };
        Operand::number(if index == row { 1.0 } else { 0.0 }, kind)
    };
    (0..rows).map(part).collect()
}
