//! Activity: a variable is active if it depends on an active parameter (varied) and the result depends on it (useful).
//!
//! Both are computed to a fixed point over the whole function, roots as wholes.

use crate::ir::walk::{self, vars};
use crate::ir::{Arg, Block, Class, End, Function, Kind, Op, Operand, Param, Stmt, Var};

pub fn active(function: &Function) -> Vec<bool> {
    let varied = varied(function);
    let useful = useful(function);
    let carries = |v: usize| function.vars[v].kind != Kind::Inert;
    (0..function.vars.len())
        .map(|v| varied[v] && useful[v] && carries(v))
        .collect()
}

/// Per variable: depends on an active parameter.
pub fn varied(function: &Function) -> Vec<bool> {
    let mut useful_results = vec![false; function.vars.len()];
    let constant = |v: usize| is_constant_of_unknown_type(function, Var(v));
    if (0..function.vars.len()).any(constant) {
        useful_results = useful(function);
    }
    fixed_point(function, varied_params(function), |flow, block| {
        flow.useful_results.clone_from(&useful_results);
        flow.varied(block)
    })
}

/// Per variable: the result depends on it.
fn useful(function: &Function) -> Vec<bool> {
    fixed_point(function, useful_outputs(function), |flow, block| {
        flow.useful(block)
    })
}

/// A constant `&mut` parameter whose type is not seen. A call that may write it says so to its callee, which does not
/// compile unless it is constant there as well.
pub fn is_constant_of_unknown_type(function: &Function, var: Var) -> bool {
    let info = &function.vars[var.0];
    let constant = |param: &Param| param.var == var && !param.active;
    info.class == Class::RefMut
        && info.kind == Kind::Unknown
        && function.params.iter().any(constant)
}

fn varied_params(function: &Function) -> Vec<bool> {
    let mut marks = vec![false; function.vars.len()];
    function
        .params
        .iter()
        .filter(|p| p.active)
        .for_each(|p| marks[p.var.0] = true);
    marks
}

fn useful_outputs(function: &Function) -> Vec<bool> {
    let mut marks = vec![false; function.vars.len()];
    let is_output = |v: Var| function.vars[v.0].class == Class::RefMut;
    function
        .params
        .iter()
        .filter(|p| p.active && is_output(p.var))
        .for_each(|p| marks[p.var.0] = true);
    if function.result.as_ref().is_some_and(|k| *k != Kind::Inert) {
        results(&function.body, &mut |o| mark_operand(o, &mut marks));
    }
    marks
}

/// The operands that a function's body yields.
fn results(block: &Block, f: &mut dyn FnMut(&Operand)) {
    match &block.end {
        End::Yield(operands) => operands.iter().for_each(f),
        End::Switch { arms, .. } => arms.iter().for_each(|arm| results(arm, f)),
        End::Break(_) | End::Never(_) => {}
    }
}

fn mark_operand(operand: &Operand, marks: &mut [bool]) {
    if let Some(v) = source(operand) {
        marks[v.0] = true;
    }
}

fn source(operand: &Operand) -> Option<Var> {
    match operand {
        Operand::Var(v) => Some(*v),
        Operand::Place(p) => Some(p.root),
        Operand::Literal(_) => None,
    }
}

fn fixed_point(
    function: &Function,
    marks: Vec<bool>,
    pass: impl Fn(&mut Flow, &Block),
) -> Vec<bool> {
    let inert = function
        .vars
        .iter()
        .map(|v| v.kind == Kind::Inert)
        .collect();
    let constant = (0..function.vars.len())
        .map(|v| is_constant_of_unknown_type(function, Var(v)))
        .collect();
    let mut flow = Flow {
        marks,
        inert,
        constant,
        useful_results: Vec::new(),
        changed: true,
    };
    while flow.changed {
        flow.changed = false;
        pass(&mut flow, &function.body);
    }
    flow.marks
}

struct Flow {
    marks: Vec<bool>,
    inert: Vec<bool>,
    /// What a call that is reversed does not make varied: its callee does not accept it if it writes active values there.
    constant: Vec<bool>,
    /// A call with such a result is reversed.
    useful_results: Vec<bool>,
    changed: bool,
}

impl Flow {
    fn is(&self, operand: &Operand) -> bool {
        source(operand).is_some_and(|v| self.marks[v.0])
    }

    fn mark(&mut self, var: Var) {
        if !self.marks[var.0] && !self.inert[var.0] {
            self.marks[var.0] = true;
            self.changed = true;
        }
    }

    fn mark_if(&mut self, holds: bool, var: Var) {
        if holds {
            self.mark(var);
        }
    }

    fn mark_source(&mut self, operand: &Operand) {
        if let Some(v) = source(operand) {
            self.mark(v);
        }
    }

    // Forward: from operands to what is defined by them.

    fn varied(&mut self, block: &Block) {
        for stmt in &block.stmts {
            self.varied_stmt(stmt);
        }
        if let End::Switch { arms, .. } = &block.end {
            arms.iter().for_each(|arm| self.varied(arm));
        }
    }

    fn varied_stmt(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Let { var, op } => {
                let varied = self.op_varied(op, self.useful_results[var.0]);
                self.mark_if(varied, *var);
            }
            Stmt::Do(op) => {
                self.op_varied(op, false);
            }
            Stmt::Store { place, value }
            | Stmt::Add { place, value, .. }
            | Stmt::Compound { place, value, .. } => {
                let varied = self.is(value);
                self.mark_if(varied, place.root);
            }
            Stmt::Switch { arms, joins, .. } => {
                for arm in arms {
                    self.varied(arm);
                    self.join(arm, joins, false);
                }
            }
            Stmt::Loop(l) => {
                for c in &l.carried {
                    if self.is(&c.init) {
                        self.mark(c.var);
                    }
                }
                self.varied(&l.body);
                let carried: Vec<Var> = l.carried.iter().map(|c| c.var).collect();
                self.join(&l.body, &carried, false);
                self.join(&l.body, &l.results, true);
                for (operand, result) in l.exhausted.iter().zip(&l.results) {
                    if self.is(operand) {
                        self.mark(*result);
                    }
                }
            }
            _ => {}
        }
    }

    /// Marks what the leaves of a block hand over; `broken` picks the leaves that break.
    fn join(&mut self, block: &Block, to: &[Var], broken: bool) {
        match (&block.end, broken) {
            (End::Yield(operands), false) | (End::Break(operands), true) => {
                for (operand, var) in operands.iter().zip(to) {
                    if self.is(operand) {
                        self.mark(*var);
                    }
                }
            }
            (End::Switch { arms, .. }, _) => arms.iter().for_each(|arm| self.join(arm, to, broken)),
            _ => {}
        }
    }

    /// Whether the result of an operation is varied; marks what a call may write.
    fn op_varied(&mut self, op: &Op, reversed: bool) -> bool {
        match op {
            Op::Opaque(_) => return false,
            Op::Attach { through, .. } => return self.is(through),
            _ => {}
        }
        let mut any = false;
        vars::op(op, &mut |v, _| any |= self.marks[v.0]);
        if any {
            let call = reversed && matches!(op, Op::Call(_));
            walk::op_writes(op, &mut |place| {
                let kept = call && self.constant[place.root.0];
                self.mark_if(!kept, place.root);
            });
        }
        any
    }

    // Backward: from what is useful to the operands that define it.

    fn useful(&mut self, block: &Block) {
        if let End::Switch { arms, .. } = &block.end {
            arms.iter().for_each(|arm| self.useful(arm));
        }
        for stmt in block.stmts.iter().rev() {
            self.useful_stmt(stmt);
        }
    }

    fn useful_stmt(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Let { var, op } => {
                let useful = self.marks[var.0];
                self.op_useful(op, useful);
            }
            Stmt::Do(op) => self.op_useful(op, false),
            Stmt::Store { place, value }
            | Stmt::Add { place, value, .. }
            | Stmt::Compound { place, value, .. } => {
                let useful = source(value).filter(|_| self.marks[place.root.0]);
                useful.into_iter().for_each(|v| self.mark(v));
            }
            Stmt::Switch { arms, joins, .. } => {
                for arm in arms {
                    self.demand(arm, joins, false);
                    self.useful(arm);
                }
            }
            Stmt::Loop(l) => {
                for (operand, result) in l.exhausted.iter().zip(&l.results) {
                    if self.marks[result.0] {
                        self.mark_source(operand);
                    }
                }
                let carried: Vec<Var> = l.carried.iter().map(|c| c.var).collect();
                self.demand(&l.body, &l.results, true);
                self.demand(&l.body, &carried, false);
                self.useful(&l.body);
                for c in &l.carried {
                    if self.marks[c.var.0] {
                        self.mark_source(&c.init);
                    }
                }
            }
            _ => {}
        }
    }

    fn demand(&mut self, block: &Block, of: &[Var], broken: bool) {
        match (&block.end, broken) {
            (End::Yield(operands), false) | (End::Break(operands), true) => {
                for (operand, var) in operands.iter().zip(of) {
                    if self.marks[var.0] {
                        self.mark_source(operand);
                    }
                }
            }
            (End::Switch { arms, .. }, _) => {
                arms.iter().for_each(|arm| self.demand(arm, of, broken))
            }
            _ => {}
        }
    }

    /// A call that writes something useful makes all its arguments useful.
    fn op_useful(&mut self, op: &Op, useful: bool) {
        let mut demanded = useful;
        walk::op_writes(op, &mut |place| demanded |= self.marks[place.root.0]);
        if !demanded {
            return;
        }
        match op {
            Op::Opaque(_) => {}
            Op::Call(call) => call.args.iter().for_each(|a| match a {
                Arg::Closure(_) => {}
                Arg::Value(o) => self.mark_source(o),
                Arg::Ref(p)
                | Arg::RefMut(p)
                | Arg::Function { place: p, .. }
                | Arg::Receiver { place: p, .. } => self.mark(p.root),
            }),
            Op::Use(o) | Op::Neg(o) | Op::Cast(o, _) | Op::Attach { through: o, .. } => {
                self.mark_source(o);
            }
            Op::Binary(_, a, b) => {
                self.mark_source(a);
                self.mark_source(b);
            }
            Op::Math { args, .. } | Op::UnknownMath { args, .. } | Op::Aggregate(_, args) => {
                args.iter().for_each(|a| self.mark_source(a));
            }
            Op::Pop(p) | Op::Keep(p) | Op::Borrow(p) => self.mark(p.root),
            Op::Push(_, o) => self.mark_source(o),
            _ => {}
        }
    }
}
