//! `if`, `match`, and the forms built on them: `let else`, `?`, `&&` and `||` with effects.

use std::collections::BTreeSet;

use quote::quote;
use syn::spanned::Spanned;
use syn::{Arm as SynArm, Expr, ExprBinary, ExprIf, ExprLet, ExprMatch, ExprTry, Local, LocalInit, Pat};

use super::builder::{Exit, Region, Target};
use super::call::strip;
use super::exits::{Column, Way};
use super::scope::{BindingId, Mark, Term};
use super::{purity, refutable, Lowering};
use crate::diagnostics::Slug;
use crate::ir::{Block, Cost, Ctor, End, Kind, Op, Operand, Place, Proj, Selector, Stmt, Wrapper};

/// An arm that has been lowered.
struct Arm {
    region: Region,
    term: Option<Term>,
    changes: Vec<(BindingId, Option<Term>)>,
}

impl Arm {
    /// Whether some path leaves the switch for elsewhere.
    fn leaves(&self) -> bool {
        self.region.has_exits()
    }
}

/// Where a switch stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Position {
    /// Its value is the function's result.
    Tail,
    Inside,
}

/// What stands where paths meet.
enum Shape {
    Keep(Option<Term>),
    Column(usize),
    Tuple(Vec<Shape>),
}

/// What the arms that fall through hand over, one row per arm.
struct Meeting {
    columns: Vec<Column>,
    rows: Vec<Vec<Operand>>,
}

impl Lowering<'_> {
    /// `if c { … } else { … }`
    pub(super) fn if_expression(&mut self, branch: &ExprIf, want: &Kind) -> Option<Term> {
        let otherwise = branch.else_branch.as_ref().map(|(_, expr)| &**expr);
        if let Expr::Let(condition) = strip(&branch.cond) {
            return self.if_let(condition, branch, otherwise, want);
        }
        let condition = self.inert_operand(&branch.cond)?;
        let place = self.stands(branch as *const ExprIf as usize);
        self.switch_at(place, Selector::Bool(condition), 2, want, &mut |lowering, arm| match (arm, otherwise) {
            (0, _) => lowering.block(&branch.then_branch, want),
            (_, Some(otherwise)) => lowering.term(otherwise, want),
            (_, None) => Some(lowering.unit()),
        })
    }

    fn if_let(&mut self, condition: &ExprLet, branch: &ExprIf, otherwise: Option<&Expr>, want: &Kind) -> Option<Term> {
        let scrutinee = self.scrutinee(&condition.expr)?;
        let on = self.test(&condition.expr, &scrutinee, &condition.pat)?;
        let place = self.stands(branch as *const ExprIf as usize);
        self.switch_at(place, Selector::Bool(on), 2, want, &mut |lowering, arm| match (arm, otherwise) {
            (0, _) => {
                lowering.bind(&condition.pat, scrutinee.clone())?;
                lowering.block(&branch.then_branch, want)
            }
            (_, Some(otherwise)) => lowering.term(otherwise, want),
            (_, None) => Some(lowering.unit()),
        })
    }

    /// `match e { … }`: an inert `match` selects the arm.
    pub(super) fn match_expression(&mut self, whole: &ExprMatch, want: &Kind) -> Option<Term> {
        let scrutinee = self.scrutinee(&whole.expr)?;
        if let [SynArm { pat, body, .. }] = whole.arms.as_slice() {
            self.scope.enter();
            let bound = self.bind(pat, scrutinee);
            let term = bound.and_then(|()| self.term(body, want));
            self.scope.leave();
            return term;
        }
        let arms: Vec<SynArm> = whole.arms.iter().enumerate().map(|(index, arm)| refutable::selecting(arm, index)).collect();
        let on = self.select(&whole.expr, &scrutinee, &|scrutinee| syn::parse_quote!(match #scrutinee { #(#arms)* }))?;
        let place = self.stands(whole as *const ExprMatch as usize);
        self.switch_at(place, Selector::Index(on), whole.arms.len(), want, &mut |lowering, index| {
            let arm = whole.arms.get(index)?;
            lowering.bind(&arm.pat, scrutinee.clone())?;
            lowering.term(&arm.body, want)
        })
    }

    /// `let pat = e else { … };`
    pub(super) fn let_else(&mut self, local: &Local, init: &LocalInit, otherwise: &Expr) -> Option<()> {
        let scrutinee = self.scrutinee(&init.expr)?;
        let pat = refutable::untyped(&local.pat);
        let on = self.test(&init.expr, &scrutinee, pat)?;
        self.switch(Selector::Bool(on), 2, &Kind::Inert, &mut |lowering, arm| match arm {
            0 => Some(lowering.unit()),
            _ => lowering.term(otherwise, &Kind::Inert),
        })?;
        self.bind(&local.pat, scrutinee)
    }

    /// `e?`
    pub(super) fn try_expression(&mut self, tried: &ExprTry, want: &Kind) -> Option<Term> {
        let result = self.result.clone().unwrap_or(Kind::Unknown);
        let wanted = Box::new(want.clone());
        let want = match &result {
            Kind::Option(_) => Kind::Option(wanted),
            Kind::Result(_) => Kind::Result(wanted),
            _ => Kind::Unknown,
        };
        let term = self.term(&tried.expr, &want)?;
        let place = self.place_of(term)?;
        let whole = Operand::Place(place.clone());
        let (wrapper, test) = match self.kind_of_place(&place).join(&want) {
            Kind::Option(_) => (Wrapper::Some, quote!(is_some)),
            Kind::Result(_) => (Wrapper::Ok, quote!(is_ok)),
            _ => return self.refuse(Slug::UnsupportedExpression, tried.question_token.span(), "this `?`"),
        };
        let on = self.opaque_of(&[whole.clone()], &|holes| syn::parse_quote!(#(#holes)*.#test()), Kind::Inert)?;
        let on = self.operand_of(on, &Kind::Inert)?;
        self.switch(Selector::Bool(on), 2, &Kind::Inert, &mut |lowering, arm| match arm {
            0 => Some(lowering.unit()),
            _ => lowering.propagate(wrapper, &whole, &result),
        })?;
        self.project(&Term::Place(place), Proj::Payload(wrapper))
    }

    /// The failure of a `?` leaves the function.
    fn propagate(&mut self, wrapper: Wrapper, whole: &Operand, result: &Kind) -> Option<Term> {
        let failure = match wrapper {
            Wrapper::Some => self.define(Op::Aggregate(Ctor::Nothing, Vec::new()), result.clone()),
            _ => self.opaque_of(
                std::slice::from_ref(whole),
                &|holes| {
                    syn::parse_quote!(::core::result::Result::Err(::core::convert::From::from(#(#holes)*.err().unwrap())))
                },
                result.clone(),
            )?,
        };
        self.return_term(failure);
        None
    }

    /// `a && b`, `a || b` whose right side must be lowered.
    pub(super) fn short_circuit(&mut self, binary: &ExprBinary) -> Option<Term> {
        let left = self.inert_operand(&binary.left)?;
        let and = matches!(binary.op, syn::BinOp::And(_));
        self.switch(Selector::Bool(left), 2, &Kind::Inert, &mut |lowering, arm| {
            if (arm == 0) == and {
                lowering.inert_operand(&binary.right).map(Term::Value)
            } else {
                Some(Term::Value(lowering.inert_literal(if and { quote!(false) } else { quote!(true) })))
            }
        })
    }

    /// What is matched on.
    pub(super) fn scrutinee(&mut self, expr: &Expr) -> Option<Term> {
        match strip(expr) {
            expr if self.is_opaque(expr) => {
                let term = self.opaque_inert(expr)?;
                Some(term)
            }
            expr => self.term(expr, &Kind::Unknown),
        }
    }

    /// Whether a pattern matches, as an inert value.
    pub(super) fn test(&mut self, expr: &Expr, scrutinee: &Term, pat: &Pat) -> Option<Operand> {
        let pat = refutable::without_bindings(pat, &Default::default());
        self.select(expr, scrutinee, &|scrutinee| {
            syn::parse_quote!(match #scrutinee { #pat => true, _ => false })
        })
    }

    /// An inert expression over what is matched on: over the user's words where they can be repeated.
    fn select(&mut self, expr: &Expr, scrutinee: &Term, build: &dyn Fn(&Expr) -> Expr) -> Option<Operand> {
        let term = match scrutinee {
            Term::Maybe { some, .. } => {
                let some = some.clone();
                self.opaque_scrutinee(some, &|hole| {
                    refutable::without_payloads(build(&syn::parse_quote!(#hole.then_some(()))))
                })?
            }
            Term::Value(operand) => self.opaque_scrutinee(operand.clone(), build)?,
            _ if refutable::repeatable(expr) || (self.is_pure(expr) && purity::cost(expr) == Cost::Cheap) => {
                let whole = build(expr);
                self.opaque(&whole, Kind::Inert, Cost::Cheap)?
            }
            Term::Ref { place, .. } => {
                let place = place.clone();
                self.opaque_scrutinee(Operand::Place(place), &|hole| build(&syn::parse_quote!((&#hole))))?
            }
            term => {
                let place = self.place_of(term.clone())?;
                self.opaque_scrutinee(Operand::Place(place), build)?
            }
        };
        self.operand_of(term, &Kind::Inert)
    }

    fn opaque_scrutinee(&mut self, operand: Operand, build: &dyn Fn(&Expr) -> Expr) -> Option<Term> {
        // Guards may read other variables of the user.
        let hole = quote::format_ident!("scrutinee");
        let whole = build(&syn::parse_quote!(#hole));
        let mut opaque = self.captured(&whole, Cost::Cheap, false)?;
        opaque.captures.retain(|capture| capture.name != hole);
        opaque.captures.push(crate::ir::Capture { name: hole, operand, by: crate::ir::By::Value });
        Some(self.define(Op::Opaque(Box::new(opaque)), Kind::Inert))
    }

    /// Lowers the arms of a switch and joins what they did.
    pub(super) fn switch(
        &mut self,
        on: Selector,
        count: usize,
        want: &Kind,
        lower: &mut dyn FnMut(&mut Self, usize) -> Option<Term>,
    ) -> Option<Term> {
        self.switch_at(Position::Inside, on, count, want, lower)
    }

    fn stands(&self, address: usize) -> Position {
        match self.tails.contains(&address) {
            true => Position::Tail,
            false => Position::Inside,
        }
    }

    fn switch_at(
        &mut self,
        position: Position,
        on: Selector,
        count: usize,
        want: &Kind,
        lower: &mut dyn FnMut(&mut Self, usize) -> Option<Term>,
    ) -> Option<Term> {
        let refusals = self.errors.count();
        let mark = self.scope.mark();
        let arms: Vec<Arm> = (0..count).map(|index| self.arm(mark, index, lower)).collect();
        if self.errors.count() > refusals {
            return None;
        }
        let falling = arms.iter().filter(|arm| !arm.region.ended()).count();
        match falling {
            0 => self.all_leave(on, arms),
            1 => self.one_falls(on, arms),
            _ if position == Position::Tail && arms.iter().any(Arm::leaves) => self.all_return(on, arms),
            _ => self.meet(on, arms, want),
        }
    }

    fn arm(&mut self, mark: Mark, index: usize, lower: &mut dyn FnMut(&mut Self, usize) -> Option<Term>) -> Arm {
        self.builder.open();
        self.scope.enter();
        let term = lower(self, index);
        self.scope.leave();
        let changes = self.scope.undo(mark);
        Arm { region: self.builder.take(), term, changes }
    }

    fn all_leave(&mut self, on: Selector, arms: Vec<Arm>) -> Option<Term> {
        let arms = arms.into_iter().map(|arm| arm.region.close(Vec::new)).collect();
        self.builder.end(super::builder::Tail::Switch { on, arms });
        None
    }

    /// At the end of the function, where arms leave in the middle, every arm returns by itself.
    fn all_return(&mut self, on: Selector, arms: Vec<Arm>) -> Option<Term> {
        let mut drafts = Vec::with_capacity(arms.len());
        for arm in arms {
            self.builder.reopen(arm.region);
            if let (false, Some(term)) = (self.builder.ended(), arm.term) {
                self.return_term(term);
            }
            drafts.push(self.builder.take().close(Vec::new));
        }
        self.builder.end(super::builder::Tail::Switch { on, arms: drafts });
        None
    }

    /// Goes on inside the one arm that falls through.
    fn one_falls(&mut self, on: Selector, arms: Vec<Arm>) -> Option<Term> {
        let mut others = Vec::new();
        let mut going_on = None;
        for (index, arm) in arms.into_iter().enumerate() {
            if arm.region.ended() {
                others.push(arm.region.close(Vec::new));
            } else {
                going_on = Some((index, arm));
            }
        }
        let (hole, arm) = going_on?;
        for (id, term) in arm.changes {
            self.scope.assign(id, term);
        }
        self.builder.descend(on, others, hole, arm.region);
        arm.term
    }

    /// Several arms fall through: joins of their values and of the variables they assigned.
    fn meet(&mut self, on: Selector, arms: Vec<Arm>, want: &Kind) -> Option<Term> {
        let falling: Vec<&Arm> = arms.iter().filter(|arm| !arm.region.ended()).collect();
        let mut meeting = Meeting { columns: Vec::new(), rows: vec![Vec::new(); falling.len()] };
        let changed: BTreeSet<BindingId> = falling.iter().flat_map(|arm| arm.changes.iter().map(|(id, _)| *id)).collect();
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
    fn term_after(&self, arm: &Arm, id: BindingId) -> Option<Term> {
        match arm.changes.iter().find(|(changed, _)| *changed == id) {
            Some((_, term)) => term.clone(),
            None => self.scope.binding(id).and_then(|binding| binding.term.clone()),
        }
    }

    fn shape_of_binding(&mut self, id: BindingId, terms: Vec<Option<Term>>, meeting: &mut Meeting) -> Option<Shape> {
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
    fn shape(&mut self, terms: Vec<Option<Term>>, want: &Kind, like: &Column, meeting: &mut Meeting) -> Option<Shape> {
        let Some(terms) = terms.into_iter().collect::<Option<Vec<Term>>>() else { return Some(Shape::Keep(None)) };
        if let Some(first) = terms.first() {
            if terms.iter().all(|term| same(first, term)) {
                return Some(Shape::Keep(Some(first.clone())));
            }
        }
        if let Some(parts) = transposed(&terms) {
            let parts = parts.into_iter().enumerate().map(|(index, parts)| {
                let want = want.member(&syn::Member::from(index));
                self.shape(parts, &want, &Column { name: None, ty: None, ..like.clone() }, meeting)
            });
            return parts.collect::<Option<Vec<_>>>().map(Shape::Tuple);
        }
        let mut column = Column { kind: Some(want.clone()), ..like.clone() };
        for (term, row) in terms.into_iter().zip(&mut meeting.rows) {
            column.join(self.kind_of_term(&term));
            row.push(self.handed_over(term)?);
        }
        meeting.columns.push(column);
        Some(Shape::Column(meeting.columns.len() - 1))
    }

    /// A term as an operand of the yield, without adding statements.
    pub(super) fn handed_over(&mut self, term: Term) -> Option<Operand> {
        match term {
            Term::Value(operand) => Some(operand),
            Term::Fresh(place) | Term::Place(place) => Some(Operand::Place(place)),
            Term::Ref { place, mutable: false } if self.kind_of_place(&place).is_scalar() => Some(Operand::Place(place)),
            Term::Ref { place, .. } => {
                let span = self.info(place.root).name.span();
                self.refuse(Slug::StoredReference, span, "it refers to different places in different branches")
            }
            Term::Maybe { .. } => self.place_of(term).map(Operand::Place),
            Term::Tuple(_) | Term::Closure(_) | Term::Chain(_) => {
                self.refuse(Slug::UnsupportedExpression, proc_macro2::Span::call_site(), "a tuple of different shapes in different branches")
            }
        }
    }

    /// Seals the arms and adds the switch; returns what the columns stand for afterwards.
    fn close_arms(&mut self, on: Selector, arms: Vec<Arm>, meeting: Meeting) -> Vec<Option<Term>> {
        let mut rows = meeting.rows.into_iter();
        let drafts: Vec<_> = arms
            .into_iter()
            .map(|arm| {
                let row = if arm.region.ended() { None } else { rows.next() };
                arm.region.close(|| row.unwrap_or_default())
            })
            .collect();
        let count = meeting.columns.len();
        let mut ways = vec![Way { target: Target::Fall, columns: meeting.columns }];
        ways.extend(self.ways_out(drafts.iter(), &[Target::Fall]));
        let joins = self.joins(ways);
        let blocks: Vec<Block> = drafts
            .into_iter()
            .map(|draft| {
                draft.seal(&mut |exit: Exit, stmts: &mut Vec<Stmt>| End::Yield(self.row(&joins, exit, stmts)))
            })
            .collect();
        self.builder.push(Stmt::Switch { on, arms: blocks, joins: joins.vars() });
        self.dispatch(&joins);
        (0..count).map(|index| self.term_of_column(&joins, index)).collect()
    }
}

impl Shape {
    fn term(&self, columns: &[Option<Term>]) -> Option<Term> {
        match self {
            Shape::Keep(term) => term.clone(),
            Shape::Column(index) => columns.get(*index).cloned().flatten(),
            Shape::Tuple(parts) => parts.iter().map(|part| part.term(columns)).collect::<Option<_>>().map(Term::Tuple),
        }
    }
}

/// The parts of tuples of one length, position by position.
fn transposed(terms: &[Term]) -> Option<Vec<Vec<Option<Term>>>> {
    let Some(Term::Tuple(first)) = terms.first() else { return None };
    let mut columns = vec![Vec::new(); first.len()];
    for term in terms {
        let Term::Tuple(parts) = term else { return None };
        if parts.len() != columns.len() {
            return None;
        }
        for (column, part) in columns.iter_mut().zip(parts) {
            column.push(Some(part.clone()));
        }
    }
    Some(columns)
}

/// Whether two terms are surely the same, so that nothing has to be joined.
fn same(a: &Term, b: &Term) -> bool {
    match (a, b) {
        (Term::Value(a), Term::Value(b)) => same_operand(a, b),
        (Term::Fresh(a) | Term::Place(a), Term::Fresh(b) | Term::Place(b)) => same_place(a, b),
        (Term::Ref { place: a, mutable: m }, Term::Ref { place: b, mutable: n }) => m == n && same_place(a, b),
        (Term::Closure(a), Term::Closure(b)) => std::rc::Rc::ptr_eq(a, b),
        _ => false,
    }
}

fn same_operand(a: &Operand, b: &Operand) -> bool {
    match (a, b) {
        (Operand::Var(a), Operand::Var(b)) => a == b,
        (Operand::Literal(a), Operand::Literal(b)) => a.kind == b.kind && a.tokens.to_string() == b.tokens.to_string(),
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
            (Proj::Slice { lo, hi }, Proj::Slice { lo: lo_b, hi: hi_b }) => same_bound(lo, lo_b) && same_bound(hi, hi_b),
            (Proj::Deref, Proj::Deref) => true,
            (Proj::Payload(a), Proj::Payload(b)) => a == b,
            (Proj::Variant(a), Proj::Variant(b)) => a.path == b.path && a.member == b.member,
            _ => false,
        })
}
