//! Operators and assignments.

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::{Expr, ExprBinary};

use super::infer::{arithmetic_kind, is_arithmetic};
use super::scope::Term;
use super::Lowering;
use crate::ir::{Arg, BinOp, Call, Callee, Kind, Op, Operand, Operator};

/// The arithmetic operator, plain or of a compound assignment.
pub(super) fn arithmetic(op: &syn::BinOp) -> Option<BinOp> {
    Some(match op {
        syn::BinOp::Add(_) | syn::BinOp::AddAssign(_) => BinOp::Add,
        syn::BinOp::Sub(_) | syn::BinOp::SubAssign(_) => BinOp::Sub,
        syn::BinOp::Mul(_) | syn::BinOp::MulAssign(_) => BinOp::Mul,
        syn::BinOp::Div(_) | syn::BinOp::DivAssign(_) => BinOp::Div,
        syn::BinOp::Rem(_) | syn::BinOp::RemAssign(_) => BinOp::Rem,
        _ => return None,
    })
}

impl Lowering<'_> {
    /// `-x`
    pub(super) fn negation(&mut self, minus: Span, expr: &Expr, want: &Kind) -> Option<Term> {
        let operand = match self.operator_argument(expr, want)? {
            Arg::Value(operand) => operand,
            behind => return Some(self.operation(Operator::Neg, vec![behind], want, minus)),
        };
        let kind = self.kind_of_operand(&operand).join(want);
        if kind == Kind::Inert {
            return self.opaque_of(
                &[operand],
                &|holes| syn::parse_quote!(-#(#holes)*),
                Kind::Inert,
            );
        }
        Some(self.define_at(minus, Op::Neg(operand), kind))
    }

    /// `a + b * …`: the left spine is walked, not recursed into, since sums may be long.
    pub(super) fn binary(&mut self, binary: &ExprBinary, want: &Kind) -> Option<Term> {
        let mut spine = vec![binary];
        let mut left = &*binary.left;
        while let Expr::Binary(inner) = left {
            if !is_arithmetic(&inner.op) || (spine.len() < 16 && self.is_opaque(left)) {
                break;
            }
            spine.push(inner);
            left = &inner.left;
        }
        let (innermost, wants) = self.expected(&spine, want);
        let hint = match innermost {
            Kind::Unknown => {
                let beside = spine.last().map_or(&*binary.right, |inner| &*inner.right);
                self.neighbour(left, beside)
            }
            hint => hint,
        };
        let mut value = self.operator_argument(left, &hint)?;
        for (index, inner) in spine.iter().enumerate().rev() {
            let op = arithmetic(&inner.op)?;
            let (want, hint) = wants.get(index)?;
            let hint = match &value {
                Arg::Value(value) if self.is_constant_path(&inner.right) => self.float_of(value),
                _ => hint.clone(),
            };
            value = match value {
                Arg::Value(value) if !self.is_pure(&inner.right) => Arg::Value(self.pin(value)),
                value => value,
            };
            let right = self.operator_argument(&inner.right, &hint)?;
            value = Arg::Value(self.binary_of(op, value, right, want, inner.op.span())?);
        }
        Some(match value {
            Arg::Value(Operand::Place(place)) => Term::Fresh(place),
            Arg::Value(value) => Term::Value(value),
            _ => return None,
        })
    }

    /// An operand of an operator: by value, or behind the reference that the user wrote. Scalars of known kind are
    /// values wherever they stand.
    pub(super) fn operator_argument(&mut self, expr: &Expr, want: &Kind) -> Option<Arg> {
        match self.term(expr, want)? {
            Term::Ref {
                place,
                mutable: false,
            } if self.kind_of_place(&place).join(want) == Kind::Unknown => Some(Arg::Ref(place)),
            term => Some(Arg::Value(self.operand_of(term, want)?)),
        }
    }

    /// `left op right`, where either may be a reference.
    fn binary_of(
        &mut self,
        op: BinOp,
        left: Arg,
        right: Arg,
        want: &Kind,
        span: Span,
    ) -> Option<Operand> {
        let (left, right) = match (left, right) {
            (Arg::Value(left), Arg::Value(right)) => {
                return self.arithmetic(op, left, right, want, span)
            }
            sides => sides,
        };
        let term = self.operation(Operator::Binary(op), vec![left, right], want, span);
        self.operand_of(term, want)
    }

    /// An operator on references, which is a call: its rule is asked for with the very types of the operands.
    fn operation(&mut self, operator: Operator, args: Vec<Arg>, want: &Kind, span: Span) -> Term {
        let callee = Callee::Operator(operator);
        let call = Box::new(Call::new(callee, args, span));
        self.define(Op::Call(call), want.clone())
    }

    /// What a float beside it says of a constant's kind.
    pub(super) fn neighbour(&mut self, expr: &Expr, other: &Expr) -> Kind {
        match self.is_constant_path(expr) {
            true => Some(self.infer(other))
                .filter(Kind::is_float)
                .unwrap_or(Kind::Unknown),
            false => Kind::Unknown,
        }
    }

    pub(super) fn float_of(&self, operand: &Operand) -> Kind {
        Some(self.kind_of_operand(operand))
            .filter(Kind::is_float)
            .unwrap_or(Kind::Unknown)
    }

    /// Saves a value that the evaluation of the next operand might change.
    pub(super) fn pin(&mut self, value: Operand) -> Operand {
        match value {
            Operand::Place(place) if self.may_change(place.root) => {
                Operand::Place(self.define_root(Operand::Place(place)))
            }
            value => value,
        }
    }

    /// `let t = left op right;`
    pub(super) fn arithmetic(
        &mut self,
        op: BinOp,
        left: Operand,
        right: Operand,
        want: &Kind,
        span: Span,
    ) -> Option<Operand> {
        let kinds = (self.kind_of_operand(&left), self.kind_of_operand(&right));
        let kind = arithmetic_kind(kinds.0, kinds.1, false, false).join(want);
        if kind == Kind::Inert {
            let op = op.tokens(span);
            let term = self.opaque_of(
                &[left, right],
                &|holes| {
                    let (a, b) = (&holes[0], &holes[1]);
                    syn::parse_quote!(#a #op #b)
                },
                kind,
            )?;
            return self.operand_of(term, &Kind::Inert);
        }
        let term = self.define_at(span, Op::Binary(op, left, right), kind);
        match term {
            Term::Value(value) => Some(value),
            Term::Fresh(place) => Some(Operand::Place(place)),
            _ => None,
        }
    }
}

impl BinOp {
    /// The operator as Rust writes it.
    fn tokens(self, span: Span) -> syn::BinOp {
        match self {
            BinOp::Add => syn::BinOp::Add(syn::Token![+](span)),
            BinOp::Sub => syn::BinOp::Sub(syn::Token![-](span)),
            BinOp::Mul => syn::BinOp::Mul(syn::Token![*](span)),
            BinOp::Div => syn::BinOp::Div(syn::Token![/](span)),
            BinOp::Rem => syn::BinOp::Rem(syn::Token![%](span)),
        }
    }
}
