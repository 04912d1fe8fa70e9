//! What can be asked of an iterator: whether positions say all of its items, what it counts with, how it ends.

use super::iterators::{Chain, Function, Source, Stage};
use super::scope::BindingId;
use crate::ir::Kind;

impl Chain {
    /// A sequence without stages.
    pub fn of(source: Source) -> Self {
        Chain {
            source,
            stages: Vec::new(),
            cursor: None,
        }
    }

    /// Says what its items are: what its last function ends with may leave its own type to inference.
    pub(super) fn gives(&mut self, item: &Kind) {
        if let ([.., Stage::Map(function)], _) | ([], Source::Map(_, function)) =
            (&mut self.stages[..], &mut self.source)
        {
            if !item.is_scalar() {
                function.gives = item.clone();
            }
        }
    }

    /// Whether its items are found by their position.
    pub fn is_positional(&self) -> bool {
        self.stages.is_empty() && !self.source.is_staged()
    }

    /// Whether its stages do the same from the other end.
    pub(super) fn is_reversible(&self) -> bool {
        !self.source.is_staged()
            && self.stages.iter().all(|stage| {
                matches!(
                    stage,
                    Stage::Filter(_)
                        | Stage::Map(_)
                        | Stage::Copied
                        | Stage::Inspect(_)
                        | Stage::FilterMap(_)
                )
            })
    }

    /// Whether its items are those of iterators inside.
    pub(super) fn nests(&self) -> bool {
        self.stages
            .iter()
            .any(|stage| matches!(stage, Stage::FlatMap(..)))
    }

    pub(super) fn ends_early(&self) -> bool {
        self.stages.iter().any(|stage| {
            matches!(
                stage,
                Stage::TakeWhile(_)
                    | Stage::MapWhile(_)
                    | Stage::Scan(..)
                    | Stage::Successors(..)
                    | Stage::Zip { .. }
                    | Stage::Take(..)
            )
        })
    }

    /// As one of two that are chained.
    pub(super) fn part(self, done: Option<BindingId>) -> Source {
        match self.stages.is_empty() {
            true => self.source,
            false => Source::Staged(Box::new(self), done),
        }
    }

    /// The variables that its stages count with.
    pub fn states<'c>(&'c mut self, found: &mut Vec<&'c mut BindingId>) {
        self.source.states(found);
        for stage in &mut self.stages {
            match stage {
                Stage::Enumerate(state)
                | Stage::SkipWhile(_, state)
                | Stage::Take(_, state)
                | Stage::Skip(_, state)
                | Stage::StepBy(_, state)
                | Stage::Zip { count: state, .. } => found.push(state),
                _ => {}
            }
        }
    }

    /// The variables that a loop over it carries.
    pub fn carried(&self) -> Vec<BindingId> {
        let mut chain = self.clone();
        let mut found = Vec::new();
        chain.states(&mut found);
        let mut ids: Vec<BindingId> = found.into_iter().map(|id| *id).collect();
        ids.extend(self.cursor);
        if let Source::Rest { cursor, .. } = self.source.innermost() {
            ids.push(*cursor);
        }
        ids
    }
}

impl Source {
    /// What a single sequence was made of.
    pub(super) fn innermost(&self) -> &Source {
        match self {
            Source::Rev(inner)
            | Source::StepBy(inner, _)
            | Source::Skip(inner, _)
            | Source::Take(inner, _)
            | Source::Enumerate(inner)
            | Source::Map(inner, _)
            | Source::Cycle(inner)
            | Source::Copied(inner) => inner.innermost(),
            source => source,
        }
    }

    /// Whether its items move a variable on.
    pub fn is_rest(&self) -> bool {
        matches!(self.innermost(), Source::Rest { .. })
    }

    /// Whether a part of it has stages.
    pub(super) fn is_staged(&self) -> bool {
        match self.innermost() {
            Source::Staged(..) => true,
            Source::Zip(a, b) | Source::Chain(a, b) => a.is_staged() || b.is_staged(),
            _ => false,
        }
    }

    pub(super) fn states<'c>(&'c mut self, found: &mut Vec<&'c mut BindingId>) {
        match self {
            Source::Rev(inner)
            | Source::StepBy(inner, _)
            | Source::Skip(inner, _)
            | Source::Take(inner, _)
            | Source::Enumerate(inner)
            | Source::Map(inner, _)
            | Source::Cycle(inner)
            | Source::Copied(inner) => inner.states(found),
            Source::Zip(a, b) | Source::Chain(a, b) => {
                a.states(found);
                b.states(found);
            }
            Source::Staged(chain, done) => {
                chain.states(found);
                found.extend(done);
            }
            _ => {}
        }
    }
}

impl Chain {
    /// The functions that make items of items, where a position says all there is to know of an item.
    pub(super) fn makers(&self) -> Option<Vec<&Function>> {
        if self.source.is_rest() || !Chain::of(self.source.clone()).is_positional() {
            return None;
        }
        let mut makers = Vec::new();
        for stage in &self.stages {
            match stage {
                Stage::Map(function) | Stage::FilterMap(function) | Stage::MapWhile(function) => {
                    makers.push(function)
                }
                Stage::Enumerate(_)
                | Stage::Zip { .. }
                | Stage::Scan(..)
                | Stage::Successors(..)
                | Stage::FlatMap(..) => return None,
                _ => {}
            }
        }
        Some(makers)
    }
}

impl Chain {
    /// Whether its items are parts of memory, found without computing anything that could fail.
    pub(super) fn only_names(&self) -> bool {
        let names = |stage: &Stage| {
            !matches!(
                stage,
                Stage::Map(_) | Stage::FilterMap(_) | Stage::MapWhile(_) | Stage::Successors(..)
            )
        };
        self.source.only_names() && self.stages.iter().all(names)
    }
}

impl Source {
    pub(super) fn only_names(&self) -> bool {
        match self {
            Source::Range { .. } | Source::Elements { .. } | Source::Windows { .. } => true,
            Source::StepBy(inner, _)
            | Source::Skip(inner, _)
            | Source::Take(inner, _)
            | Source::Enumerate(inner)
            | Source::Copied(inner) => inner.only_names(),
            Source::Zip(a, b) => a.only_names() && b.only_names(),
            _ => false,
        }
    }
}
