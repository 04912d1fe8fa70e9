//! Stages that count their items, and what ends an iterator before its source ends.

use quote::quote;

use super::iterators::{Source, Stage};
use super::scope::{BindingId, Term};
use super::stages::{Due, Ending};
use super::Lowering;
use crate::ir::{Kind, Operand, Selector};

impl Lowering<'_> {
    /// Stages that count their items.
    pub(super) fn counting(
        &mut self,
        stage: &Stage,
        item: Term,
        ending: Option<Ending>,
    ) -> Option<Term> {
        match stage {
            Stage::Enumerate(count) => {
                let at = self.counted(*count)?;
                Some(Term::Tuple(vec![Term::Value(at), item]))
            }
            Stage::Take(_, count) => self.counted(*count).map(|_| item),
            Stage::Zip {
                other,
                count,
                first,
            } => {
                if !first {
                    self.stop_at_end(other, *count, ending)?;
                }
                let at = self.counted(*count)?;
                let beside = self.item(other, &at)?;
                Some(Term::Tuple(match first {
                    true => vec![beside, item],
                    false => vec![item, beside],
                }))
            }
            Stage::Skip(skipped, count) => {
                let passed = self.hidden_value(*count)?;
                let on = self.index(&[passed, skipped.clone()], &|holes| {
                    let (passed, skipped) = (&holes[0], &holes[1]);
                    syn::parse_quote!(#passed < #skipped)
                })?;
                self.unless(on, &mut |lowering| {
                    lowering.counted(*count)?;
                    lowering.skip_iteration()
                })?;
                Some(item)
            }
            Stage::StepBy(step, count) => {
                let at = self.counted(*count)?;
                let on = self.index(&[at, step.clone()], &|holes| {
                    let (at, step) = (&holes[0], &holes[1]);
                    syn::parse_quote!(#at % #step != 0)
                })?;
                self.unless(on, &mut |lowering| lowering.skip_iteration())?;
                Some(item)
            }
            _ => Some(item),
        }
    }

    /// The value of a counter, which goes on.
    pub(super) fn counted(&mut self, count: BindingId) -> Option<Operand> {
        let at = self.hidden_value(count)?;
        let next = self.index(
            std::slice::from_ref(&at),
            &|holes| syn::parse_quote!(#(#holes)* + 1),
        )?;
        self.scope.assign(count, Some(Term::Value(next)));
        Some(at)
    }

    /// Goes on unless a condition holds; then `otherwise` leaves.
    pub(super) fn unless(
        &mut self,
        condition: Operand,
        otherwise: &mut dyn FnMut(&mut Self) -> Option<Term>,
    ) -> Option<Term> {
        self.switch(
            Selector::Bool(condition),
            2,
            &Kind::Inert,
            &mut |lowering, arm| match arm {
                0 => otherwise(lowering),
                _ => Some(lowering.unit()),
            },
        )
    }

    /// Before anything is asked of the source: iterators that have had their number of items end here.
    pub(super) fn stop_early(&mut self, stages: &[Due<'_>]) -> Option<()> {
        for due in stages {
            match due.stage {
                Stage::Take(limit, count) => self.stop_at(limit.clone(), *count, due.ending)?,
                Stage::Zip {
                    other,
                    count,
                    first: true,
                } => self.stop_at_end(other, *count, due.ending)?,
                _ => {}
            }
        }
        Some(())
    }

    pub(super) fn stop_at_end(
        &mut self,
        other: &Source,
        count: BindingId,
        ending: Option<Ending>,
    ) -> Option<()> {
        match self.length(other)? {
            Some(length) => self.stop_at(length, count, ending),
            None => Some(()),
        }
    }

    pub(super) fn stop_at(
        &mut self,
        limit: Operand,
        count: BindingId,
        ending: Option<Ending>,
    ) -> Option<()> {
        let count = self.hidden_value(count)?;
        let on = self.index(&[count, limit], &|holes| {
            let (count, limit) = (&holes[0], &holes[1]);
            syn::parse_quote!(#count >= #limit)
        })?;
        self.unless(on, &mut |lowering| lowering.go_elsewhere(ending))
            .map(|_| ())
    }

    /// Ends an iterator, or skips one of its items.
    pub(super) fn go_elsewhere(&mut self, ending: Option<Ending>) -> Option<Term> {
        match ending {
            None => self.skip_iteration(),
            Some(Ending::Leave { frame }) => self.leave(frame),
            Some(Ending::Skip { done }) => {
                let yes = self.inert_literal(quote!(true));
                self.scope.assign(done, Some(Term::Value(yes)));
                self.skip_iteration()
            }
        }
    }
}
