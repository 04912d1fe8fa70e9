//! Parameters: which are values, which are memory, and what their patterns bind.

use proc_macro2::Ident;
use quote::format_ident;
use syn::{FnArg, Pat, Receiver, ReceiverKind, Type};

use super::integers::is_integer_type;
use super::scope::{Binding, Term};
use super::strings::is_string;
use super::types::kind_of;
use super::Lowering;
use crate::ir::{Class, Kind, Op, Operand, Param, Place, Stmt, Var};
use crate::parse::higher_order::signature::handed;

impl Lowering<'_> {
    /// The variables of the parameters, in order.
    pub(super) fn parameters(&mut self) -> Vec<Param> {
        let request = self.request;
        let inputs = request.sig.inputs.iter().enumerate();
        inputs
            .map(|(index, input)| {
                let var = match input {
                    FnArg::Receiver(receiver) => self.receiver(receiver),
                    FnArg::Typed(typed) => self.parameter(index, &typed.pat, &typed.ty),
                };
                Param {
                    var,
                    active: request.active.get(index).copied().unwrap_or(true),
                }
            })
            .collect()
    }

    /// Makes the user's names for the parameters, at the start of the body.
    pub(super) fn bind_parameters(&mut self) {
        let request = self.request;
        for (index, input) in request.sig.inputs.iter().enumerate() {
            let var = Var(index);
            match input {
                FnArg::Receiver(receiver) => {
                    let name = Ident::new("self", receiver.self_token.span);
                    let term = self.term_of_capture(index, var);
                    let kind = self.info(var).kind.clone();
                    self.traits[var.0].mutable |= receiver.mutability.is_some();
                    let mutable = receiver.mutability.is_some();
                    self.scope.declare(Binding {
                        name,
                        term: Some(term),
                        kind,
                        ty: None,
                        mutable,
                    });
                }
                FnArg::Typed(typed) => {
                    let term = self.term_of_capture(index, var);
                    self.bind_parameter(&typed.pat, term, var);
                }
            }
        }
    }

    pub(super) fn receiver(&mut self, receiver: &Receiver) -> Var {
        let name = Ident::new("self", receiver.self_token.span);
        let class = match &receiver.kind {
            ReceiverKind::Reference(_, _, Some(_)) => Class::RefMut,
            ReceiverKind::Reference(..) => Class::Ref,
            ReceiverKind::Typed(_, ty) => class_of(ty),
            // `impl Mul for &Complex`
            ReceiverKind::Value => self.request.self_ty.map_or(Class::Root, class_of),
            _ => Class::Root,
        };
        let kind = self
            .request
            .self_ty
            .map_or(Kind::Unknown, |ty| kind_of(ty, self.request.reals));
        match (class, kind) {
            (Class::Root, kind) if kind.is_scalar() => self.named(name, kind, Class::Value),
            (class, kind) => self.named(name, kind, class),
        }
    }

    pub(super) fn parameter(&mut self, index: usize, pat: &Pat, ty: &Type) -> Var {
        let active = self.request.active.get(index).copied().unwrap_or(true);
        let function = active && handed(ty, &self.request.sig.generics).is_some();
        let kind = match function {
            true => Kind::Function,
            false => kind_of(ty, self.request.reals),
        };
        let class = match class_of(ty) {
            Class::RefMut if function => Class::Ref,
            Class::Root if kind.is_scalar() => Class::Value,
            Class::Ref if is_text(ty) => Class::Value,
            class => class,
        };
        let name = match pat {
            Pat::Ident(pat) => pat.ident.clone(),
            _ => format_ident!("p{index}"),
        };
        let var = self.named(name, kind, class);
        self.traits[var.0].mutable = class == Class::RefMut;
        self.vars[var.0].ty = (is_integer_type(ty) || is_string(ty)).then(|| ty.clone());
        var
    }

    /// What a parameter's name stands for.
    fn term_of_capture(&self, index: usize, var: Var) -> Term {
        let stands_for = self.request.captures.get(index);
        match self.term_of_parameter(var) {
            Term::Ref { place, .. } if stands_for == Some(&true) => Term::Place(place),
            term => term,
        }
    }

    pub(super) fn term_of_parameter(&self, var: Var) -> Term {
        let place = Place {
            root: var,
            path: Vec::new(),
        };
        match self.info(var).class {
            Class::Value => Term::Value(Operand::Var(var)),
            Class::Ref => Term::Ref {
                place,
                mutable: false,
            },
            Class::RefMut => Term::Ref {
                place,
                mutable: true,
            },
            _ => Term::Place(place),
        }
    }

    /// A parameter's name is bound to the parameter itself, without the copy a `let` makes.
    pub(super) fn bind_parameter(&mut self, pat: &Pat, term: Term, var: Var) {
        let Pat::Ident(ident) = pat else {
            self.bind_irrefutable(pat, term);
            return;
        };
        let mutable = ident.mutability.is_some();
        self.traits[var.0].mutable |= mutable;
        let term = match term {
            Term::Value(value) if self.borrowed.contains(&ident.ident.to_string()) => {
                let kind = self.info(var).kind.clone();
                let root = self.named(ident.ident.clone(), kind, Class::Root);
                self.traits[root.0].mutable = true;
                self.builder.push(Stmt::Let {
                    var: root,
                    op: Op::Use(value),
                });
                Term::Place(Place {
                    root,
                    path: Vec::new(),
                })
            }
            term => term,
        };
        let (kind, ty) = (self.info(var).kind.clone(), self.info(var).ty.clone());
        let id = self.scope.declare(Binding {
            name: ident.ident.clone(),
            term: Some(term),
            kind,
            ty,
            mutable,
        });
        if mutable {
            self.make_view(id);
        }
    }
}

fn class_of(ty: &Type) -> Class {
    match ty {
        Type::Paren(inner) => class_of(&inner.elem),
        Type::Group(inner) => class_of(&inner.elem),
        Type::Reference(reference) if reference.mutability.is_some() => Class::RefMut,
        Type::Reference(_) => Class::Ref,
        _ => Class::Root,
    }
}

/// `&str` is a value: text carries no floats, and a `str` cannot be read through its reference.
fn is_text(ty: &Type) -> bool {
    match ty {
        Type::Reference(reference) => {
            matches!(&*reference.elem, Type::Path(path) if path.path.is_ident("str"))
        }
        _ => false,
    }
}
