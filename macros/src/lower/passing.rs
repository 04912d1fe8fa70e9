//! What decides whether an item passes, and what is made of one that does.

use quote::quote;
use syn::Expr;

use super::iterators::{Chain, Function, Stage};
use super::positions::dereferenced;
use super::scope::{BindingId, Term};
use super::stages::{within, Due, Ending};
use super::Lowering;
use crate::ir::{Kind, Operand, Selector};

impl Lowering<'_> {
    /// Goes on with an item if the test holds, else skips it, or ends its iterator.
    pub(super) fn keep_if(
        &mut self,
        test: &Function,
        item: &Term,
        ending: Option<Ending>,
    ) -> Option<Term> {
        let kept = self.looked_at(test, item.clone())?;
        let on = self.operand_of(kept, &Kind::Inert)?;
        self.switch(
            Selector::Bool(on),
            2,
            &Kind::Inert,
            &mut |lowering, arm| match arm {
                0 => Some(lowering.unit()),
                _ => lowering.go_elsewhere(ending),
            },
        )
    }

    /// Skips items until the test has failed once.
    pub(super) fn once_started(
        &mut self,
        test: &Function,
        item: &Term,
        started: BindingId,
    ) -> Option<Term> {
        let on = self.hidden_value(started)?;
        self.switch(Selector::Bool(on), 2, &Kind::Inert, &mut |lowering, arm| {
            if arm == 0 {
                return Some(lowering.unit());
            }
            let skipped = lowering.looked_at(test, item.clone())?;
            let on = lowering.operand_of(skipped, &Kind::Inert)?;
            lowering.unless(on, &mut |lowering| lowering.skip_iteration())?;
            let yes = lowering.inert_literal(quote!(true));
            lowering.scope.assign(started, Some(Term::Value(yes)));
            Some(lowering.unit())
        })
    }

    /// What is inside of an option; without it the item is skipped, or its iterator ends.
    pub(super) fn payload_or(&mut self, option: Term, ending: Option<Ending>) -> Option<Term> {
        let parts = self.option_parts(option)?;
        let (some, payload) = parts.into_payload();
        self.switch(
            Selector::Bool(some),
            2,
            &Kind::Inert,
            &mut |lowering, arm| match arm {
                0 => Some(lowering.unit()),
                _ => lowering.go_elsewhere(ending),
            },
        )?;
        Some(payload)
    }

    /// The item at a position of a part that has stages.
    pub(super) fn staged_item(
        &mut self,
        chain: &Chain,
        done: Option<BindingId>,
        at: &Operand,
    ) -> Option<Term> {
        let ending = match done {
            Some(done) => {
                let on = self.hidden_value(done)?;
                self.unless(on, &mut |lowering| lowering.skip_iteration())?;
                Ending::Skip { done }
            }
            None => Ending::Leave {
                frame: self.frames.len().checked_sub(1)?,
            },
        };
        let due = |stage| Due {
            stage,
            ending: None,
        };
        let stages: Vec<Due<'_>> = chain.stages.iter().map(due).collect();
        let stages = within(&stages, ending);
        self.stop_early(&stages)?;
        let mut item = self.item(&chain.source, at)?;
        for due in &stages {
            item = self.stage(due, item)?;
        }
        Some(item)
    }

    /// The item at a position that has passed all stages before: what they make of it.
    pub(super) fn passed_item(&mut self, chain: &Chain, at: &Operand) -> Option<Term> {
        let mut item = self.item(&chain.source, at)?;
        for stage in &chain.stages {
            item = match stage {
                Stage::Map(function) => self.applied(function, item)?,
                Stage::Copied => dereferenced(item),
                Stage::FilterMap(function) | Stage::MapWhile(function) => {
                    let made = self.applied(function, item)?;
                    self.option_parts(made)?.into_payload().1
                }
                _ => item,
            };
        }
        Some(item)
    }

    /// Applies a function to an item that it only looks at.
    pub(super) fn looked_at(&mut self, function: &Function, item: Term) -> Option<Term> {
        if !function.by_reference {
            return self.applied(function, item);
        }
        if let (Term::Ref { .. } | Term::Tuple(_), Some(made)) = (&item, &function.of_reference) {
            if let Term::Closure(closure) = &**made {
                return self.inline(&closure.clone(), vec![item], &Kind::Unknown);
            }
        }
        let item = self.by_reference(item);
        self.applied(function, item)
    }

    /// A reference to an item; a value is put where it can be referred to.
    pub(super) fn by_reference(&mut self, item: Term) -> Term {
        let place = match item {
            Term::Place(place) | Term::Fresh(place) => place,
            Term::Value(value) => self.define_root(value),
            item => return item,
        };
        Term::Ref {
            place,
            mutable: false,
        }
    }

    /// Applies a function to an item.
    pub(super) fn applied(&mut self, function: &Function, item: Term) -> Option<Term> {
        self.applied_to(function, vec![item])
    }

    /// Applies a function of an adaptor.
    pub(super) fn applied_to(&mut self, function: &Function, arguments: Vec<Term>) -> Option<Term> {
        self.applied_for(function, arguments, &function.gives)
    }

    /// The same, where something is known of the result.
    pub(super) fn applied_for(
        &mut self,
        function: &Function,
        arguments: Vec<Term>,
        want: &Kind,
    ) -> Option<Term> {
        match &*function.made {
            Term::Closure(closure) => self.inline(&closure.clone(), arguments, want),
            _ => self.apply(&function.expr, arguments, want),
        }
    }

    /// Whether a function of an adaptor assigns nothing outside, so that it may be applied once more.
    pub(super) fn can_repeat(&self, function: &Expr) -> bool {
        self.assigned(|scan| syn::visit::Visit::visit_expr(scan, function))
            .is_empty()
    }
}
