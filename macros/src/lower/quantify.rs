//! Ends of a chain that ask something of its items: `any`, `all`, `position`, `count`; and `reduce`.

use quote::quote;
use syn::{Expr, ExprMethodCall};

use super::scope::{BindingId, Term};
use super::Lowering;
use crate::ir::{Kind, Literal, Operand, Selector};

impl Lowering<'_> {
    /// `any(test)`, `all(test)`: the first item that decides ends the loop.
    pub(super) fn decide(
        &mut self,
        call: &ExprMethodCall,
        test: &Expr,
        deciding: bool,
    ) -> Option<Term> {
        let decided = self.flag();
        let (chain, plan) = self.ending(call, vec![decided])?;
        let test = self.function(test)?;
        let frame = self.frames.len();
        self.each(&chain, plan, false, &mut |lowering, item, _| {
            let on = lowering.holds(&test, item)?;
            lowering.leave_if(on, deciding, frame, decided)
        })?;
        let decided = self.hidden_value(decided)?;
        match deciding {
            true => Some(Term::Value(decided)),
            false => self
                .index(&[decided], &|holes| syn::parse_quote!(!#(#holes)*))
                .map(Term::Value),
        }
    }

    /// `position(test)`
    pub(super) fn position_of(&mut self, call: &ExprMethodCall, test: &Expr) -> Option<Term> {
        let (found, count) = (self.flag(), self.counter());
        let (chain, plan) = self.ending(call, vec![found, count])?;
        let test = self.function(test)?;
        let frame = self.frames.len();
        self.each(&chain, plan, false, &mut |lowering, item, _| {
            let on = lowering.holds(&test, item)?;
            lowering.leave_if(on, true, frame, found)?;
            lowering.counted(count).map(|_| ())
        })?;
        Some(Term::Maybe {
            some: self.hidden_value(found)?,
            payload: Box::new(Term::Value(self.hidden_value(count)?)),
        })
    }

    /// `count()`
    pub(super) fn count(&mut self, call: &ExprMethodCall) -> Option<Term> {
        let count = self.counter();
        let (chain, plan) = self.ending(call, vec![count])?;
        self.each(&chain, plan, false, &mut |lowering, _, _| {
            lowering.counted(count).map(|_| ())
        })?;
        self.hidden_value(count).map(Term::Value)
    }

    /// `reduce(function)`
    pub(super) fn reduce_items(
        &mut self,
        call: &ExprMethodCall,
        function: &Expr,
        want: &Kind,
    ) -> Option<Term> {
        let kind = Some(want.payload())
            .filter(Kind::is_float)
            .unwrap_or_else(|| self.item_kind(call));
        let (started, held) = (
            self.flag(),
            self.hidden(
                "held",
                Operand::Literal(Literal::number(0.0, kind.clone())),
                &kind,
            ),
        );
        let (chain, plan) = self.ending(call, vec![started, held])?;
        let function = self.function(function)?;
        self.each(&chain, plan, false, &mut |lowering, item, _| {
            if !lowering.kind_of_term(&item).join(&kind).is_float() {
                return lowering.refuse_adaptor(call);
            }
            let item = lowering.operand_of(item, &kind)?;
            let on = lowering.hidden_value(started)?;
            let next = lowering.switch(Selector::Bool(on), 2, &kind, &mut |lowering, arm| {
                let item = Term::Value(item.clone());
                match arm {
                    0 => {
                        let held = Term::Value(lowering.hidden_value(held)?);
                        lowering.applied_to(&function, vec![held, item])
                    }
                    _ => Some(item),
                }
            })?;
            let next = lowering.operand_of(next, &kind)?;
            lowering.scope.assign(held, Some(Term::Value(next)));
            lowering.raise(started);
            Some(())
        })?;
        Some(Term::Maybe {
            some: self.hidden_value(started)?,
            payload: Box::new(Term::Value(self.hidden_value(held)?)),
        })
    }

    fn holds(&mut self, test: &super::iterators::Function, item: Term) -> Option<Operand> {
        let term = self.applied(test, item)?;
        self.operand_of(term, &Kind::Inert)
    }

    /// Leaves the loop, with a flag raised, if a condition is as it must be.
    fn leave_if(
        &mut self,
        on: Operand,
        condition: bool,
        frame: usize,
        flag: BindingId,
    ) -> Option<()> {
        let leaving = usize::from(!condition);
        self.switch(Selector::Bool(on), 2, &Kind::Inert, &mut |lowering, arm| {
            if arm != leaving {
                return Some(lowering.unit());
            }
            lowering.raise(flag);
            lowering.leave(frame)
        })
        .map(|_| ())
    }

    /// A flag of ours is true from here on.
    pub(super) fn raise(&mut self, flag: BindingId) {
        let yes = self.inert_literal(quote!(true));
        self.scope.assign(flag, Some(Term::Value(yes)));
    }
}
