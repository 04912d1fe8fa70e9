//! Tuples, arrays and structs, built from their parts.

use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{Expr, ExprArray, ExprPath, ExprRepeat, ExprStruct, ExprTuple, Member};

use super::constructors::kind_of_part;
use super::known::strip;
use super::scope::Term;
use super::Lowering;
use crate::diagnostics::Slug;
use crate::ir::{Class, Ctor, Kind, Op, Operand};

impl Lowering<'_> {
    /// `(a, b)`: stays in parts until it is needed whole.
    pub(super) fn tuple(&mut self, tuple: &ExprTuple, want: &Kind) -> Option<Term> {
        if tuple.elems.is_empty() {
            return Some(self.unit());
        }
        let mut parts = Vec::with_capacity(tuple.elems.len());
        for (index, elem) in tuple.elems.iter().enumerate() {
            let want = want.member(&Member::from(index));
            let term = match self.term(elem, &want)? {
                Term::Place(place) => Term::Value(self.operand_of(Term::Place(place), &want)?),
                term => term,
            };
            parts.push(term);
        }
        Some(Term::Tuple(parts))
    }

    /// `[&A, &B]` as slices, of constants of different lengths: references stay what they are, since slices have no
    /// values that an array could hold.
    pub(super) fn is_table(&self, array: &ExprArray, want: &Kind) -> bool {
        let slices = matches!(want.element(), Kind::Slice(_));
        let is_constant = |elem: &Expr| {
            let Expr::Reference(reference) = strip(elem) else {
                return false;
            };
            let sliced = slices || ends_in_range(&reference.expr);
            let constant = matches!(first(&reference.expr), Expr::Path(path)
                if path.path.get_ident().is_none_or(|name| self.scope.find(name).is_none()));
            reference.mutability.is_none() && sliced && constant
        };
        !array.elems.is_empty() && array.elems.iter().all(is_constant)
    }

    /// Elements of one kind.
    pub(super) fn sequence<'e>(
        &mut self,
        ctor: Ctor,
        elems: impl IntoIterator<Item = &'e Expr>,
        want: &Kind,
    ) -> Option<(Ctor, Vec<Operand>, Kind)> {
        let mut parts = Vec::new();
        let mut kind = want.clone();
        for elem in elems {
            let part = self.inside(elem, want)?;
            kind = kind.join(&self.kind_of_operand(&part));
            parts.push(part);
        }
        Some((ctor, parts, kind))
    }

    /// A part of something larger, which has it for a value: what is written through a reference in there would be lost.
    pub(super) fn inside(&mut self, expr: &Expr, want: &Kind) -> Option<Operand> {
        match self.term(expr, want)? {
            Term::Ref { mutable: true, .. } => {
                let detail = "it is stored inside another value";
                self.refuse(Slug::StoredReference, expr.span(), detail)
            }
            term => self.operand_of(term, want),
        }
    }

    /// `[x; N]`
    pub(super) fn repeat(&mut self, repeat: &ExprRepeat, want: &Kind) -> Option<Term> {
        let want = want.element();
        let part = self.operand(&repeat.expr, &want)?;
        let kind = self.kind_of_operand(&part).join(&want);
        let ctor = Ctor::Repeat(repeat.len.to_token_stream());
        Some(self.define(Op::Aggregate(ctor, vec![part]), Kind::Array(Box::new(kind))))
    }

    /// `Path { member: part, ..base }`
    pub(super) fn structure(&mut self, value: &ExprStruct, want: &Kind) -> Option<Term> {
        let mut parts = Vec::with_capacity(value.fields.len() + 1);
        let mut members = Vec::with_capacity(value.fields.len());
        let mut borrowed = Vec::with_capacity(value.fields.len());
        for field in &value.fields {
            let part = self.inside(&field.expr, &kind_of_part(&field.expr))?;
            members.push(field.member.clone());
            borrowed.push(self.is_reference(&field.expr, &part));
            parts.push(part);
        }
        if let Some(rest) = &value.rest {
            parts.push(self.operand(rest, &Kind::Unknown)?);
        }
        let path = ExprPath {
            attrs: Vec::new(),
            qself: value.qself.clone(),
            path: value.path.clone(),
        };
        let ctor = Ctor::Struct {
            variant: self.is_variant(&path.path),
            path,
            members,
            borrowed,
            base: value.rest.is_some(),
        };
        let kind = if want.is_scalar() {
            Kind::Unknown
        } else {
            want.clone()
        };
        Some(self.define(Op::Aggregate(ctor, parts), kind))
    }
}

impl Lowering<'_> {
    /// Whether a part that is read in place is written as a reference: `&x`, or a parameter that is one.
    fn is_reference(&self, expr: &Expr, part: &Operand) -> bool {
        match (strip(expr), part) {
            (Expr::Reference(_), _) => true,
            (Expr::Path(_), Operand::Place(place)) => {
                place.path.is_empty() && self.info(place.root).class == Class::Ref
            }
            _ => false,
        }
    }
}

/// `A[1..]`
fn ends_in_range(expr: &Expr) -> bool {
    matches!(strip(expr), Expr::Index(index) if matches!(strip(&index.index), Expr::Range(_)))
}

/// What the elements and fields are taken from.
fn first(expr: &Expr) -> &Expr {
    match strip(expr) {
        Expr::Index(index) => first(&index.expr),
        Expr::Field(field) => first(&field.base),
        whole => whole,
    }
}
