//! References that move along a sequence: `rest = &rest[1..]`. Their bounds are variables, which loops carry.

use super::positions::zero;
use super::scope::{BindingId, Term, View};
use super::Lowering;
use crate::diagnostics::Slug;
use crate::ir::{Kind, Operand, Place, Proj};

impl Lowering<'_> {
    /// Makes a variable that may be assigned a view, if it refers to a sequence.
    pub(super) fn make_view(&mut self, owner: BindingId) -> Option<()> {
        let Some(Term::Ref { place, mutable }) = self.scope.binding(owner)?.term.clone() else {
            return Some(());
        };
        if !is_sequence(&self.kind_of_place(&place)) {
            return Some(());
        }
        let (base, lo, hi) = self.flattened(place)?;
        let lo = self.hidden("lo", lo, &Kind::Inert);
        let hi = self.hidden("hi", hi, &Kind::Inert);
        self.scope.watch(View {
            owner,
            base,
            lo,
            hi,
            mutable,
        });
        Some(())
    }

    /// `rest = &rest[1..]`
    pub(super) fn move_view(&mut self, view: &View, value: Term) -> Option<()> {
        let span = self.info(view.base.root).name.span();
        let place = match value {
            Term::Ref { place, .. } => place,
            _ => return self.refuse(Slug::StoredReference, span, "it is assigned anew"),
        };
        let (base, lo, hi) = self.flattened(place)?;
        if !super::join::same_place(&base, &view.base) {
            return self.refuse(
                Slug::StoredReference,
                span,
                "it refers to parts of different sequences",
            );
        }
        self.scope.assign(view.lo, Some(Term::Value(lo)));
        self.scope.assign(view.hi, Some(Term::Value(hi)));
        Some(())
    }

    /// A sequence, and the bounds of a part of a part of it.
    fn flattened(&mut self, mut place: Place) -> Option<(Place, Operand, Operand)> {
        let mut parts = Vec::new();
        loop {
            while let Some(Proj::Slice { .. }) = place.path.last() {
                parts.extend(place.path.pop());
            }
            match self
                .parts
                .get(&place.root)
                .filter(|_| place.path.is_empty())
            {
                Some(whole) => place = whole.clone(),
                None => break,
            }
        }
        let mut bounds = (zero(), None);
        for part in parts.into_iter().rev() {
            let Proj::Slice { lo, hi } = part else {
                continue;
            };
            let start = bounds.0.clone();
            if let Some(hi) = hi {
                bounds.1 = Some(self.shifted(&start, &hi)?);
            }
            if let Some(lo) = lo {
                bounds.0 = self.shifted(&start, &lo)?;
            }
        }
        let hi = match bounds.1 {
            Some(hi) => hi,
            None => self.length_of_place(&place)?,
        };
        Some((place, bounds.0, hi))
    }
}

fn is_sequence(kind: &Kind) -> bool {
    matches!(kind, Kind::Slice(_) | Kind::Array(_) | Kind::Vec(_))
}
