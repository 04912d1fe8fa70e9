//! Loops over iterators: `for`, and the methods that end a chain.

use proc_macro2::Ident;
use quote::{format_ident, quote, ToTokens};
use syn::visit::Visit;
use syn::{Expr, ExprForLoop, ExprMethodCall, GenericArgument};

use super::call::literal;
use super::iterators::{dereferenced, zero, Chain, Source, Stage};
use super::loops::{Heading, Plan};
use super::scope::{Binding, BindingId, Term};
use super::types::kind_of;
use super::Lowering;
use crate::ir::{BinOp, Class, Ctor, Float, Kind, Literal, Op, Operand, Place, Proj, Selector, Stmt};

impl Lowering<'_> {
    /// `for p in e { … }`
    pub(super) fn for_loop(&mut self, each: &ExprForLoop) -> Option<Term> {
        let chain = self.iterable(&each.expr)?;
        let assigned = self.assigned(|scan| {
            scan.visit_expr(&each.expr);
            scan.visit_expr_for_loop(each);
        });
        let name = format!("for {} in {}", each.pat.to_token_stream(), each.expr.to_token_stream());
        let plan = self.plan(&each.attrs, each.label.as_ref(), each.for_token.span, name, assigned)?;
        self.each(&chain, plan, false, &mut |lowering, item, _| {
            lowering.bind_irrefutable(&each.pat, item)?;
            lowering.block(&each.body, &Kind::Inert).map(|_| ())
        })
    }

    /// A loop over a chain. `positions` asks for an index that counts from zero in the order of iteration.
    fn each(
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
    fn heading<'s>(&mut self, source: &'s Source, positions: bool) -> Option<(Heading, Option<&'s Source>)> {
        if !positions {
            match source {
                Source::Range { .. } => return Some((self.range_heading(source, None, false)?, None)),
                Source::StepBy(inner, step) => match &**inner {
                    Source::Range { .. } => return Some((self.range_heading(inner, Some(step.clone()), false)?, None)),
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
                    let head = Heading::Counted { start: zero(), end, inclusive: false, step: None, reverse: true };
                    return Some((head, Some(inner)));
                }
                _ => {}
            }
        }
        let end = self.bound(source)?;
        Some((Heading::Counted { start: zero(), end, inclusive: false, step: None, reverse: false }, Some(source)))
    }

    fn range_heading(&mut self, range: &Source, step: Option<Operand>, reverse: bool) -> Option<Heading> {
        let Source::Range { start, end, inclusive } = range else { return None };
        let end = end.clone().unwrap_or_else(unbounded);
        Some(Heading::Counted { start: start.clone(), end, inclusive: *inclusive, step, reverse })
    }

    fn bound(&mut self, source: &Source) -> Option<Operand> {
        Some(self.length(source)?.unwrap_or_else(unbounded))
    }

    fn stage(&mut self, stage: &Stage, item: Term) -> Option<Term> {
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
    fn keep_if(&mut self, test: &Expr, item: &Term, end: bool) -> Option<Term> {
        let kept = self.apply(test, vec![item.clone()], &Kind::Inert)?;
        let on = self.operand_of(kept, &Kind::Inert)?;
        self.switch(Selector::Bool(on), 2, &Kind::Inert, &mut |lowering, arm| match (arm, end) {
            (0, _) => Some(lowering.unit()),
            (_, true) => lowering.leave_innermost(),
            (_, false) => lowering.skip_iteration(),
        })
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
    fn ending(&mut self, call: &ExprMethodCall, mut carried: Vec<BindingId>) -> Option<(Chain, Plan)> {
        let chain = self.iterable(&call.receiver)?;
        carried.extend(self.assigned(|scan| scan.visit_expr_method_call(call)));
        let name = call.to_token_stream().to_string();
        let plan = self.plan(&[], None, call.method.span(), name, carried)?;
        Some((chain, plan))
    }

    /// A variable of ours that a loop carries.
    fn hidden(&mut self, name: &str, init: Operand, kind: &Kind) -> BindingId {
        let name = Ident::new(name, proc_macro2::Span::call_site());
        let binding = Binding { name, term: Some(Term::Value(init)), kind: kind.clone(), ty: None, mutable: true };
        self.scope.hide(binding)
    }

    fn hidden_value(&self, id: BindingId) -> Option<Operand> {
        match self.scope.binding(id)?.term.as_ref()? {
            Term::Value(value) => Some(value.clone()),
            _ => None,
        }
    }

    /// `sum()` and `product()`, in the order and from the value the standard library starts with.
    fn reduce(&mut self, call: &ExprMethodCall, op: BinOp, want: &Kind) -> Option<Term> {
        let kind = self.turbofish(call).unwrap_or_else(|| want.clone());
        let expr = Expr::MethodCall(call.clone());
        if kind == Kind::Inert && self.is_pure(&expr) {
            return self.opaque(&expr, Kind::Inert, crate::ir::Cost::Once);
        }
        let kind = if kind.is_scalar() { kind } else { self.item_kind(call) };
        let total = self.hidden("total", neutral(&kind, op), &kind);
        let (chain, plan) = self.ending(call, vec![total])?;
        self.each(&chain, plan, false, &mut |lowering, item, _| {
            let item = lowering.operand_of(item, &kind)?;
            let value = lowering.hidden_value(total)?;
            let value = lowering.arithmetic(op, value, item, &kind, call.method.span())?;
            lowering.scope.assign(total, Some(Term::Value(value)));
            Some(())
        })?;
        self.hidden_value(total).map(Term::Value)
    }

    /// What a chain without closures says of its items' kind.
    fn item_kind(&mut self, call: &ExprMethodCall) -> Kind {
        let mut receiver = &*call.receiver;
        while let Expr::MethodCall(inner) = receiver {
            match inner.method.to_string().as_str() {
                "iter" | "into_iter" => return Some(self.infer(&inner.receiver).element()).filter(Kind::is_scalar).unwrap_or(open()),
                "copied" | "cloned" | "rev" | "skip" | "take" | "filter" | "step_by" => receiver = &inner.receiver,
                _ => break,
            }
        }
        open()
    }

    pub(super) fn turbofish(&self, call: &ExprMethodCall) -> Option<Kind> {
        match call.turbofish.as_ref()?.args.first()? {
            GenericArgument::Type(ty) => Some(kind_of(ty, self.request.reals)),
            _ => None,
        }
    }

    /// `fold(init, f)`
    fn fold(&mut self, call: &ExprMethodCall, init: &Expr, function: &Expr, want: &Kind) -> Option<Term> {
        let init = self.term(init, want)?;
        match init {
            Term::Tuple(parts) => {
                let parts = parts.into_iter().map(|part| self.operand_of(part, &Kind::Unknown)).collect::<Option<Vec<_>>>()?;
                self.fold_values(call, parts, function, true)
            }
            init if self.kind_of_term(&init).join(want).is_scalar() => {
                let value = self.operand_of(init, want)?;
                self.fold_values(call, vec![value], function, false)
            }
            init => self.fold_memory(call, init, function),
        }
    }

    fn fold_values(&mut self, call: &ExprMethodCall, init: Vec<Operand>, function: &Expr, tuple: bool) -> Option<Term> {
        let mut ids = Vec::with_capacity(init.len());
        for value in init {
            let kind = self.kind_of_operand(&value);
            ids.push(self.hidden("folded", value, &kind));
        }
        let (chain, plan) = self.ending(call, ids.clone())?;
        self.each(&chain, plan, false, &mut |lowering, item, _| {
            let folded = lowering.folded(&ids, tuple)?;
            let want = lowering.kind_of_term(&folded);
            let next = lowering.apply(function, vec![folded, item], &want)?;
            let mut values = Vec::with_capacity(ids.len());
            for (position, _) in ids.iter().enumerate() {
                let part = match (tuple, &next) {
                    (false, next) => next.clone(),
                    (true, Term::Tuple(parts)) => parts.get(position)?.clone(),
                    (true, next) => lowering.project(next, Proj::Field(syn::Member::from(position)))?,
                };
                let want = if tuple { want.member(&syn::Member::from(position)) } else { want.clone() };
                values.push(lowering.operand_of(part, &want)?);
            }
            for (id, value) in ids.iter().zip(values) {
                lowering.scope.assign(*id, Some(Term::Value(value)));
            }
            Some(())
        })?;
        self.folded(&ids, tuple)
    }

    fn folded(&self, ids: &[BindingId], tuple: bool) -> Option<Term> {
        let mut values = ids.iter().map(|id| self.hidden_value(*id).map(Term::Value)).collect::<Option<Vec<_>>>()?;
        match tuple {
            true => Some(Term::Tuple(values)),
            false => values.pop(),
        }
    }

    /// A fold whose state is memory.
    fn fold_memory(&mut self, call: &ExprMethodCall, init: Term, function: &Expr) -> Option<Term> {
        let value = self.operand_of(init, &Kind::Unknown)?;
        let state = self.define_root(value);
        self.traits[state.root.0].mutable = true;
        let (chain, plan) = self.ending(call, Vec::new())?;
        self.each(&chain, plan, false, &mut |lowering, item, _| {
            let next = lowering.apply(function, vec![Term::Fresh(state.clone()), item], &Kind::Unknown)?;
            let value = lowering.operand_of(next, &Kind::Unknown)?;
            let unchanged = matches!(&value, Operand::Place(place) if super::branch::same_place(place, &state));
            if !unchanged {
                lowering.builder.push(Stmt::Store { place: state.clone(), value });
            }
            Some(())
        })?;
        Some(Term::Fresh(state))
    }

    fn for_each(&mut self, call: &ExprMethodCall, function: &Expr) -> Option<Term> {
        let (chain, plan) = self.ending(call, Vec::new())?;
        self.each(&chain, plan, false, &mut |lowering, item, _| {
            lowering.apply(function, vec![item], &Kind::Inert).map(|_| ())
        })
    }

    /// `min_by`, `max_by`: only the position goes round.
    fn best(&mut self, call: &ExprMethodCall, compare: &Expr, first: bool) -> Option<Term> {
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
        Some(Term::Maybe { some, payload: Box::new(payload) })
    }

    /// `last()`, `next()`, `nth(k)`
    fn pick(&mut self, call: &ExprMethodCall, position: Option<&Expr>, last: bool) -> Option<Term> {
        let chain = self.iterable(&call.receiver)?;
        if !chain.stages.is_empty() {
            return self.refuse_adaptor(call);
        }
        let length = self.bound(&chain.source)?;
        let position = match position {
            Some(position) => self.inert_operand(position)?,
            None if last => self.index(std::slice::from_ref(&length), &|holes| syn::parse_quote!(#(#holes)*.wrapping_sub(1)))?,
            None => zero(),
        };
        let some = self.index(&[position.clone(), length], &|holes| {
            let (at, length) = (&holes[0], &holes[1]);
            syn::parse_quote!(#at < #length)
        })?;
        let payload = self.item(&chain.source, &position)?;
        Some(Term::Maybe { some, payload: Box::new(payload) })
    }

    /// `collect()` into a `Vec`: a vector of known length whose elements are written, or, where the length is not
    /// known or the elements are not scalars, one that grows.
    fn collect(&mut self, call: &ExprMethodCall, want: &Kind) -> Option<Term> {
        let kind = self.turbofish(call).map_or(want.clone(), |kind| kind.join(want));
        let expr = Expr::MethodCall(call.clone());
        if kind.is_inert() && self.is_pure(&expr) {
            return self.opaque(&expr, kind, crate::ir::Cost::Once);
        }
        let Kind::Vec(element) = kind else { return self.refuse_adaptor(call) };
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
                true => lowering.builder.push(Stmt::Store { place: place.clone().then(Proj::Index(index)), value }),
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

/// A bound that is never reached.
fn unbounded() -> Operand {
    literal(&quote!(::core::primitive::usize::MAX), Kind::Inert, None)
}

fn open() -> Kind {
    Kind::Float(Float::Open)
}

/// What a sum or product starts with. The sum's is asked of the standard library: it is −0.0 or 0.0.
fn neutral(kind: &Kind, op: BinOp) -> Operand {
    let ty = match (kind, op) {
        (Kind::Inert, BinOp::Add) => return literal(&quote!(0), Kind::Inert, Some(0.0)),
        (Kind::Inert, _) => return literal(&quote!(1), Kind::Inert, Some(1.0)),
        (Kind::Float(_), BinOp::Mul) => return Operand::Literal(Literal::number(1.0, kind.clone())),
        (Kind::Float(Float::F32), _) => format_ident!("f32"),
        (Kind::Float(Float::F64), _) => format_ident!("f64"),
        (Kind::Float(Float::Generic(name)), _) => name.clone(),
        _ => return Operand::Literal(Literal::number(0.0, kind.clone())),
    };
    literal(&quote!(<#ty as ::core::iter::Sum<#ty>>::sum(::core::iter::empty())), kind.clone(), None)
}

/// What a vector is filled with before its elements are written.
fn blank(kind: &Kind) -> Operand {
    match kind {
        Kind::Float(_) => Operand::Literal(Literal::number(0.0, kind.clone())),
        kind => literal(&quote!(::core::default::Default::default()), kind.clone(), None),
    }
}

/// Comparisons see their items through references.
fn by_reference(item: Term) -> Term {
    match item {
        Term::Place(place) | Term::Fresh(place) => Term::Ref { place, mutable: false },
        item => item,
    }
}
