//! A slice, or a list of one's own in its place: `xs.get(lo..hi).unwrap_or(&[])`. No reference stands for either, so what is
//! chosen is a copy.

use syn::{Expr, Ident};

use super::known::strip;
use super::options::Parts;
use super::positions::dereferenced;
use super::scope::Term;
use super::Lowering;
use crate::ir::{Kind, Proj};

/// `&[…]`
pub(super) fn is_list(expr: &Expr) -> bool {
    let Expr::Reference(reference) = strip(expr) else {
        return false;
    };
    matches!(strip(&reference.expr), Expr::Array(_) | Expr::Repeat(_))
}

impl Lowering<'_> {
    /// Whether a term is a reference to a slice, or to what is not seen behind a reference.
    pub(super) fn is_lent(&self, term: &Term) -> bool {
        let Term::Ref { place, .. } = term else {
            return false;
        };
        let behind = matches!(place.path.last(), Some(Proj::Deref));
        behind || matches!(self.kind_of_place(place), Kind::Slice(_))
    }

    /// A copy of the slice that is there, or of the list.
    pub(super) fn slice_or(
        &mut self,
        method: &Ident,
        parts: Parts,
        default: &Expr,
        want: &Kind,
    ) -> Option<Term> {
        let copy = self.either(
            parts,
            want,
            &mut |lowering, payload| lowering.listed(method, payload),
            &mut |lowering| {
                let list = lowering.term(default, &Kind::Unknown)?;
                lowering.listed(method, list)
            },
        )?;
        let place = self.place_of(copy)?;
        Some(Term::Ref {
            place,
            mutable: false,
        })
    }

    /// The elements of a sequence in a vector.
    pub(super) fn listed(&mut self, method: &Ident, term: Term) -> Option<Term> {
        let place = self.place_of(dereferenced(term))?;
        let element = self.kind_of_place(&place).element();
        let vector = self.empty_vector(&Kind::Vec(Box::new(element)))?;
        self.over(&place, method.span(), "unwrap_or", &mut |lowering, at| {
            let value = lowering.kept(&place.clone().then(Proj::Index(at)));
            lowering.learn_element(&vector, &value);
            lowering.push_to(&vector, value);
            Some(())
        })?;
        Some(Term::Fresh(vector))
    }
}
