//! Where the arms of a switch meet: what they assigned and what they yield is joined.

use std::collections::{BTreeSet, HashSet};

use syn::spanned::Spanned;

use super::branch::Arm;
use super::builder::{Exit, Target};
use super::exits::{Column, Way};
use super::references::at_positions;
use super::scope::{BindingId, Term};
use super::Lowering;
use crate::diagnostics::Slug;
use crate::ir::{Block, End, Kind, Operand, Place, Proj, Selector, Stmt, Var};

/// What stands where paths meet.
pub(super) enum Shape {
    Keep(Option<Term>),
    Column(usize),
    Tuple(Vec<Shape>),
    /// A reference to a column.
    Lent(usize),
    /// A reference to a place some of whose positions are columns.
    Part {
        place: Place,
        chosen: Vec<Option<usize>>,
        mutable: bool,
    },
}

/// What the arms that fall through hand over, one row per arm.
pub(super) struct Meeting {
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<Vec<Operand>>,
    /// Copies of what arms refer to.
    pub(super) copied: HashSet<Var>,
}

impl Shape {
    fn term(&self, columns: &[Option<Term>]) -> Option<Term> {
        match self {
            Shape::Keep(term) => term.clone(),
            Shape::Column(index) => columns.get(*index).cloned().flatten(),
            Shape::Tuple(parts) => parts
                .iter()
                .map(|part| part.term(columns))
                .collect::<Option<_>>()
                .map(Term::Tuple),
            Shape::Lent(index) => match columns.get(*index).cloned().flatten()? {
                Term::Fresh(place) | Term::Place(place) => Some(Term::Ref {
                    place,
                    mutable: false,
                }),
                _ => None,
            },
            Shape::Part {
                place,
                chosen,
                mutable,
            } => {
                let chosen = chosen.iter().map(|column| match columns.get((*column)?) {
                    Some(Some(Term::Value(position))) => Some(position.clone()),
                    _ => None,
                });
                Some(Term::Ref {
                    place: at_positions(place.clone(), &chosen.collect::<Vec<_>>()),
                    mutable: *mutable,
                })
            }
        }
    }
}

impl Lowering<'_> {
    /// Several arms fall through: joins of their values and of the variables they assigned.
    pub(super) fn meet(&mut self, on: Selector, mut arms: Vec<Arm>, want: &Kind) -> Option<Term> {
        let count = arms.iter().filter(|arm| !arm.region.ended()).count();
        let mut meeting = Meeting {
            columns: Vec::new(),
            rows: vec![Vec::new(); count],
            copied: HashSet::new(),
        };
        self.meet_references(&mut arms, &mut meeting)?;
        let falling: Vec<&Arm> = arms.iter().filter(|arm| !arm.region.ended()).collect();
        let changed: BTreeSet<BindingId> = falling
            .iter()
            .flat_map(|arm| arm.changes.iter().map(|(id, _)| *id))
            .collect();
        let mut shapes = Vec::new();
        for id in changed {
            let terms = falling.iter().map(|arm| self.term_after(arm, id)).collect();
            let shape = self.shape_of_binding(id, terms, &mut meeting)?;
            shapes.push((id, shape));
        }
        let values = falling.iter().map(|arm| arm.term.clone()).collect();
        let value = self.shape(values, want, &Column::default(), &mut meeting)?;
        drop(falling);
        let term_at = self.close_arms(on, arms, meeting);
        for (id, shape) in shapes {
            let term = shape.term(&term_at);
            let term = match term {
                Some(Term::Fresh(place)) => Some(Term::Place(place)),
                term => term,
            };
            self.scope.assign(id, term);
        }
        value.term(&term_at)
    }

    /// What a binding stands for at the end of an arm.
    pub(super) fn term_after(&self, arm: &Arm, id: BindingId) -> Option<Term> {
        match arm.changes.iter().find(|(changed, _)| *changed == id) {
            Some((_, term)) => term.clone(),
            None => self
                .scope
                .binding(id)
                .and_then(|binding| binding.term.clone()),
        }
    }

    pub(super) fn shape_of_binding(
        &mut self,
        id: BindingId,
        terms: Vec<Option<Term>>,
        meeting: &mut Meeting,
    ) -> Option<Shape> {
        let binding = self.scope.binding(id)?;
        let column = Column {
            kind: None,
            name: Some(binding.name.clone()),
            ty: binding.ty.clone(),
            mutable: binding.mutable,
        };
        let kind = binding.kind.clone();
        self.shape(terms, &kind, &column, meeting)
    }

    /// How the terms of the arms are joined.
    pub(super) fn shape(
        &mut self,
        terms: Vec<Option<Term>>,
        want: &Kind,
        like: &Column,
        meeting: &mut Meeting,
    ) -> Option<Shape> {
        let Some(terms) = terms.into_iter().collect::<Option<Vec<Term>>>() else {
            return Some(Shape::Keep(None));
        };
        if let Some(first) = terms.first() {
            if terms.iter().all(|term| same(first, term)) {
                return Some(Shape::Keep(Some(first.clone())));
            }
        }
        if let Some(parts) = transposed(&terms) {
            let parts = parts.into_iter().enumerate().map(|(index, parts)| {
                let want = want.member(&syn::Member::from(index));
                self.shape(
                    parts,
                    &want,
                    &Column {
                        name: None,
                        ty: None,
                        ..like.clone()
                    },
                    meeting,
                )
            });
            return parts.collect::<Option<Vec<_>>>().map(Shape::Tuple);
        }
        if let Some(shape) = self.shape_of_references(&terms, meeting) {
            return Some(shape);
        }
        let mut column = Column {
            kind: Some(want.clone()),
            ..like.clone()
        };
        column.ty = column.ty.or_else(|| self.range_of_all(&terms));
        for (term, row) in terms.into_iter().zip(&mut meeting.rows) {
            column.join(self.kind_of_term(&term));
            row.push(self.handed_over(term)?);
        }
        meeting.columns.push(column);
        Some(Shape::Column(meeting.columns.len() - 1))
    }

    /// The type of the ranges that several arms give.
    fn range_of_all(&self, terms: &[Term]) -> Option<syn::Type> {
        let mut types = terms.iter().map(|term| match term {
            Term::Value(value) => self.named_range(value),
            _ => None,
        });
        let first = types.next()??;
        types.all(|ty| ty.as_ref() == Some(&first)).then_some(first)
    }

    /// A term as an operand of the yield, without adding statements.
    pub(super) fn handed_over(&mut self, term: Term) -> Option<Operand> {
        match term {
            Term::Value(operand) => Some(operand),
            Term::Fresh(place) | Term::Place(place) => Some(Operand::Place(place)),
            Term::Ref {
                place,
                mutable: false,
            } if self.kind_of_place(&place).is_scalar() => Some(Operand::Place(place)),
            Term::Ref { place, mutable } => {
                let span = self.info(place.root).name.span();
                let slug = match mutable {
                    true => Slug::StoredReference,
                    false => Slug::MovingReference,
                };
                self.refuse(
                    slug,
                    span,
                    "it refers to different places in different branches",
                )
            }
            Term::Maybe { .. } => self.place_of(term).map(Operand::Place),
            Term::Closure(closure) => self.refuse(
                Slug::UnsupportedExpression,
                closure.expr.span(),
                "a closure that a branch chooses, to be called behind it,",
            ),
            Term::Tuple(_) | Term::Chain(_) => self.refuse(
                Slug::UnsupportedExpression,
                proc_macro2::Span::call_site(),
                "a tuple of different shapes in different branches",
            ),
        }
    }

    /// Seals the arms and adds the switch; returns what the columns stand for afterwards.
    pub(super) fn close_arms(
        &mut self,
        on: Selector,
        arms: Vec<Arm>,
        meeting: Meeting,
    ) -> Vec<Option<Term>> {
        let mut rows = meeting.rows.into_iter();
        let drafts: Vec<_> = arms
            .into_iter()
            .map(|arm| {
                let row = if arm.region.ended() {
                    None
                } else {
                    rows.next()
                };
                arm.region.close(|| row.unwrap_or_default())
            })
            .collect();
        let count = meeting.columns.len();
        let mut ways = vec![Way {
            target: Target::Fall,
            columns: meeting.columns,
        }];
        ways.extend(self.ways_out(drafts.iter(), &[Target::Fall]));
        let joins = self.joins(ways);
        let blocks: Vec<Block> = drafts
            .into_iter()
            .map(|draft| {
                draft.seal(&mut |exit: Exit, stmts: &mut Vec<Stmt>| {
                    End::Yield(self.row(&joins, exit, stmts))
                })
            })
            .collect();
        self.builder.push(Stmt::Switch {
            on,
            arms: blocks,
            joins: joins.vars(),
        });
        self.dispatch(&joins);
        (0..count)
            .map(|index| self.term_of_column(&joins, index))
            .collect()
    }
}

/// The parts of tuples of one length, position by position. If one of them is in parts, so are those in memory.
fn transposed(terms: &[Term]) -> Option<Vec<Vec<Option<Term>>>> {
    let length = terms.iter().find_map(|term| match term {
        Term::Tuple(parts) => Some(parts.len()),
        _ => None,
    })?;
    let mut columns = vec![Vec::new(); length];
    for term in terms {
        for (index, column) in columns.iter_mut().enumerate() {
            column.push(Some(part(term, index, length)?));
        }
    }
    Some(columns)
}

/// A part of a tuple of so many.
fn part(term: &Term, index: usize, length: usize) -> Option<Term> {
    let inside = |place: &Place| {
        let mut place = place.clone();
        place.path.push(Proj::Field(syn::Member::from(index)));
        place
    };
    match term {
        Term::Tuple(parts) if parts.len() == length => parts.get(index).cloned(),
        Term::Fresh(place) => Some(Term::Fresh(inside(place))),
        Term::Place(place) | Term::Value(Operand::Place(place)) => Some(Term::Place(inside(place))),
        _ => None,
    }
}

/// Whether two terms are surely the same, so that nothing has to be joined.
pub(super) fn same(a: &Term, b: &Term) -> bool {
    match (a, b) {
        (Term::Value(a), Term::Value(b)) => same_operand(a, b),
        (Term::Fresh(a) | Term::Place(a), Term::Fresh(b) | Term::Place(b)) => same_place(a, b),
        (
            Term::Ref {
                place: a,
                mutable: m,
            },
            Term::Ref {
                place: b,
                mutable: n,
            },
        ) => m == n && same_place(a, b),
        (Term::Closure(a), Term::Closure(b)) => std::rc::Rc::ptr_eq(a, b),
        _ => false,
    }
}

fn same_operand(a: &Operand, b: &Operand) -> bool {
    match (a, b) {
        (Operand::Var(a), Operand::Var(b)) => a == b,
        (Operand::Literal(a), Operand::Literal(b)) => {
            a.kind == b.kind && a.tokens.to_string() == b.tokens.to_string()
        }
        _ => false,
    }
}

/// Whether two places are written alike.
pub fn same_place(a: &Place, b: &Place) -> bool {
    let same_bound = |a: &Option<Operand>, b: &Option<Operand>| match (a, b) {
        (None, None) => true,
        (Some(a), Some(b)) => same_operand(a, b),
        _ => false,
    };
    a.root == b.root
        && a.path.len() == b.path.len()
        && a.path.iter().zip(&b.path).all(|pair| match pair {
            (Proj::Field(a), Proj::Field(b)) => a == b,
            (Proj::Index(a), Proj::Index(b)) => same_operand(a, b),
            (Proj::Slice { lo, hi }, Proj::Slice { lo: lo_b, hi: hi_b }) => {
                same_bound(lo, lo_b) && same_bound(hi, hi_b)
            }
            (Proj::Deref, Proj::Deref) => true,
            (Proj::Payload(a), Proj::Payload(b)) => a == b,
            (Proj::Variant(a), Proj::Variant(b)) => a.path == b.path && a.member == b.member,
            _ => false,
        })
}
