//! Method calls: functions of the table, methods of slices and vectors, and everything that follows the protocol.

use syn::spanned::Spanned;
use syn::{Expr, ExprMethodCall};

use super::call::{self, strip};
use super::options::UNWRAPPING;
use super::scope::Term;
use super::Lowering;
use crate::diagnostics::Slug;
use crate::rules::Rule;
use crate::ir::{Arg, Call, Callee, Cost, Kind, Op, Operand, Place, Proj, Spelling, Var, Class};

/// What is known of a method by its name alone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Family {
    /// Its result carries no float, and it changes nothing.
    Inert,
    /// Its result is a copy of the receiver.
    Copy,
    /// Its result is the receiver as a slice or a reference.
    View,
    Other,
}

/// Methods whose results carry no floats, whatever they are called on, and that change nothing.
const INERT: &[&str] = &[
    "len", "is_empty", "capacity", "is_nan", "is_finite", "is_infinite", "is_normal", "is_subnormal",
    "is_sign_positive", "is_sign_negative", "is_positive", "is_negative", "to_bits", "is_some", "is_none", "is_ok",
    "is_err", "partial_cmp", "total_cmp", "cmp", "eq", "ne", "lt", "le", "gt", "ge", "is_power_of_two", "count_ones",
    "count_zeros", "leading_zeros", "trailing_zeros", "wrapping_add", "wrapping_sub", "wrapping_mul", "wrapping_neg",
    "wrapping_shl", "wrapping_shr", "saturating_sub", "saturating_add", "saturating_mul", "checked_add", "checked_sub",
    "checked_mul", "checked_div", "overflowing_add", "overflowing_sub", "overflowing_mul", "rotate_left",
    "rotate_right", "abs_diff", "isqrt", "div_ceil", "next_multiple_of", "swap_bytes", "to_string", "as_str",
    "is_char_boundary", "contains", "starts_with", "ends_with", "is_sorted", "all", "any", "position", "count",
    "to_usize", "to_i32", "to_i64", "to_u32", "to_u64", "classify", "nrows", "ncols", "is_square",
];

/// The family of a method.
pub fn family(name: &str) -> Family {
    match name {
        "clone" | "to_owned" | "cloned" | "copied" => Family::Copy,
        "as_slice" | "as_mut_slice" | "as_ref" | "as_mut" | "borrow" | "borrow_mut" | "deref" | "deref_mut" => Family::View,
        name if INERT.contains(&name) => Family::Inert,
        _ => Family::Other,
    }
}

/// The kind of a method's result, by its name and receiver.
pub fn kind_of_result(name: &str, receiver: &Kind) -> Kind {
    match (name, receiver) {
        ("to_vec", kind) => Kind::Vec(Box::new(kind.element())),
        ("as_slice" | "as_mut_slice", kind) => Kind::Slice(Box::new(kind.element())),
        ("as_ref" | "as_mut" | "borrow" | "borrow_mut", kind) => kind.clone(),
        ("unwrap" | "expect" | "unwrap_or" | "unwrap_or_default" | "unwrap_or_else", kind) => kind.payload(),
        ("first" | "last" | "get" | "pop" | "split_first" | "split_last", Kind::Array(element) | Kind::Slice(element) | Kind::Vec(element)) => {
            Kind::Option(element.clone())
        }
        _ => Kind::Unknown,
    }
}

/// What the kind of a result says of the receiver, for methods that stay an option, or a result.
fn like_result(name: &str, want: &Kind) -> Option<Kind> {
    let unknown = Box::new(Kind::Unknown);
    match (name, want) {
        ("map" | "and_then", Kind::Option(_)) => Some(Kind::Option(unknown)),
        ("map" | "and_then", Kind::Result(_)) => Some(Kind::Result(unknown)),
        ("map_err" | "or_else", Kind::Result(_)) => Some(want.clone()),
        ("ok_or" | "ok_or_else", Kind::Result(payload)) => Some(Kind::Option(payload.clone())),
        ("ok", Kind::Option(payload)) => Some(Kind::Result(payload.clone())),
        _ => None,
    }
}

impl Lowering<'_> {
    /// A method call.
    pub(super) fn method(&mut self, call: &ExprMethodCall, want: &Kind) -> Option<Term> {
        let name = call.method.to_string();
        if let Some(kind) = call::number_unwrapped(call, self.request.reals) {
            return self.opaque(&Expr::MethodCall(call.clone()), kind, Cost::Cheap);
        }
        if self.is_chain(call) {
            return self.chain(call, want);
        }
        let kind = self.infer(&call.receiver);
        let like = like_result(&name, want);
        let unwraps = kind == Kind::Unknown && UNWRAPPING.contains(&name.as_str());
        if matches!(kind, Kind::Option(_) | Kind::Result(_)) || like.is_some() || unwraps || self.is_option(&call.receiver) {
            let term = self.term(&call.receiver, &like.unwrap_or(Kind::Unknown))?;
            if let Some(done) = self.option_method(call, &term, want)? {
                return Some(done);
            }
        }
        if let Some(rule) = call::row(&name) {
            if kind.is_float() {
                let arguments = std::iter::once(&*call.receiver).chain(&call.args);
                return self.math(rule, Spelling::Method, None, arguments, want);
            }
            if kind == Kind::Unknown {
                return self.unknown_math(call, rule, want);
            }
        }
        match (family(&name), &kind) {
            (Family::Copy, _) => self.copy(call, want),
            (Family::View, kind) if *kind != Kind::Unknown => self.view(call),
            _ => self.known_method(call, &name, &kind, want),
        }
    }

    /// Whether an expression is an option that is still in parts.
    fn is_option(&self, expr: &Expr) -> bool {
        match strip(expr) {
            Expr::MethodCall(call) => {
                let name = call.method.to_string();
                let picks = matches!(name.as_str(), "min_by" | "max_by" | "last" | "next" | "nth");
                (picks && self.is_chain(call)) || (matches!(name.as_str(), "copied" | "cloned") && self.is_option(&call.receiver))
            }
            Expr::Path(path) => {
                let term = path.path.get_ident().and_then(|name| self.scope.term(name));
                matches!(term, Some(Term::Maybe { .. }))
            }
            _ => false,
        }
    }

    /// Methods of arrays, slices, vectors, options; else the protocol.
    fn known_method(&mut self, call: &ExprMethodCall, name: &str, kind: &Kind, want: &Kind) -> Option<Term> {
        if matches!(kind, Kind::Array(_) | Kind::Slice(_) | Kind::Vec(_)) {
            if let Some(done) = self.sequence_method(call, kind)? {
                return Some(done);
            }
        }
        match (name, kind) {
            ("into", kind) if kind.is_float() && want.is_float() => self.operand(&call.receiver, want).map(Term::Value),
            _ => self.protocol_method(call, want),
        }
    }

    /// A method of the table on a receiver whose kind was not known before it was lowered.
    fn unknown_math(&mut self, call: &ExprMethodCall, rule: &'static Rule, want: &Kind) -> Option<Term> {
        let receiver = self.operand(&call.receiver, &Kind::Unknown)?;
        let kind = self.kind_of_operand(&receiver);
        let mut args = vec![receiver];
        if kind.is_float() {
            for argument in &call.args {
                args.push(self.operand(argument, &kind)?);
            }
            return Some(self.define_math(rule, Spelling::Method, args, kind.join(want)));
        }
        for argument in &call.args {
            args.push(self.operand(argument, &Kind::Unknown)?);
        }
        Some(self.define(Op::UnknownMath { name: call.method.clone(), args }, want.clone()))
    }

    /// `x.clone()`
    fn copy(&mut self, call: &ExprMethodCall, want: &Kind) -> Option<Term> {
        let term = self.term(&call.receiver, want)?;
        let kind = self.kind_of_term(&term);
        if kind.is_scalar() {
            return self.operand_of(term, want).map(Term::Value);
        }
        if let Term::Fresh(_) = term {
            return Some(term);
        }
        let place = self.place_of(term)?;
        Some(self.define(Op::Keep(place), kind))
    }

    /// `x.as_slice()`
    fn view(&mut self, call: &ExprMethodCall) -> Option<Term> {
        let mutable = call.method.to_string().contains("mut");
        let mut place = self.borrow(&call.receiver, mutable)?;
        if call.method.to_string().contains("slice") {
            place.path.push(Proj::Slice { lo: None, hi: None });
        }
        Some(Term::Ref { place, mutable })
    }

    /// A method call reversed through `m_vjp`.
    pub(super) fn protocol_method(&mut self, call: &ExprMethodCall, want: &Kind) -> Option<Term> {
        let name = call.method.to_string();
        if name.ends_with("_grad") {
            return self.refuse(Slug::GradientOfGradient, call.method.span(), &format!("`{name}`"));
        }
        let mut args = vec![self.receiver_argument(&call.receiver)?];
        for argument in &call.args {
            args.push(self.argument(argument)?);
        }
        let turbofish = call.turbofish.as_ref().map(quote::ToTokens::to_token_stream);
        let callee = Callee::Method { name: call.method.clone(), turbofish };
        let call = Call { callee, args, span: call.method.span() };
        Some(self.define(Op::Call(Box::new(call)), want.clone()))
    }

    fn receiver_argument(&mut self, receiver: &Expr) -> Option<Arg> {
        let term = match strip(receiver) {
            Expr::Reference(reference) => {
                let mutable = reference.mutability.is_some();
                let place = self.borrow(&reference.expr, mutable)?;
                Term::Ref { place, mutable }
            }
            expr => self.term(expr, &Kind::Unknown)?,
        };
        match term {
            Term::Value(operand) => Some(Arg::Value(operand)),
            Term::Ref { place, mutable } => Some(Arg::Receiver { place, mutable }),
            term => {
                let place = self.place_of(term)?;
                let mutable = self.may_change(place.root);
                Some(Arg::Receiver { place, mutable })
            }
        }
    }

    /// Whether memory at a root can be changed by someone who has a name for it.
    pub(super) fn may_change(&self, root: Var) -> bool {
        match self.info(root).class {
            Class::RefMut => true,
            Class::Root => self.traits[root.0].mutable,
            _ => false,
        }
    }

    /// Reads an inert or float scalar out of memory.
    pub(super) fn load(&mut self, place: Place, kind: Kind) -> Operand {
        self.define_value(Op::Use(Operand::Place(place)), kind)
    }

    /// Refuses an expression that no construct covers.
    pub(super) fn unsupported<T>(&mut self, expr: &Expr, what: &str) -> Option<T> {
        self.refuse(Slug::UnsupportedExpression, expr.span(), what)
    }
}
