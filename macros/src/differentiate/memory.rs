//! Memory: stores, accumulation, and the shadows that hold cotangents of places.
//!
//! A store is `old = mem::replace(place, value)` where the reverse sweep reads what was overwritten. Its reverse takes
//! the place's cotangent, leaves zero, restores the old value, and only then lets the cotangent flow into the operand.

use super::{plain, Plan, Reverser, Seed};
use crate::analyse::{first_field, DefBy};
use proc_macro2::Span;

use crate::ir::{BinOp, Class, Ctor, Kind, Op, Operand, Place, Stmt, Var};

impl<'f> Reverser<'f> {
    /// The place in the shadow that holds the cotangent of a primal place; `None` if the root is not active.
    pub(super) fn shadow_place(&mut self, place: &Place) -> Option<Place> {
        let place = self.underlying(place);
        if !self.facts.is_active(place.root) {
            return None;
        }
        let root = self.shadow_of(place.root);
        let mut shadow = Place {
            root,
            path: place.path,
        };
        self.name_indices(&mut shadow);
        Some(shadow)
    }

    /// The place that a part which has a name of its own belongs to.
    pub(super) fn underlying(&self, place: &Place) -> Place {
        let mut place = place.clone();
        while let Some(DefBy::Let(Op::Borrow(whole))) =
            self.facts.defs.get(place.root.0).map(|d| d.by)
        {
            let path = whole.path.iter().cloned().chain(place.path).collect();
            place = Place {
                root: whole.root,
                path,
            };
        }
        place
    }

    /// The shadow of a root, declared in the scope that defines the root.
    fn shadow_of(&mut self, root: Var) -> Var {
        if let Some(shadow) = self.shadows.get(&root) {
            return *shadow;
        }
        let shadow = self.new_shadow(root);
        // What flows into it comes from later uses of the root: the forward sweep never finds it complete.
        self.born.insert(shadow, u32::MAX);
        let order = self.facts.defs[root.0].order;
        let scope = (0..self.scopes.len())
            .rev()
            .find(|s| self.scopes[*s].interval.contains(order))
            .unwrap_or(0);
        let op = match self.slots.get(&root).copied() {
            Some(slot) if self.vars[root.0].class == Class::RefMut => Op::Open {
                slot,
                primal: self.need_root(root),
                resized: true,
            },
            _ => match self.recorded_zero(scope, root) {
                Some(zero) => Op::Use(Operand::Place(Place::root(zero))),
                None => self.zero_like(root),
            },
        };
        let decl = Stmt::Let { var: shadow, op };
        if self.scopes[scope].fused && !self.changes_shape(root) {
            self.scopes[scope].early_shadows.insert(root, decl);
        } else {
            self.scopes[scope].shadows.push(decl);
        }
        shadow
    }

    /// The zero of a result, recorded by a split block in place of the result.
    fn recorded_zero(&mut self, scope: usize, root: Var) -> Option<Var> {
        if !self.leaves_a_zero(scope, root) {
            return None;
        }
        let zero = self.fresh("zero", Kind::Unknown, Class::Root);
        self.make_zero(root, zero);
        Some(self.record(scope, zero))
    }

    /// The zero of a local value that is not needed any more: made when the value is, so that it may be moved away.
    pub(super) fn zero_of(&mut self, place: &Place) -> Option<Var> {
        if !self.choices.zeros || !place.path.is_empty() || !self.may_move(place.root) {
            return None;
        }
        let root = place.root;
        let order = self.facts.defs[root.0].order;
        let mut around = (0..self.scopes.len()).rev();
        let scope = around.find(|scope| self.scopes[*scope].interval.contains(order))?;
        let zero = self.fresh("zero", Kind::Unknown, Class::Shadow);
        self.make_zero(root, zero);
        match self.scopes[scope].fused {
            true => Some(zero),
            false => Some(self.record(scope, zero)),
        }
    }

    /// Whether a root is moved away once, and not needed afterwards.
    fn may_move(&self, root: Var) -> bool {
        let owned = self.vars[root.0].class == Class::Root;
        let needed = self.last.kept.contains(&root) || self.changes_shape(root);
        let mut repeated = self.facts.shared_loops(root, self.position, self.position);
        owned && !needed && repeated.next().is_none()
    }

    fn make_zero(&mut self, root: Var, zero: Var) {
        let op = Op::Zero(Place::root(root));
        let zeros = self.zeros.entry(root).or_default();
        zeros.push(Stmt::Let { var: zero, op });
    }

    /// Whether a split block does not record a result that it defines: its error may be one that cannot be cloned, and
    /// leaves the function while the record is pushed.
    pub(super) fn leaves_a_zero(&self, scope: usize, root: Var) -> bool {
        let needed = self.last.kept.contains(&root) || self.changes_shape(root);
        self.choices.zeros
            && !self.scopes[scope].fused
            && !needed
            && self.facts.results.contains(&root)
    }

    /// A zero of the shape of a root: where its length is known by itself, the root need not be there.
    fn zero_like(&mut self, root: Var) -> Op {
        let DefBy::Let(Op::Aggregate(Ctor::VecRepeat | Ctor::Scratch, parts)) =
            self.facts.defs[root.0].by
        else {
            return Op::Zero(Place::root(self.need_root(root)));
        };
        match &parts[..] {
            [Operand::Literal(blank), length]
                if blank.kind.is_float() && !self.facts.is_reshaped(root) =>
            {
                let zero = Operand::number(0.0, blank.kind.clone());
                let length = self.need_operand(length);
                Op::Aggregate(Ctor::VecRepeat, vec![zero, length])
            }
            _ => Op::Zero(Place::root(self.need_root(root))),
        }
    }

    pub(super) fn new_shadow(&mut self, root: Var) -> Var {
        let info = &self.vars[root.0];
        let (name, kind) = (format!("d_{}", plain(&info.name)), info.kind.clone());
        let span = info.name.span();
        let class = match info.class {
            Class::RefMut => Class::Lent,
            _ => Class::Shadow,
        };
        let shadow = self.fresh(&name, kind, class);
        self.vars[shadow.0].span = span;
        self.shadows.insert(root, shadow);
        shadow
    }

    /// Whether the size of a root may differ between its definition and the end of the forward sweep.
    pub(super) fn changes_shape(&self, root: Var) -> bool {
        let fixed = matches!(
            self.vars[root.0].kind,
            Kind::Float(_) | Kind::Array(_) | Kind::Tuple(_)
        );
        !fixed && self.facts.is_reshaped(root)
    }

    /// `shadow(place) += d`, a float.
    pub(super) fn add_to_shadow(&mut self, place: &Place, d: Operand, negate: bool) {
        if let Some(place) = self.shadow_place(place) {
            self.push(Stmt::Add {
                place,
                value: d,
                negate,
            });
        }
    }

    /// `shadow(place) += d`, a cotangent in memory. The first contribution to a whole root initialises its shadow.
    pub(super) fn accumulate_into_shadow(&mut self, place: &Place, d: Place) {
        let place = &self.underlying(place);
        if !self.facts.is_active(place.root) {
            return;
        }
        let order = self.facts.defs[place.root.0].order;
        let here = self
            .scopes
            .last()
            .is_some_and(|s| s.interval.contains(order));
        let owned = d.path.is_empty() && self.depths.get(&d.root) == Some(&self.depth);
        if place.path.is_empty() && here && owned && !self.shadows.contains_key(&place.root) {
            let var = self.new_shadow(place.root);
            self.push(Stmt::Let {
                var,
                op: Op::Use(Operand::Place(d)),
            });
            return;
        }
        if let Some(place) = self.shadow_place(place) {
            self.push(Stmt::Accumulate { place, value: d });
        }
    }

    /// `place = value`
    pub(super) fn reverse_store(&mut self, stmt: &'f Stmt, place: &'f Place, value: &'f Operand) {
        let flows = self.facts.is_active(place.root);
        if flows && self.replaces_whole(place, value) {
            return self.reverse_whole_store(stmt, place, value);
        }
        let seed = if flows {
            // A float's zero has the shape of any float's.
            let primal = (!self.kind_of(place).is_float()).then(|| self.name_place(place));
            self.take_shadow(place, value, primal)
        } else {
            Seed::Nothing
        };
        self.restore(stmt, place);
        self.seed(value, &seed);
    }

    /// Whether a store may change the size of what its place holds.
    fn replaces_whole(&self, place: &Place, value: &Operand) -> bool {
        let fixed = matches!(
            self.kind_of(place),
            Kind::Float(_) | Kind::Inert | Kind::Array(_)
        );
        // What `mem::take` leaves is a literal of no size.
        let sized = match value {
            Operand::Place(_) => true,
            Operand::Literal(literal) => !literal.kind.is_float(),
            Operand::Var(_) => false,
        };
        !fixed && sized
    }

    /// The same, where old and new contents may differ in size: the zero that is left behind has the shape of the old.
    fn reverse_whole_store(&mut self, stmt: &'f Stmt, place: &'f Place, value: &'f Operand) {
        let old = self.fresh("old", self.kind_of(place), Class::Root);
        self.plan.insert(super::address(stmt), Plan::Save(old));
        let name = self.recorded_name(old);
        let seed = self.take_shadow(place, value, Some(Place::root(name)));
        if self.must_save(place.root, self.facts.of(stmt).start) {
            let place = self.name_place(place);
            let value = Operand::Place(Place::root(name));
            self.push(Stmt::Store { place, value });
        }
        self.seed(value, &seed);
    }

    /// Takes the cotangent of a place that is overwritten, and leaves zero, of the shape of `primal`.
    fn take_shadow(&mut self, place: &Place, value: &Operand, primal: Option<Place>) -> Seed {
        let Some(shadow) = self.shadow_place(place) else {
            return Seed::Nothing;
        };
        let primal = primal.unwrap_or_else(|| shadow.clone());
        let op = Op::Take { shadow, primal };
        match value {
            Operand::Var(v) => Seed::Float(self.define("d", self.vars[v.0].kind.clone(), op)),
            Operand::Literal(l) if l.kind.is_float() => {
                Seed::Float(self.define("d", l.kind.clone(), op))
            }
            _ => {
                let var = self.fresh("d", Kind::Unknown, Class::Shadow);
                self.push(Stmt::Let { var, op });
                Seed::Shadow(Place::root(var))
            }
        }
    }

    /// Puts back what a statement overwrote, if anybody reads it.
    pub(super) fn restore(&mut self, stmt: &'f Stmt, place: &Place) {
        let at = self.facts.of(stmt).start;
        if !self.must_save_each(place.root, at) {
            return;
        }
        let (kind, class) = self.saved_kind(place);
        let old = self.fresh("old", kind, class);
        self.plan.insert(super::address(stmt), Plan::Save(old));
        let name = self.recorded_name(old);
        let place = self.name_place(place);
        let value = if class == Class::Value {
            Operand::Var(name)
        } else {
            Operand::Place(Place::root(name))
        };
        self.push(Stmt::Store { place, value });
    }

    /// The kind of a variable that holds what a place held.
    fn saved_kind(&self, place: &Place) -> (Kind, Class) {
        let kind = self.kind_of(place);
        let class = if matches!(kind, Kind::Float(_) | Kind::Inert) {
            Class::Value
        } else {
            Class::Root
        };
        (kind, class)
    }

    /// What is known of the type of a place.
    pub(super) fn kind_of(&self, place: &Place) -> Kind {
        let root = self.vars[place.root.0].kind.clone();
        place.path.iter().fold(root, Kind::part)
    }

    /// `place += value`: linear, the cotangent of the place stays and flows into the value as well.
    pub(super) fn reverse_add(
        &mut self,
        stmt: &'f Stmt,
        place: &'f Place,
        value: &'f Operand,
        negate: bool,
    ) {
        self.restore(stmt, place);
        if !self.wants(value) {
            return;
        }
        let Some(shadow) = self.shadow_place(place) else {
            return;
        };
        let kind = self.operand_kind(value);
        let mut d = self.define("d", kind.clone(), Op::Use(Operand::Place(shadow)));
        if negate {
            d = self.define("d", kind, Op::Neg(d));
        }
        self.seed(value, &Seed::Float(d));
    }

    /// `place op= value` of unknown kinds: the runtime's rule runs it again on what the place held.
    pub(super) fn reverse_compound(
        &mut self,
        stmt: &'f Stmt,
        place: &'f Place,
        op: (BinOp, Span),
        value: &'f Operand,
    ) {
        if !self.facts.is_active(place.root) {
            self.restore(stmt, place);
            return;
        }
        let (kind, class) = self.saved_kind(place);
        let old = self.fresh("old", kind, class);
        self.plan.insert(super::address(stmt), Plan::Save(old));
        let name = self.recorded_name(old);
        let whole = if class == Class::Value {
            Operand::Var(name)
        } else {
            Operand::Place(Place::root(name))
        };
        let target = self.name_place(place);
        let at = self.facts.of(stmt).start;
        if let Operand::Place(read) = value {
            // `x *= x` reads what was there before.
            let before = at.saturating_sub(1);
            self.found
                .reads
                .insert((read.root, before, first_field(read)));
        }
        if self.must_save(place.root, at) {
            let saved = match &whole {
                Operand::Place(p) => {
                    let copy = self.fresh("old", self.kind_of(place), Class::Root);
                    self.push(Stmt::Let {
                        var: copy,
                        op: Op::Keep(p.clone()),
                    });
                    Operand::Place(Place::root(copy))
                }
                value => value.clone(),
            };
            self.push(Stmt::Store {
                place: target,
                value: saved,
            });
        }
        self.vjp_compound(whole, place, op, value);
    }

    /// Whether a cotangent of an operand is wanted.
    pub(super) fn wants(&self, operand: &Operand) -> bool {
        match operand {
            Operand::Var(v) => self.facts.is_active(*v),
            Operand::Place(p) => self.facts.is_active(p.root),
            Operand::Literal(_) => false,
        }
    }

    pub(super) fn operand_kind(&self, operand: &Operand) -> Kind {
        match operand {
            Operand::Var(v) => self.vars[v.0].kind.clone(),
            Operand::Place(p) => self.kind_of(p),
            Operand::Literal(l) => l.kind.clone(),
        }
    }

    /// Copies of in-out parameters' final contents, taken where the reverse sweep would leave them changed.
    pub(super) fn keep_finals(&mut self) -> Vec<Stmt> {
        let mut stmts = Vec::new();
        for param in &self.primal.params {
            let is_restored = self
                .facts
                .writes
                .get(&param.var)
                .is_some_and(|w| w.iter().any(|at| self.must_save(param.var, *at)));
            if self.vars[param.var.0].class != Class::RefMut || !is_restored {
                continue;
            }
            let name = format!("final_{}", plain(&self.vars[param.var.0].name));
            let kind = match self.vars[param.var.0].kind.clone() {
                Kind::Slice(k) => Kind::Vec(k),
                kind => kind,
            };
            let var = self.fresh(&name, kind, Class::Root);
            stmts.push(Stmt::Let {
                var,
                op: Op::Keep(Place::root(param.var)),
            });
        }
        stmts
    }

    /// A copy of final contents stands where the parameter is overwritten: what cannot be copied is said there once.
    pub(super) fn place_finals(&mut self, finals: &[Stmt]) {
        for keep in finals {
            let Stmt::Let {
                var,
                op: Op::Keep(place),
            } = keep
            else {
                continue;
            };
            let name = self.vars[place.root.0].name.span();
            self.vars[var.0].span = *self.saved_at.get(&place.root).unwrap_or(&name);
        }
    }

    /// Leaves in-out parameters as the primal leaves them.
    pub(super) fn restore_finals(&self, finals: &[Stmt], stmts: &mut Vec<Stmt>) {
        for keep in finals {
            if let Stmt::Let {
                var,
                op: Op::Keep(place),
            } = keep
            {
                stmts.push(Stmt::Store {
                    place: place.clone(),
                    value: Operand::Place(Place::root(*var)),
                });
            }
        }
    }
}
