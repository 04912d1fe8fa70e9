//! Vectors whose length changes: elements are exchanged to the end and taken off there, or pushed and exchanged to their
//! place.

use syn::{Expr, ExprMethodCall};

use super::iterators::Function;
use super::positions::zero;
use super::scope::Term;
use super::Lowering;
use crate::ir::{Ctor, Kind, Op, Operand, Place, Proj, Selector, Stmt, Wrapper};

impl Lowering<'_> {
    /// A method that changes the length of a vector; `None` inside if it is none of those known here.
    pub(super) fn resizing_method(
        &mut self,
        call: &ExprMethodCall,
        kind: &Kind,
    ) -> Option<Option<Term>> {
        let arguments: Vec<&Expr> = call.args.iter().collect();
        let done = match (call.method.to_string().as_str(), arguments.as_slice()) {
            ("truncate", [length]) => self.truncate(call, length),
            ("resize", [length, value]) => self.resize(call, length, value, kind),
            ("insert", [at, value]) => self.insert(call, at, value, kind),
            ("remove", [at]) => self.remove(call, at, false),
            ("swap_remove", [at]) => self.remove(call, at, true),
            ("retain", [test]) => self.retain(call, test),
            ("extend", [items]) => self.extend_by(call, items, kind),
            ("append", [other]) => self.append_to(call, other),
            ("split_off", [at]) => self.split_off(call, at),
            _ => return Some(None),
        };
        done.map(Some)
    }

    fn truncate(&mut self, call: &ExprMethodCall, length: &Expr) -> Option<Term> {
        let place = self.borrow(&call.receiver, true)?;
        let length = self.inert_operand(length)?;
        self.pop_down_to(call, &place, length)
    }

    /// Takes elements off the end until so many are left.
    pub(super) fn pop_down_to(
        &mut self,
        call: &ExprMethodCall,
        place: &Place,
        length: Operand,
    ) -> Option<Term> {
        let end = self.length_of_place(place)?;
        let span = call.method.span();
        self.counted_loop(length, end, "truncate", span, &mut |lowering, _| {
            lowering.pop_from(place);
            Some(())
        })
    }

    fn pop_from(&mut self, place: &Place) -> Term {
        let kind = self.kind_of_place(place).element();
        self.define(Op::Pop(place.clone()), Kind::Option(Box::new(kind)))
    }

    fn resize(
        &mut self,
        call: &ExprMethodCall,
        length: &Expr,
        value: &Expr,
        kind: &Kind,
    ) -> Option<Term> {
        let place = self.borrow(&call.receiver, true)?;
        let length = self.inert_operand(length)?;
        let value = self.operand(value, &kind.element())?;
        if !self.kind_of_operand(&value).is_scalar() {
            return self.unsupported(&call.args[1], "resizing with this");
        }
        let start = self.length_of_place(&place)?;
        let span = call.method.span();
        self.counted_loop(start, length.clone(), "resize", span, &mut |lowering, _| {
            lowering.push_to(&place, value.clone());
            Some(())
        })?;
        self.pop_down_to(call, &place, length)
    }

    fn insert(
        &mut self,
        call: &ExprMethodCall,
        at: &Expr,
        value: &Expr,
        kind: &Kind,
    ) -> Option<Term> {
        let place = self.borrow(&call.receiver, true)?;
        let at = self.inert_operand(at)?;
        let value = self.operand(value, &kind.element())?;
        let length = self.length_of_place(&place)?;
        self.learn_element(&place, &value);
        self.push_to(&place, value);
        let moves = self.index(&[length.clone(), at], &|holes| {
            let (length, at) = (&holes[0], &holes[1]);
            syn::parse_quote!(#length - #at)
        })?;
        let span = call.method.span();
        self.counted_loop(zero(), moves, "insert", span, &mut |lowering, passed| {
            let at = lowering.index(&[length.clone(), passed], &|holes| {
                let (length, passed) = (&holes[0], &holes[1]);
                syn::parse_quote!(#length - #passed)
            })?;
            let before = lowering.index(
                std::slice::from_ref(&at),
                &|holes| syn::parse_quote!(#(#holes)* - 1),
            )?;
            lowering.exchange(&place, before, at)
        })
    }

    /// `remove(at)`, `swap_remove(at)`: the element goes to the end and is taken off.
    fn remove(&mut self, call: &ExprMethodCall, at: &Expr, swap: bool) -> Option<Term> {
        let place = self.borrow(&call.receiver, true)?;
        let at = self.inert_operand(at)?;
        let length = self.length_of_place(&place)?;
        let last = self.index(&[length], &|holes| syn::parse_quote!(#(#holes)* - 1))?;
        match swap {
            true => self.exchange(&place, at, last)?,
            false => {
                let span = call.method.span();
                self.counted_loop(at, last, "remove", span, &mut |lowering, at| {
                    let next = lowering.index(
                        std::slice::from_ref(&at),
                        &|holes| syn::parse_quote!(#(#holes)* + 1),
                    )?;
                    lowering.exchange(&place, at, next)
                })?;
            }
        }
        let popped = self.pop_from(&place);
        self.project(&popped, Proj::Payload(Wrapper::Some))
    }

    /// `retain(test)`: those that are kept move to the front, the others are taken off.
    fn retain(&mut self, call: &ExprMethodCall, test: &Expr) -> Option<Term> {
        let place = self.borrow(&call.receiver, true)?;
        let test = self.looking(test)?;
        let kept = self.counter();
        let length = self.length_of_place(&place)?;
        let chain = super::iterators::Chain::of(super::iterators::Source::Range {
            start: zero(),
            end: Some(length),
            inclusive: false,
            ty: None,
        });
        let mut plan = self.end_plan(call)?;
        plan.carry(vec![kept]);
        self.each(&chain, plan, false, &mut |lowering, at, _| {
            let at = lowering.operand_of(at, &Kind::Inert)?;
            let item = place.clone().then(Proj::Index(at.clone()));
            let on = lowering.passes(&test, item)?;
            lowering
                .switch(Selector::Bool(on), 2, &Kind::Inert, &mut |lowering, arm| {
                    if arm == 0 {
                        let to = lowering.counted(kept)?;
                        lowering.exchange(&place, to, at.clone())?;
                    }
                    Some(lowering.unit())
                })
                .map(|_| ())
        })?;
        let kept = self.hidden_value(kept)?;
        self.pop_down_to(call, &place, kept)
    }

    fn passes(&mut self, test: &Function, item: Place) -> Option<Operand> {
        let kept = self.looked_at(test, Term::Place(item))?;
        self.operand_of(kept, &Kind::Inert)
    }

    /// `extend(items)`
    fn extend_by(&mut self, call: &ExprMethodCall, items: &Expr, kind: &Kind) -> Option<Term> {
        let place = self.borrow(&call.receiver, true)?;
        let chain = self.iterable(items)?;
        let plan = self.end_plan(call)?;
        self.each(&chain, plan, false, &mut |lowering, item, _| {
            let value = lowering.operand_of(item, &kind.element())?;
            lowering.learn_element(&place, &value);
            lowering.push_to(&place, value);
            Some(())
        })
    }

    /// `append(&mut other)`
    fn append_to(&mut self, call: &ExprMethodCall, other: &Expr) -> Option<Term> {
        let place = self.borrow(&call.receiver, true)?;
        let other = match self.term(other, &Kind::Unknown)? {
            Term::Ref { place, .. } => place,
            _ => return self.unsupported(other, "appending this"),
        };
        self.push_all(call, &place, &other)?;
        let kind = self.kind_of_place(&other);
        let empty = self.define(Op::Aggregate(Ctor::Vec, Vec::new()), kind.clone());
        let value = self.operand_of(empty, &kind)?;
        self.builder.push(Stmt::Store {
            place: other,
            value,
        });
        Some(self.unit())
    }

    /// Pushes copies of all elements of a sequence.
    pub(super) fn push_all(
        &mut self,
        call: &ExprMethodCall,
        place: &Place,
        other: &Place,
    ) -> Option<Term> {
        let span = call.method.span();
        self.over(
            other,
            span,
            &call.method.to_string(),
            &mut |lowering, at| {
                let value = lowering.kept(&other.clone().then(Proj::Index(at)));
                lowering.learn_element(place, &value);
                lowering.push_to(place, value);
                Some(())
            },
        )
    }

    /// `sequences.concat()`
    pub(super) fn concat(&mut self, call: &ExprMethodCall) -> Option<Term> {
        let Expr::Array(parts) = super::known::strip(&call.receiver) else {
            return self.concat_all(call);
        };
        let mut places = Vec::with_capacity(parts.elems.len());
        for part in &parts.elems {
            places.push(self.sequence_argument(part)?);
        }
        let kinds = places
            .iter()
            .map(|place| self.kind_of_place(place).element());
        let element = kinds.fold(Kind::Unknown, |known, kind| known.join(&kind));
        let joined = self.empty_vector(&Kind::Vec(Box::new(element)))?;
        for place in &places {
            self.push_all(call, &joined, place)?;
        }
        Some(Term::Fresh(joined))
    }

    /// The same where they are elements of one.
    fn concat_all(&mut self, call: &ExprMethodCall) -> Option<Term> {
        let place = self.place(&call.receiver)?;
        let element = self.kind_of_place(&place).element().element();
        let joined = self.empty_vector(&Kind::Vec(Box::new(element)))?;
        let span = call.method.span();
        self.over(&place, span, "concat", &mut |lowering, at| {
            let part = place.clone().then(Proj::Index(at));
            lowering.push_all(call, &joined, &part).map(|_| ())
        })?;
        Some(Term::Fresh(joined))
    }
}
