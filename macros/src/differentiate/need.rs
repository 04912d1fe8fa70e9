//! How the reverse sweep gets at primal values: still there, recomputed, loaded again, or recorded.

use super::Reverser;
use crate::analyse::extent::asks_length;
use crate::analyse::{first_field, DefBy};
use crate::ir::walk::vars_mut;
use crate::ir::walk::Role;
use crate::ir::{BinOp, Class, Cost, Op, Operand, Place, Stmt, Var};

impl Reverser<'_> {
    /// The name under which a primal value is available here.
    pub(super) fn need(&mut self, var: Var) -> Var {
        if var.0 >= self.primal.vars.len() {
            return var;
        }
        let order = self.facts.defs[var.0].order;
        for index in (0..self.visible()).rev() {
            if let Some(known) = self.scopes[index].known.get(&var) {
                return *known;
            }
            if self.scopes[index].interval.contains(order) {
                return if self.scopes[index].fused {
                    var
                } else {
                    self.materialise(index, var)
                };
            }
        }
        var
    }

    /// How many scopes lend their names to what is being written: all of them, or those around a prologue.
    fn visible(&self) -> usize {
        self.prologue.map_or(self.scopes.len(), |scope| scope + 1)
    }

    /// An operand with the names that hold here. Reading a place by value counts as a read of its root.
    pub(super) fn need_operand(&mut self, operand: &Operand) -> Operand {
        match operand {
            Operand::Var(v) => Operand::Var(self.need(*v)),
            Operand::Place(p) => Operand::Place(self.need_place(p)),
            Operand::Literal(_) => operand.clone(),
        }
    }

    /// A place of the primal, as it can be read here.
    pub(super) fn need_place(&mut self, place: &Place) -> Place {
        self.found
            .reads
            .insert((place.root, self.position, first_field(place)));
        self.name_place(place)
    }

    /// A place of the primal under the names that hold here, to be written or asked for its shape.
    pub(super) fn name_place(&mut self, place: &Place) -> Place {
        let mut place = place.clone();
        place.root = self.need_root(place.root);
        self.name_indices(&mut place);
        place
    }

    /// Replaces the variables in a place's indices by those that hold here.
    pub(super) fn name_indices(&mut self, place: &mut Place) {
        let root = place.root;
        let mut used = Vec::new();
        vars_mut::place(place, &mut |v, role| {
            if role == Role::Use {
                used.push(*v);
            } else if *v != root {
                self.found.reads.insert((*v, self.position, None));
            }
        });
        let names: Vec<Var> = used.iter().map(|v| self.need(*v)).collect();
        let mut names = names.into_iter();
        vars_mut::place(place, &mut |v, role| {
            if let (Role::Use, Some(name)) = (
                role,
                if role == Role::Use {
                    names.next()
                } else {
                    None
                },
            ) {
                *v = name;
            }
        });
        self.name_inner_roots(place);
    }

    /// Roots read inside indices (`a[s.count]`).
    fn name_inner_roots(&mut self, place: &mut Place) {
        let own = place.root;
        let mut roots = Vec::new();
        vars_mut::place(place, &mut |v, role| {
            if role == Role::Root {
                roots.push(*v);
            }
        });
        roots.pop();
        if roots.is_empty() {
            return;
        }
        let names: Vec<Var> = roots.iter().map(|r| self.need_root(*r)).collect();
        let mut names = names.into_iter();
        vars_mut::place(place, &mut |v, role| {
            if role == Role::Root {
                if let Some(name) = names.next() {
                    *v = name;
                }
            }
        });
        place.root = own;
    }

    /// The name of a root here; from now on it must outlive the forward sweep.
    pub(super) fn need_root(&mut self, root: Var) -> Var {
        if root.0 >= self.primal.vars.len() {
            return root;
        }
        self.found.kept.insert(root);
        let order = self.facts.defs[root.0].order;
        for index in (0..self.visible()).rev() {
            if let Some(known) = self.scopes[index].known.get(&root) {
                return *known;
            }
            if self.scopes[index].interval.contains(order) {
                return if self.scopes[index].fused {
                    root
                } else {
                    self.materialise_root(index, root)
                };
            }
        }
        root
    }

    /// Makes a value of a split block available to its reverse.
    fn materialise(&mut self, scope: usize, var: Var) -> Var {
        if let Some(same) = self.length_around(scope, var) {
            return same;
        }
        if self.weight(scope, var, self.budget(scope)).is_some() {
            return self.recompute(scope, var);
        }
        if let Some(loaded) = self.load_again(var) {
            return loaded;
        }
        self.record(scope, var)
    }

    /// A length that the function asked for before the scope, if this is the same.
    fn length_around(&self, scope: usize, var: Var) -> Option<Var> {
        let (extents, before) = (self.extents(), self.scopes[scope].interval.start);
        let DefBy::Let(Op::Opaque(_)) = self.facts.defs[var.0].by else {
            return None;
        };
        let length = extents.of(&Operand::Var(var))?;
        let asked = |stmt: &Stmt| match stmt {
            Stmt::Let {
                var,
                op: Op::Opaque(opaque),
            } if asks_length(opaque) && self.facts.defs[var.0].order < before => Some(*var),
            _ => None,
        };
        let mut lengths = self.primal.body.stmts.iter().filter_map(asked);
        lengths.find(|asked| extents.of(&Operand::Var(*asked)).as_ref() == Some(&length))
    }

    /// Records a variable of a split block.
    pub(super) fn record(&mut self, scope: usize, var: Var) -> Var {
        let name = self.fresh_like(var);
        self.scopes[scope].record.push((var, name));
        self.scopes[scope].known.insert(var, name);
        name
    }

    /// A variable that the forward part of the block being reversed defines for us: its name in the reverse.
    pub(super) fn recorded_name(&mut self, var: Var) -> Var {
        let top = self.scopes.len() - 1;
        if self.scopes[top].fused {
            var
        } else {
            self.record(top, var)
        }
    }

    /// What a value may cost to be computed again: less where its record is not one of many, but stays in registers.
    pub(super) fn budget(&self, scope: usize) -> u32 {
        let runs = self.scopes[..=scope].iter().any(|s| s.runs.is_some());
        let limit = if runs { u32::MAX } else { DIVISION - 1 };
        self.choices.recompute.min(limit)
    }

    /// What recomputing a value at the start of a split block's reverse costs; `None` if that cannot be done, or not
    /// within the budget.
    pub(super) fn weight(&self, scope: usize, var: Var, budget: u32) -> Option<u32> {
        let at = &self.scopes[scope];
        if var.0 >= self.primal.vars.len() || at.known.contains_key(&var) {
            return Some(0);
        }
        let def = self.facts.defs[var.0];
        if !at.interval.contains(def.order) {
            return Some(0);
        }
        let DefBy::Let(op) = def.by else { return None };
        let mut left = budget.checked_sub(op_weight(op)?);
        crate::ir::walk::vars::op(op, &mut |v, role| {
            let Some(rest) = left else { return };
            let part = match role {
                Role::Root => self.is_stable(scope, *v, def.order).then_some(0),
                _ => self.weight(scope, *v, rest),
            };
            left = part.and_then(|w| rest.checked_sub(w));
        });
        Some(budget - left?)
    }

    /// Whether a root still holds, at the end of a split block, what it held at order number `order`.
    fn is_stable(&self, scope: usize, root: Var, order: u32) -> bool {
        let interval = self.scopes[scope].interval;
        let outside = !interval.contains(self.facts.defs[root.0].order)
            || self.scopes[scope].known.contains_key(&root);
        outside && !self.facts.written_between(root, order, interval.end) && !self.is_let_go(root)
    }

    /// Computes a value once more at the start of the block's reverse.
    fn recompute(&mut self, scope: usize, var: Var) -> Var {
        let name = self.fresh_again(var);
        self.recompute_as(scope, var, name);
        name
    }

    /// The same under a name that is already in use.
    pub(super) fn recompute_as(&mut self, scope: usize, var: Var, name: Var) {
        let DefBy::Let(op) = self.facts.defs[var.0].by else {
            return;
        };
        let position = std::mem::replace(&mut self.position, self.scopes[scope].interval.last());
        let outer = self.prologue.replace(scope);
        let op = self.name_op(op);
        self.prologue = outer;
        self.position = position;
        self.scopes[scope].known.insert(var, name);
        self.begin_with(scope, var, Stmt::Let { var: name, op });
    }

    /// Adds a statement to the start of a block's reverse, where they stand in the order in which the primal defines
    /// what they define again.
    fn begin_with(&mut self, scope: usize, var: Var, stmt: Stmt) {
        let order = self.facts.defs[var.0].order;
        let prologue = &mut self.scopes[scope].prologue;
        let at = prologue.partition_point(|(before, _)| *before <= order);
        prologue.insert(at, (order, stmt));
    }

    /// An operation with names that hold here.
    fn name_op(&mut self, op: &Op) -> Op {
        let mut op = op.clone();
        let mut found = Vec::new();
        vars_mut::op(&mut op, &mut |v, role| found.push((*v, role)));
        let asks = matches!(&op, Op::Opaque(opaque) if asks_length(opaque));
        let names: Vec<Var> = found
            .iter()
            .map(|(v, role)| {
                if *role == Role::Root {
                    // A length stays what it is while contents change.
                    if !asks || self.facts.is_reshaped(*v) {
                        self.found.reads.insert((*v, self.position, None));
                    }
                    self.need_root(*v)
                } else {
                    self.need(*v)
                }
            })
            .collect();
        let mut names = names.into_iter();
        vars_mut::op(&mut op, &mut |v, _| {
            if let Some(name) = names.next() {
                *v = name;
            }
        });
        match op {
            Op::Use(Operand::Place(place)) if self.is_inside_of_success(&place) => Op::Keep(place),
            op => op,
        }
    }

    /// Loads a value again, right here, if its place holds the same again by now.
    fn load_again(&mut self, var: Var) -> Option<Var> {
        let def = self.facts.defs[var.0];
        let DefBy::Let(op @ Op::Use(Operand::Place(place))) = def.by else {
            return None;
        };
        if !self.choices.reload {
            return None;
        }
        let until = self.facts.until_repeated(def.order, self.position);
        if self.facts.written_between(place.root, def.order, until) || self.is_let_go(place.root) {
            return None;
        }
        let op = self.name_op(op);
        if let Some(scope) = self.prologue {
            let name = self.fresh_like(var);
            self.begin_with(scope, var, Stmt::Let { var: name, op });
            return Some(name);
        }
        let kind = self.vars[var.0].kind.clone();
        let name = self.vars[var.0].name.to_string();
        self.define(name.trim_start_matches("r#"), kind, op).var()
    }

    /// Whether a root is a result that is not recorded.
    fn is_let_go(&self, root: Var) -> bool {
        if !self.facts.results.contains(&root) {
            return false;
        }
        let order = self.facts.defs[root.0].order;
        let mut around = (0..self.visible()).rev();
        let scope = around.find(|scope| self.scopes[*scope].interval.contains(order));
        scope.is_some_and(|scope| self.leaves_a_zero(scope, root))
    }

    /// Makes a root that a split block defines available to its reverse.
    fn materialise_root(&mut self, scope: usize, root: Var) -> Var {
        let def = self.facts.defs[root.0];
        if let (DefBy::Let(op), false) = (def.by, self.facts.is_written(root)) {
            if self.weight(scope, root, self.budget(scope)).is_some() && self.is_copied(op) {
                return self.recompute(scope, root);
            }
        }
        self.record(scope, root)
    }

    /// Whether running an operation again leaves its operands as they are: nothing is moved out of an owned root.
    fn is_copied(&self, op: &Op) -> bool {
        let moves = |o: &Operand| matches!(o, Operand::Place(p) if self.vars[p.root.0].class == Class::Root);
        match op {
            Op::Borrow(_) => true,
            Op::Use(o) => !matches!(o, Operand::Place(_)),
            Op::Aggregate(_, parts) => !parts.iter().any(moves),
            Op::Binary(_, a, b) => !moves(a) && !moves(b),
            Op::Neg(a) | Op::Cast(a, _) => !moves(a),
            _ => false,
        }
    }

    /// Whether a store at order number `at` overwrites something that the reverse sweep reads.
    pub(super) fn must_save(&self, root: Var, at: u32) -> bool {
        let written = self.facts.field_written(root, at);
        let reads = self
            .last
            .reads
            .range((root, 0, None)..)
            .take_while(|read| read.0 == root);
        let apart =
            |field: &Option<String>| matches!((field, written), (Some(f), Some(g)) if f != g);
        reads
            .into_iter()
            .filter(|(_, _, field)| !apart(field))
            .any(|(_, read, _)| *read < at || self.share_a_loop(root, *read, at))
    }

    /// Whether either of two places of the program may run before the other, for what they do to the same elements.
    fn share_a_loop(&self, root: Var, a: u32, b: u32) -> bool {
        let mut loops = self.facts.shared_loops(root, a, b);
        loops.any(|l| !self.own.contains(&(root, l.start)))
    }

    /// Whether a by-value use of a root must leave a copy behind.
    pub(super) fn must_keep(&self, place: &Place) -> bool {
        self.is_owned(place) && self.last.kept.contains(&place.root)
    }

    /// Whether a place is inside of what the function itself has.
    pub(super) fn is_owned(&self, place: &Place) -> bool {
        let root = self.vars.get(place.root.0);
        root.is_some_and(|v| v.class == Class::Root)
    }
}

/// What a division or a square root costs, in additions.
const DIVISION: u32 = 4;

/// What running a statement again costs, stores not counted; `None` if it has blocks, or cannot be run again.
pub fn stmt_weight(stmt: &Stmt) -> Option<u32> {
    match stmt {
        Stmt::Let { op, .. } => op_weight(op),
        Stmt::Store { .. } | Stmt::Add { .. } => Some(0),
        _ => None,
    }
}

/// Whether an operation is a function of the table that no recomputation should evaluate again.
pub fn is_expensive(op: &Op) -> bool {
    matches!(op, Op::Math { .. }) && op_weight(op).is_none()
}

/// What an operation costs, in additions; `None` if it is not to be run again.
fn op_weight(op: &Op) -> Option<u32> {
    match op {
        Op::Borrow(_)
        | Op::Use(_)
        | Op::Neg(_)
        | Op::Cast(..)
        | Op::Compare(..)
        | Op::Select { .. } => Some(1),
        Op::Binary(BinOp::Add | BinOp::Sub | BinOp::Mul, ..) => Some(1),
        Op::Binary(BinOp::Div, ..) => Some(DIVISION),
        Op::Math { rule, .. } => match rule.name {
            "abs" | "min" | "max" | "mul_add" | "clamp" | "copysign" | "signum" => Some(2),
            "recip" | "sqrt" => Some(DIVISION),
            _ => None,
        },
        Op::Opaque(o) if o.cost == Cost::Cheap => Some(1),
        Op::Aggregate(_, parts) => u32::try_from(parts.len()).ok(),
        _ => None,
    }
}
