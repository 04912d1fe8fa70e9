//! Functions that the function is handed: called, or handed on.

use syn::spanned::Spanned;
use syn::{Expr, ExprCall, Type};

use super::known::strip;
use super::scope::Term;
use super::types::{kind_of, kind_of_result};
use super::Lowering;
use crate::diagnostics::Slug;
use crate::ir::{Arg, Call, Callee, Cost, HandedOn, Kind, Op, Place, Var};
use crate::parse::higher_order::signature::{handed, is_copied, Family, Handed};
use crate::parse::types;

impl Lowering<'_> {
    /// The type of a parameter.
    pub(super) fn type_of_parameter(&self, var: Var) -> Option<&Type> {
        match self.request.sig.inputs.get(var.0)? {
            syn::FnArg::Typed(typed) => Some(&typed.ty),
            syn::FnArg::Receiver(_) => None,
        }
    }

    /// What is known of a parameter that is a function.
    fn handed(&self, term: &Term) -> Option<Handed> {
        let (Term::Place(place) | Term::Ref { place, .. }) = term else {
            return None;
        };
        let ty = self.type_of_parameter(place.root)?;
        handed(ty, &self.request.sig.generics).filter(|_| place.path.is_empty())
    }

    /// The parameter that a term is, if it is a function that comes with its rule.
    pub(super) fn function_of(&self, term: &Term) -> Option<Place> {
        match term {
            Term::Place(place) | Term::Ref { place, .. }
                if self.kind_of_place(place) == Kind::Function =>
            {
                Some(place.clone())
            }
            _ => None,
        }
    }

    /// Whether a term is a parameter of which it is known how calls of it are reversed, or that nothing flows through it.
    pub(super) fn is_handed(&self, term: &Term) -> bool {
        let inert = |function: &Handed| {
            kind_of_result(&function.output, self.request.reals) == Some(Kind::Inert)
        };
        let known = |function| self.function_of(term).is_some() || inert(&function);
        self.handed(term).is_some_and(known)
    }

    /// A call of such a parameter.
    pub(super) fn handed_call(
        &mut self,
        callee: &Term,
        call: &ExprCall,
        want: &Kind,
    ) -> Option<Term> {
        let function = self.handed(callee)?;
        match self.function_of(callee) {
            Some(place) => self.call_by_rule(&place, &function, call, want),
            None => self.opaque(&Expr::Call(call.clone()), Kind::Inert, Cost::Once),
        }
    }

    /// Reversed by `d_f(a, b, d_out, slot_a, slot_b)`.
    fn call_by_rule(
        &mut self,
        place: &Place,
        function: &Handed,
        call: &ExprCall,
        want: &Kind,
    ) -> Option<Term> {
        let mut args = vec![Arg::Function {
            place: place.clone(),
            on: HandedOn::Value,
        }];
        for (argument, ty) in call.args.iter().zip(&function.inputs) {
            let kind = kind_of(ty, self.request.reals);
            let by_value = kind.is_scalar() && !matches!(types::peel(ty), Type::Reference(_));
            args.push(match by_value {
                true => Arg::Value(self.operand(argument, &kind)?),
                false => self.argument(argument)?,
            });
        }
        self.coerce_shared(&mut args, &call.args);
        let kind = kind_of_result(&function.output, self.request.reals);
        let call = Call::new(Callee::Handed, args, call.func.span());
        Some(self.define(Op::Call(Box::new(call)), kind?.join(want)))
    }

    /// An argument that hands a function on: `f`, `&f`, `&mut f`, `&mut *f`.
    pub(super) fn function_argument(&mut self, argument: &Expr) -> Option<Option<Arg>> {
        let (inner, on) = match strip(argument) {
            Expr::Reference(reference) => match strip(&reference.expr) {
                Expr::Unary(again) if reference.mutability.is_some() => {
                    (strip(&again.expr), Some(HandedOn::Again))
                }
                Expr::Unary(again) => (strip(&again.expr), Some(HandedOn::Value)),
                inner if reference.mutability.is_some() => (inner, Some(HandedOn::RefMut)),
                inner => (inner, Some(HandedOn::Ref)),
            },
            inner => (inner, None),
        };
        let Expr::Path(path) = inner else { return None };
        let term = self.scope.term(path.path.get_ident()?)?.clone();
        let place = self.function_of(&term)?;
        let Some(ty) = self.type_of_parameter(place.root) else {
            return Some(self.refuse(Slug::FunctionPointer, argument.span(), ""));
        };
        let on = on.unwrap_or_else(|| self.by_itself(ty));
        Some(Some(Arg::Function { place, on }))
    }

    /// How a function goes on that is handed on by its name: so that it is still there afterwards.
    fn by_itself(&self, ty: &Type) -> HandedOn {
        let generics = &self.request.sig.generics;
        let family = handed(ty, generics).map(|function| function.family);
        match (types::peel(ty), family) {
            (Type::Reference(ty), _) if ty.mutability.is_some() => HandedOn::Again,
            (Type::Reference(_), _) | (_, Some(Family::FnOnce)) => HandedOn::Value,
            _ if is_copied(ty, generics) => HandedOn::Value,
            (_, Some(Family::FnMut)) => HandedOn::RefMut,
            _ => HandedOn::Ref,
        }
    }
}
