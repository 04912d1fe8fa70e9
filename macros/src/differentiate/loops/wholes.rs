//! Memory that a loop overwrites from end to end: saved as a whole before the loop, rather than element by element.

use super::elements;
use crate::analyse::Interval;
use crate::differentiate::aggregate::index_literal;
use crate::differentiate::{address, Reverser};
use crate::ir::{
    build, Capacity, Class, Kind, Loop, Op, Operand, Place, Proj, Stmt, TripCount, Var,
};

impl<'f> Reverser<'f> {
    /// Notes the roots that a loop overwrites as wholes, whose old contents nobody in it reads, and which are read
    /// elsewhere: they are saved before it.
    pub(super) fn note_whole_saves(&mut self, l: &'f Loop, interval: Interval) -> Vec<Var> {
        let roots = self.written_outside(interval).into_iter();
        let saved: Vec<Var> = roots
            .filter(|r| self.saves_whole(l, interval, *r))
            .collect();
        self.whole
            .extend(saved.iter().map(|root| (*root, interval)));
        saved
    }

    fn saves_whole(&self, l: &'f Loop, interval: Interval, root: Var) -> bool {
        let is_owned = self.vars[root.0].class == Class::Root
            && matches!(self.vars[root.0].kind, Kind::Vec(_) | Kind::Array(_));
        let mut writes = self.facts.writes[&root].iter();
        let mut reads = self.last.reads.iter();
        is_owned
            && !self.facts.is_reshaped(root)
            && writes.any(|w| interval.contains(*w) && self.must_save(root, *w))
            && !reads.any(|(r, at, _)| *r == root && interval.contains(*at))
            && elements::are_all_written(&self.extents(), l, root)
    }

    /// Whether a store must save what it overwrites itself.
    pub(in crate::differentiate) fn must_save_each(&self, root: Var, at: u32) -> bool {
        let mut wholes = self.whole.iter();
        self.must_save(root, at) && !wholes.any(|(r, l)| *r == root && l.contains(at))
    }

    /// Puts back what was saved before a loop.
    pub(super) fn restore_wholes(&mut self, stmt: &'f Stmt, roots: Vec<Var>) {
        for root in roots {
            if self.copies_often(root) {
                self.save_elements(stmt, root);
                continue;
            }
            let kind = self.vars[root.0].kind.clone();
            let old = self.fresh("old", kind, Class::Root);
            let saves = self.saved_before.entry(address(stmt)).or_default();
            saves.push(Stmt::Let {
                var: old,
                op: Op::Keep(Place::root(root)),
            });
            let name = self.recorded_name(old);
            let place = Place::root(self.need_root(root));
            let value = Operand::Place(Place::root(name));
            self.push(Stmt::Store { place, value });
        }
    }

    /// Whether a root is copied in a loop inside another recorded one, and its elements are floats. There the copies are
    /// many and mostly short: putting the elements into one store is faster than making vectors, which would only be
    /// moved back.
    fn copies_often(&self, root: Var) -> bool {
        let of_floats = |kind: &Kind| matches!(kind, Kind::Vec(item) if item.is_float());
        self.split_scopes().count() > 1 && of_floats(&self.vars[root.0].kind)
    }

    /// Original: a loop that overwrites `root`.
    /// Forward: `saved.extend_from_slice(&root[..]);` before it, with room for all copies made before the first. Reverse: the
    /// last of `saved` go back into `root`.
    fn save_elements(&mut self, stmt: &'f Stmt, root: Var) {
        let store = self.fresh("saved", Kind::Unknown, Class::Store);
        let span = self.vars[root.0].span;
        self.declare_outside(Stmt::Let {
            var: store,
            op: Op::NewStore(Capacity::Shared(span)),
        });
        // As a slice: its length stays what it is.
        let all = |root| Place::root(root).then(Proj::Slice { lo: None, hi: None });
        let len = self.fresh("len", Kind::Inert, Class::Value);
        let elements = TripCount {
            start: Operand::Literal(index_literal(0)),
            end: Operand::Var(len),
            inclusive: false,
        };
        let reserve = Op::Reserve(store, self.times_around(elements));
        let saves = self.saved_before.entry(address(stmt)).or_default();
        saves.extend([
            Stmt::Let {
                var: len,
                op: build::length_of(root),
            },
            Stmt::Do(reserve),
            Stmt::Do(Op::Append(store, all(root))),
        ]);
        let place = all(self.need_root(root));
        self.push(Stmt::Do(Op::Restore(store, place)));
    }
}
