//! Memory that a loop overwrites from end to end: saved as a whole before the loop, rather than element by element.

use super::elements;
use crate::analyse::Interval;
use crate::differentiate::{address, Reverser};
use crate::ir::{Class, Kind, Loop, Op, Operand, Place, Stmt, Var};

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
}
