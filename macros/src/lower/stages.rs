//! Loops over iterators, and what happens to an item on its way to the body: it may be skipped, or be the last.

use proc_macro2::Span;

use super::iterators::{Chain, Source, Stage};
use super::loops::{FrameKind, Heading, Plan};
use super::positions::dereferenced;
use super::scope::{BindingId, Term};
use super::Lowering;
use crate::diagnostics::Slug;
use crate::ir::{By, Kind, Operand};

/// What is done with every item, and with the position it came from.
type Body<'b, 'a> = dyn FnMut(&mut Lowering<'a>, Term, Operand) -> Option<()> + 'b;

/// What ends an iterator before its source ends.
#[derive(Clone, Copy)]
pub(super) enum Ending {
    /// Leaving the loop.
    Leave { frame: usize },
    /// The first of two that are chained: all further items are skipped.
    Skip { done: BindingId },
}

/// A stage that is due, and how its iterator ends; none if it is the next loop's.
#[derive(Clone, Copy)]
pub(super) struct Due<'s> {
    pub(super) stage: &'s Stage,
    pub(super) ending: Option<Ending>,
}

/// What loops inside of a loop over an iterator have in common with it.
struct Around {
    span: Span,
    name: String,
    label: Option<String>,
    assigned: Vec<BindingId>,
}

impl<'a> Lowering<'a> {
    /// A loop over a chain. `positions` asks for an index that counts from zero in the order of iteration.
    pub(super) fn each(
        &mut self,
        chain: &Chain,
        plan: Plan,
        positions: bool,
        body: &mut Body<'_, 'a>,
    ) -> Option<Term> {
        let mut plan = plan;
        plan.carry(chain.carried());
        let due = |stage| Due {
            stage,
            ending: None,
        };
        let stages: Vec<Due<'_>> = chain.stages.iter().map(due).collect();
        self.drive(&chain.source, &stages, plan, positions, body)
    }

    fn drive(
        &mut self,
        source: &Source,
        stages: &[Due<'_>],
        plan: Plan,
        positions: bool,
        body: &mut Body<'_, 'a>,
    ) -> Option<Term> {
        let around = Around {
            span: plan.span,
            name: plan.name.clone(),
            label: plan.label.clone(),
            assigned: plan.assigned.clone(),
        };
        let (head, source) = self.heading(source, positions)?;
        self.run(Plan { head, ..plan }, &mut |lowering, index| {
            let index = Operand::Var(index?);
            let frame = lowering.frames.len().checked_sub(1)?;
            let stages = within(stages, Ending::Leave { frame });
            lowering.stop_early(&stages)?;
            let Some(source) = source else {
                let item = Term::Value(index.clone());
                return lowering.through(&stages, item, index, &around, body);
            };
            lowering.with_item(source, &index, &mut |lowering, item| {
                lowering.through(&stages, item, index.clone(), &around, body)
            })
        })
    }

    /// An item on its way through the stages, to the body.
    fn through(
        &mut self,
        stages: &[Due<'_>],
        mut item: Term,
        index: Operand,
        around: &Around,
        body: &mut Body<'_, 'a>,
    ) -> Option<()> {
        for (position, due) in stages.iter().enumerate() {
            let Stage::FlatMap(function, span) = due.stage else {
                item = self.stage(due, item)?;
                continue;
            };
            if let Some(function) = function {
                item = self.applied(function, item)?;
            }
            if self.is_maybe(&item) {
                item = self.payload_or(item, None)?;
                continue;
            }
            let inner = self.items_of(item, *span)?;
            let own = inner.stages.iter().map(|stage| Due {
                stage,
                ending: None,
            });
            let stages: Vec<Due<'_>> = own
                .chain(stages.iter().skip(position + 1).copied())
                .collect();
            let plan = around.inside(&inner);
            return self
                .drive(&inner.source, &stages, plan, false, body)
                .map(|_| ());
        }
        body(self, item, index)
    }

    /// The iterator that an item is.
    pub(super) fn items_of(&mut self, item: Term, span: Span) -> Option<Chain> {
        let by = |mutable| if mutable { By::RefMut } else { By::Ref };
        let (place, by) = match item {
            Term::Chain(chain) => return self.renewed(&chain),
            Term::Value(range) if self.kind_of_operand(&range).is_inert() => {
                return self.range_value(range).map(Chain::of)
            }
            Term::Ref { place, mutable } => (place, by(mutable)),
            item => (self.place_of(item)?, By::Value),
        };
        match self.kind_of_place(&place) {
            Kind::Array(_) | Kind::Slice(_) | Kind::Vec(_) => {
                Some(Chain::of(Source::Elements { place, by }))
            }
            Kind::Unknown => {
                self.confirm_sequence(&place, span);
                Some(Chain::of(Source::Elements { place, by }))
            }
            _ => self.refuse(Slug::UnsupportedAdaptor, span, "`flatten`"),
        }
    }

    pub(super) fn is_maybe(&self, item: &Term) -> bool {
        matches!(self.kind_of_term(item), Kind::Option(_) | Kind::Result(_))
    }

    /// What a stage makes of an item.
    pub(super) fn stage(&mut self, due: &Due<'_>, item: Term) -> Option<Term> {
        let ending = due.ending;
        match due.stage {
            Stage::Map(function) => self.applied(function, item),
            Stage::Copied => Some(dereferenced(item)),
            Stage::FlatMap(..) => Some(item),
            Stage::Inspect(look) => {
                self.looked_at(look, item.clone())?;
                Some(item)
            }
            Stage::Filter(test) => {
                self.keep_if(test, &item, None)?;
                Some(item)
            }
            Stage::TakeWhile(test) => {
                self.keep_if(test, &item, ending)?;
                Some(item)
            }
            Stage::SkipWhile(test, started) => {
                self.once_started(test, &item, *started)?;
                Some(item)
            }
            Stage::FilterMap(function) => {
                let made = self.applied(function, item)?;
                self.payload_or(made, None)
            }
            Stage::MapWhile(function) => {
                let made = self.applied(function, item)?;
                self.payload_or(made, ending)
            }
            Stage::Scan(function, state) => {
                let state = Term::Ref {
                    place: state.clone(),
                    mutable: true,
                };
                let made = self.applied_to(function, vec![state, item])?;
                self.payload_or(made, ending)
            }
            Stage::Successors(function, state) => {
                let made = self.successor(function, state, item)?;
                self.payload_or(made, ending)
            }
            stage => self.counting(stage, item, ending),
        }
    }
}

impl Around {
    /// The plan of a loop over the items of an item.
    fn inside(&self, inner: &Chain) -> Plan {
        let mut plan = Plan {
            span: self.span,
            name: self.name.clone(),
            label: self.label.clone(),
            limit: None,
            head: Heading::Forever,
            assigned: self.assigned.clone(),
            kind: FrameKind::Inner,
        };
        plan.carry(inner.carried());
        plan
    }
}

/// Stages whose iterator is that of a loop.
pub(super) fn within<'s>(stages: &[Due<'s>], ending: Ending) -> Vec<Due<'s>> {
    let owned = stages.iter().map(|due| Due {
        stage: due.stage,
        ending: due.ending.or(Some(ending)),
    });
    owned.collect()
}
