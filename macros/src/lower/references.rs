//! References that the arms of a switch give: `let part = if c { &v[..m] } else { &v[m..] };`.
//!
//! Where the arms differ only in positions, it is a reference to the one place at the positions that the arm chose. Where
//! they refer to different variables, no place stands for all of them: each arm gives a copy of what it refers to, unless
//! it can be written to.

use std::collections::BTreeSet;

use proc_macro2::Span;
use quote::quote;

use super::branch::Arm;
use super::exits::Column;
use super::join::{same, same_place, Meeting, Shape};
use super::known::literal;
use super::scope::Term;
use super::Lowering;
use crate::ir::{Kind, Op, Operand, Place, Proj};

impl Lowering<'_> {
    /// Gives the references that arms hand over a form in which they can be joined.
    pub(super) fn meet_references(
        &mut self,
        arms: &mut [Arm],
        meeting: &mut Meeting,
    ) -> Option<()> {
        let falling = arms.iter_mut().filter(|arm| !arm.region.ended());
        let mut arms: Vec<&mut Arm> = falling.collect();
        let arms = &mut arms[..];
        let values = arms.iter().map(|arm| arm.term.clone()).collect();
        let values = self.alike(arms, values, meeting)?;
        for (arm, value) in arms.iter_mut().zip(values) {
            arm.term = value;
        }
        let changed: BTreeSet<_> = arms
            .iter()
            .flat_map(|arm| arm.changes.iter().map(|(id, _)| *id))
            .collect();
        for id in changed {
            let terms = arms.iter().map(|arm| self.term_after(arm, id)).collect();
            let terms = self.alike(arms, terms, meeting)?;
            for (arm, term) in arms.iter_mut().zip(terms) {
                match arm.changes.iter_mut().find(|(changed, _)| *changed == id) {
                    Some((_, changed)) => *changed = term,
                    None => arm.changes.push((id, term)),
                }
            }
        }
        Some(())
    }

    /// The terms that the arms have for one thing, references among them made alike.
    fn alike(
        &mut self,
        arms: &mut [&mut Arm],
        terms: Vec<Option<Term>>,
        meeting: &mut Meeting,
    ) -> Option<Vec<Option<Term>>> {
        if let Some(columns) = columns(&terms) {
            let mut rows = vec![Vec::new(); terms.len()];
            for column in columns {
                let column = self.alike(arms, column, meeting)?;
                for (row, term) in rows.iter_mut().zip(column) {
                    row.push(term?);
                }
            }
            return Some(rows.into_iter().map(|row| Some(Term::Tuple(row))).collect());
        }
        let Some((places, mutable)) = self.different_references(&terms) else {
            return Some(terms);
        };
        let alike: Option<Vec<Place>> = match (in_parallel(&places), mutable) {
            (true, _) => self.in_each(arms, &places, &mut |lowering, place| {
                lowering.spelled_out_bounds(place, &places)
            }),
            (false, false) => self.in_each(arms, &places, &mut |lowering, place| {
                let copy = lowering.copy_of(place)?;
                meeting.copied.insert(copy.root);
                Some(copy)
            }),
            (false, true) => return Some(terms),
        };
        let reference = |place| Some(Term::Ref { place, mutable });
        Some(alike?.into_iter().map(reference).collect())
    }

    /// The places, if all terms are references to memory and not to the same.
    fn different_references(&self, terms: &[Option<Term>]) -> Option<(Vec<Place>, bool)> {
        let mut places = Vec::with_capacity(terms.len());
        let mut writes = None;
        for term in terms {
            let Some(Term::Ref { place, mutable }) = term else {
                return None;
            };
            let place = self.whole_of_part(place);
            if *writes.get_or_insert(*mutable) != *mutable
                || !mutable && self.kind_of_place(&place).is_scalar()
            {
                return None;
            }
            places.push(place);
        }
        let first = places.first()?.clone();
        let differ = places.iter().any(|place| !same_place(&first, place));
        differ.then_some((places, writes?))
    }

    /// A place inside a part of a slice that has a variable of its own, as a place inside the slice.
    fn whole_of_part(&self, place: &Place) -> Place {
        match self.parts.get(&place.root) {
            Some(part) => {
                let mut whole = self.whole_of_part(part);
                whole.path.extend(place.path.iter().cloned());
                whole
            }
            None => place.clone(),
        }
    }

    /// Does something with the place of each arm, at the arm's end.
    fn in_each(
        &mut self,
        arms: &mut [&mut Arm],
        places: &[Place],
        make: &mut dyn FnMut(&mut Self, &Place) -> Option<Place>,
    ) -> Option<Vec<Place>> {
        let mut made = Vec::with_capacity(places.len());
        for (arm, place) in arms.iter_mut().zip(places) {
            self.builder.reopen(std::mem::take(&mut arm.region));
            let place = make(self, place);
            arm.region = self.builder.take();
            made.push(place?);
        }
        Some(made)
    }

    /// Bounds that some arm says and others leave to the sequence are said by all.
    fn spelled_out_bounds(&mut self, place: &Place, all: &[Place]) -> Option<Place> {
        let mut spelled = Place::root(place.root);
        for (at, proj) in place.path.iter().enumerate() {
            let Proj::Slice { lo, hi } = proj else {
                spelled.path.push(proj.clone());
                continue;
            };
            let says = |bound: fn(&Proj) -> bool| all.iter().any(|place| bound(&place.path[at]));
            let lo = match lo {
                None if says(has_start) => Some(literal(&quote!(0usize), Kind::Inert, Some(0.0))),
                lo => lo.clone(),
            };
            let hi = match hi {
                None if says(has_end) => Some(self.length_of_place(&spelled)?),
                hi => hi.clone(),
            };
            spelled.path.push(Proj::Slice { lo, hi });
        }
        Some(spelled)
    }

    /// A copy of what is referred to: of a slice, a vector.
    fn copy_of(&mut self, place: &Place) -> Option<Place> {
        let kind = self.kind_of_place(place);
        let copy = match kind {
            Kind::Slice(_) => {
                let term = Term::Place(place.clone());
                self.listed(&proc_macro2::Ident::new("to_vec", Span::call_site()), term)?
            }
            kind => self.define(Op::Keep(place.clone()), kind),
        };
        self.place_of(copy)
    }

    /// How references that have been made alike are joined.
    pub(super) fn shape_of_references(
        &mut self,
        terms: &[Term],
        meeting: &mut Meeting,
    ) -> Option<Shape> {
        let terms: Vec<Option<Term>> = terms.iter().cloned().map(Some).collect();
        let (places, mutable) = self.different_references(&terms)?;
        if in_parallel(&places) {
            return Some(self.shape_of_positions(&places, mutable, meeting));
        }
        let copied = |place: &Place| place.path.is_empty() && meeting.copied.contains(&place.root);
        if !places.iter().all(copied) {
            return None;
        }
        let mut column = Column::default();
        for (place, row) in places.into_iter().zip(&mut meeting.rows) {
            column.join(self.kind_of_place(&place));
            row.push(Operand::Place(place));
        }
        meeting.columns.push(column);
        Some(Shape::Lent(meeting.columns.len() - 1))
    }

    /// One place, whose positions are handed over where they differ.
    fn shape_of_positions(&self, places: &[Place], mutable: bool, meeting: &mut Meeting) -> Shape {
        let of_arms: Vec<Vec<Operand>> = places.iter().map(positions).collect();
        let count = of_arms.first().map_or(0, Vec::len);
        let chosen = (0..count).map(|at| {
            let of_arms: Vec<&Operand> = of_arms.iter().map(|positions| &positions[at]).collect();
            let value = |operand: &Operand| Term::Value(operand.clone());
            if of_arms
                .iter()
                .all(|other| same(&value(of_arms[0]), &value(other)))
            {
                return None;
            }
            for (operand, row) in of_arms.into_iter().zip(&mut meeting.rows) {
                row.push(operand.clone());
            }
            let kind = Some(Kind::Inert);
            meeting.columns.push(Column {
                kind,
                ..Column::default()
            });
            Some(meeting.columns.len() - 1)
        });
        Shape::Part {
            chosen: chosen.collect(),
            place: places[0].clone(),
            mutable,
        }
    }
}

/// A place with other positions, where there are some.
pub(super) fn at_positions(mut place: Place, chosen: &[Option<Operand>]) -> Place {
    let mut chosen = chosen.iter();
    for proj in &mut place.path {
        positions_mut(proj, &mut |position| {
            if let Some(Some(other)) = chosen.next() {
                *position = other.clone();
            }
        });
    }
    place
}

/// The terms of tuples, position by position.
fn columns(terms: &[Option<Term>]) -> Option<Vec<Vec<Option<Term>>>> {
    let Some(Some(Term::Tuple(first))) = terms.first() else {
        return None;
    };
    let mut columns = vec![Vec::new(); first.len()];
    for term in terms {
        match term {
            Some(Term::Tuple(parts)) if parts.len() == columns.len() => {
                for (column, part) in columns.iter_mut().zip(parts) {
                    column.push(Some(part.clone()));
                }
            }
            _ => return None,
        }
    }
    Some(columns)
}

/// Whether places differ only in positions.
fn in_parallel(places: &[Place]) -> bool {
    let alike = |pair: (&Proj, &Proj)| match pair {
        (Proj::Index(_), Proj::Index(_)) | (Proj::Slice { .. }, Proj::Slice { .. }) => true,
        (a, b) => same_place(&only(a), &only(b)),
    };
    let Some(first) = places.first() else {
        return false;
    };
    places.iter().all(|place| {
        place.root == first.root
            && place.path.len() == first.path.len()
            && place.path.iter().zip(&first.path).all(alike)
    })
}

/// A place with one projection.
fn only(proj: &Proj) -> Place {
    Place {
        root: crate::ir::Var(0),
        path: vec![proj.clone()],
    }
}

fn has_start(proj: &Proj) -> bool {
    matches!(proj, Proj::Slice { lo: Some(_), .. })
}

fn has_end(proj: &Proj) -> bool {
    matches!(proj, Proj::Slice { hi: Some(_), .. })
}

/// The positions in a place, in order.
fn positions(place: &Place) -> Vec<Operand> {
    let mut found = Vec::new();
    for proj in &mut place.path.clone() {
        positions_mut(proj, &mut |position| found.push(position.clone()));
    }
    found
}

fn positions_mut(proj: &mut Proj, f: &mut dyn FnMut(&mut Operand)) {
    match proj {
        Proj::Index(position) => f(position),
        Proj::Slice { lo, hi } => lo.iter_mut().chain(hi).for_each(f),
        _ => {}
    }
}
