//! Vectors that grow, and copies of sequences.

use quote::quote;
use syn::{Expr, ExprMethodCall};

use super::known::literal;
use super::scope::Term;
use super::Lowering;
use crate::ir::{Class, Ctor, Kind, Literal, Op, Operand, Place, Proj, Stmt};

impl Lowering<'_> {
    pub(super) fn vector_of(&mut self, call: &ExprMethodCall, kind: &Kind) -> Option<Term> {
        let element = kind.element();
        let place = self.place(&call.receiver)?;
        if let Kind::Vec(_) = self.kind_of_place(&place) {
            return Some(self.define(Op::Keep(place), kind.clone()));
        }
        if !element.is_scalar() {
            let copy = self.empty_vector(&Kind::Vec(Box::new(element)))?;
            self.push_all(call, &copy, &place)?;
            return Some(Term::Fresh(copy));
        }
        let length = self.length_of_place(&place)?;
        let blank = match &element {
            Kind::Float(_) => Operand::Literal(Literal::number(0.0, element.clone())),
            _ => literal(
                &quote!(::core::default::Default::default()),
                Kind::Inert,
                None,
            ),
        };
        let kind = Kind::Vec(Box::new(element));
        let copy = self.fresh("copy", kind, Class::Root);
        self.traits[copy.0].mutable = true;
        self.builder.push(Stmt::Let {
            var: copy,
            op: Op::Aggregate(Ctor::VecRepeat, vec![blank, length]),
        });
        let copy = Place::root(copy);
        self.over(
            &place.clone(),
            call.method.span(),
            "to_vec",
            &mut |lowering, at| {
                lowering.copy_element(&copy, &place, at);
                Some(())
            },
        )?;
        Some(Term::Fresh(copy))
    }

    pub(super) fn push(
        &mut self,
        call: &ExprMethodCall,
        value: &Expr,
        kind: &Kind,
    ) -> Option<Term> {
        let place = self.borrow(&call.receiver, true)?;
        let value = self.operand(value, &kind.element())?;
        self.learn_element(&place, &value);
        self.push_to(&place, value);
        Some(self.unit())
    }

    /// What is pushed tells what a vector is of.
    pub(super) fn learn_element(&mut self, place: &Place, value: &Operand) {
        let element = self.kind_of_operand(value);
        if place.path.is_empty() {
            let info = &mut self.vars[place.root.0];
            let known = std::mem::replace(&mut info.kind, Kind::Unknown);
            info.kind = known.join(&Kind::Vec(Box::new(element)));
        }
    }

    /// `place.push(value);`
    pub(super) fn push_to(&mut self, place: &Place, value: Operand) {
        self.builder.push(Stmt::Do(Op::Push(place.clone(), value)));
    }

    pub(super) fn pop(&mut self, call: &ExprMethodCall, kind: &Kind) -> Option<Term> {
        let place = self.borrow(&call.receiver, true)?;
        Some(self.define(Op::Pop(place), Kind::Option(Box::new(kind.element()))))
    }

    pub(super) fn extend(&mut self, call: &ExprMethodCall, other: &Expr) -> Option<Term> {
        let place = self.borrow(&call.receiver, true)?;
        let other = self.sequence_argument(other)?;
        self.over(
            &other.clone(),
            call.method.span(),
            "extend_from_slice",
            &mut |lowering, at| {
                let from = other.clone().then(Proj::Index(at));
                let value = lowering.kept(&from);
                lowering.push_to(&place, value);
                Some(())
            },
        )
    }

    pub(super) fn clear(&mut self, call: &ExprMethodCall, kind: &Kind) -> Option<Term> {
        let place = self.borrow(&call.receiver, true)?;
        let empty = self.define(Op::Aggregate(Ctor::Vec, Vec::new()), kind.clone());
        let value = self.operand_of(empty, kind)?;
        self.builder.push(Stmt::Store { place, value });
        Some(self.unit())
    }
}
