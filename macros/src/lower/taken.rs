//! Parts of vectors that are taken out of them: copied, and what is left moves up.

use syn::{Expr, ExprMethodCall};

use super::iterators::Source;
use super::known::strip;
use super::positions::zero;
use super::scope::Term;
use super::Lowering;
use crate::ir::{By, Kind, Operand, Place, Proj};

impl Lowering<'_> {
    /// `drain(range)`: as the head of a chain, the elements by value.
    pub(super) fn drained(&mut self, call: &ExprMethodCall) -> Option<Source> {
        let place = self.borrow(&call.receiver, true)?;
        let (Kind::Vec(_), [Expr::Range(range)]) = (
            self.kind_of_place(&place),
            &call.args.iter().map(strip).cloned().collect::<Vec<_>>()[..],
        ) else {
            return self.refuse_adaptor(call);
        };
        let Proj::Slice { lo, hi } = self.slice(range, &place)? else {
            return None;
        };
        let end = self.length_of_place(&place)?;
        let (lo, hi) = (lo.unwrap_or_else(zero), hi.unwrap_or_else(|| end.clone()));
        let taken = self.copied_part(call, &place, &lo, &hi)?;
        let span = call.method.span();
        let count = self.index(&[hi.clone(), lo], &|holes| {
            let (hi, lo) = (&holes[0], &holes[1]);
            syn::parse_quote!(#hi - #lo)
        })?;
        self.counted_loop(hi, end.clone(), "drain", span, &mut |lowering, at| {
            let to = lowering.difference(&at, &count)?;
            lowering.exchange(&place, to, at)
        })?;
        let left = self.difference(&end, &count)?;
        self.pop_down_to(call, &place, left)?;
        Some(Source::Elements {
            place: taken,
            by: By::Value,
        })
    }

    /// `split_off(at)`
    pub(super) fn split_off(&mut self, call: &ExprMethodCall, at: &Expr) -> Option<Term> {
        let place = self.borrow(&call.receiver, true)?;
        let at = self.inert_operand(at)?;
        let end = self.length_of_place(&place)?;
        let taken = self.copied_part(call, &place, &at, &end)?;
        self.pop_down_to(call, &place, at)?;
        Some(Term::Fresh(taken))
    }

    fn copied_part(
        &mut self,
        call: &ExprMethodCall,
        place: &Place,
        lo: &Operand,
        hi: &Operand,
    ) -> Option<Place> {
        let taken = self.empty_vector(&self.kind_of_place(place))?;
        let part = place.clone().then(Proj::Slice {
            lo: Some(lo.clone()),
            hi: Some(hi.clone()),
        });
        self.push_all(call, &taken, &part)?;
        Some(taken)
    }

    fn difference(&mut self, a: &Operand, b: &Operand) -> Option<Operand> {
        self.index(&[a.clone(), b.clone()], &|holes| {
            let (a, b) = (&holes[0], &holes[1]);
            syn::parse_quote!(#a - #b)
        })
    }
}
