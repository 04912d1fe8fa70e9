//! Loops over iterators: `for`, and the methods that end a chain.

use proc_macro2::Ident;
use quote::{quote, ToTokens};
use syn::visit::Visit;
use syn::{Expr, ExprForLoop, ExprMethodCall};

use super::iterators::{Chain, Source, Stage};
use super::known::literal;
use super::loops::{Heading, Plan};
use super::positions::{dereferenced, zero};
use super::scope::{Binding, BindingId, Term};
use super::Lowering;
use crate::ir::{BinOp, Kind, Operand, Selector};

impl Lowering<'_> {
    /// `for p in e { … }`
    pub(super) fn for_loop(&mut self, each: &ExprForLoop) -> Option<Term> {
        let chain = self.iterable(&each.expr)?;
        let assigned = self.assigned(|scan| {
            scan.visit_expr(&each.expr);
            scan.visit_expr_for_loop(each);
        });
        let name = format!(
            "for {} in {}",
            each.pat.to_token_stream(),
            each.expr.to_token_stream()
        );
        let plan = self.plan(
            &each.attrs,
            each.label.as_ref(),
            each.for_token.span,
            name,
            assigned,
        )?;
        self.each(&chain, plan, false, &mut |lowering, item, _| {
            lowering.bind_irrefutable(&each.pat, item)?;
            lowering.block(&each.body, &Kind::Inert).map(|_| ())
        })
    }

    /// A loop over a chain. `positions` asks for an index that counts from zero in the order of iteration.
    pub(super) fn each(
        &mut self,
        chain: &Chain,
        plan: Plan,
        positions: bool,
        body: &mut dyn FnMut(&mut Self, Term, Operand) -> Option<()>,
    ) -> Option<Term> {
        let (head, source) = self.heading(&chain.source, positions)?;
        let plan = Plan { head, ..plan };
        self.run(plan, &mut |lowering, index| {
            let index = Operand::Var(index?);
            let mut item = match source {
                Some(source) => lowering.item(source, &index)?,
                None => Term::Value(index.clone()),
            };
            for stage in &chain.stages {
                item = lowering.stage(stage, item)?;
            }
            body(lowering, item, index)
        })
    }

    /// How to count through a sequence, and what the index is a position of (`None`: it is the item itself).
    pub(super) fn heading<'s>(
        &mut self,
        source: &'s Source,
        positions: bool,
    ) -> Option<(Heading, Option<&'s Source>)> {
        if !positions {
            match source {
                Source::Range { .. } => {
                    return Some((self.range_heading(source, None, false)?, None))
                }
                Source::StepBy(inner, step) => match &**inner {
                    Source::Range { .. } => {
                        return Some((self.range_heading(inner, Some(step.clone()), false)?, None))
                    }
                    Source::Rev(inner) if matches!(**inner, Source::Range { .. }) => {
                        return Some((self.range_heading(inner, Some(step.clone()), true)?, None));
                    }
                    _ => {}
                },
                Source::Rev(inner) if matches!(**inner, Source::Range { .. }) => {
                    return Some((self.range_heading(inner, None, true)?, None));
                }
                Source::Rev(inner) => {
                    let end = self.bound(inner)?;
                    let head = Heading::Counted {
                        start: zero(),
                        end,
                        inclusive: false,
                        step: None,
                        reverse: true,
                    };
                    return Some((head, Some(inner)));
                }
                _ => {}
            }
        }
        let end = self.bound(source)?;
        Some((
            Heading::Counted {
                start: zero(),
                end,
                inclusive: false,
                step: None,
                reverse: false,
            },
            Some(source),
        ))
    }

    pub(super) fn range_heading(
        &mut self,
        range: &Source,
        step: Option<Operand>,
        reverse: bool,
    ) -> Option<Heading> {
        let Source::Range {
            start,
            end,
            inclusive,
        } = range
        else {
            return None;
        };
        let end = end.clone().unwrap_or_else(unbounded);
        Some(Heading::Counted {
            start: start.clone(),
            end,
            inclusive: *inclusive,
            step,
            reverse,
        })
    }

    pub(super) fn bound(&mut self, source: &Source) -> Option<Operand> {
        Some(self.length(source)?.unwrap_or_else(unbounded))
    }

    pub(super) fn stage(&mut self, stage: &Stage, item: Term) -> Option<Term> {
        match stage {
            Stage::Map(function) => self.apply(function, vec![item], &Kind::Unknown),
            Stage::Copied => Some(dereferenced(item)),
            Stage::Inspect(look) => {
                self.apply(look, vec![item.clone()], &Kind::Inert)?;
                Some(item)
            }
            Stage::Filter(test) => {
                self.keep_if(test, &item, false)?;
                Some(item)
            }
            Stage::TakeWhile(test) => {
                self.keep_if(test, &item, true)?;
                Some(item)
            }
        }
    }

    /// Goes on with an item if the test holds, else skips it (or ends the loop).
    pub(super) fn keep_if(&mut self, test: &Expr, item: &Term, end: bool) -> Option<Term> {
        let kept = self.apply(test, vec![item.clone()], &Kind::Inert)?;
        let on = self.operand_of(kept, &Kind::Inert)?;
        self.switch(
            Selector::Bool(on),
            2,
            &Kind::Inert,
            &mut |lowering, arm| match (arm, end) {
                (0, _) => Some(lowering.unit()),
                (_, true) => lowering.leave_innermost(),
                (_, false) => lowering.skip_iteration(),
            },
        )
    }

    /// A chain as an expression: its end, or an iterator to be bound to a name.
    pub(super) fn chain(&mut self, call: &ExprMethodCall, want: &Kind) -> Option<Term> {
        let name = call.method.to_string();
        let arguments: Vec<&Expr> = call.args.iter().collect();
        match (name.as_str(), arguments.as_slice()) {
            ("sum", []) => self.reduce(call, BinOp::Add, want),
            ("product", []) => self.reduce(call, BinOp::Mul, want),
            ("fold", [init, function]) => self.fold(call, init, function, want),
            ("for_each", [function]) => self.for_each(call, function),
            ("min_by", [compare]) => self.best(call, compare, true),
            ("max_by", [compare]) => self.best(call, compare, false),
            ("collect", []) => self.collect(call, want),
            ("last", []) => self.pick(call, None, true),
            ("next", []) => self.pick(call, None, false),
            ("nth", [position]) => self.pick(call, Some(position), false),
            _ => {
                let expr = Expr::MethodCall(call.clone());
                let chain = self.parsed(|lowering| lowering.iterable(&expr))?;
                Some(Term::Chain(chain.into()))
            }
        }
    }

    /// The loop that ends a chain.
    pub(super) fn ending(
        &mut self,
        call: &ExprMethodCall,
        mut carried: Vec<BindingId>,
    ) -> Option<(Chain, Plan)> {
        let chain = self.iterable(&call.receiver)?;
        carried.extend(self.assigned(|scan| scan.visit_expr_method_call(call)));
        let name = call.to_token_stream().to_string();
        let plan = self.plan(&[], None, call.method.span(), name, carried)?;
        Some((chain, plan))
    }

    /// A variable of ours that a loop carries.
    pub(super) fn hidden(&mut self, name: &str, init: Operand, kind: &Kind) -> BindingId {
        let name = Ident::new(name, proc_macro2::Span::call_site());
        let binding = Binding {
            name,
            term: Some(Term::Value(init)),
            kind: kind.clone(),
            ty: None,
            mutable: true,
        };
        self.scope.hide(binding)
    }

    pub(super) fn hidden_value(&self, id: BindingId) -> Option<Operand> {
        match self.scope.binding(id)?.term.as_ref()? {
            Term::Value(value) => Some(value.clone()),
            _ => None,
        }
    }

    pub(super) fn for_each(&mut self, call: &ExprMethodCall, function: &Expr) -> Option<Term> {
        let (chain, plan) = self.ending(call, Vec::new())?;
        self.each(&chain, plan, false, &mut |lowering, item, _| {
            lowering
                .apply(function, vec![item], &Kind::Inert)
                .map(|_| ())
        })
    }
}

/// A bound that is never reached.
fn unbounded() -> Operand {
    literal(&quote!(::core::primitive::usize::MAX), Kind::Inert, None)
}
