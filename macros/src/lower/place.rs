//! Places: variables, fields, elements, what references refer to.

use quote::ToTokens;
use syn::{Expr, ExprField, ExprIndex, ExprRange, ExprUnary, Index, Member, RangeLimits, UnOp};

use super::infer::slice_of;
use super::known::{literal, strip};
use super::scope::Term;
use super::Lowering;
use crate::ir::{Class, Cost, Ctor, Kind, Op, Operand, Place, Proj};

impl Lowering<'_> {
    /// The place of an expression; anything that is not a place is put into memory first.
    pub(super) fn place(&mut self, expr: &Expr) -> Option<Place> {
        match strip(expr) {
            Expr::Field(field) => self.field(field),
            Expr::Index(index) => self.element_place(index),
            Expr::Unary(unary) if matches!(unary.op, UnOp::Deref(_)) => self.deref(unary),
            expr => {
                let term = self.term(expr, &Kind::Unknown)?;
                self.place_of(term)
            }
        }
    }

    /// The place of a term.
    pub(super) fn place_of(&mut self, term: Term) -> Option<Place> {
        match term {
            Term::Fresh(place) | Term::Place(place) | Term::Ref { place, .. } => Some(place),
            Term::Value(Operand::Place(place)) => Some(place),
            Term::Value(value) => Some(self.define_root(value)),
            Term::Tuple(parts) => {
                let mut operands = Vec::with_capacity(parts.len());
                for part in parts {
                    operands.push(self.operand_of(part, &Kind::Unknown)?);
                }
                let kind = Kind::Tuple(
                    operands
                        .iter()
                        .map(|operand| self.kind_of_operand(operand))
                        .collect(),
                );
                let term = self.define(Op::Aggregate(Ctor::Tuple, operands), kind);
                self.place_of(term)
            }
            Term::Maybe { some, payload } => {
                let whole = self.whole_option(some, *payload)?;
                self.place_of(whole)
            }
            Term::Closure(_) | Term::Chain(_) => self.operand_of(term, &Kind::Unknown).and(None),
        }
    }

    /// A field or an element, as a term: constants are read whole, tuples in parts are taken apart.
    pub(super) fn place_term(&mut self, expr: &Expr, want: &Kind) -> Option<Term> {
        if self.is_constant(expr) {
            let kind = self.infer(expr).join(want);
            return self.opaque(expr, kind, Cost::Cheap);
        }
        if let Expr::Field(ExprField {
            base,
            member: Member::Unnamed(index),
            ..
        }) = expr
        {
            if let Some(part) = self.tuple_part(base, index) {
                return Some(part);
            }
        }
        self.place(expr).map(Term::Place)
    }

    /// A part of a variable that is a tuple in parts.
    pub(super) fn tuple_part(&self, base: &Expr, index: &Index) -> Option<Term> {
        let Expr::Path(path) = strip(base) else {
            return None;
        };
        match self.scope.term(path.path.get_ident()?)? {
            Term::Tuple(parts) => parts.get(index.index as usize).cloned(),
            _ => None,
        }
    }

    pub(super) fn field(&mut self, field: &ExprField) -> Option<Place> {
        if let Member::Unnamed(index) = &field.member {
            if let Some(part) = self.tuple_part(&field.base, index) {
                return self.place_of(part);
            }
        }
        let mut place = self.place(&field.base)?;
        place.path.push(Proj::Field(field.member.clone()));
        Some(place)
    }

    pub(super) fn element_place(&mut self, index: &ExprIndex) -> Option<Place> {
        let mut place = self.place(&index.expr)?;
        let proj = self.indexed(index, &place)?;
        place.path.push(proj);
        Some(place)
    }

    /// What an index picks.
    pub(super) fn indexed(&mut self, index: &ExprIndex, place: &Place) -> Option<Proj> {
        Some(match strip(&index.index) {
            Expr::Range(range) => self.slice(range, place)?,
            position => match self.slice_by_range(position) {
                Some(slice) => slice,
                None => Proj::Index(self.inert_operand(position)?),
            },
        })
    }

    /// `[lo..hi]`; an inclusive end becomes an exclusive one.
    pub(super) fn slice(&mut self, range: &ExprRange, _place: &Place) -> Option<Proj> {
        let lo = match &range.start {
            Some(start) => Some(self.inert_operand(start)?),
            None => None,
        };
        let hi = match (&range.end, &range.limits) {
            (None, _) => None,
            (Some(end), RangeLimits::HalfOpen(_)) => Some(self.inert_operand(end)?),
            (Some(end), RangeLimits::Closed(_)) => {
                let end: Expr = syn::parse_quote!((#end) + 1);
                Some(self.parsed(|lowering| lowering.inert_operand(&end))?)
            }
        };
        Some(Proj::Slice { lo, hi })
    }

    pub(super) fn deref(&mut self, unary: &ExprUnary) -> Option<Place> {
        let term = self.dereferenced(unary)?;
        self.place_of(term)
    }

    /// `*r`: references are places already, boxes are followed.
    pub(super) fn dereferenced(&mut self, unary: &ExprUnary) -> Option<Term> {
        Some(match self.term(&unary.expr, &Kind::Unknown)? {
            Term::Place(mut place) if self.kind_of_place(&place) == Kind::Unknown => {
                place.path.push(Proj::Deref);
                Term::Place(place)
            }
            Term::Ref { place, .. } => Term::Place(place),
            term => term,
        })
    }

    /// Part `index` of a tuple or an array.
    pub(super) fn part(&self, place: &Place, index: usize, indexed: bool) -> Place {
        let mut part = place.clone();
        part.path.push(match indexed {
            true => Proj::Index(literal(
                &proc_macro2::Literal::usize_unsuffixed(index),
                Kind::Inert,
                Some(index as f64),
            )),
            false => Proj::Field(Member::from(index)),
        });
        part
    }

    /// The kind of what stands at a place.
    pub(super) fn kind_of_place(&self, place: &Place) -> Kind {
        let root = self.info(place.root).kind.clone();
        place.path.iter().fold(root, |kind, proj| match proj {
            Proj::Field(member) => kind.member(member),
            Proj::Index(_) => kind.element(),
            Proj::Slice { .. } => slice_of(kind),
            Proj::Deref => match kind {
                Kind::Inert => Kind::Inert,
                _ => Kind::Unknown,
            },
            Proj::Payload(wrapper) if wrapper.is_failure() => Kind::Inert,
            Proj::Variant(_) => match kind {
                Kind::Inert => Kind::Inert,
                _ => Kind::Unknown,
            },
            Proj::Payload(_) => kind.payload(),
        })
    }

    /// Whether an expression reads nothing but constants and inert positions: `TABLE[i]`, `Self::ORIGIN.x`.
    pub(super) fn is_constant(&self, expr: &Expr) -> bool {
        match strip(expr) {
            Expr::Field(field) => self.is_constant(&field.base),
            Expr::Index(index) => self.is_constant(&index.expr) && self.is_pure(&index.index),
            Expr::Path(path) => match path.path.get_ident() {
                Some(name) if path.qself.is_none() => self.scope.find(name).is_none(),
                _ => true,
            },
            _ => false,
        }
    }

    /// Whether a place is the copy of a constant made by [`Lowering::place`], so that writing to it means a static.
    pub(super) fn is_constant_root(&self, place: &Place) -> bool {
        let info = self.info(place.root);
        info.class == Class::Root && !info.named && info.name == "constant"
    }

    /// Tokens of an expression, for messages.
    pub(super) fn shown(expr: &impl ToTokens) -> String {
        let mut text = expr.to_token_stream().to_string();
        if text.len() > 40 {
            let cut = (0..=37)
                .rev()
                .find(|cut| text.is_char_boundary(*cut))
                .unwrap_or(0);
            text.truncate(cut);
            text.push('…');
        }
        format!("`{text}`")
    }
}
