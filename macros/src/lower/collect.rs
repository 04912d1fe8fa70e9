//! Ends of a chain that pick items, or keep them all.

use quote::quote;
use syn::{Expr, ExprMethodCall};

use super::known::literal;
use super::positions::zero;
use super::scope::Term;
use super::Lowering;
use crate::ir::{Class, Ctor, Kind, Literal, Op, Operand, Place, Proj, Stmt};

impl Lowering<'_> {
    /// `min_by`, `max_by`: only the position goes round.
    pub(super) fn best(
        &mut self,
        call: &ExprMethodCall,
        compare: &Expr,
        first: bool,
    ) -> Option<Term> {
        let best = self.hidden("best", zero(), &Kind::Inert);
        let (chain, plan) = self.ending(call, vec![best])?;
        if !chain.stages.is_empty() {
            return self.refuse_adaptor(call);
        }
        let length = self.bound(&chain.source)?;
        self.each(&chain, plan, true, &mut |lowering, item, index| {
            let held = lowering.hidden_value(best)?;
            let other = lowering.item(&chain.source, &held)?;
            let order = lowering.apply(compare, vec![by_reference(other), by_reference(item)], &Kind::Inert)?;
            let order = lowering.operand_of(order, &Kind::Inert)?;
            let next = lowering.index(&[order, held, index], &|holes| {
                let (order, held, index) = (&holes[0], &holes[1], &holes[2]);
                match first {
                    true => syn::parse_quote!(if #order == ::core::cmp::Ordering::Greater { #index } else { #held }),
                    false => syn::parse_quote!(if #order == ::core::cmp::Ordering::Greater { #held } else { #index }),
                }
            })?;
            lowering.scope.assign(best, Some(Term::Value(next)));
            Some(())
        })?;
        let some = self.index(&[length], &|holes| syn::parse_quote!(#(#holes)* > 0))?;
        let best = self.hidden_value(best)?;
        let payload = self.item(&chain.source, &best)?;
        Some(Term::Maybe {
            some,
            payload: Box::new(payload),
        })
    }

    /// `last()`, `next()`, `nth(k)`
    pub(super) fn pick(
        &mut self,
        call: &ExprMethodCall,
        position: Option<&Expr>,
        last: bool,
    ) -> Option<Term> {
        let chain = self.iterable(&call.receiver)?;
        if !chain.stages.is_empty() {
            return self.refuse_adaptor(call);
        }
        let length = self.bound(&chain.source)?;
        let position = match position {
            Some(position) => self.inert_operand(position)?,
            None if last => self.index(
                std::slice::from_ref(&length),
                &|holes| syn::parse_quote!(#(#holes)*.wrapping_sub(1)),
            )?,
            None => zero(),
        };
        let some = self.index(&[position.clone(), length], &|holes| {
            let (at, length) = (&holes[0], &holes[1]);
            syn::parse_quote!(#at < #length)
        })?;
        let payload = self.item(&chain.source, &position)?;
        Some(Term::Maybe {
            some,
            payload: Box::new(payload),
        })
    }

    /// `collect()` into a `Vec`: a vector of known length whose elements are written, or, where the length is not
    /// known or the elements are not scalars, one that grows.
    pub(super) fn collect(&mut self, call: &ExprMethodCall, want: &Kind) -> Option<Term> {
        let kind = self
            .turbofish(call)
            .map_or(want.clone(), |kind| kind.join(want));
        let expr = Expr::MethodCall(call.clone());
        if kind.is_inert() && self.is_pure(&expr) {
            return self.opaque(&expr, kind, crate::ir::Cost::Once);
        }
        let Kind::Vec(element) = kind else {
            return self.refuse_adaptor(call);
        };
        let (chain, plan) = self.ending(call, Vec::new())?;
        let length = match chain.stages.is_empty() {
            true => Some(self.bound(&chain.source)?),
            false => None,
        };
        let vector = self.fresh("collected", Kind::Vec(element.clone()), Class::Root);
        self.traits[vector.0].mutable = true;
        let slot = self.builder.reserve(vector);
        let place = Place::root(vector);
        let mut found = (*element).clone();
        let known = length.is_some();
        self.each(&chain, plan, true, &mut |lowering, item, index| {
            let value = lowering.operand_of(item, &element)?;
            found = found.clone().join(&lowering.kind_of_operand(&value));
            match known && found.is_scalar() {
                true => lowering.builder.push(Stmt::Store {
                    place: place.clone().then(Proj::Index(index)),
                    value,
                }),
                false => lowering.push_to(&place, value),
            }
            Some(())
        })?;
        self.vars[vector.0].kind = Kind::Vec(Box::new(found.clone()));
        let op = match length.filter(|_| found.is_scalar()) {
            Some(length) => Op::Aggregate(Ctor::VecRepeat, vec![blank(&found), length]),
            None => Op::Aggregate(Ctor::Vec, Vec::new()),
        };
        self.builder.fill(slot, op);
        Some(Term::Fresh(place))
    }
}

/// What a vector is filled with before its elements are written.
fn blank(kind: &Kind) -> Operand {
    match kind {
        Kind::Float(_) => Operand::Literal(Literal::number(0.0, kind.clone())),
        kind => literal(
            &quote!(::core::default::Default::default()),
            kind.clone(),
            None,
        ),
    }
}

/// Comparisons see their items through references.
fn by_reference(item: Term) -> Term {
    match item {
        Term::Place(place) | Term::Fresh(place) => Term::Ref {
            place,
            mutable: false,
        },
        item => item,
    }
}
