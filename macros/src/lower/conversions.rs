//! Numbers converted between types: `f64::from(x)`, `T::from(x)`, `x.into()`.

use proc_macro2::Ident;
use syn::{Expr, ExprCall, ExprMethodCall, ExprPath};

use super::known::OF_FLOATS;
use super::names::free_names;
use super::scope::Term;
use super::types::float_named;
use super::{type_of_float, Lowering};
use crate::ir::{Cost, Float, Kind, Op};

impl Lowering<'_> {
    /// `f64::from(x)`: widening of a float, or a number made of an integer.
    pub(super) fn conversion(&mut self, path: &ExprPath, call: &ExprCall) -> Option<Term> {
        let mut segments = path.path.segments.iter().rev();
        let name = segments.next()?;
        let owner = segments.next()?;
        let kind = float_named(&owner.ident, self.request.reals)?;
        let argument = call.args.first()?;
        let generic = matches!(kind, Kind::Float(Float::Generic(_)));
        let given = self.infer(argument);
        if name.ident == "from" && !generic && matches!(given, Kind::Float(Float::Generic(_))) {
            // A parameter has no cast.
            return self.protocol_call(path, call, &kind);
        }
        if name.ident == "from" && given.is_float() && !generic {
            let operand = self.operand(argument, &Kind::Unknown)?;
            let owner = &owner.ident;
            let ty = Box::new(syn::parse_quote!(#owner));
            return Some(self.define_at(name.ident.span(), Op::Cast(operand, ty), kind));
        }
        if generic && OF_FLOATS.iter().any(|known| name.ident == known) {
            return self.protocol_call(path, call, &Kind::Option(Box::new(kind)));
        }
        let inert = call
            .args
            .iter()
            .all(|argument| self.infer(argument) == Kind::Inert);
        if inert && name.ident.to_string().starts_with("from") {
            return self.opaque(&Expr::Call(call.clone()), kind, Cost::Cheap);
        }
        None
    }

    /// Whether the call in `T::from(2.0).unwrap()` is of something that carries no floats of this function.
    pub(super) fn is_constant_number(&mut self, call: &Expr) -> bool {
        let Expr::Call(inner) = call else { return true };
        let converts = matches!(&*inner.func, Expr::Path(path) if path.path.segments.last()
            .is_some_and(|last| OF_FLOATS.iter().any(|known| last.ident == known)));
        let constant = |lowering: &mut Self, argument: &Expr| {
            let names = free_names(argument).read;
            let carries = |name: &Ident| {
                let term = lowering.scope.term(name);
                term.is_some_and(|term| !lowering.kind_of_term(term).is_inert())
            };
            !names.iter().any(carries) || lowering.infer(argument) == Kind::Inert
        };
        !converts || inner.args.iter().all(|argument| constant(self, argument))
    }

    /// `x.into()` from float to float.
    pub(super) fn float_into(
        &mut self,
        call: &ExprMethodCall,
        from: &Kind,
        to: &Kind,
    ) -> Option<Term> {
        let open = Kind::Float(Float::Open);
        if from == to || *from == open || *to == open {
            return self.operand(&call.receiver, to).map(Term::Value);
        }
        match (type_of_float(from), type_of_float(to)) {
            (Some(_), Some(ty)) => {
                let operand = self.operand(&call.receiver, from)?;
                Some(self.define_at(
                    call.method.span(),
                    Op::Cast(operand, Box::new(ty)),
                    to.clone(),
                ))
            }
            _ => self.protocol_method(call, to),
        }
    }
}
