//! Values made by calls: wrapped, tuple structs, replaced.

use proc_macro2::Ident;
use quote::quote;
use syn::spanned::Spanned;
use syn::{Expr, ExprCall, ExprPath, Path};

use super::known::{literal, strip};
use super::scope::Term;
use super::Lowering;
use crate::ir::{Arg, By, Capture, Cost, Ctor, Kind, Op, Opaque, Operand, Proj, Stmt, Wrapper};

impl Lowering<'_> {
    /// Whether a call is of `constant` by its name alone, which a `use` around the function brought in: no other function of
    /// that name is seen.
    pub(super) fn is_imported_constant(&self, call: &ExprCall) -> bool {
        let name = match strip(&call.func) {
            Expr::Path(path) if path.qself.is_none() => path.path.get_ident(),
            _ => None,
        };
        let is_it = name.is_some_and(|name| name == "constant" && self.scope.term(name).is_none());
        is_it && call.args.len() == 1 && !self.request.results.has_free("constant")
    }

    /// `constant::Ours`: beside `tapeless::constant` stands a module of the same name, which the same `use` brings in.
    /// Another function of that name has none, and the code does not compile.
    pub(super) fn confirm_constant(&mut self, path: &Path) {
        self.items
            .push(syn::parse_quote!(const _: #path::Ours = #path::Ours;));
    }

    /// `tapeless::constant(e)`: the value, from which no gradient flows back.
    pub(super) fn constant(&mut self, call: &ExprCall, want: &Kind) -> Option<Term> {
        let argument = call.args.first()?;
        let name = Ident::new("constant", argument.span());
        let term = self.term(argument, want)?;
        let lent = matches!(term, Term::Ref { .. });
        let (operand, expr): (_, Expr) = match term {
            // What is lent stays where it is.
            Term::Ref {
                place,
                mutable: false,
            } if !self.kind_of_place(&place).is_scalar() => {
                (Operand::Place(place), syn::parse_quote!(&#name))
            }
            term => (self.operand_of(term, want)?, syn::parse_quote!(#name)),
        };
        let kind = self.kind_of_operand(&operand);
        if let Operand::Literal(_) = operand {
            return Some(Term::Value(operand));
        }
        let capture = Capture {
            name,
            operand,
            by: By::Value,
        };
        let opaque = Opaque {
            expr,
            captures: vec![capture],
            cost: Cost::Cheap,
            effect: false,
        };
        let lent = lent && kind == Kind::Unknown;
        Some(match self.define(Op::Opaque(Box::new(opaque)), kind) {
            // Its parts are references.
            Term::Fresh(place) if lent => Term::Ref {
                place: place.then(Proj::Deref),
                mutable: false,
            },
            value => value,
        })
    }

    pub(super) fn wrap(&mut self, wrapper: Wrapper, call: &ExprCall, want: &Kind) -> Option<Term> {
        let argument = call.args.first()?;
        let inner = if wrapper == Wrapper::Err {
            Kind::Unknown
        } else {
            want.payload()
        };
        let operand = self.inside(argument, &inner)?;
        let payload = Box::new(self.kind_of_operand(&operand));
        let kind = match wrapper {
            Wrapper::Some | Wrapper::Either => Kind::Option(payload),
            Wrapper::Ok => Kind::Result(payload),
            _ => Kind::Result(Box::new(Kind::Unknown)),
        };
        Some(self.define(
            Op::Aggregate(Ctor::Wrap(wrapper), vec![operand]),
            kind.join(want),
        ))
    }

    /// `Box::new(e)`
    pub(super) fn boxed(&mut self, path: &ExprPath, call: &ExprCall) -> Option<Term> {
        let part = self.operand(call.args.first()?, &Kind::Unknown)?;
        let ctor = Ctor::Boxed(path.clone());
        Some(self.define(Op::Aggregate(ctor, vec![part]), Kind::Unknown))
    }

    pub(super) fn tuple_struct(
        &mut self,
        path: &ExprPath,
        call: &ExprCall,
        want: &Kind,
    ) -> Option<Term> {
        let mut parts = Vec::with_capacity(call.args.len());
        for argument in &call.args {
            parts.push(self.operand(argument, &kind_of_part(argument))?);
        }
        let ctor = Ctor::TupleStruct {
            path: path.clone(),
            variant: self.is_variant(&path.path),
        };
        Some(self.define(Op::Aggregate(ctor, parts), unscalar(want)))
    }

    /// `mem::swap(&mut a, &mut b)` and its like: loads and stores.
    pub(super) fn memory_function(
        &mut self,
        path: &ExprPath,
        call: &ExprCall,
        want: &Kind,
    ) -> Option<Term> {
        let name = path.path.segments.last()?.ident.to_string();
        let place = match self.argument(call.args.first()?)? {
            Arg::RefMut(place) => place,
            _ => return self.protocol_call(path, call, want),
        };
        let old = self.kept(&place);
        let value = match (name.as_str(), call.args.iter().nth(1)) {
            ("replace", Some(value)) => self.operand(value, &self.kind_of_place(&place))?,
            ("swap", Some(other)) => {
                let Arg::RefMut(other) = self.argument(other)? else {
                    return None;
                };
                let value = self.kept(&other);
                self.builder.push(Stmt::Store {
                    place: other,
                    value: old,
                });
                self.builder.push(Stmt::Store { place, value });
                return Some(self.unit());
            }
            _ => literal(
                &quote!(::core::default::Default::default()),
                self.kind_of_place(&place),
                None,
            ),
        };
        self.builder.push(Stmt::Store { place, value });
        Some(match old {
            Operand::Place(place) => Term::Fresh(place),
            value => Term::Value(value),
        })
    }
}

/// What is known of a part of a struct by how it is written: what is collected there is a vector. Another collection does
/// not compile.
pub(super) fn kind_of_part(part: &Expr) -> Kind {
    match strip(part) {
        Expr::MethodCall(call) if call.method == "collect" && call.turbofish.is_none() => {
            Kind::Vec(Box::new(Kind::Unknown))
        }
        _ => Kind::Unknown,
    }
}

/// A number, or nothing the macro knows of: aggregates are never scalars.
fn unscalar(kind: &Kind) -> Kind {
    if kind.is_scalar() {
        Kind::Unknown
    } else {
        kind.clone()
    }
}
