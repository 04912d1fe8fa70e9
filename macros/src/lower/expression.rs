//! Expressions: one arm per syntax node, each handled in the file of its construct.

use proc_macro2::TokenStream;
use quote::quote;
use syn::spanned::Spanned;
use syn::{Expr, ExprCast, ExprLit, ExprPath, Lit, UnOp};

use super::infer::{is_arithmetic, kind_of_literal};
use super::known::literal;
use super::scope::Term;
use super::types::kind_of;
use super::{Lowering, DEPTH};
use crate::diagnostics::Slug;
use crate::ir::{Cost, Ctor, Kind, Op, Operand};

impl Lowering<'_> {
    /// Lowers an expression to what it stands for; `want` is what its context knows of its kind.
    pub(super) fn term(&mut self, expr: &Expr, want: &Kind) -> Option<Term> {
        self.depth += 1;
        let term = if self.depth > DEPTH {
            self.refuse(Slug::TooDeep, expr.span(), "")
        } else {
            self.term_shallow(expr, want)
        };
        self.depth -= 1;
        term
    }

    pub(super) fn term_shallow(&mut self, expr: &Expr, want: &Kind) -> Option<Term> {
        match expr {
            Expr::Paren(inner) => self.term(&inner.expr, want),
            Expr::Group(inner) => self.term(&inner.expr, want),
            Expr::Lit(literal) => Some(Term::Value(self.literal(literal, want))),
            Expr::Path(path) => self.path(path, want),
            Expr::Reference(reference)
                if is_number(&reference.expr) && reference.mutability.is_none() =>
            {
                self.term(&reference.expr, want)
            }
            Expr::Reference(reference) => {
                let mutable = reference.mutability.is_some();
                let place = self.borrow(&reference.expr, mutable)?;
                Some(Term::Ref { place, mutable })
            }
            _ if self.is_opaque(expr) => {
                self.confirm_no_floats(expr);
                self.opaque_inert(expr)
            }
            _ => self.term_compound(expr, want),
        }
    }

    pub(super) fn term_compound(&mut self, expr: &Expr, want: &Kind) -> Option<Term> {
        match expr {
            Expr::Unary(unary) => match unary.op {
                UnOp::Neg(minus) => self.negation(minus.span, &unary.expr, want),
                UnOp::Deref(_) => self.dereferenced(unary),
                _ => self.inert_by_parts(expr),
            },
            Expr::Binary(binary) if is_arithmetic(&binary.op) => self.binary(binary, want),
            Expr::Binary(_) | Expr::Assign(_) if self.writes_to_collection(expr) => {
                self.write_to_collection(expr)
            }
            Expr::Binary(binary) => match self.compound_assignment(binary) {
                Some(done) => done,
                None => self.inert_by_parts(expr),
            },
            Expr::Assign(assign) => self.assignment(assign),
            Expr::Call(call) => self.call(call, want),
            Expr::MethodCall(call) => self.method(call, want),
            Expr::Cast(cast) => self.cast(cast),
            Expr::Field(_) | Expr::Index(_) => self.place_term(expr, want),
            Expr::Tuple(tuple) => self.tuple(tuple, want),
            Expr::Array(array) if self.is_table(array, want) => {
                self.opaque(expr, want.clone(), Cost::Cheap)
            }
            Expr::Array(array) => {
                let element = want.element();
                self.sequence(Ctor::Array, &array.elems, &element)
                    .map(|(ctor, parts, kind)| {
                        self.define(Op::Aggregate(ctor, parts), Kind::Array(Box::new(kind)))
                    })
            }
            Expr::Repeat(repeat) => self.repeat(repeat, want),
            Expr::Struct(value) => self.structure(value, want),
            Expr::Block(block) if block.label.is_none() => self.block(&block.block, want),
            Expr::Block(block) => self.labelled_block(block, want),
            Expr::ForLoop(each) => self.for_loop(each),
            Expr::While(whole) => self.while_loop(whole),
            Expr::Loop(whole) => self.endless(whole),
            Expr::Break(jump) => self.break_expression(jump),
            Expr::Continue(jump) => self.continue_expression(jump),
            Expr::Macro(mac) => self.macro_call(&mac.mac, want),
            Expr::If(branch) => self.if_expression(branch, want),
            Expr::Match(whole) => self.match_expression(whole, want),
            Expr::Try(tried) => self.try_expression(tried, want),
            Expr::Closure(closure) => self.closure(closure),
            Expr::Return(ret) => self.return_expression(ret),
            Expr::Range(_) => self.inert_by_parts(expr),
            Expr::Const(_) => self.constant_block(expr, want),
            _ => self.refuse_expression(expr),
        }
    }

    /// `const { … }` sees no variable.
    fn constant_block(&mut self, expr: &Expr, want: &Kind) -> Option<Term> {
        self.opaque(expr, want.clone(), Cost::Cheap)
    }

    /// Lowers an expression and reads its value.
    pub(super) fn operand(&mut self, expr: &Expr, want: &Kind) -> Option<Operand> {
        let term = self.term(expr, want)?;
        self.operand_of(term, want)
    }

    /// The value of a term: scalars of known kind are loaded, aggregates are read in place.
    pub(super) fn operand_of(&mut self, term: Term, want: &Kind) -> Option<Operand> {
        match term {
            Term::Value(operand) => Some(operand),
            // Held in a variable it would be another function.
            Term::Place(place) | Term::Ref { place, .. }
                if self.kind_of_place(&place) == Kind::Function =>
            {
                let span = self.info(place.root).name.span();
                self.refuse(Slug::FunctionPointer, span, "")
            }
            Term::Fresh(place) | Term::Place(place) | Term::Ref { place, .. } => {
                let kind = self.kind_of_place(&place).join(want);
                if kind.is_scalar() {
                    return Some(self.load(place, kind));
                }
                Some(Operand::Place(place))
            }
            Term::Tuple(_) | Term::Maybe { .. } => self.place_of(term).map(Operand::Place),
            Term::Chain(_) => self.refuse(
                Slug::UnsupportedExpression,
                proc_macro2::Span::call_site(),
                "an iterator that is used as a value",
            ),
            Term::Closure(closure) => self.refuse(Slug::EscapingClosure, closure.expr.span(), ""),
        }
    }

    pub(super) fn literal(&self, lit: &ExprLit, want: &Kind) -> Operand {
        let kind = kind_of_literal(lit);
        let value = match &lit.lit {
            Lit::Float(float) => float.base10_parse::<f64>().ok(),
            Lit::Int(int) => int.base10_parse::<f64>().ok(),
            _ => None,
        };
        let kind = if kind.is_float() {
            kind.join(want)
        } else {
            kind
        };
        literal(lit, kind, value)
    }

    /// A variable, or a constant.
    pub(super) fn path(&mut self, path: &ExprPath, want: &Kind) -> Option<Term> {
        let name = path.path.get_ident().filter(|_| path.qself.is_none());
        let local = name.and_then(|name| self.scope.find(name));
        if let Some(id) = local {
            return self.scope.binding(id)?.term.clone();
        }
        if name.is_some_and(|name| name == "None") {
            let kind = match want {
                Kind::Option(_) => want.clone(),
                _ => Kind::Option(Box::new(Kind::Unknown)),
            };
            return Some(self.define(Op::Aggregate(Ctor::Nothing, Vec::new()), kind));
        }
        let known = name.and_then(|name| self.constants.get(&name.to_string()).cloned());
        let kind = known.unwrap_or_else(|| self.kind_of_constant(path));
        let kind = match kind {
            Kind::Unknown if self.is_constant_path(&Expr::Path(path.clone())) => want.clone(),
            kind if kind.is_float() => kind.join(want),
            kind => kind,
        };
        Some(Term::Value(literal(path, kind, None)))
    }

    pub(super) fn cast(&mut self, cast: &ExprCast) -> Option<Term> {
        let kind = kind_of(&cast.ty, self.request.reals);
        if self.infer(&cast.expr) == Kind::Inert && self.is_pure(&cast.expr) {
            if kind.is_float() {
                self.confirm_no_floats(&cast.expr);
            }
            return self.opaque(&Expr::Cast(cast.clone()), kind, Cost::Cheap);
        }
        let operand = self.operand(&cast.expr, &Kind::Unknown)?;
        let stays = self.kind_of_operand(&operand) == kind && kind.is_float();
        if stays {
            return Some(Term::Value(operand));
        }
        if kind == Kind::Inert || self.kind_of_operand(&operand) == Kind::Inert {
            let ty = &cast.ty;
            return self.opaque_of(
                &[operand],
                &|holes| syn::parse_quote!(#(#holes)* as #ty),
                kind,
            );
        }
        Some(self.define_at(cast.as_token.span, Op::Cast(operand, cast.ty.clone()), kind))
    }

    pub(super) fn refuse_expression(&mut self, expr: &Expr) -> Option<Term> {
        let (slug, what) = match expr {
            Expr::Await(_) | Expr::Async(_) => (Slug::Await, ""),
            Expr::Yield(_) => (Slug::Yield, ""),
            Expr::Unsafe(_) => (Slug::UnsafeBlock, ""),
            Expr::RawAddr(_) => (Slug::RawPointer, ""),
            _ => (Slug::UnsupportedExpression, "this expression"),
        };
        self.refuse(slug, expr.span(), what)
    }

    /// `()`
    pub(super) fn unit(&self) -> Term {
        let tokens: TokenStream = quote!(());
        Term::Value(literal(&tokens, Kind::Inert, None))
    }
}

/// `1.0`, `-1.0`: a reference to it is as good as its value.
fn is_number(expr: &Expr) -> bool {
    match expr {
        Expr::Lit(_) => true,
        Expr::Unary(unary) => matches!(unary.op, UnOp::Neg(_)) && is_number(&unary.expr),
        _ => false,
    }
}
