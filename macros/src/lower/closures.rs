//! Local closures: inlined at their calls, in the environment they were made in.

use std::collections::HashMap;
use std::rc::Rc;

use proc_macro2::Ident;
use quote::format_ident;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Expr, ExprCall, ExprClosure, ReturnType, Type};

use super::known::strip;
use super::loops::FrameKind;
use super::names::free_names;
use super::scope::{Binding, BindingId, Term};
use super::types::kind_of;
use super::Lowering;
use crate::diagnostics::Slug;
use crate::ir::{Class, Kind, Op, Operand, Place, Stmt};

/// A closure, with what its free names refer to.
#[derive(Debug)]
pub struct Closure {
    pub expr: ExprClosure,
    pub captures: HashMap<String, BindingId>,
}

impl Closure {
    /// The binding that a free name of the closure refers to.
    pub fn captured(&self, name: &Ident) -> Option<BindingId> {
        self.captures.get(&name.to_string()).copied()
    }
}

impl Lowering<'_> {
    /// A closure expression.
    pub(super) fn closure(&mut self, closure: &ExprClosure) -> Option<Term> {
        let mut captures = HashMap::new();
        for name in free_names(&Expr::Closure(closure.clone())).read {
            let Some(id) = self.scope.find(&name) else {
                continue;
            };
            let id = if closure.capture.is_some() {
                self.snapshot(id)
            } else {
                id
            };
            captures.insert(name.to_string(), id);
        }
        Some(Term::Closure(Rc::new(Closure {
            expr: closure.clone(),
            captures,
        })))
    }

    /// A `move` closure has its own copy of what may change.
    pub(super) fn snapshot(&mut self, id: BindingId) -> BindingId {
        let Some(binding) = self.scope.binding(id) else {
            return id;
        };
        let (name, kind, mutable) = (binding.name.clone(), binding.kind.clone(), binding.mutable);
        let term = match binding.term.clone() {
            Some(Term::Place(place)) if self.may_change(place.root) => {
                let kind = self.kind_of_place(&place);
                let root = self.named(name.clone(), kind, Class::Root);
                self.traits[root.0].mutable = true;
                self.builder.push(Stmt::Let {
                    var: root,
                    op: Op::Use(Operand::Place(place)),
                });
                Some(Term::Place(crate::ir::Place::root(root)))
            }
            term => term,
        };
        self.scope.hide(Binding {
            name,
            term,
            kind,
            ty: None,
            mutable,
        })
    }

    /// The body of a closure, with terms for its parameters.
    pub(super) fn inline(
        &mut self,
        closure: &Rc<Closure>,
        arguments: Vec<Term>,
        want: &Kind,
    ) -> Option<Term> {
        let expr = &closure.expr;
        if expr.inputs.len() != arguments.len() {
            return self.refuse(Slug::UnsupportedClosure, expr.span(), "");
        }
        let want = match &expr.output {
            ReturnType::Type(_, ty) => kind_of(ty, self.request.reals),
            ReturnType::Default => want.clone(),
        };
        self.scope.enter();
        for (name, id) in &closure.captures {
            self.scope.link(name, *id);
        }
        let bound: Option<Vec<()>> = expr
            .inputs
            .iter()
            .zip(arguments)
            .map(|(pat, term)| self.bind_irrefutable(pat, term))
            .collect();
        let term = bound.and_then(|_| self.parsed(|lowering| lowering.closure_body(expr, &want)));
        self.scope.leave();
        if let (ReturnType::Type(_, ty), Some(Term::Fresh(place))) = (&expr.output, &term) {
            self.declare_type(place, ty);
        }
        term
    }

    /// The type of what a closure has made, which the user wrote.
    fn declare_type(&mut self, place: &Place, ty: &Type) {
        let made = &mut self.vars[place.root.0];
        if place.path.is_empty() && !made.named && made.ty.is_none() {
            made.ty = Some(ty.clone());
        }
    }

    pub(super) fn closure_body(&mut self, closure: &ExprClosure, want: &Kind) -> Option<Term> {
        if !leaves(&closure.body) {
            return self.term(&closure.body, want);
        }
        let result = self.result.replace(want.clone());
        let assigned = self.assigned(|scan| scan.visit_expr(&closure.body));
        let term = self.once(FrameKind::Closure, None, assigned, &mut |lowering| {
            lowering.term(&closure.body, want)
        });
        self.result = result;
        term
    }

    /// `return` inside a closure.
    pub(super) fn return_from_closure(&mut self, frame: usize, term: Term) {
        self.leave_with(frame, term);
    }

    /// A call of a local closure.
    pub(super) fn closure_call(
        &mut self,
        closure: &Rc<Closure>,
        call: &ExprCall,
        want: &Kind,
    ) -> Option<Term> {
        let mut arguments = Vec::with_capacity(call.args.len());
        for argument in &call.args {
            let term = self.term(argument, &Kind::Unknown)?;
            arguments.push(self.passed(term)?);
        }
        self.inline(closure, arguments, want)
    }

    /// An argument as the callee sees it: what is passed by value is read now.
    pub(super) fn passed(&mut self, term: Term) -> Option<Term> {
        match term {
            Term::Place(place) if self.kind_of_place(&place).is_scalar() => self
                .operand_of(Term::Place(place), &Kind::Unknown)
                .map(Term::Value),
            term => Some(term),
        }
    }

    /// Applies what was handed to an adaptor: a closure, a local closure's name, a function's path.
    pub(super) fn apply(
        &mut self,
        function: &Expr,
        arguments: Vec<Term>,
        want: &Kind,
    ) -> Option<Term> {
        match strip(function) {
            Expr::Closure(closure) => {
                let Some(Term::Closure(closure)) = self.closure(closure) else {
                    return None;
                };
                self.inline(&closure, arguments, want)
            }
            Expr::Reference(reference) => self.apply(&reference.expr, arguments, want),
            Expr::Path(path) => {
                let local = path.path.get_ident().and_then(|name| self.scope.term(name));
                if let Some(Term::Closure(closure)) = local {
                    let closure = closure.clone();
                    return self.inline(&closure, arguments, want);
                }
                self.apply_path(function, arguments, want)
            }
            function => self.refuse(Slug::FunctionPointer, function.span(), ""),
        }
    }

    pub(super) fn apply_path(
        &mut self,
        function: &Expr,
        arguments: Vec<Term>,
        want: &Kind,
    ) -> Option<Term> {
        self.scope.enter();
        let mut names = Vec::new();
        for (index, term) in arguments.into_iter().enumerate() {
            let name = format_ident!("argument_{index}");
            let kind = self.kind_of_term(&term);
            self.scope.declare(Binding {
                name: name.clone(),
                term: Some(term),
                kind,
                ty: None,
                mutable: false,
            });
            names.push(name);
        }
        let call: ExprCall = syn::parse_quote!(#function(#(#names),*));
        let term = self.parsed(|lowering| lowering.call(&call, want));
        self.scope.leave();
        term
    }
}

/// Whether a closure's body has a `return` or a `?` of its own.
pub(super) fn leaves(body: &Expr) -> bool {
    struct Leaves(bool);
    impl<'ast> Visit<'ast> for Leaves {
        fn visit_expr(&mut self, expr: &'ast Expr) {
            match expr {
                Expr::Return(_) | Expr::Try(_) => self.0 = true,
                Expr::Closure(_) => {}
                expr => visit::visit_expr(self, expr),
            }
        }
    }
    let mut scan = Leaves(false);
    scan.visit_expr(body);
    scan.0
}
