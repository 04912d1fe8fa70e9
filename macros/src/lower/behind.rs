//! One sequence behind another: `a.chain(b)`. Which of them an item comes from is known when the loop runs.

use super::iterators::{Chain, Source, Stage};
use super::positions::{binary, dereferenced};
use super::scope::Term;
use super::Lowering;
use crate::diagnostics::Slug;
use crate::ir::{By, Kind, Operand, Proj, Selector};

/// What is done with an item.
type Then<'t, 'a> = dyn FnMut(&mut Lowering<'a>, Term) -> Option<()> + 't;

impl<'a> Lowering<'a> {
    /// Does something with the item at a position. Where that is a reference into one of two sequences, it is done in
    /// the arms of a branch: no reference stands for either.
    pub(super) fn with_item(
        &mut self,
        source: &Source,
        at: &Operand,
        then: &mut Then<'_, 'a>,
    ) -> Option<()> {
        if self.is_joined(source) {
            let item = self.item(source, at)?;
            return then(self, item);
        }
        match source {
            Source::Chain(a, b) => self.in_either(a, b, at, then),
            Source::Zip(a, b) => self.with_item(a, at, &mut |lowering, left| {
                lowering.with_item(b, at, &mut |lowering, right| {
                    then(lowering, Term::Tuple(vec![left.clone(), right]))
                })
            }),
            Source::Enumerate(inner) => self.with_item(inner, at, &mut |lowering, item| {
                let at = Term::Value(at.clone());
                then(lowering, Term::Tuple(vec![at, item]))
            }),
            Source::Map(inner, function) => self.with_item(inner, at, &mut |lowering, item| {
                let item = lowering.applied(function, item)?;
                then(lowering, item)
            }),
            Source::Copied(inner) => self.with_item(inner, at, &mut |lowering, item| {
                then(lowering, dereferenced(item))
            }),
            Source::Rev(inner)
            | Source::StepBy(inner, _)
            | Source::Skip(inner, _)
            | Source::Take(inner, _)
            | Source::Cycle(inner) => {
                let at = self.position_inside(source, at)?;
                self.with_item(inner, &at, then)
            }
            source => {
                let item = self.item(source, at)?;
                then(self, item)
            }
        }
    }

    fn in_either(
        &mut self,
        a: &Source,
        b: &Source,
        at: &Operand,
        then: &mut Then<'_, 'a>,
    ) -> Option<()> {
        let Some(length) = self.length(a)? else {
            return self.with_item(a, at, then);
        };
        let first = self.is_before(at, &length)?;
        self.switch(
            Selector::Bool(first),
            2,
            &Kind::Inert,
            &mut |lowering, arm| {
                match arm {
                    0 => lowering.with_item(a, at, then)?,
                    _ => {
                        let at = lowering.less(at, &length)?;
                        lowering.with_item(b, &at, then)?;
                    }
                }
                Some(lowering.unit())
            },
        )
        .map(|_| ())
    }

    /// An item of one sequence or the other, by value.
    pub(super) fn item_of_two(&mut self, a: &Source, b: &Source, at: &Operand) -> Option<Term> {
        let Some(length) = self.length(a)? else {
            return self.item(a, at);
        };
        let first = self.is_before(at, &length)?;
        let mut referred = true;
        let item = self.switch(
            Selector::Bool(first),
            2,
            &Kind::Unknown,
            &mut |lowering, arm| {
                let item = match arm {
                    0 => lowering.item(a, at)?,
                    _ => {
                        let at = lowering.less(at, &length)?;
                        lowering.item(b, &at)?
                    }
                };
                referred &= matches!(item, Term::Ref { .. });
                lowering.by_value(item)
            },
        )?;
        match item {
            // What the user sees as a reference is followed by `*`.
            Term::Place(place) if referred => Some(Term::Ref {
                place,
                mutable: false,
            }),
            item => Some(item),
        }
    }

    fn is_before(&mut self, at: &Operand, length: &Operand) -> Option<Operand> {
        self.index(&[at.clone(), length.clone()], &|holes| {
            binary(holes, |a, b| syn::parse_quote!(#a < #b))
        })
    }

    fn less(&mut self, at: &Operand, length: &Operand) -> Option<Operand> {
        self.index(&[at.clone(), length.clone()], &|holes| {
            binary(holes, |a, b| syn::parse_quote!(#a - #b))
        })
    }

    /// A copy of an item would not be what is written to.
    fn by_value(&mut self, item: Term) -> Option<Term> {
        match item {
            Term::Ref {
                place,
                mutable: true,
            } => {
                let span = self.info(place.root).name.span();
                self.refuse(Slug::StoredReference, span, "")
            }
            Term::Tuple(parts) => {
                let parts = parts.into_iter().map(|part| self.by_value(part));
                parts.collect::<Option<_>>().map(Term::Tuple)
            }
            item => Some(dereferenced(item)),
        }
    }

    /// Whether the items of every two sequences in there are values, of which one can stand for either.
    fn is_joined(&self, source: &Source) -> bool {
        match source {
            Source::Chain(a, b) => self.has_values(a) && self.has_values(b),
            Source::Zip(a, b) => self.is_joined(a) && self.is_joined(b),
            Source::Rev(inner)
            | Source::Enumerate(inner)
            | Source::Map(inner, _)
            | Source::Copied(inner)
            | Source::StepBy(inner, _)
            | Source::Skip(inner, _)
            | Source::Take(inner, _)
            | Source::Cycle(inner) => self.is_joined(inner),
            _ => true,
        }
    }

    /// Whether a copy of an item is as good as the item.
    fn has_values(&self, source: &Source) -> bool {
        match source {
            Source::Elements { place, by } => {
                let element = place.clone().then(Proj::Index(super::positions::zero()));
                *by == By::Value || *by == By::Ref && self.kind_of_place(&element).is_scalar()
            }
            Source::Windows { .. } | Source::Chunks { .. } => false,
            Source::Range { .. } | Source::Map(..) | Source::Copied(_) => true,
            Source::Repeated(item) => !matches!(**item, Term::Ref { .. }),
            Source::Rev(inner)
            | Source::Enumerate(inner)
            | Source::StepBy(inner, _)
            | Source::Skip(inner, _)
            | Source::Take(inner, _)
            | Source::Cycle(inner)
            | Source::Rest { source: inner, .. } => self.has_values(inner),
            Source::Zip(a, b) | Source::Chain(a, b) => self.has_values(a) && self.has_values(b),
            Source::Staged(chain, _) => makes_values(chain) || self.has_values(&chain.source),
        }
    }
}

/// Whether a stage makes new items.
fn makes_values(chain: &Chain) -> bool {
    let makes = |stage: &Stage| {
        matches!(
            stage,
            Stage::Map(_)
                | Stage::Copied
                | Stage::FilterMap(_)
                | Stage::MapWhile(_)
                | Stage::FlatMap(..)
                | Stage::Scan(..)
                | Stage::Successors(..)
        )
    };
    chain.stages.iter().any(makes)
}
