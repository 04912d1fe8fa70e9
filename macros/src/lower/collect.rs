//! Ends of a chain that keep its items.

use quote::quote;
use syn::{Expr, ExprMethodCall};

use super::known::literal;
use super::scope::Term;
use super::Lowering;
use crate::diagnostics::Slug;
use crate::ir::{Class, Ctor, Kind, Literal, Op, Operand, Place, Proj, Selector, Stmt};

impl Lowering<'_> {
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
        let element = match kind {
            Kind::Vec(element) => element,
            Kind::Option(inner) if is_vector(&inner) => {
                return self.collect_all(call, &Kind::Option(inner))
            }
            Kind::Result(inner) if is_vector(&inner) => {
                return self.collect_all(call, &Kind::Result(inner))
            }
            Kind::Unknown if call.turbofish.is_none() => {
                let span = call.method.span();
                let detail = "`collect` is followed into a `Vec`, an `Option` or a `Result` of one";
                return self.refuse(Slug::UnseenType, span, detail);
            }
            _ => return self.refuse_adaptor(call),
        };
        let (mut chain, plan) = self.ending(call, Vec::new())?;
        chain.gives(&element);
        let length = match chain.is_positional() && !self.counts_in_others(&call.receiver) {
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
            lowering.traits[vector.0].refers |= matches!(item, Term::Ref { .. });
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

    /// `unzip()`: two vectors that grow.
    pub(super) fn unzip(&mut self, call: &ExprMethodCall, want: &Kind) -> Option<Term> {
        let Kind::Tuple(kinds) = want else {
            return self.refuse_adaptor(call);
        };
        let (chain, plan) = self.ending(call, Vec::new())?;
        let mut vectors = Vec::with_capacity(2);
        for kind in kinds {
            if !matches!(kind, Kind::Vec(_)) {
                return self.refuse_adaptor(call);
            }
            let place = self.empty_vector(kind)?;
            vectors.push(place);
        }
        self.each(&chain, plan, false, &mut |lowering, item, _| {
            for (position, (place, kind)) in vectors.iter().zip(kinds).enumerate() {
                let part = lowering.field_of(&item, &syn::Member::from(position))?;
                let value = lowering.operand_of(part, &kind.element())?;
                lowering.learn_element(place, &value);
                lowering.push_to(place, value);
            }
            Some(())
        })?;
        Some(Term::Tuple(vectors.into_iter().map(Term::Fresh).collect()))
    }

    /// `partition(test)`: two vectors that grow.
    pub(super) fn partition(
        &mut self,
        call: &ExprMethodCall,
        test: &Expr,
        want: &Kind,
    ) -> Option<Term> {
        let Kind::Tuple(kinds) = want else {
            return self.refuse_adaptor(call);
        };
        let [Kind::Vec(element), Kind::Vec(_)] = &kinds[..] else {
            return self.refuse_adaptor(call);
        };
        let (chain, plan) = self.ending(call, Vec::new())?;
        let test = self.looking(test)?;
        let vectors = [self.empty_vector(&kinds[0])?, self.empty_vector(&kinds[1])?];
        self.each(&chain, plan, false, &mut |lowering, item, _| {
            let on = lowering.looked_at(&test, item.clone())?;
            let on = lowering.operand_of(on, &Kind::Inert)?;
            let value = lowering.operand_of(item, element)?;
            lowering
                .switch(Selector::Bool(on), 2, &Kind::Inert, &mut |lowering, arm| {
                    lowering.learn_element(&vectors[arm], &value);
                    lowering.push_to(&vectors[arm], value.clone());
                    Some(lowering.unit())
                })
                .map(|_| ())
        })?;
        Some(Term::Tuple(vectors.map(Term::Fresh).into()))
    }

    /// A vector without elements, to be pushed to.
    pub(super) fn empty_vector(&mut self, kind: &Kind) -> Option<Place> {
        let vector = self.fresh("collected", kind.clone(), Class::Root);
        self.traits[vector.0].mutable = true;
        self.builder.push(Stmt::Let {
            var: vector,
            op: Op::Aggregate(Ctor::Vec, Vec::new()),
        });
        Some(Place::root(vector))
    }
}

fn is_vector(kind: &Kind) -> bool {
    matches!(kind, Kind::Vec(_))
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
