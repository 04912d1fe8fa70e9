//! Sums, products and folds.

use quote::{format_ident, quote};
use syn::{Expr, ExprMethodCall, GenericArgument};

use super::known::literal;
use super::scope::{BindingId, Term};
use super::types::kind_of;
use super::Lowering;
use crate::ir::{BinOp, Float, Kind, Literal, Operand, Proj, Stmt};

impl Lowering<'_> {
    /// `sum()` and `product()`, in the order and from the value the standard library starts with.
    pub(super) fn reduce(&mut self, call: &ExprMethodCall, op: BinOp, want: &Kind) -> Option<Term> {
        let kind = self.turbofish(call).unwrap_or_else(|| want.clone());
        let expr = Expr::MethodCall(call.clone());
        if kind == Kind::Inert && self.is_pure(&expr) {
            return self.opaque(&expr, Kind::Inert, crate::ir::Cost::Once);
        }
        let kind = match kind {
            kind if kind.is_scalar() => kind,
            Kind::Option(_) | Kind::Result(_) => return self.reduce_all(call, op, &kind),
            _ => self.item_kind(call),
        };
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

    /// What the chain says of its items' kind.
    pub(super) fn item_kind(&mut self, call: &ExprMethodCall) -> Kind {
        Some(self.kind_of_items(&call.receiver))
            .filter(Kind::is_scalar)
            .unwrap_or(open())
    }

    pub(super) fn turbofish(&self, call: &ExprMethodCall) -> Option<Kind> {
        match call.turbofish.as_ref()?.args.first()? {
            GenericArgument::Type(ty) => Some(kind_of(ty, self.request.reals)),
            _ => None,
        }
    }

    /// `fold(init, f)`
    pub(super) fn fold(
        &mut self,
        call: &ExprMethodCall,
        init: &Expr,
        function: &Expr,
        want: &Kind,
    ) -> Option<Term> {
        let init = self.term(init, want)?;
        match init {
            Term::Tuple(parts) => {
                let parts = parts
                    .into_iter()
                    .map(|part| self.operand_of(part, &Kind::Unknown))
                    .collect::<Option<Vec<_>>>()?;
                self.fold_values(call, parts, function, true)
            }
            init if self.kind_of_term(&init).join(want).is_scalar() => {
                let value = self.operand_of(init, want)?;
                self.fold_values(call, vec![value], function, false)
            }
            init => self.fold_memory(call, init, function),
        }
    }

    pub(super) fn fold_values(
        &mut self,
        call: &ExprMethodCall,
        init: Vec<Operand>,
        function: &Expr,
        tuple: bool,
    ) -> Option<Term> {
        let mut ids = Vec::with_capacity(init.len());
        for value in init {
            let kind = self.kind_of_operand(&value);
            ids.push(self.hidden("folded", value, &kind));
        }
        let (chain, plan) = self.ending(call, ids.clone())?;
        let function = self.function(function)?;
        self.each(&chain, plan, false, &mut |lowering, item, _| {
            let folded = lowering.folded(&ids, tuple)?;
            let want = lowering.kind_of_term(&folded);
            let next = lowering.applied_for(&function, vec![folded, item], &want)?;
            let mut values = Vec::with_capacity(ids.len());
            for (position, _) in ids.iter().enumerate() {
                let part = match (tuple, &next) {
                    (false, next) => next.clone(),
                    (true, Term::Tuple(parts)) => parts.get(position)?.clone(),
                    (true, next) => {
                        lowering.project(next, Proj::Field(syn::Member::from(position)))?
                    }
                };
                let want = if tuple {
                    want.member(&syn::Member::from(position))
                } else {
                    want.clone()
                };
                values.push(lowering.operand_of(part, &want)?);
            }
            for (id, value) in ids.iter().zip(values) {
                lowering.scope.assign(*id, Some(Term::Value(value)));
            }
            Some(())
        })?;
        self.folded(&ids, tuple)
    }

    pub(super) fn folded(&self, ids: &[BindingId], tuple: bool) -> Option<Term> {
        let mut values = ids
            .iter()
            .map(|id| self.hidden_value(*id).map(Term::Value))
            .collect::<Option<Vec<_>>>()?;
        match tuple {
            true => Some(Term::Tuple(values)),
            false => values.pop(),
        }
    }

    /// A fold whose state is memory.
    pub(super) fn fold_memory(
        &mut self,
        call: &ExprMethodCall,
        init: Term,
        function: &Expr,
    ) -> Option<Term> {
        let value = self.operand_of(init, &Kind::Unknown)?;
        let state = self.define_root(value);
        self.traits[state.root.0].mutable = true;
        let (chain, plan) = self.ending(call, Vec::new())?;
        let function = self.function(function)?;
        self.each(&chain, plan, false, &mut |lowering, item, _| {
            let next = lowering.applied_to(&function, vec![Term::Fresh(state.clone()), item])?;
            let value = lowering.operand_of(next, &Kind::Unknown)?;
            let unchanged =
                matches!(&value, Operand::Place(place) if super::join::same_place(place, &state));
            if !unchanged {
                lowering.builder.push(Stmt::Store {
                    place: state.clone(),
                    value,
                });
            }
            Some(())
        })?;
        Some(Term::Fresh(state))
    }
}

/// What a sum or product starts with. The sum's is asked of the standard library: it is −0.0 or 0.0.
pub(super) fn neutral(kind: &Kind, op: BinOp) -> Operand {
    let ty = match (kind, op) {
        (Kind::Inert, BinOp::Add) => return literal(&quote!(0), Kind::Inert, Some(0.0)),
        (Kind::Inert, _) => return literal(&quote!(1), Kind::Inert, Some(1.0)),
        (Kind::Float(_), BinOp::Mul) => {
            return Operand::Literal(Literal::number(1.0, kind.clone()))
        }
        (Kind::Float(Float::F32), _) => format_ident!("f32"),
        (Kind::Float(Float::F64), _) => format_ident!("f64"),
        (Kind::Float(Float::Generic(name)), _) => name.clone(),
        _ => return Operand::Literal(Literal::number(0.0, kind.clone())),
    };
    literal(
        &quote!(<#ty as ::core::iter::Sum<#ty>>::sum(::core::iter::empty())),
        kind.clone(),
        None,
    )
}

fn open() -> Kind {
    Kind::Float(Float::Open)
}
