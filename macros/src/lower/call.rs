//! Calls by path: functions of the table, constructors, conversions, and everything that follows the protocol.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, ToTokens};
use syn::spanned::Spanned;
use syn::{Expr, ExprCall, ExprMethodCall, ExprPath, Path};

use super::infer::INTEGERS;
use super::opaque::free_names;
use super::scope::Term;
use super::types::float_named;
use super::Lowering;
use crate::diagnostics::Slug;
use crate::ir::{
    Arg, Call, Callee, Capture, Cost, Ctor, Float, Kind, Literal, Op, Opaque, Operand, Place, Spelling, Stmt, Wrapper, By,
};
use crate::rules::{self, Rule};

/// What the macro knows of a function by its path.
#[derive(Debug)]
pub enum Known {
    /// A row of the table; the kind where the path says it.
    Math { rule: &'static Rule, spelling: Spelling, kind: Option<Kind> },
    /// `tapeless::constant`
    Constant,
    /// `T::zero()`, `f64::from(n)`: a number.
    Number(Kind),
    Wrap(Wrapper),
    TupleStruct,
    /// `Vec::new`, `Vec::with_capacity`
    NewVec,
    /// `mem::swap`, `mem::replace`, `mem::take`
    Memory,
    /// A function of an integer type.
    Inert,
    Other,
}

/// Functions of `T: Float` that make a number of something that is none.
const NUMBERS: &[&str] = &[
    "zero", "one", "nan", "infinity", "neg_infinity", "epsilon", "max_value", "min_value", "min_positive_value",
    "neg_zero", "PI", "TAU", "E", "SQRT_2", "LN_2", "LN_10", "FRAC_PI_2", "FRAC_PI_3", "FRAC_PI_4", "FRAC_PI_6",
    "FRAC_PI_8", "FRAC_1_PI", "FRAC_2_PI", "FRAC_2_SQRT_PI", "FRAC_1_SQRT_2", "LOG2_E", "LOG10_E", "from_bits",
    "default",
];

/// Recognises a function by its path.
pub fn classify(path: &Path, reals: &[Ident]) -> Known {
    let mut segments = path.segments.iter().rev().map(|segment| &segment.ident);
    let Some(last) = segments.next() else { return Known::Other };
    let name = last.to_string();
    let owner = segments.next();
    match (owner.map(ToString::to_string).as_deref(), name.as_str()) {
        (None, "Some") => return Known::Wrap(Wrapper::Some),
        (None, "Ok") => return Known::Wrap(Wrapper::Ok),
        (None, "Err") => return Known::Wrap(Wrapper::Err),
        (Some("Option"), "Some") => return Known::Wrap(Wrapper::Some),
        (Some("Result"), "Ok") => return Known::Wrap(Wrapper::Ok),
        (Some("Result"), "Err") => return Known::Wrap(Wrapper::Err),
        (Some("tapeless"), "constant") => return Known::Constant,
        (Some("mem"), "swap" | "replace" | "take") => return Known::Memory,
        (Some("Vec"), "new" | "with_capacity") => return Known::NewVec,
        (Some(owner), _) if INTEGERS.contains(&owner) => return Known::Inert,
        _ => {}
    }
    match owner {
        Some(owner) => classify_associated(path, owner, &name, reals),
        None if name.starts_with(char::is_uppercase) => Known::TupleStruct,
        None => Known::Other,
    }
}

fn classify_associated(path: &Path, owner: &Ident, name: &str, reals: &[Ident]) -> Known {
    let float = float_named(owner, reals);
    let generic = matches!(owner.to_string().as_str(), "Float" | "Real" | "FloatCore");
    if owner == "libm" {
        if let Some((rule, single)) = rules::lookup_libm(name) {
            let kind = Kind::Float(if single { Float::F32 } else { Float::F64 });
            let spelling = Spelling::Libm { prefix: prefix(path), single };
            return Known::Math { rule, spelling, kind: Some(kind) };
        }
    }
    if float.is_some() || generic {
        if let Some(rule) = row(name) {
            return Known::Math { rule, spelling: Spelling::Path(prefix(path)), kind: float };
        }
    }
    match float {
        Some(kind) if NUMBERS.contains(&name) => Known::Number(kind),
        _ if name.starts_with(char::is_uppercase) => Known::TupleStruct,
        _ => Known::Other,
    }
}

/// The row of a function of the table. Operators are rows as well, but `a.add(b)` follows the protocol.
pub fn row(name: &str) -> Option<&'static Rule> {
    match name {
        "add" | "sub" | "mul" | "div" | "rem" | "neg" => None,
        name => rules::lookup(name),
    }
}

/// Everything of a path before its last segment, with `::`.
fn prefix(path: &Path) -> TokenStream {
    let mut tokens = path.leading_colon.to_token_stream();
    let count = path.segments.len().saturating_sub(1);
    for pair in path.segments.pairs().take(count) {
        pair.to_tokens(&mut tokens);
    }
    tokens
}

/// The kind of `T::from(2.0).unwrap()`, if the call is that.
pub fn number_unwrapped(call: &ExprMethodCall, reals: &[Ident]) -> Option<Kind> {
    if !matches!(call.method.to_string().as_str(), "unwrap" | "expect" | "unwrap_or_default") {
        return None;
    }
    let Expr::Call(inner) = &*call.receiver else { return None };
    let Expr::Path(path) = &*inner.func else { return None };
    let mut segments = path.path.segments.iter().rev().map(|segment| &segment.ident);
    let name = segments.next()?.to_string();
    let kind = float_named(segments.next()?, reals)?;
    (matches!(kind, Kind::Float(Float::Generic(_))) && name.starts_with("from")).then_some(kind)
}

impl Lowering<'_> {
    /// A call of a local closure, or of a function handed in as a parameter: without floats among its arguments that is
    /// a constant.
    fn local_call(&mut self, name: &Ident, callee: &Term, call: &ExprCall, want: &Kind) -> Option<Term> {
        match callee {
            Term::Closure(closure) => self.closure_call(closure, call, want),
            _ if call.args.iter().all(|arg| self.infer(arg) == Kind::Inert) => {
                self.opaque(&Expr::Call(call.clone()), want.clone(), Cost::Once)
            }
            _ => self.refuse(Slug::FunctionPointer, name.span(), ""),
        }
    }

    /// A call by path.
    pub(super) fn call(&mut self, call: &ExprCall, want: &Kind) -> Option<Term> {
        let Expr::Path(path) = strip(&call.func) else {
            return self.refuse(Slug::FunctionPointer, call.func.span(), "");
        };
        if let Some(name) = path.path.get_ident() {
            if let Some(term) = self.scope.term(name).cloned() {
                return self.local_call(name, &term, call, want);
            }
        }
        match classify(&path.path, self.request.reals) {
            Known::Math { rule, spelling, kind } => self.math(rule, spelling, kind, &call.args, want),
            Known::Constant => self.constant(call, want),
            Known::Wrap(wrapper) => self.wrap(wrapper, call, want),
            Known::TupleStruct => self.tuple_struct(path, call, want),
            Known::NewVec => {
                let kind = match want {
                    Kind::Vec(_) => want.clone(),
                    _ => Kind::Vec(Box::new(Kind::Unknown)),
                };
                self.opaque(&Expr::Call(call.clone()), kind, Cost::Cheap)
            }
            Known::Number(kind) => self.opaque(&Expr::Call(call.clone()), kind, Cost::Cheap),
            Known::Inert => self.opaque(&Expr::Call(call.clone()), Kind::Inert, Cost::Once),
            Known::Memory => self.memory_function(path, call, want),
            Known::Other => self.conversion(path, call).or_else(|| self.protocol_call(path, call, want)),
        }
    }

    /// A function of the table whose arguments are scalars.
    pub(super) fn math<'e>(
        &mut self,
        rule: &'static Rule,
        spelling: Spelling,
        kind: Option<Kind>,
        arguments: impl IntoIterator<Item = &'e Expr>,
        want: &Kind,
    ) -> Option<Term> {
        let arguments: Vec<&Expr> = arguments.into_iter().collect();
        let mut kind = kind.unwrap_or(Kind::Unknown);
        for argument in &arguments {
            if let float @ Kind::Float(_) = self.infer(argument) {
                kind = kind.join(&float);
            }
        }
        let mut operands = Vec::with_capacity(arguments.len());
        for argument in arguments {
            let want = if kind == Kind::Unknown { &Kind::Float(Float::Open) } else { &kind };
            operands.push(self.operand(argument, want)?);
        }
        let kind = kind.join(want);
        let kind = if kind.is_float() { kind } else { Kind::Float(Float::Open) };
        Some(self.define_math(rule, spelling, operands, kind))
    }

    /// `let t = rule(args);`
    pub(super) fn define_math(&mut self, rule: &'static Rule, spelling: Spelling, args: Vec<Operand>, kind: Kind) -> Term {
        let kind = match rule.name {
            "sin_cos" => Kind::Tuple(vec![kind.clone(), kind]),
            _ => kind,
        };
        self.define(Op::Math { rule, spelling, args }, kind)
    }

    /// `tapeless::constant(e)`: the value, from which no gradient flows back.
    fn constant(&mut self, call: &ExprCall, want: &Kind) -> Option<Term> {
        let argument = call.args.first()?;
        let operand = self.operand(argument, want)?;
        let kind = self.kind_of_operand(&operand);
        if let Operand::Literal(_) = operand {
            return Some(Term::Value(operand));
        }
        let name = Ident::new("constant", argument.span());
        let expr: Expr = syn::parse_quote!(#name);
        let capture = Capture { name, operand, by: By::Value };
        let opaque = Opaque { expr, captures: vec![capture], cost: Cost::Cheap, effect: false };
        Some(self.define(Op::Opaque(Box::new(opaque)), kind))
    }

    /// `mem::swap(&mut a, &mut b)` and its like: loads and stores.
    fn memory_function(&mut self, path: &ExprPath, call: &ExprCall, want: &Kind) -> Option<Term> {
        let name = path.path.segments.last()?.ident.to_string();
        let place = match self.argument(call.args.first()?)? {
            Arg::RefMut(place) => place,
            _ => return self.protocol_call(path, call, want),
        };
        let old = self.kept(&place);
        let value = match (name.as_str(), call.args.iter().nth(1)) {
            ("replace", Some(value)) => self.operand(value, &self.kind_of_place(&place))?,
            ("swap", Some(other)) => {
                let Arg::RefMut(other) = self.argument(other)? else { return None };
                let value = self.kept(&other);
                self.builder.push(Stmt::Store { place: other, value: old });
                self.builder.push(Stmt::Store { place, value });
                return Some(self.unit());
            }
            _ => literal(&quote!(::core::default::Default::default()), self.kind_of_place(&place), None),
        };
        self.builder.push(Stmt::Store { place, value });
        Some(match old {
            Operand::Place(place) => Term::Fresh(place),
            value => Term::Value(value),
        })
    }

    fn wrap(&mut self, wrapper: Wrapper, call: &ExprCall, want: &Kind) -> Option<Term> {
        let argument = call.args.first()?;
        let inner = if wrapper == Wrapper::Err { Kind::Unknown } else { want.payload() };
        let operand = self.operand(argument, &inner)?;
        let payload = Box::new(self.kind_of_operand(&operand));
        let kind = match wrapper {
            Wrapper::Some | Wrapper::Either => Kind::Option(payload),
            Wrapper::Ok => Kind::Result(payload),
            Wrapper::Err => Kind::Result(Box::new(Kind::Unknown)),
        };
        Some(self.define(Op::Aggregate(Ctor::Wrap(wrapper), vec![operand]), kind.join(want)))
    }

    fn tuple_struct(&mut self, path: &ExprPath, call: &ExprCall, want: &Kind) -> Option<Term> {
        let mut parts = Vec::with_capacity(call.args.len());
        for argument in &call.args {
            parts.push(self.operand(argument, &Kind::Unknown)?);
        }
        let path = ExprPath { path: self.constructor(&path.path)?, ..path.clone() };
        Some(self.define(Op::Aggregate(Ctor::TupleStruct(path), parts), unscalar(want)))
    }

    /// `f64::from(x)`: widening of a float, or a number made of an integer.
    fn conversion(&mut self, path: &ExprPath, call: &ExprCall) -> Option<Term> {
        let mut segments = path.path.segments.iter().rev();
        let name = segments.next()?;
        let owner = segments.next()?;
        let kind = float_named(&owner.ident, self.request.reals)?;
        let argument = call.args.first()?;
        if name.ident == "from" && self.infer(argument).is_float() && !matches!(kind, Kind::Float(Float::Generic(_))) {
            let operand = self.operand(argument, &Kind::Unknown)?;
            let owner = &owner.ident;
            let ty = Box::new(syn::parse_quote!(#owner));
            return Some(self.define(Op::Cast(operand, ty), kind));
        }
        let inert = call.args.iter().all(|argument| self.infer(argument) == Kind::Inert);
        if inert && name.ident.to_string().starts_with("from") {
            return self.opaque(&Expr::Call(call.clone()), kind, Cost::Cheap);
        }
        None
    }

    /// A call reversed through `g_vjp`.
    fn protocol_call(&mut self, path: &ExprPath, call: &ExprCall, want: &Kind) -> Option<Term> {
        let last = path.path.segments.last()?;
        if last.ident.to_string().ends_with("_grad") {
            return self.refuse(Slug::GradientOfGradient, last.ident.span(), &format!("`{}`", last.ident));
        }
        let mut args = Vec::with_capacity(call.args.len());
        for argument in &call.args {
            args.push(self.argument(argument)?);
        }
        let span = last.ident.span();
        let call = Call { callee: Callee::Path(path.clone()), args, span };
        Some(self.define(Op::Call(Box::new(call)), want.clone()))
    }

    /// An argument of a call: by value, or a borrowed place.
    pub(super) fn argument(&mut self, argument: &Expr) -> Option<Arg> {
        match strip(argument) {
            Expr::Reference(reference) => {
                let mutable = reference.mutability.is_some();
                let place = self.borrow(&reference.expr, mutable)?;
                Some(if mutable { Arg::RefMut(place) } else { Arg::Ref(place) })
            }
            Expr::Closure(_) => self.closure_argument(argument),
            expr => match self.term(expr, &Kind::Unknown)? {
                Term::Ref { place, mutable: false } => Some(Arg::Ref(place)),
                Term::Ref { place, mutable: true } => Some(Arg::RefMut(place)),
                term => Some(Arg::Value(self.operand_of(term, &Kind::Unknown)?)),
            },
        }
    }

    /// A closure handed to a function: it may capture nothing that carries floats.
    fn closure_argument(&mut self, closure: &Expr) -> Option<Arg> {
        let names = free_names(closure).read;
        let active = names.iter().find(|name| match self.scope.term(name) {
            Some(term) => !self.kind_of_term(term).is_inert(),
            None => false,
        });
        if let Some(name) = active {
            return self.refuse(Slug::EscapingClosure, closure.span(), &format!("it captures `{name}`"));
        }
        let term = self.opaque(closure, Kind::Inert, Cost::Cheap)?;
        self.operand_of(term, &Kind::Inert).map(Arg::Value)
    }

    /// The place that `&expr` or `&mut expr` borrows.
    pub(super) fn borrow(&mut self, expr: &Expr, mutable: bool) -> Option<Place> {
        let place = self.place(expr)?;
        if mutable {
            self.traits[place.root.0].mutable = true;
        }
        Some(place)
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

/// Without parentheses.
pub fn strip(expr: &Expr) -> &Expr {
    match expr {
        Expr::Paren(inner) => strip(&inner.expr),
        Expr::Group(inner) => strip(&inner.expr),
        expr => expr,
    }
}

/// A literal operand of the user's tokens.
pub fn literal(tokens: &impl ToTokens, kind: Kind, value: Option<f64>) -> Operand {
    Operand::Literal(Literal { tokens: quote!(#tokens), kind, value })
}
