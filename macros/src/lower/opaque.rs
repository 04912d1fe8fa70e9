//! Inert expressions: kept as the user wrote them, with the variables they read.

use proc_macro2::{Ident, TokenStream};
use quote::format_ident;
use syn::visit_mut::{self, VisitMut};
use syn::{BinOp, Expr, ExprUnary, UnOp};

use super::integers::is_wide;
use super::known::{literal, strip};
use super::names::free_names;
use super::names::rename_free;
use super::names::ReadThrough;
use super::scope::Term;
use super::{purity, Lowering};
use crate::diagnostics::Slug;
use crate::ir::{By, Capture, Cost, Kind, Op, Opaque, Operand};

impl Lowering<'_> {
    /// Whether an expression carries no floats and can be kept whole.
    pub(super) fn is_opaque(&mut self, expr: &Expr) -> bool {
        let whole = !matches!(
            strip(expr),
            Expr::If(_)
                | Expr::Match(_)
                | Expr::Block(_)
                | Expr::Assign(_)
                | Expr::Macro(_)
                | Expr::While(_)
                | Expr::ForLoop(_)
                | Expr::Loop(_)
                | Expr::Reference(_)
                | Expr::Let(_)
        );
        whole && self.infer(expr) == Kind::Inert && self.is_pure(expr)
    }

    /// Whether evaluating an expression changes nothing and leaves nothing, so that it can be kept as it is written.
    pub(super) fn is_pure(&self, expr: &Expr) -> bool {
        purity::is_pure(expr, &|name| self.scope.term(name), &|name| {
            self.may_change_name(name)
        })
    }

    /// Whether a method of unknown effect on this variable could change it.
    pub(super) fn may_change_name(&self, name: &str) -> bool {
        match self.scope.term_named(name) {
            Some(Term::Ref { place, .. } | Term::Place(place) | Term::Fresh(place)) => {
                self.may_change(place.root)
            }
            _ => false,
        }
    }

    /// An inert expression.
    pub(super) fn opaque_inert(&mut self, expr: &Expr) -> Option<Term> {
        self.opaque(expr, Kind::Inert, purity::cost(expr))
    }

    /// An expression kept whole, of any kind; nothing in it has a derivative.
    pub(super) fn opaque(&mut self, expr: &Expr, kind: Kind, cost: Cost) -> Option<Term> {
        let mut opaque = self.captured(expr, cost, false)?;
        if opaque
            .captures
            .iter()
            .any(|capture| self.is_collection(&capture.operand))
        {
            opaque.cost = Cost::Once;
        }
        let term = self.define(Op::Opaque(Box::new(opaque)), kind);
        if let (Expr::Cast(cast), Term::Value(Operand::Var(var))) = (strip(expr), &term) {
            let wide = is_wide(&cast.ty).then(|| (*cast.ty).clone());
            self.vars[var.0].ty = wide;
        }
        if let (Some(ty), Term::Value(Operand::Var(var))) = (self.type_of_range(expr), &term) {
            self.vars[var.0].ty = Some(ty);
        }
        Some(term)
    }

    /// An expression that is inert where it stands (a condition, a bound), whatever is known of its kind.
    pub(super) fn inert(&mut self, expr: &Expr) -> Option<Term> {
        match strip(expr) {
            chained if purity::has_let(chained) => self.unsupported(chained, "a chain of `let`s"),
            Expr::Lit(_) | Expr::Path(_) => self.term(expr, &Kind::Inert),
            Expr::If(_) | Expr::Match(_) | Expr::Block(_) => self.term(expr, &Kind::Inert),
            stripped if self.is_pure(stripped) => self.opaque_inert(stripped),
            stripped => self.term(stripped, &Kind::Inert),
        }
    }

    /// The same, as a value.
    pub(super) fn inert_operand(&mut self, expr: &Expr) -> Option<Operand> {
        let term = self.inert(expr)?;
        match self.operand_of(term, &Kind::Inert)? {
            Operand::Literal(mut literal) => {
                literal.kind = Kind::Inert;
                Some(Operand::Literal(literal))
            }
            operand => Some(operand),
        }
    }

    /// An inert expression some of whose operands must be lowered (they call closures, assign, or leave).
    pub(super) fn inert_by_parts(&mut self, expr: &Expr) -> Option<Term> {
        match expr {
            Expr::Binary(binary) if matches!(binary.op, BinOp::And(_) | BinOp::Or(_)) => {
                self.short_circuit(binary)
            }
            Expr::Binary(binary) => {
                let left = self.operand(&binary.left, &Kind::Unknown)?;
                let right = self.operand(&binary.right, &Kind::Unknown)?;
                let op = binary.op;
                self.opaque_of(
                    &[left, right],
                    &|holes| {
                        let (a, b) = (&holes[0], &holes[1]);
                        syn::parse_quote!(#a #op #b)
                    },
                    Kind::Inert,
                )
            }
            Expr::Unary(unary) if matches!(unary.op, UnOp::Not(_)) => {
                let operand = self.operand(&unary.expr, &Kind::Inert)?;
                self.opaque_of(
                    &[operand],
                    &|holes| syn::parse_quote!(!#(#holes)*),
                    Kind::Inert,
                )
            }
            expr => self.unsupported(expr, "this expression"),
        }
    }

    /// An expression over operands that have been lowered.
    pub(super) fn opaque_of(
        &mut self,
        operands: &[Operand],
        build: &dyn Fn(&[Ident]) -> Expr,
        kind: Kind,
    ) -> Option<Term> {
        let names: Vec<Ident> = (0..operands.len())
            .map(|index| format_ident!("operand_{index}"))
            .collect();
        let expr = build(&names);
        let captures = names.into_iter().zip(operands);
        let captures = captures
            .map(|(name, operand)| Capture {
                name,
                operand: operand.clone(),
                by: By::Value,
            })
            .collect();
        let opaque = Opaque {
            expr,
            captures,
            cost: Cost::Cheap,
            effect: false,
        };
        Some(self.define(Op::Opaque(Box::new(opaque)), kind))
    }

    /// The expression with the user's variables it reads.
    pub(super) fn captured(&mut self, expr: &Expr, cost: Cost, effect: bool) -> Option<Opaque> {
        let mut expr = expr.clone();
        let mut captures = self.read_parts(&mut expr);
        captures.extend(self.read_through(&mut expr));
        let names = free_names(&expr);
        for name in names.read {
            let Some(term) = self.scope.term(&name).cloned() else {
                continue;
            };
            let is_value = matches!(term, Term::Value(_));
            let (operand, by) = self.capture(term, &name)?;
            let by = match by {
                By::RefMut if !effect && purity::only_looks(&expr, &name) => By::Ref,
                by => by,
            };
            let name = match names.bound.contains(&name.to_string()) {
                true => rename_free(&mut expr, &name),
                false => name,
            };
            // What another pattern inside calls by the same name may be a reference.
            if is_value {
                Dereferenced { name: &name }.visit_expr_mut(&mut expr);
            }
            captures.push(Capture { name, operand, by });
        }
        Some(Opaque {
            expr,
            captures,
            cost,
            effect,
        })
    }

    /// `**x` on a reference to a scalar: however many references the user sees there, the scalar is what is read.
    pub(super) fn read_through(&mut self, expr: &mut Expr) -> Vec<Capture> {
        let bound = free_names(expr).bound;
        let mut through = ReadThrough {
            found: Vec::new(),
            bound,
            lowering: self,
        };
        through.visit_expr_mut(expr);
        through.found
    }

    /// The scalar that a name stands for or refers to.
    pub(super) fn scalar_behind(&self, name: &Ident) -> Option<Operand> {
        let term = self.scope.term(name)?;
        let operand = match term {
            Term::Value(operand) => operand.clone(),
            Term::Ref { place, .. } | Term::Place(place) => Operand::Place(place.clone()),
            _ => return None,
        };
        self.kind_of_operand(&operand)
            .is_scalar()
            .then_some(operand)
    }

    pub(super) fn capture(&mut self, term: Term, name: &Ident) -> Option<(Operand, By)> {
        match term {
            Term::Value(operand) => Some((operand, By::Value)),
            Term::Ref {
                place,
                mutable: false,
            } => Some((Operand::Place(place), By::Ref)),
            Term::Ref {
                place,
                mutable: true,
            } => Some((Operand::Place(place), By::RefMut)),
            Term::Place(place) | Term::Fresh(place) => Some((Operand::Place(place), By::Value)),
            term @ Term::Tuple(_) => {
                let place = self.place_of(term)?;
                Some((Operand::Place(place), By::Value))
            }
            term @ Term::Maybe { .. } => {
                let place = self.place_of(term)?;
                Some((Operand::Place(place), By::Value))
            }
            Term::Closure(_) => self.refuse(Slug::EscapingClosure, name.span(), ""),
            Term::Chain(_) => self.refuse(
                Slug::UnsupportedExpression,
                name.span(),
                "an iterator that is used as a value",
            ),
        }
    }

    /// A literal position.
    pub(super) fn inert_literal(&self, tokens: TokenStream) -> Operand {
        literal(&tokens, Kind::Inert, None)
    }
}

/// Strips `*` from a name that is a reference in the user's code and a value here.
pub(super) struct Dereferenced<'a> {
    pub(super) name: &'a Ident,
}

impl VisitMut for Dereferenced<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        if let Expr::Unary(ExprUnary {
            op: UnOp::Deref(_),
            expr: inner,
            ..
        }) = expr
        {
            if matches!(&**inner, Expr::Path(path) if path.path.is_ident(self.name)) {
                *expr = (**inner).clone();
                return;
            }
        }
        visit_mut::visit_expr_mut(self, expr);
    }
}
