//! Vectors that grow and shrink: `push` and `pop`.

use super::{Reverser, Seed};
use crate::ir::{Class, Op, Operand, Place, Stmt, Var};

impl<'f> Reverser<'f> {
    /// `vec.push(value)`: the last cotangent is taken off and flows into the value.
    pub(super) fn reverse_push(&mut self, stmt: &'f Stmt, place: &'f Place, value: &'f Operand) {
        if let Some(shadow) = self.shadow_place(place) {
            let kind = self.operand_kind(value);
            let op = Op::TakeLast(shadow);
            let seed = if kind.is_float() {
                Seed::Float(self.define("d", kind, op))
            } else {
                let var = self.fresh("d", kind, Class::Shadow);
                self.push(Stmt::Let { var, op });
                Seed::Shadow(Place::root(var))
            };
            self.take_off(stmt, place);
            self.seed(value, &seed);
        } else {
            self.take_off(stmt, place);
        }
    }

    /// Removes what was pushed, if an earlier part of the program looks at the vector.
    fn take_off(&mut self, stmt: &'f Stmt, place: &'f Place) {
        if self.must_save(place.root, self.facts.of(stmt).start) {
            let place = self.name_place(place);
            self.push(Stmt::Do(Op::Pop(place)));
        }
    }

    /// `v = vec.pop()`: what was taken off is pushed again, and so is its cotangent.
    pub(super) fn reverse_pop(&mut self, stmt: &'f Stmt, var: Var, place: &'f Place) {
        let active = self.facts.is_active(place.root);
        if !active && !self.must_save(place.root, self.facts.of(stmt).start) {
            return;
        }
        let target = self.name_place(place);
        let item = self.need_root(var);
        self.push(Stmt::Unpop {
            place: target,
            item: Place::root(item),
        });
        if let Some(shadow) = self.shadow_place(place) {
            // The cotangent grows with the vector, whether what was taken off was of use or not.
            let d = match self.shadow_place(&Place::root(var)) {
                Some(d) => d,
                None => self.zero_beside(var, item),
            };
            self.push(Stmt::Unpop {
                place: shadow,
                item: d,
            });
        }
    }

    /// A zero cotangent of a variable that has none.
    fn zero_beside(&mut self, var: Var, primal: Var) -> Place {
        let kind = self.vars[var.0].kind.clone();
        let zero = self.fresh("d", kind, Class::Shadow);
        let op = Op::Zero(Place::root(primal));
        self.push(Stmt::Let { var: zero, op });
        Place::root(zero)
    }
}
