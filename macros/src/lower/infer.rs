//! What kind an expression will have, found without lowering it.
//!
//! Needed where an expression is kept whole (inert ones), and where an operand tells about its neighbour.

use syn::ext::IdentExt;
use syn::{
    BinOp, Block, Expr, ExprBinary, ExprCall, ExprLit, ExprMacro, ExprMethodCall, ExprPath, Lit,
    Stmt, UnOp,
};

use super::families::{self, Family};
use super::names::free_names;
use super::scope::Term;
use super::types::{float_named, kind_of, OPEN};
use super::{known, macros, Lowering};
use crate::ir::{Float, Kind, Wrapper};

impl Lowering<'_> {
    /// The kind of an expression, as far as it can be told.
    pub(super) fn infer(&mut self, expr: &Expr) -> Kind {
        let key = expr as *const Expr as usize;
        if let Some(kind) = self.inferred.get(&key) {
            return kind.clone();
        }
        let kind = self.infer_anew(expr);
        self.inferred.insert(key, kind.clone());
        kind
    }

    pub(super) fn infer_anew(&mut self, expr: &Expr) -> Kind {
        match expr {
            Expr::Paren(inner) => self.infer(&inner.expr),
            Expr::Group(inner) => self.infer(&inner.expr),
            Expr::Reference(inner) => self.infer(&inner.expr),
            Expr::Lit(literal) => kind_of_literal(literal),
            Expr::Path(path) => self.infer_path(path),
            Expr::Unary(unary) if matches!(unary.op, UnOp::Not(_)) => Kind::Inert,
            Expr::Unary(unary) => self.infer(&unary.expr),
            Expr::Binary(binary) => self.infer_binary(binary),
            Expr::Cast(cast) => kind_of(&cast.ty, self.request.reals),
            Expr::Field(_) if self.is_integer_field(expr) => Kind::Inert,
            Expr::Field(field) => self.infer(&field.base).member(&field.member),
            Expr::Index(index) => {
                let base = self.infer(&index.expr);
                match &*index.index {
                    Expr::Range(_) => slice_of(base),
                    _ => base.element(),
                }
            }
            Expr::Tuple(tuple) => {
                Kind::Tuple(tuple.elems.iter().map(|elem| self.infer(elem)).collect())
            }
            Expr::Array(array) => {
                let kind = array
                    .elems
                    .iter()
                    .fold(Kind::Unknown, |kind, elem| kind.join(&self.infer(elem)));
                Kind::Array(Box::new(kind))
            }
            Expr::Repeat(repeat) => Kind::Array(Box::new(self.infer(&repeat.expr))),
            Expr::Range(_) | Expr::Let(_) => Kind::Inert,
            Expr::Call(call) => self.infer_call(call),
            Expr::MethodCall(call) => self.infer_method(call),
            Expr::Block(block) => self.infer_block(&block.block),
            Expr::If(branch) => match &branch.else_branch {
                Some((_, otherwise)) => self
                    .infer_block(&branch.then_branch)
                    .join(&self.infer(otherwise)),
                None => Kind::Inert,
            },
            Expr::Macro(mac) => self.infer_macro(mac),
            Expr::Assign(_) | Expr::While(_) | Expr::ForLoop(_) => Kind::Inert,
            _ => Kind::Unknown,
        }
    }

    pub(super) fn infer_path(&self, path: &ExprPath) -> Kind {
        if path.qself.is_none() {
            if let Some(name) = path.path.get_ident() {
                if let Some(id) = self.scope.find(name) {
                    return self.kind_of_binding(id);
                }
                if let Some(kind) = self.constants.get(&name.to_string()) {
                    return kind.clone();
                }
            }
        }
        self.kind_of_constant(path)
    }

    /// The kind of a binding: its declared one, and what it stands for now.
    pub(super) fn kind_of_binding(&self, id: usize) -> Kind {
        let Some(binding) = self.scope.binding(id) else {
            return Kind::Unknown;
        };
        match &binding.term {
            Some(Term::Closure(_) | Term::Chain(_)) | None => binding.kind.clone(),
            Some(term) => self.kind_of_term(term).join(&binding.kind),
        }
    }

    /// The kind of a path that names nothing local.
    pub(super) fn kind_of_constant(&self, path: &ExprPath) -> Kind {
        let mut segments = path.path.segments.iter().rev();
        let Some(last) = segments.next() else {
            return Kind::Unknown;
        };
        if !FLOAT_CONSTANTS.contains(&last.ident.to_string().as_str()) {
            let inert = segments
                .next()
                .is_some_and(|owner| INTEGERS.contains(&owner.ident.to_string().as_str()));
            return if inert { Kind::Inert } else { Kind::Unknown };
        }
        match segments.next() {
            Some(owner) if INTEGERS.contains(&owner.ident.to_string().as_str()) => Kind::Inert,
            Some(owner) => float_named(&owner.ident, self.request.reals).unwrap_or(OPEN),
            None => OPEN,
        }
    }

    /// `GRAVITY`, `Self::DT`, `gravity` where nothing of the body has the name: a path to a constant. One that is written
    /// like a type names a unit struct or a variant, unless the constant stands in the body.
    pub(super) fn is_constant_path(&self, expr: &Expr) -> bool {
        let Expr::Path(path) = expr else { return false };
        let Some(last) = path.path.segments.last() else {
            return false;
        };
        let name = last.ident.unraw().to_string();
        let local = path.path.get_ident().is_some()
            && (self.scope.find(&last.ident).is_some() || self.bound.contains(&name));
        is_in_capitals(&name)
            || !local
                && (self.constants.contains_key(&name) || name.starts_with(char::is_lowercase))
    }

    /// The left spine is walked, not recursed into, since sums may be long.
    pub(super) fn infer_binary(&mut self, binary: &ExprBinary) -> Kind {
        if !is_arithmetic(&binary.op) {
            return Kind::Inert;
        }
        let mut spine = vec![binary];
        while let Some(inner) = spine.last().and_then(|binary| arithmetic_below(binary)) {
            spine.push(inner);
        }
        let Some(innermost) = spine.last() else {
            return Kind::Unknown;
        };
        let mut left = self.infer(&innermost.left);
        let mut constant = self.is_constant_path(&innermost.left);
        for binary in spine.into_iter().rev() {
            left = match left.is_float() || left == Kind::Inert || constant {
                true => {
                    let right = self.infer(&binary.right);
                    arithmetic_kind(left, right, constant, self.is_constant_path(&binary.right))
                }
                false => Kind::Unknown,
            };
            constant = false;
        }
        left
    }

    pub(super) fn infer_call(&mut self, call: &ExprCall) -> Kind {
        let Expr::Path(path) = &*call.func else {
            return Kind::Unknown;
        };
        match known::classify(&path.path, self.request.reals) {
            known::Known::Math { kind, .. } => {
                let arguments = call
                    .args
                    .iter()
                    .map(|arg| self.infer(arg))
                    .filter(Kind::is_float);
                kind.unwrap_or(arguments.fold(OPEN, |kind, argument| kind.join(&argument)))
            }
            _ if self.is_imported_constant(call) => self.infer(&call.args[0]),
            known::Known::Constant => call
                .args
                .first()
                .map_or(Kind::Unknown, |arg| self.infer(arg)),
            known::Known::Number(kind) => kind,
            known::Known::Other | known::Known::TupleStruct => {
                self.result_of_call(call).unwrap_or(Kind::Unknown)
            }
            known::Known::Wrap(wrapper) => {
                let payload = match (wrapper, call.args.first()) {
                    (Wrapper::Some | Wrapper::Ok, Some(argument)) => self.infer(argument),
                    _ => Kind::Unknown,
                };
                match wrapper {
                    Wrapper::Some => Kind::Option(Box::new(payload)),
                    _ => Kind::Result(Box::new(payload)),
                }
            }
            known::Known::FromFn => Kind::Array(Box::new(Kind::Unknown)),
            known::Known::Boxed | known::Known::NewVec | known::Known::Memory => Kind::Unknown,
            known::Known::Inert => Kind::Inert,
        }
    }

    pub(super) fn infer_method(&mut self, call: &ExprMethodCall) -> Kind {
        let name = call.method.to_string();
        if let Some(kind) = self.kind_in_collection(call) {
            return kind;
        }
        let seen = self.result_of_method(call);
        match families::family(&name) {
            Family::Inert if seen.as_ref().is_none_or(|kind| *kind == Kind::Inert) => {
                return Kind::Inert;
            }
            Family::Copy => return self.infer(&call.receiver),
            _ => {}
        }
        if families::QUESTIONS.contains(&name.as_str()) && self.is_chain(call) {
            return Kind::Inert;
        }
        if matches!(name.as_str(), "sum" | "product" | "collect") {
            if let Some(kind) = self.turbofish(call) {
                return kind;
            }
            if name != "collect" && self.is_chain(call) {
                return Some(self.kind_of_items(&call.receiver))
                    .filter(Kind::is_float)
                    .unwrap_or(Kind::Unknown);
            }
        }
        if let Some(kind) = known::number_unwrapped(call, self.request.reals) {
            return kind;
        }
        if let Some(kind) = self
            .result_of_method(call)
            .filter(|kind| *kind != Kind::Unknown)
        {
            return kind;
        }
        let receiver = self.infer(&call.receiver);
        if let Some(kind) = self.kind_of_spelled_out(call, &receiver) {
            return kind;
        }
        match (&receiver, known::row(&name)) {
            (Kind::Float(_), Some(rule)) if rule.name == "sin_cos" => {
                Kind::Tuple(vec![receiver.clone(), receiver])
            }
            (Kind::Float(Float::Open), Some(_)) => {
                call.args
                    .iter()
                    .fold(receiver, |kind, arg| match self.infer(arg) {
                        other @ Kind::Float(_) => kind.join(&other),
                        _ => kind,
                    })
            }
            (Kind::Float(_), Some(_)) => receiver,
            // The arguments of an integer's own methods are integers, whatever they look like.
            (Kind::Inert, Some(_)) if !self.is_chain(call) => Kind::Inert,
            (Kind::Inert, _)
                if !self.is_chain(call)
                    && (matches!(name.as_str(), "pow" | "abs_diff") || self.are_inert(call)) =>
            {
                Kind::Inert
            }
            _ if self.is_optional_call(call) => Kind::Option(Box::new(Kind::Unknown)),
            _ => families::kind_of_result(&name, &receiver),
        }
    }

    /// Whether nothing that carries floats goes into a call as an argument.
    fn are_inert(&mut self, call: &ExprMethodCall) -> bool {
        call.args
            .iter()
            .all(|argument| match known::strip(argument) {
                Expr::Closure(_) => free_names(argument)
                    .read
                    .iter()
                    .filter_map(|name| self.scope.term(name))
                    .all(|term| self.kind_of_term(term).is_inert()),
                argument => self.infer(argument).is_inert() || self.is_constant_path(argument),
            })
    }

    pub(super) fn infer_block(&mut self, block: &Block) -> Kind {
        match block.stmts.as_slice() {
            [Stmt::Expr(expr, None)] => self.infer(expr),
            _ => Kind::Unknown,
        }
    }

    pub(super) fn infer_macro(&mut self, mac: &ExprMacro) -> Kind {
        match mac
            .mac
            .path
            .segments
            .last()
            .map(|last| last.ident.to_string())
            .as_deref()
        {
            Some("vec") => Kind::Vec(Box::new(Kind::Unknown)),
            Some(name) if macros::is_known(name) => Kind::Inert,
            _ => Kind::Unknown,
        }
    }
}

/// The float constants of `core::f64::consts`, of `f64` and of `Float`.
const FLOAT_CONSTANTS: &[&str] = &[
    "PI",
    "TAU",
    "E",
    "FRAC_PI_2",
    "FRAC_PI_3",
    "FRAC_PI_4",
    "FRAC_PI_6",
    "FRAC_PI_8",
    "FRAC_1_PI",
    "FRAC_2_PI",
    "FRAC_2_SQRT_PI",
    "FRAC_1_SQRT_2",
    "SQRT_2",
    "LN_2",
    "LN_10",
    "LOG2_E",
    "LOG10_E",
    "LOG2_10",
    "LOG10_2",
    "INFINITY",
    "NEG_INFINITY",
    "NAN",
    "EPSILON",
    "MAX",
    "MIN",
    "MIN_POSITIVE",
];

/// Types whose associated constants and functions are inert.
pub const INTEGERS: &[&str] = &[
    "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize", "bool",
    "char", "str", "String",
];

/// The kind of a literal.
pub fn kind_of_literal(literal: &ExprLit) -> Kind {
    let suffix = match &literal.lit {
        Lit::Float(float) if float.suffix().is_empty() => return OPEN,
        Lit::Float(float) => float.suffix(),
        Lit::Int(int) => int.suffix(),
        _ => return Kind::Inert,
    };
    match suffix {
        "f32" => Kind::Float(Float::F32),
        "f64" => Kind::Float(Float::F64),
        _ => Kind::Inert,
    }
}

/// `+ - * / %`, as opposed to comparisons, logic, bits and assignments.
pub fn is_arithmetic(op: &BinOp) -> bool {
    matches!(
        op,
        BinOp::Add(_) | BinOp::Sub(_) | BinOp::Mul(_) | BinOp::Div(_) | BinOp::Rem(_)
    )
}

/// The left operand, if it is arithmetic too.
fn arithmetic_below(binary: &ExprBinary) -> Option<&ExprBinary> {
    match &*binary.left {
        Expr::Binary(inner) if is_arithmetic(&inner.op) => Some(inner),
        _ => None,
    }
}

/// The kind of a result of arithmetic. A constant of unknown type beside a known float is taken for a float.
pub fn arithmetic_kind(left: Kind, right: Kind, left_constant: bool, right_constant: bool) -> Kind {
    match (left, right) {
        (left @ Kind::Float(_), right @ Kind::Float(_)) => left.join(&right),
        (Kind::Inert, Kind::Inert) => Kind::Inert,
        (float @ Kind::Float(_), Kind::Unknown) if right_constant => float,
        (Kind::Unknown, float @ Kind::Float(_)) if left_constant => float,
        (Kind::Inert, Kind::Unknown) if right_constant => Kind::Inert,
        (Kind::Unknown, Kind::Inert) if left_constant => Kind::Inert,
        _ => Kind::Unknown,
    }
}

/// `GRAVITY`: a name written as those of constants are.
fn is_in_capitals(name: &str) -> bool {
    name.chars().any(|c| c.is_ascii_uppercase()) && !name.chars().any(|c| c.is_ascii_lowercase())
}

/// The kind of a part of a sequence.
pub fn slice_of(kind: Kind) -> Kind {
    match kind {
        Kind::Array(element) | Kind::Vec(element) | Kind::Slice(element) => Kind::Slice(element),
        Kind::Inert => Kind::Inert,
        _ => Kind::Unknown,
    }
}
