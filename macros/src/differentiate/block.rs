//! Blocks: the reverse of a sequence is the sequence of reverses, last first.

use proc_macro2::{Ident, Span};

use super::loops::stores::Runs;
use super::{Frame, Reverser, Scope, Seed, Seeds};
use crate::analyse::Interval;
use crate::ir::{Block, By, Capture, Cost, End, Kind, Op, Opaque, Operand, Place, Stmt, Var};

/// Forward and reverse of a block in one scope.
pub(super) struct Fused {
    pub stmts: Vec<Stmt>,
    /// What the block yields, under names that hold at its end.
    pub yields: Vec<Operand>,
    /// Contributions to variables outside.
    pub frame: Frame,
    /// What the block diverges with, if it does.
    pub never: Option<Op>,
}

/// The reverse of a block whose forward part stands elsewhere.
pub(super) struct Split {
    pub stmts: Vec<Stmt>,
    /// Names in the reverse of what the forward part records, in the order of the block's layout.
    pub unpacked: Vec<Var>,
    pub frame: Frame,
}

impl<'f> Reverser<'f> {
    /// Forward and reverse of a block in one scope. `finals` is run between the two.
    pub(super) fn fused_block(
        &mut self,
        block: &'f Block,
        interval: Interval,
        seeds: &Seeds,
        finals: &[Stmt],
    ) -> Fused {
        self.open(interval, true);
        let mut fused_tail = false;
        let tail = match &block.end {
            End::Switch { on, arms } if finals.is_empty() && self.keeps_shapes(arms) => {
                fused_tail = true;
                Some(self.fused_tail(on, arms, seeds))
            }
            End::Switch { on, arms } => Some(self.split_tail(&block.end, on, arms, seeds)),
            End::Yield(values) => {
                self.position = interval.last();
                self.seed_all(values, &seeds.yields);
                None
            }
            End::Break(values) => {
                self.position = interval.last();
                self.seed_broken(values, &seeds.breaks);
                None
            }
            End::Never(_) => None,
        };
        self.reverse_stmts(block);
        let (reverse, scope, frame) = self.close();
        let mut stmts = self.forward_stmts(block, &scope.early_shadows);
        let mut late_shadows = scope.shadows;
        if fused_tail {
            // The reverse of the arms needs them already.
            stmts.append(&mut late_shadows);
        }
        stmts.extend(scope.before_tail);
        let yields = match (tail, &block.end) {
            (Some((tail, joins)), _) => {
                stmts.extend(tail);
                joins
            }
            (None, End::Yield(values)) if !seeds.last => values
                .iter()
                .map(|v| self.final_value(v, interval, &mut stmts))
                .collect(),
            (None, _) => Vec::new(),
        };
        stmts.extend(finals.iter().cloned());
        stmts.extend(late_shadows);
        stmts.extend(reverse);
        let never = match &block.end {
            End::Never(op) => Some(op.clone()),
            _ => None,
        };
        Fused {
            stmts,
            yields,
            frame,
            never,
        }
    }

    /// Whether arms leave the sizes of active memory around them as they are.
    fn keeps_shapes(&self, arms: &[Block]) -> bool {
        let reshapes = |arm: &Block| {
            self.facts
                .reshaped_in(self.facts.of_block(arm))
                .any(|root| self.facts.is_active(root))
        };
        !arms.iter().any(reshapes)
    }

    /// A result that the reverse sweep would overwrite is set aside before it starts.
    fn final_value(
        &mut self,
        value: &Operand,
        interval: Interval,
        stmts: &mut Vec<Stmt>,
    ) -> Operand {
        let Operand::Place(place) = value else {
            return value.clone();
        };
        let restored = self
            .facts
            .writes
            .get(&place.root)
            .is_some_and(|w| w.iter().any(|at| self.must_save(place.root, *at)));
        let needed = self.is_moved_early(value, interval);
        if !restored && !needed {
            return value.clone();
        }
        let kept = self.fresh("out", self.kind_of(place), crate::ir::Class::Root);
        let op = match !restored && stmts.is_empty() && self.leaves_by(value) {
            true => Op::Use(value.clone()),
            false => Op::Keep(place.clone()),
        };
        stmts.push(Stmt::Let { var: kept, op });
        Operand::Place(Place::root(kept))
    }

    /// The reverse of a block whose forward part has run elsewhere.
    pub(super) fn split_block(
        &mut self,
        block: &'f Block,
        interval: Interval,
        seeds: &Seeds,
    ) -> Split {
        self.open(interval, false);
        self.reverse_split(block, interval, seeds)
    }

    /// The same of the body of a recorded loop, some of its variables being available under other names.
    pub(super) fn split_body_knowing(
        &mut self,
        block: &'f Block,
        interval: Interval,
        seeds: &Seeds,
        known: Vec<(Var, Var)>,
        runs: Runs,
    ) -> Split {
        self.open(interval, false);
        if let Some(scope) = self.scopes.last_mut() {
            scope.known.extend(known);
            scope.runs = Some(runs);
        }
        self.reverse_split(block, interval, seeds)
    }

    /// Writes the reverse of a split block, whose scope is open, and closes it.
    fn reverse_split(&mut self, block: &'f Block, interval: Interval, seeds: &Seeds) -> Split {
        match &block.end {
            End::Switch { on, arms } => self.reverse_tail(&block.end, on, arms, seeds),
            End::Yield(values) => {
                self.position = interval.last();
                self.seed_all(values, &seeds.yields);
            }
            End::Break(values) => {
                self.position = interval.last();
                self.seed_broken(values, &seeds.breaks);
            }
            End::Never(_) => {}
        }
        self.reverse_stmts(block);
        self.spare();
        let (reverse, scope, frame) = self.close();
        let (recorded, unpacked) = scope.record.into_iter().unzip();
        self.layouts.insert(super::address(block), recorded);
        let mut stmts: Vec<Stmt> = scope.prologue.into_iter().map(|(_, stmt)| stmt).collect();
        stmts.extend(scope.shadows);
        stmts.extend(reverse);
        Split {
            stmts,
            unpacked,
            frame,
        }
    }

    fn open(&mut self, interval: Interval, fused: bool) {
        self.scopes.push(Scope::new(interval, fused));
        self.streams.push(Default::default());
        self.frames.push(Frame::new());
    }

    fn close(&mut self) -> (Vec<Stmt>, Scope, Frame) {
        let stmts = self.streams.pop().unwrap_or_default().into_stmts();
        let frame = self.frames.pop().unwrap_or_default();
        let scope = self.scopes.pop();
        let scope = scope.unwrap_or_else(|| Scope::new(Interval::default(), true));
        (stmts, scope, frame)
    }

    fn reverse_stmts(&mut self, block: &'f Block) {
        for stmt in block.stmts.iter().rev() {
            self.position = self.facts.of(stmt).start;
            if let Some(scope) = self.scopes.last_mut() {
                scope.at = Some(super::address(stmt));
            }
            self.reverse_stmt(stmt);
        }
    }

    fn reverse_stmt(&mut self, stmt: &'f Stmt) {
        match stmt {
            Stmt::Let { var, op } => self.reverse_let(stmt, *var, op),
            Stmt::Store { place, value } => self.reverse_store(stmt, place, value),
            Stmt::Add {
                place,
                value,
                negate,
            } => self.reverse_add(stmt, place, value, *negate),
            Stmt::Compound {
                place,
                op,
                value,
                span,
            } => self.reverse_compound(stmt, place, (*op, *span), value),
            Stmt::Do(op) => self.reverse_do(stmt, op),
            Stmt::Switch { on, arms, joins } => self.reverse_switch(stmt, on, arms, joins),
            Stmt::Loop(l) => self.reverse_loop(stmt, l),
            Stmt::Accumulate { .. }
            | Stmt::AccumulateEach { .. }
            | Stmt::Unpop { .. }
            | Stmt::Vjp(_)
            | Stmt::Push { .. }
            | Stmt::Unpack { .. }
            | Stmt::Replay { .. } => {}
        }
    }

    /// Lets seeds flow into the operands that a leaf hands over.
    pub(super) fn seed_all(&mut self, values: &[Operand], seeds: &[Seed]) {
        for (value, seed) in values.iter().zip(seeds) {
            self.seed(value, seed);
        }
    }

    /// The same for the operands that leave a loop: it is left once, so that one of them may take an option's cotangent
    /// whole, and needs none of its own, for which the operand itself would have to be kept.
    fn seed_broken(&mut self, values: &[Operand], seeds: &[Seed]) {
        for (value, seed) in values.iter().zip(seeds) {
            match (value, seed) {
                (Operand::Place(place), Seed::Shadow(d)) if self.takes_whole(place, d) => {
                    let var = self.new_shadow(place.root);
                    let op = taken_option(d.clone());
                    self.push(Stmt::Let { var, op });
                }
                _ => self.seed(value, seed),
            }
        }
    }

    /// Whether a root of this block can have the cotangent of an option for its own.
    fn takes_whole(&self, place: &Place, d: &Place) -> bool {
        let order = self.facts.defs[place.root.0].order;
        let here = self
            .scopes
            .last()
            .is_some_and(|scope| scope.interval.contains(order));
        let whole = place.path.is_empty() && d.path.is_empty();
        whole
            && here
            && self.facts.is_active(place.root)
            && self.underlying(place).root == place.root
            && !self.shadows.contains_key(&place.root)
            && matches!(self.kind_of(place), Kind::Option(_))
    }

    /// Lets a cotangent flow into an operand.
    pub(super) fn seed(&mut self, value: &Operand, seed: &Seed) {
        match (value, seed) {
            (Operand::Var(v), Seed::Float(d)) => self.contribute(*v, d.clone()),
            (Operand::Var(v), Seed::Shadow(d)) if self.facts.is_active(*v) => {
                let kind = self.vars[v.0].kind.clone();
                let name = self.d_name(*v);
                let d = self.define(&name, kind, Op::Use(Operand::Place(d.clone())));
                self.contribute(*v, d);
            }
            (Operand::Place(p), Seed::Float(d)) => self.add_to_shadow(p, d.clone(), false),
            (Operand::Place(p), Seed::Shadow(d)) => self.accumulate_into_shadow(p, d.clone()),
            _ => {}
        }
    }

    /// Adds to the adjoint of a value.
    pub(super) fn contribute(&mut self, var: Var, d: Operand) {
        if !self.facts.is_active(var) {
            return;
        }
        let sum = match self.frames.last().and_then(|f| f.get(&var)).cloned() {
            None => d,
            Some(so_far) => {
                let kind = self.vars[var.0].kind.clone();
                let name = self.d_name(var);
                let absent = self.may_be_absent(&so_far) && self.may_be_absent(&d);
                let sum = self.define(&name, kind, Op::Binary(crate::ir::BinOp::Add, so_far, d));
                self.absent.extend(sum.var().filter(|_| absent));
                sum
            }
        };
        if let Some(frame) = self.frames.last_mut() {
            frame.insert(var, sum);
        }
    }

    /// The complete adjoint of a value whose definition has been reached.
    pub(super) fn take_adjoint(&mut self, var: Var) -> Option<Operand> {
        self.frames.last_mut().and_then(|f| f.remove(&var))
    }

    /// Hands the contributions that leave a construct on to the block around it.
    pub(super) fn merge(&mut self, frame: Frame) {
        for (var, d) in frame {
            self.contribute(var, d);
        }
    }
}

/// `d.take()`
fn taken_option(d: Place) -> Op {
    let name = Ident::new("left", Span::mixed_site());
    Op::Opaque(Box::new(Opaque {
        expr: syn::parse_quote!(::core::option::Option::take(#name)),
        captures: vec![Capture {
            name,
            operand: Operand::Place(d),
            by: By::RefMut,
        }],
        cost: Cost::Once,
        effect: true,
    }))
}
