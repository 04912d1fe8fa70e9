//! How many items a sequence has, and which one stands where.

use proc_macro2::Ident;
use syn::Expr;

use super::iterators::Source;
use super::known::literal;
use super::scope::Term;
use super::Lowering;
use crate::ir::{By, Kind, Operand, Place, Proj};

impl Lowering<'_> {
    /// How many items there are; `None` inside if there is no end.
    pub(super) fn length(&mut self, source: &Source) -> Option<Option<Operand>> {
        match source {
            Source::Range { end: None, .. } | Source::Repeated(_) => Some(None),
            Source::Range {
                start,
                end: Some(end),
                inclusive,
                ty,
            } => {
                let length = self.length_of_range(start, end, *inclusive, ty.is_some())?;
                match ty {
                    Some(_) => self.as_type(&length, &syn::parse_quote!(usize)).map(Some),
                    None => Some(Some(length)),
                }
            }
            Source::Elements { place, .. } => self.length_of_place(place).map(Some),
            Source::Windows { place, size } => {
                let length = self.length_of_place(place)?;
                self.index(&[length, size.clone()], &|h| {
                    binary(h, |a, b| beyond(&syn::parse_quote!(#a + 1), b))
                })
                .map(Some)
            }
            Source::Chunks {
                place, size, exact, ..
            } => {
                let length = self.length_of_place(place)?;
                let operands = [length, size.clone()];
                match exact {
                    true => self
                        .index(&operands, &|h| binary(h, |a, b| syn::parse_quote!(#a / #b)))
                        .map(Some),
                    false => self.index(&operands, &|h| binary(h, quotient_up)).map(Some),
                }
            }
            Source::Rev(inner)
            | Source::Enumerate(inner)
            | Source::Map(inner, _)
            | Source::Copied(inner) => self.length(inner),
            Source::Staged(chain, _) => self.length(&chain.source),
            Source::Cycle(inner) => match self.length(inner)? {
                Some(length) => self
                    .index(&[length], &|holes| {
                        let length = &holes[0];
                        syn::parse_quote!(if #length == 0 { 0 } else { ::core::primitive::usize::MAX })
                    })
                    .map(Some),
                None => Some(None),
            },
            Source::Rest { source, from, .. } => {
                self.shortened(source, from, &|a, b| beyond(&syn::parse_quote!(#a), b))
            }
            Source::StepBy(inner, step) => self.shortened(inner, step, &quotient_up),
            Source::Skip(inner, count) => {
                self.shortened(inner, count, &|a, b| beyond(&syn::parse_quote!(#a), b))
            }
            Source::Take(inner, count) => match self.length(inner)? {
                Some(length) => self.shorter(length, count.clone()).map(Some),
                None => Some(Some(count.clone())),
            },
            Source::Zip(a, b) => match (self.length(a)?, self.length(b)?) {
                (Some(a), Some(b)) => self.shorter(a, b).map(Some),
                (a, b) => Some(a.or(b)),
            },
            Source::Chain(a, b) => match (self.length(a)?, self.length(b)?) {
                (Some(a), Some(b)) => self
                    .index(&[a, b], &|h| binary(h, |a, b| syn::parse_quote!(#a + #b)))
                    .map(Some),
                _ => Some(None),
            },
        }
    }

    pub(super) fn shortened(
        &mut self,
        inner: &Source,
        by: &Operand,
        build: &dyn Fn(&Ident, &Ident) -> Expr,
    ) -> Option<Option<Operand>> {
        match self.length(inner)? {
            Some(length) => self
                .index(&[length, by.clone()], &|h| binary(h, build))
                .map(Some),
            None => Some(None),
        }
    }

    pub(super) fn shorter(&mut self, a: Operand, b: Operand) -> Option<Operand> {
        self.index(&[a, b], &|h| {
            binary(h, |a, b| syn::parse_quote!(::core::cmp::Ord::min(#a, #b)))
        })
    }

    pub(super) fn length_of_range(
        &mut self,
        start: &Operand,
        end: &Operand,
        inclusive: bool,
        signed: bool,
    ) -> Option<Operand> {
        let operands = [start.clone(), end.clone()];
        match (is_zero(start) && !signed, inclusive) {
            (true, false) => Some(end.clone()),
            (_, false) => self.index(&operands, &|h| {
                binary(h, |a, b| beyond(&syn::parse_quote!(#b), a))
            }),
            (_, true) => self.index(&operands, &|h| {
                binary(h, |a, b| beyond(&syn::parse_quote!(#b + 1), a))
            }),
        }
    }

    /// `value as ty`
    fn as_type(&mut self, value: &Operand, ty: &syn::Type) -> Option<Operand> {
        self.index(
            std::slice::from_ref(value),
            &|holes| syn::parse_quote!(#(#holes)* as #ty),
        )
    }

    /// `place.len()`
    pub(super) fn length_of_place(&mut self, place: &Place) -> Option<Operand> {
        self.index(
            &[Operand::Place(place.clone())],
            &|holes| syn::parse_quote!(#(#holes)*.len()),
        )
    }

    /// An inert value over others.
    pub(super) fn index(
        &mut self,
        operands: &[Operand],
        build: &dyn Fn(&[Ident]) -> Expr,
    ) -> Option<Operand> {
        let term = self.opaque_of(operands, build, Kind::Inert)?;
        self.operand_of(term, &Kind::Inert)
    }

    /// The item at a position.
    pub(super) fn item(&mut self, source: &Source, at: &Operand) -> Option<Term> {
        match source {
            Source::Range { start, ty, .. } => {
                let at = match ty {
                    Some(ty) => self.as_type(at, ty)?,
                    None => at.clone(),
                };
                self.shifted(&at, start).map(Term::Value)
            }
            Source::Elements { place, by } => {
                Some(element(place.clone().then(Proj::Index(at.clone())), *by))
            }
            Source::Windows { place, size } => {
                let hi = self.shifted(at, size)?;
                let proj = Proj::Slice {
                    lo: Some(at.clone()),
                    hi: Some(hi),
                };
                Some(element(place.clone().then(proj), By::Ref))
            }
            Source::Chunks {
                place,
                size,
                exact,
                back,
                mutable,
            } => {
                let proj = self.chunk(place, size, at, *exact, *back)?;
                Some(element(
                    place.clone().then(proj),
                    if *mutable { By::RefMut } else { By::Ref },
                ))
            }
            Source::Rev(inner)
            | Source::StepBy(inner, _)
            | Source::Skip(inner, _)
            | Source::Take(inner, _)
            | Source::Cycle(inner) => {
                let at = self.position_inside(source, at)?;
                self.item(inner, &at)
            }
            Source::Zip(a, b) => Some(Term::Tuple(vec![self.item(a, at)?, self.item(b, at)?])),
            Source::Enumerate(inner) => Some(Term::Tuple(vec![
                Term::Value(at.clone()),
                self.item(inner, at)?,
            ])),
            Source::Map(inner, function) => {
                let item = self.item(inner, at)?;
                self.applied(function, item)
            }
            Source::Rest {
                source,
                from,
                cursor,
            } => {
                let at = self.shifted(at, from)?;
                let next = self.index(
                    std::slice::from_ref(&at),
                    &|holes| syn::parse_quote!(#(#holes)* + 1),
                )?;
                self.scope.assign(*cursor, Some(Term::Value(next)));
                self.item(source, &at)
            }
            Source::Staged(chain, done) => self.staged_item(chain, *done, at),
            Source::Repeated(item) => Some((**item).clone()),
            Source::Copied(inner) => {
                let item = self.item(inner, at)?;
                Some(dereferenced(item))
            }
            Source::Chain(a, b) => self.item_of_two(a, b, at),
        }
    }

    /// Where the item at a position stands in the sequence whose items are reordered or left out.
    pub(super) fn position_inside(&mut self, source: &Source, at: &Operand) -> Option<Operand> {
        match source {
            Source::Rev(inner) => {
                let length = self.length(inner)??;
                self.index(&[length, at.clone()], &|h| {
                    binary(h, |a, b| syn::parse_quote!(#a - 1 - #b))
                })
            }
            Source::StepBy(_, step) => self.scaled(at, step),
            Source::Skip(_, count) => self.shifted(at, count),
            Source::Cycle(inner) => match self.length(inner)? {
                Some(length) => self.index(&[at.clone(), length], &|h| {
                    binary(h, |a, b| syn::parse_quote!(#a % #b))
                }),
                None => Some(at.clone()),
            },
            _ => Some(at.clone()),
        }
    }

    /// The part of a sequence that a chunk is.
    fn chunk(
        &mut self,
        place: &Place,
        size: &Operand,
        at: &Operand,
        exact: bool,
        back: bool,
    ) -> Option<Proj> {
        let lo = self.scaled(at, size)?;
        if back {
            let length = self.length_of_place(place)?;
            let hi = self.index(&[length, lo], &|h| {
                binary(h, |a, b| syn::parse_quote!(#a - #b))
            })?;
            let lo = self.index(&[hi.clone(), size.clone()], &|h| {
                binary(h, |a, b| beyond(&syn::parse_quote!(#a), b))
            })?;
            return Some(part_of(lo, hi));
        }
        let mut hi = self.shifted(&lo, size)?;
        if !exact {
            let length = self.length_of_place(place)?;
            hi = self.shorter(hi, length)?;
        }
        Some(part_of(lo, hi))
    }

    pub(super) fn shifted(&mut self, at: &Operand, by: &Operand) -> Option<Operand> {
        match (is_zero(by), is_zero(at)) {
            (true, _) => Some(at.clone()),
            (_, true) => Some(by.clone()),
            _ => self.index(&[at.clone(), by.clone()], &|h| {
                binary(h, |a, b| syn::parse_quote!(#a + #b))
            }),
        }
    }

    pub(super) fn scaled(&mut self, at: &Operand, by: &Operand) -> Option<Operand> {
        self.index(&[at.clone(), by.clone()], &|h| {
            binary(h, |a, b| syn::parse_quote!(#a * #b))
        })
    }
}

fn part_of(lo: Operand, hi: Operand) -> Proj {
    Proj::Slice {
        lo: Some(lo),
        hi: Some(hi),
    }
}

/// An expression over two operands.
pub(super) fn binary(holes: &[Ident], build: impl Fn(&Ident, &Ident) -> Expr) -> Expr {
    match holes {
        [a, b] => build(a, b),
        _ => Expr::PLACEHOLDER,
    }
}

/// `a - b`, or zero: without a method, since the literals of `(0..4).skip(1)` leave the integer type open.
fn beyond(a: &Expr, b: &Ident) -> Expr {
    syn::parse_quote!(::core::cmp::Ord::max(#a, #b) - #b)
}

/// `a / b`, rounded up; likewise without a method.
fn quotient_up(a: &Ident, b: &Ident) -> Expr {
    syn::parse_quote!(#a / #b + ::core::cmp::Ord::min(#a % #b, 1))
}

pub(super) fn element(place: Place, by: By) -> Term {
    match by {
        By::Value => Term::Place(place),
        By::Ref => Term::Ref {
            place,
            mutable: false,
        },
        By::RefMut => Term::Ref {
            place,
            mutable: true,
        },
    }
}

fn is_zero(operand: &Operand) -> bool {
    matches!(operand, Operand::Literal(literal) if literal.value == Some(0.0))
}

/// `*item`
pub(super) fn dereferenced(item: Term) -> Term {
    match item {
        Term::Ref { place, .. } => Term::Place(place),
        item => item,
    }
}

/// The position 0.
pub(super) fn zero() -> Operand {
    literal(
        &proc_macro2::Literal::usize_unsuffixed(0),
        Kind::Inert,
        Some(0.0),
    )
}
