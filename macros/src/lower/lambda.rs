//! Closures that are handed to functions, `solve(|t| k * t, x)`: each becomes a function of what it captures and of its own
//! arguments, and gets a rule by that.

use std::collections::HashMap;
use std::rc::Rc;

use proc_macro2::Ident;
use quote::{format_ident, quote};
use syn::spanned::Spanned;
use syn::{Expr, ExprClosure, ExprPath, FnArg, Pat, ReturnType, Signature, Type};

use super::assigned::Assigned;
use super::closures::Closure;
use super::known::{classify, literal, strip, Known};
use super::scope::{BindingId, Term};
use super::{lower, prescan, type_of_float, Lowering, Request};
use crate::analyse::analyse;
use crate::choices::Choices;
use crate::closures;
use crate::diagnostics::Slug;
use crate::ir::{Arg, Block, Cost, End, Float, Function, HandedOn, Kind, Lambda, Operand, VarInfo};
use crate::parse::signature::name_patterns;

/// What a closure captures, as parameters of a function and as arguments for them.
#[derive(Default)]
struct Captures {
    names: HashMap<String, BindingId>,
    params: Vec<FnArg>,
    args: Vec<Arg>,
    /// Which parameters are references that the user does not see.
    hidden: Vec<bool>,
    /// Definitions of other closures that it calls, and of numbers.
    closures: Vec<syn::Stmt>,
}

impl Lowering<'_> {
    /// Whether an argument is a closure, or the name of one.
    pub(super) fn is_closure(&self, expr: &Expr) -> bool {
        match strip(expr) {
            Expr::Closure(_) => true,
            Expr::Reference(reference) => self.is_closure(&reference.expr),
            Expr::Path(path) => matches!(
                path.path.get_ident().and_then(|name| self.scope.term(name)),
                Some(Term::Closure(_))
            ),
            _ => false,
        }
    }

    /// A closure handed to a function.
    pub(super) fn closure_argument(&mut self, expr: &Expr) -> Option<Arg> {
        let (inner, by) = handed_by(expr);
        let Some(Term::Closure(closure)) = self.term(inner, &Kind::Unknown) else {
            return None;
        };
        let literally = matches!(inner, Expr::Closure(_)) && by == HandedOn::Value;
        if !literally || self.captures_floats(&closure) {
            return self.lambda(&closure, by);
        }
        let lambda = self.lambda_if(&closure, by, says_its_types);
        lambda.or_else(|| self.inert_closure(inner, &closure))
    }

    /// A function that is handed over by its name, if it is known what it takes.
    pub(super) fn item_argument(&mut self, argument: &Expr) -> Option<Arg> {
        let (inner, by) = handed_by(argument);
        let Expr::Path(path) = inner else { return None };
        let local = path.path.get_ident().and_then(|name| self.scope.term(name));
        if local.is_some() {
            return None;
        }
        let inputs = self.inputs_of(path)?;
        let names = names(inputs.len());
        let closure: ExprClosure = syn::parse_quote!(|#(#names: #inputs),*| #path(#(#names),*));
        self.parsed(|lowering| {
            let Some(Term::Closure(closure)) = lowering.closure(&closure) else {
                return None;
            };
            lowering.lambda_if(&closure, by, says_its_types)
        })
    }

    /// The closure that is handed over where a rule is surely wanted, for a function of so many arguments.
    pub(super) fn surely_handed(&mut self, argument: &Expr, arity: usize) -> Option<Expr> {
        let (inner, _) = handed_by(argument);
        if self.is_closure(inner) {
            return Some(inner.clone());
        }
        let Expr::Path(path) = inner else { return None };
        let local = path.path.get_ident().and_then(|name| self.scope.term(name));
        let names = names(arity);
        (local.is_none()).then(|| syn::parse_quote!(|#(#names),*| #path(#(#names),*)))
    }

    /// The closure with its rule, handed over like the argument.
    pub(super) fn lambda_of(&mut self, argument: &Expr, closure: &Expr) -> Option<Arg> {
        let (_, by) = handed_by(argument);
        self.parsed(|lowering| match lowering.term(closure, &Kind::Unknown)? {
            Term::Closure(closure) => lowering.lambda(&closure, by),
            _ => None,
        })
    }

    /// What a function of the table takes, or one whose signature is seen.
    fn inputs_of(&self, path: &ExprPath) -> Option<Vec<Type>> {
        match classify(&path.path, self.request.reals) {
            Known::Math {
                rule,
                kind: Some(kind),
                ..
            } if rule.results == 1 && rule.name != "powi" => {
                let ty = type_of(&kind);
                Some(vec![ty; rule.arity])
            }
            Known::Other => self.request.results.inputs(path).cloned(),
            _ => None,
        }
    }

    /// A closure that captures no floats, written where a function that is not seen is called for its result: it will ask for
    /// a rule, unless the closure gives no floats.
    pub(super) fn likely_handed(&mut self, argument: &Expr) -> Option<Arg> {
        let Expr::Closure(_) = strip(argument) else {
            return None;
        };
        let Some(Term::Closure(closure)) = self.term(argument, &Kind::Unknown) else {
            return None;
        };
        let gives_floats = |arg: &Arg| matches!(arg, Arg::Closure(lambda) if lambda.primal.result != Some(Kind::Inert));
        match self.captures_floats(&closure) {
            true => None,
            false => self.lambda_if(&closure, HandedOn::Value, gives_floats),
        }
    }

    /// A closure with its rule, or nothing if it cannot be had or is not wanted.
    fn lambda_if(
        &mut self,
        closure: &Rc<Closure>,
        by: HandedOn,
        wanted: impl Fn(&Arg) -> bool,
    ) -> Option<Arg> {
        let around = std::mem::take(self.errors);
        let lambda = self.lambda(closure, by).filter(wanted);
        *self.errors = around;
        lambda
    }

    fn captures_floats(&self, closure: &Closure) -> bool {
        closure.captures.values().any(|id| {
            let term = self
                .scope
                .binding(*id)
                .and_then(|binding| binding.term.as_ref());
            term.is_some_and(|term| !self.kind_of_term(term).is_inert())
        })
    }

    /// A closure as it is written.
    fn inert_closure(&mut self, expr: &Expr, closure: &Closure) -> Option<Arg> {
        if closure.captures.is_empty() {
            // Where it stands the compiler knows the types of its parameters.
            return Some(Arg::Value(literal(expr, Kind::Inert, None)));
        }
        let term = self.opaque(expr, Kind::Inert, Cost::Cheap)?;
        self.operand_of(term, &Kind::Inert).map(Arg::Value)
    }

    /// A closure with its rule.
    fn lambda(&mut self, closure: &Rc<Closure>, by: HandedOn) -> Option<Arg> {
        let mut captures = Captures::default();
        self.gather_captures(closure, &mut captures)?;
        let mut sig = self.signature(&closure.expr, &captures);
        let mut block: syn::Block = match &*closure.expr.body {
            Expr::Block(body) if body.label.is_none() => body.block.clone(),
            body => syn::parse_quote!({ #body }),
        };
        let lets = name_patterns(&mut sig);
        block
            .stmts
            .splice(0..0, lets.into_iter().chain(captures.closures));
        let borrowed = prescan::borrowed(&block);
        if let Some(name) = captures.names.keys().find(|name| borrowed.contains(*name)) {
            return self.refuse_writing(closure, name);
        }
        let active = vec![true; sig.inputs.len()];
        let request = Request {
            sig: &sig,
            block: &block,
            active: &active,
            captures: &captures.hidden,
            ..*self.request
        };
        let mut primal = lower(&request, self.errors)?;
        primal.result = primal
            .result
            .map(|result| result_of(&primal.body, &primal.vars, result));
        if let Some(name) = written(&primal, captures.args.len()) {
            return self.refuse_writing(closure, &name);
        }
        let types = closure.expr.inputs.iter().map(type_of_input).collect();
        self.with_value(primal, &closure.expr, types, captures.args, by)
    }

    fn with_value(
        &mut self,
        primal: Function,
        closure: &ExprClosure,
        inputs: Vec<Option<Type>>,
        captures: Vec<Arg>,
        by: HandedOn,
    ) -> Option<Arg> {
        let choices = Choices::default();
        // Whatever is wrong with its rule is said here.
        closures::rule(choices, &primal, &vec![true; captures.len()], self.errors)?;
        let value = closures::value(choices, &primal, self.errors)?;
        Some(Arg::Closure(Box::new(Lambda {
            inputs,
            output: closure.output.clone(),
            by,
            primal,
            value,
            captures,
            captured: (0, 0),
        })))
    }

    fn refuse_writing(&mut self, closure: &Closure, name: &str) -> Option<Arg> {
        let detail = format!("it changes `{name}`");
        self.refuse(Slug::EscapingClosure, closure.expr.span(), &detail)
    }

    /// `fn closure(captures…, inputs…) -> output`, with the type parameters of the function around.
    fn signature(&self, closure: &ExprClosure, captures: &Captures) -> Signature {
        let mut sig = self.request.sig.clone();
        sig.ident = Ident::new("closure", closure.span());
        sig.inputs = captures.params.iter().cloned().collect();
        for input in &closure.inputs {
            sig.inputs.push(match input {
                Pat::Type(typed) => FnArg::Typed(typed.clone()),
                pat => syn::parse_quote!(#pat: _),
            });
        }
        sig.output = match &closure.output {
            ReturnType::Default => syn::parse_quote!(-> _),
            output => output.clone(),
        };
        sig
    }

    /// Collects what a closure captures, and what closures capture that it calls.
    fn gather_captures(&mut self, closure: &Rc<Closure>, captures: &mut Captures) -> Option<()> {
        let mut names: Vec<(&String, &BindingId)> = closure.captures.iter().collect();
        names.sort();
        let assigned = Assigned::by(&closure.expr);
        for (name, id) in names {
            if assigned.iter().any(|assigned| assigned == name) {
                return self.refuse_writing(closure, name).and(None);
            }
            match captures.names.insert(name.clone(), *id) {
                Some(other) if other != *id => {
                    return self.refuse(Slug::EscapingClosure, closure.expr.span(), "")
                }
                Some(_) => continue,
                None => self.gather_one(name, *id, closure, captures)?,
            }
        }
        Some(())
    }

    fn gather_one(
        &mut self,
        name: &str,
        id: BindingId,
        closure: &Rc<Closure>,
        captures: &mut Captures,
    ) -> Option<()> {
        let binding = self.scope.binding(id)?;
        let (ident, term) = (binding.name.clone(), binding.term.clone()?);
        if let Term::Closure(inner) = &term {
            self.gather_captures(inner, captures)?;
            let expr = &inner.expr;
            captures
                .closures
                .push(syn::parse_quote!(let #ident = #expr;));
            return Some(());
        }
        if let Term::Value(Operand::Literal(literal)) = &term {
            let ty = type_of_float(&literal.kind).map(|ty| quote!(: #ty));
            let value = &literal.tokens;
            captures
                .closures
                .push(syn::parse_quote!(let #ident #ty = #value;));
            return Some(());
        }
        let (arg, ty, hidden) = self.captured_as(term, closure)?;
        let (param, at): (FnArg, usize) = match name {
            "self" => (syn::parse_quote!(&self), 0),
            _ => (syn::parse_quote!(#ident: #ty), captures.params.len()),
        };
        captures.params.insert(at, param);
        captures.args.insert(at, arg);
        captures.hidden.insert(at, hidden);
        Some(())
    }

    /// The argument for a captured variable, the type of the parameter, and whether that is a reference to what the user
    /// sees.
    fn captured_as(&mut self, term: Term, closure: &Rc<Closure>) -> Option<(Arg, Type, bool)> {
        if let Some(place) = self.function_of(&term) {
            let ty = self.type_of_parameter(place.root)?.clone();
            let on = HandedOn::Value;
            return Some((Arg::Function { place, on }, ty, false));
        }
        let kind = self.kind_of_term(&term);
        let ty = type_of(&kind);
        match term {
            Term::Ref { place, .. } => Some((Arg::Ref(place), syn::parse_quote!(&#ty), false)),
            Term::Chain(_) => self.refuse(Slug::EscapingClosure, closure.expr.span(), ""),
            term if kind.is_scalar() => {
                let value = self.operand_of(term, &kind)?;
                Some((Arg::Value(value), ty, false))
            }
            term => {
                let place = self.place_of(term)?;
                Some((Arg::Ref(place), syn::parse_quote!(&#ty), true))
            }
        }
    }
}

fn names(count: usize) -> Vec<Ident> {
    (0..count).map(|index| format_ident!("x{index}")).collect()
}

/// A function, and how it is handed over: `f`, `&f`, `&mut f`.
fn handed_by(expr: &Expr) -> (&Expr, HandedOn) {
    match strip(expr) {
        Expr::Reference(reference) if reference.mutability.is_some() => {
            (strip(&reference.expr), HandedOn::RefMut)
        }
        Expr::Reference(reference) => (strip(&reference.expr), HandedOn::Ref),
        expr => (expr, HandedOn::Value),
    }
}

/// What is known of the result of a closure, from what it yields.
fn result_of(block: &Block, vars: &[VarInfo], known: Kind) -> Kind {
    match &block.end {
        End::Yield(results) => match results.first() {
            Some(Operand::Var(var)) => known.join(&vars[var.0].kind),
            Some(Operand::Literal(literal)) => known.join(&literal.kind),
            _ => known,
        },
        End::Switch { arms, .. } => {
            let each = arms.iter().map(|arm| result_of(arm, vars, known.clone()));
            let all: Vec<Kind> = each.collect();
            match all.split_first() {
                Some((first, rest)) if rest.iter().all(|kind| kind == first) => first.clone(),
                _ => known,
            }
        }
        End::Break(_) | End::Never(_) => known,
    }
}

/// The name of a capture that a closure's body writes.
fn written(primal: &Function, captures: usize) -> Option<String> {
    let facts = analyse(primal);
    let mut params = primal.params.iter().take(captures);
    let found = params.find(|param| facts.is_written(param.var));
    found.map(|param| primal.vars[param.var.0].name.to_string())
}

fn type_of_input(pat: &Pat) -> Option<Type> {
    match pat {
        Pat::Type(typed) => Some((*typed.ty).clone()),
        _ => None,
    }
}

/// Whether the types of a rule are all known where it stands: what it is handed to need not ask for one, and ignores it then.
fn says_its_types(arg: &Arg) -> bool {
    let Arg::Closure(lambda) = arg else {
        return false;
    };
    let known = |kind: &Kind| match kind {
        Kind::Float(float) => *float != Float::Open,
        kind => *kind == Kind::Inert,
    };
    let (first, all) = (lambda.captures.len(), &lambda.primal);
    let inputs = all.params.iter().skip(first);
    lambda.inputs.iter().all(Option::is_some)
        && inputs.map(|param| &all.vars[param.var.0].kind).all(known)
        && all.result.as_ref().is_some_and(known)
}

/// A type of this kind.
fn type_of(kind: &Kind) -> Type {
    let of = |kind: &Kind| type_of(kind);
    match kind {
        Kind::Float(Float::F32) => syn::parse_quote!(f32),
        Kind::Float(Float::F64) => syn::parse_quote!(f64),
        Kind::Float(Float::Generic(name)) => syn::parse_quote!(#name),
        Kind::Inert => syn::parse_quote!(bool),
        Kind::Array(element) => {
            let element = of(element);
            syn::parse_quote!([#element; _])
        }
        Kind::Slice(element) => {
            let element = of(element);
            syn::parse_quote!([#element])
        }
        Kind::Vec(element) => {
            let element = of(element);
            syn::parse_quote!(Vec<#element>)
        }
        Kind::Option(inner) => {
            let inner = of(inner);
            syn::parse_quote!(Option<#inner>)
        }
        Kind::Result(inner) => {
            let inner = of(inner);
            syn::parse_quote!(Result<#inner, ()>)
        }
        Kind::Tuple(parts) if !parts.is_empty() => {
            let parts = parts.iter().map(of);
            syn::parse_quote!((#(#parts,)*))
        }
        _ => syn::parse_quote!(_),
    }
}
