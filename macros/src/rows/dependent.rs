//! What of an adjoint belongs to one row of the Jacobian: the cotangents, and everything that is computed from them.

use std::collections::HashSet;

use crate::ir::parts::shared::{self as parts, Part};
use crate::ir::uses::{self, Use};
use crate::ir::{Block, Class, End, Function, Loop, Operand, Stmt, Var};

/// The variables of which every row has its own. `given`: the seed and the slots.
pub fn of(function: &Function, given: &[Var]) -> HashSet<Var> {
    let classes = function.vars.iter().enumerate();
    let cotangents = classes
        .filter(|(_, info)| is_cotangent(info.class))
        .map(|(index, _)| Var(index));
    let mut dependent = Dependent {
        vars: cotangents.chain(given.iter().copied()).collect(),
    };
    // What a loop carries may depend on what its body says further down.
    let mut before = 0;
    while before != dependent.vars.len() {
        before = dependent.vars.len();
        dependent.block(&function.body, &[], &[]);
    }
    dependent.vars
}

fn is_cotangent(class: Class) -> bool {
    matches!(
        class,
        Class::Shadow | Class::Slot | Class::Lent | Class::Fresh
    )
}

/// Whether a statement itself, without the blocks inside, uses one of the variables.
pub fn mentions(stmt: &Stmt, vars: &HashSet<Var>) -> bool {
    let mut found = false;
    uses::of_stmt(stmt, &mut |used| found |= vars.contains(&used.var()));
    found
}

struct Dependent {
    vars: HashSet<Var>,
}

impl Dependent {
    /// `yields` and `breaks` receive what the block hands over.
    fn block(&mut self, block: &Block, yields: &[Var], breaks: &[Var]) {
        for stmt in &block.stmts {
            self.stmt(stmt, breaks);
        }
        self.end(&block.end, yields, breaks);
    }

    fn end(&mut self, end: &End, yields: &[Var], breaks: &[Var]) {
        match end {
            End::Yield(values) => self.hand_over(values, yields),
            End::Break(values) => self.hand_over(values, breaks),
            End::Switch { arms, .. } => {
                for arm in arms {
                    self.block(arm, yields, breaks);
                }
            }
            End::Never(_) => {}
        }
    }

    fn hand_over(&mut self, values: &[Operand], to: &[Var]) {
        for (value, var) in values.iter().zip(to) {
            let mut found = false;
            uses::of_operand(value, &mut |used| found |= self.vars.contains(&used.var()));
            if found {
                self.vars.insert(*var);
            }
        }
    }

    fn stmt(&mut self, stmt: &Stmt, breaks: &[Var]) {
        match stmt {
            Stmt::Switch { arms, joins, .. } => {
                for arm in arms {
                    self.block(arm, joins, breaks);
                }
            }
            Stmt::Replay { arms, joins, .. } => {
                for (_, arm) in arms {
                    self.block(arm, joins, breaks);
                }
            }
            Stmt::Loop(the_loop) => self.loop_of(the_loop),
            // The result of what runs again is the primal's.
            Stmt::Vjp(_) => {}
            other if mentions(other, &self.vars) => self.all_of(other),
            _ => {}
        }
    }

    fn loop_of(&mut self, the_loop: &Loop) {
        let carried: Vec<Var> = the_loop.carried.iter().map(|each| each.var).collect();
        let inits: Vec<Operand> = (the_loop.carried.iter())
            .map(|each| each.init.clone())
            .collect();
        self.hand_over(&inits, &carried);
        self.block(&the_loop.body, &carried, &the_loop.results);
        self.hand_over(&the_loop.exhausted, &the_loop.results);
    }

    /// What a statement defines or changes.
    fn all_of(&mut self, stmt: &Stmt) {
        let mut found = Vec::new();
        parts::of_stmt(stmt, &mut |part| {
            if let Part::Def(var) = part {
                found.push(*var);
            }
        });
        uses::of_stmt(stmt, &mut |used: Use<'_>| {
            if used.mutates() {
                found.push(used.var());
            }
        });
        self.vars.extend(found);
    }
}
