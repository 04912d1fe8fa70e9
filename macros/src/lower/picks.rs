//! Ends of a chain that pick one of its items. Only a position goes round: the item is looked up where it is known.

use syn::{Expr, ExprMethodCall};

use super::iterators::{Chain, Function, Source, Stage};
use super::positions::{dereferenced, zero};
use super::scope::{BindingId, Term};
use super::Lowering;
use crate::ir::{Kind, Operand, Selector, Stmt, Wrapper};

/// How two items are compared; what has an order of its own is no float.
pub enum Order {
    /// By a function of both.
    By(Function),
    /// By what a function makes of each.
    OfKeys(Function),
    /// As they are.
    Own,
}

impl Lowering<'_> {
    /// `min_by`, `max_by` and their like
    pub(super) fn best(
        &mut self,
        call: &ExprMethodCall,
        order: &Order,
        first: bool,
    ) -> Option<Term> {
        let best = self.hidden("best", zero(), &Kind::Inert);
        let (chain, mut plan) = self.ending(call, vec![best])?;
        self.check_repeatable(&chain, call)?;
        let found = (!chain.is_positional()).then(|| self.flag());
        plan.carry(found.into_iter().collect());
        self.each(&chain, plan, true, &mut |lowering, item, index| {
            let next = match found {
                None => lowering.better(&chain, order, best, item, index, first)?,
                Some(found) => {
                    let on = lowering.hidden_value(found)?;
                    let next = lowering.switch(
                        Selector::Bool(on),
                        2,
                        &Kind::Inert,
                        &mut |lowering, arm| match arm {
                            0 => lowering
                                .better(&chain, order, best, item.clone(), index.clone(), first)
                                .map(Term::Value),
                            _ => Some(Term::Value(index.clone())),
                        },
                    )?;
                    lowering.raise(found);
                    lowering.operand_of(next, &Kind::Inert)?
                }
            };
            lowering.scope.assign(best, Some(Term::Value(next)));
            Some(())
        })?;
        let some = match found {
            Some(found) => self.hidden_value(found)?,
            None => {
                let length = self.bound(&chain.source)?;
                self.index(&[length], &|holes| syn::parse_quote!(#(#holes)* > 0))?
            }
        };
        let best = self.hidden_value(best)?;
        self.looked_up(some, &chain, &best)
    }

    /// The position of the better of two items: of the one held, and of one just come.
    fn better(
        &mut self,
        chain: &Chain,
        order: &Order,
        best: BindingId,
        item: Term,
        index: Operand,
        first: bool,
    ) -> Option<Operand> {
        let held = self.hidden_value(best)?;
        let other = self.passed_item(chain, &held)?;
        let order = self.ordering(order, other, item)?;
        self.index(&[order, held, index], &|holes| {
            let (order, held, index) = (&holes[0], &holes[1], &holes[2]);
            match first {
                true => syn::parse_quote!(if #order == ::core::cmp::Ordering::Greater { #index } else { #held }),
                false => syn::parse_quote!(if #order == ::core::cmp::Ordering::Greater { #held } else { #index }),
            }
        })
    }

    /// How one item compares with another.
    fn ordering(&mut self, order: &Order, one: Term, other: Term) -> Option<Operand> {
        let keys = match order {
            Order::By(compare) => {
                let both = vec![self.by_reference(one), self.by_reference(other)];
                let order = self.applied_to(compare, both)?;
                return self.operand_of(order, &Kind::Inert);
            }
            Order::OfKeys(key) => {
                let [one, other] = [self.by_reference(one), self.by_reference(other)];
                [self.applied(key, one)?, self.applied(key, other)?]
            }
            Order::Own => [one, other],
        };
        let [one, other] = keys.map(|key| self.operand_of(dereferenced(key), &Kind::Inert));
        self.index(&[one?, other?], &|keys| {
            let (one, other) = (&keys[0], &keys[1]);
            syn::parse_quote!(::core::cmp::Ord::cmp(&#one, &#other))
        })
    }

    /// `last()`, `next()`, `nth(k)`
    pub(super) fn pick(
        &mut self,
        call: &ExprMethodCall,
        position: Option<&Expr>,
        last: bool,
    ) -> Option<Term> {
        if let (false, Some(chain)) = (last, self.held(&call.receiver)) {
            return self.advance(call, &chain, position);
        }
        let mut chain = self.iterable(&call.receiver)?;
        let position = match position {
            Some(position) => Some(self.inert_operand(position)?),
            None => None,
        };
        if chain.is_positional() && !chain.source.is_rest() {
            return self.pick_at(&chain, position, last);
        }
        self.pass_over(&mut chain, position);
        self.search(call, &chain, last).map(|(_, term)| term)
    }

    /// An item at a known position, from the front or the last one.
    fn pick_at(&mut self, chain: &Chain, position: Option<Operand>, last: bool) -> Option<Term> {
        let length = self.bound(&chain.source)?;
        let position = match position {
            Some(position) => position,
            None if last => self.index(
                std::slice::from_ref(&length),
                &|holes| syn::parse_quote!(#(#holes)*.saturating_sub(1)),
            )?,
            None => zero(),
        };
        let some = self.before(&position, &length)?;
        self.looked_up(some, chain, &position)
    }

    fn before(&mut self, position: &Operand, length: &Operand) -> Option<Operand> {
        self.index(&[position.clone(), length.clone()], &|holes| {
            let (at, length) = (&holes[0], &holes[1]);
            syn::parse_quote!(#at < #length)
        })
    }

    fn pass_over(&mut self, chain: &mut Chain, position: Option<Operand>) {
        if let Some(position) = position {
            let count = self.counter();
            chain.stages.push(Stage::Skip(position, count));
        }
    }

    /// `find(test)`, `find_map(function)`: the next item that passes.
    pub(super) fn find(&mut self, call: &ExprMethodCall, function: &Expr) -> Option<Term> {
        let held = self.held(&call.receiver);
        let mut chain = match &held {
            Some(chain) => (**chain).clone(),
            None => self.iterable(&call.receiver)?,
        };
        chain.stages.push(match call.method == "find" {
            true => Stage::Filter(self.looking(function)?),
            false => Stage::FilterMap(self.function(function)?),
        });
        match held {
            Some(_) => self.advance(call, &chain, None),
            None => self.search(call, &chain, false).map(|(_, term)| term),
        }
    }

    /// Looks for the first or last item that comes through; also where it stands.
    fn search(
        &mut self,
        call: &ExprMethodCall,
        chain: &Chain,
        last: bool,
    ) -> Option<(Operand, Term)> {
        if !self.is_repeatable(chain) {
            return self.search_once(call, chain, last);
        }
        let best = self.hidden("best", zero(), &Kind::Inert);
        let found = self.flag();
        let mut plan = self.end_plan(call)?;
        plan.carry(vec![best, found]);
        let frame = self.frames.len();
        self.each(chain, plan, true, &mut |lowering, _, index| {
            lowering.scope.assign(best, Some(Term::Value(index)));
            lowering.raise(found);
            match last {
                true => Some(()),
                false => lowering.leave(frame).map(|_| ()),
            }
        })?;
        let (best, some) = (self.hidden_value(best)?, self.hidden_value(found)?);
        let term = self.looked_up(some, chain, &best)?;
        Some((best, term))
    }

    /// The next item of an iterator in a variable, which is moved on.
    fn advance(
        &mut self,
        call: &ExprMethodCall,
        chain: &Chain,
        position: Option<&Expr>,
    ) -> Option<Term> {
        let cursor = chain.cursor?;
        let position = match position {
            Some(position) => Some(self.inert_operand(position)?),
            None => None,
        };
        let from = self.hidden_value(cursor)?;
        let (at, term) = if chain.is_positional() {
            let at = match position {
                Some(position) => self.shifted(&from, &position)?,
                None => from,
            };
            let term = self.pick_at(&Chain::of(chain.source.clone()), Some(at.clone()), false)?;
            (at, term)
        } else {
            let mut rest = chain.clone();
            rest.cursor = None;
            rest.source = Source::Skip(Box::new(rest.source), from.clone());
            self.pass_over(&mut rest, position);
            let (best, term) = self.search(call, &rest, false)?;
            (self.shifted(&from, &best)?, term)
        };
        let (some, payload) = self.option_parts(term)?.into_payload();
        let end = self.bound(&chain.source)?;
        let next = self.index(&[some.clone(), at, end], &|holes| {
            let (some, at, end) = (&holes[0], &holes[1], &holes[2]);
            syn::parse_quote!(if #some { #at + 1 } else { #end })
        })?;
        self.scope.assign(cursor, Some(Term::Value(next)));
        Some(maybe(some, payload))
    }

    /// `peek()`: the next item of an iterator in a variable, which stays where it is.
    pub(super) fn peek(&mut self, call: &ExprMethodCall) -> Option<Term> {
        let Some(chain) = self.held(&call.receiver) else {
            return self.refuse_adaptor(call);
        };
        let from = self.hidden_value(chain.cursor?)?;
        let term = if chain.is_positional() {
            self.pick_at(&Chain::of(chain.source.clone()), Some(from), false)?
        } else {
            let mut rest = self.renewed(&chain)?;
            rest.cursor = None;
            self.search(call, &rest, false)?.1
        };
        let (some, payload) = self.option_parts(term)?.into_payload();
        // `**item` of a kind that is not known could be a box in there.
        if matches!(payload, Term::Ref { .. }) && self.kind_of_term(&payload) == Kind::Unknown {
            return self.refuse_adaptor(call);
        }
        let payload = self.by_reference(payload);
        Some(maybe(some, payload))
    }

    /// `next_if(test)`: the next item of an iterator in a variable, if it passes; else the iterator stays where it is.
    pub(super) fn next_if(&mut self, call: &ExprMethodCall, test: &Expr) -> Option<Term> {
        let chain = self.held(&call.receiver);
        let Some(chain) = chain.filter(|chain| chain.is_positional()) else {
            return self.refuse_adaptor(call);
        };
        let cursor = chain.cursor?;
        let from = self.hidden_value(cursor)?;
        let source = Chain::of(chain.source.clone());
        let term = self.pick_at(&source, Some(from.clone()), false)?;
        let (some, payload) = self.option_parts(term)?.into_payload();
        let item = payload.clone();
        let passes = self.switch(
            Selector::Bool(some),
            2,
            &Kind::Inert,
            &mut |lowering, arm| match arm {
                0 => {
                    let item = lowering.by_reference(item.clone());
                    lowering.apply(test, vec![item], &Kind::Inert)
                }
                _ => lowering
                    .parsed(|lowering| lowering.term(&syn::parse_quote!(false), &Kind::Inert)),
            },
        )?;
        let passes = self.operand_of(passes, &Kind::Inert)?;
        let next = self.index(&[passes.clone(), from], &|holes| {
            let (passes, at) = (&holes[0], &holes[1]);
            syn::parse_quote!(if #passes { #at + 1 } else { #at })
        })?;
        self.scope.assign(cursor, Some(Term::Value(next)));
        Some(maybe(passes, payload))
    }

    /// The item at a position, if there is one: what would have to be computed is not computed otherwise.
    fn looked_up(&mut self, some: Operand, chain: &Chain, at: &Operand) -> Option<Term> {
        if chain.only_names() {
            let payload = self.passed_item(chain, at)?;
            return Some(maybe(some, payload));
        }
        self.switch(
            Selector::Bool(some),
            2,
            &Kind::Unknown,
            &mut |lowering, arm| match arm {
                0 => {
                    let item = lowering.passed_item(chain, at)?;
                    lowering.wrapped(Wrapper::Some, item, &Kind::Unknown)
                }
                _ => lowering.failure(Wrapper::Some, None, &Kind::Unknown),
            },
        )
    }

    /// Refuses to look an item up whose making changes something, or that its position does not tell.
    fn check_repeatable(&mut self, chain: &Chain, call: &ExprMethodCall) -> Option<()> {
        match self.is_repeatable(chain) {
            true => Some(()),
            false => self.refuse_adaptor(call),
        }
    }

    fn is_repeatable(&self, chain: &Chain) -> bool {
        chain.makers().is_some_and(|makers| {
            makers
                .iter()
                .all(|function| self.can_repeat(&function.expr))
        })
    }

    /// The same of items that cannot be looked up: the last that came through is kept.
    fn search_once(
        &mut self,
        call: &ExprMethodCall,
        chain: &Chain,
        last: bool,
    ) -> Option<(Operand, Term)> {
        let mut kind = Kind::Option(Box::new(Kind::Unknown));
        let none = self.failure(Wrapper::Some, None, &kind)?;
        let none = self.operand_of(none, &kind)?;
        let kept = self.define_root(none);
        self.traits[kept.root.0].mutable = true;
        let best = self.hidden("best", zero(), &Kind::Inert);
        let mut plan = self.end_plan(call)?;
        plan.carry(vec![best]);
        let frame = self.frames.len();
        self.each(chain, plan, true, &mut |lowering, item, index| {
            if refers(&item) {
                return lowering.refuse_adaptor(call);
            }
            let some = lowering.wrapped(Wrapper::Some, item, &Kind::Unknown)?;
            kind = lowering.kind_of_term(&some);
            let value = lowering.operand_of(some, &kind)?;
            let place = kept.clone();
            lowering.builder.push(Stmt::Store { place, value });
            lowering.scope.assign(best, Some(Term::Value(index)));
            match last {
                true => Some(()),
                false => lowering.leave(frame).map(|_| ()),
            }
        })?;
        self.vars[kept.root.0].kind = kind;
        Some((self.hidden_value(best)?, Term::Fresh(kept)))
    }
}

/// Whether a term is a reference, or has one in it.
fn refers(item: &Term) -> bool {
    match item {
        Term::Ref { .. } => true,
        Term::Tuple(parts) => parts.iter().any(refers),
        Term::Maybe { payload, .. } => refers(payload),
        _ => false,
    }
}

/// An option in parts.
fn maybe(some: Operand, payload: Term) -> Term {
    Term::Maybe {
        some,
        payload: Box::new(payload),
    }
}
