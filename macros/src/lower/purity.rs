//! Which expressions can be kept as they are written, and what evaluating them again costs.

use proc_macro2::Ident;
use syn::visit::{self, Visit};
use syn::{BinOp, Expr, ExprClosure, ExprMethodCall};

use super::assigned::is_compound;
use super::families::{self, Family};
use super::known;
use super::prescan::base_name;
use super::scope::Term;
use crate::ir::Cost;

/// Methods of texts that make an iterator: what is asked of it changes nothing else.
const ITERATED: &[&str] = &[
    "bytes",
    "char_indices",
    "chars",
    "lines",
    "split",
    "split_whitespace",
];

/// Methods that change nothing, beside those of the table and of [`Family`].
const PURE: &[&str] = &[
    "iter",
    "into_iter",
    "map",
    "filter",
    "zip",
    "enumerate",
    "rev",
    "skip",
    "take",
    "step_by",
    "chain",
    "windows",
    "chunks",
    "chunks_exact",
    "sum",
    "product",
    "fold",
    "min_by",
    "max_by",
    "collect",
    "first",
    "last",
    "get",
    "unwrap",
    "expect",
    "unwrap_or",
    "unwrap_or_default",
    "pow",
    "to_vec",
    "chars",
    "bytes",
    "find",
    "take_while",
    "skip_while",
    "flat_map",
    "partition_point",
    "binary_search",
    "split_at",
    "split_first",
    "split_last",
    "start",
    "end",
    "min_by_key",
    "max_by_key",
    "trim",
    "parse",
    "and_then",
    "ok",
    "into",
    "clamp",
    "as_str",
    "signum",
    "any",
    "all",
    "position",
    "rposition",
    "count",
    "abs_diff",
    "then",
    "then_some",
];

/// Methods whose repetition costs next to nothing.
const CHEAP: &[&str] = &[
    "len",
    "is_empty",
    "abs",
    "min",
    "max",
    "is_nan",
    "is_finite",
    "is_infinite",
    "signum",
    "floor",
    "ceil",
    "trunc",
    "round",
    "is_some",
    "is_none",
    "is_ok",
    "is_err",
    "saturating_sub",
    "saturating_add",
    "wrapping_add",
    "wrapping_sub",
    "wrapping_mul",
    "is_sign_negative",
    "is_sign_positive",
    "clamp",
    "to_bits",
    "rem_euclid",
    "recip",
    "abs_diff",
    "clone",
    "copied",
    "first",
    "get",
    "last",
    "unwrap",
    "nrows",
    "ncols",
];

/// Whether evaluating `expr` changes nothing and leaves nothing. `term` says what a name stands for, `changeable`
/// whether a method of unknown effect could change it.
pub fn is_pure<'s>(
    expr: &Expr,
    term: &'s dyn Fn(&Ident) -> Option<&'s Term>,
    changeable: &'s dyn Fn(&str) -> bool,
) -> bool {
    let mut scan = Purity {
        term,
        changeable,
        pure: true,
    };
    scan.visit_expr(expr);
    scan.pure
}

struct Purity<'s> {
    term: &'s dyn Fn(&Ident) -> Option<&'s Term>,
    changeable: &'s dyn Fn(&str) -> bool,
    pure: bool,
}

impl Purity<'_> {
    fn is_closure(&self, expr: &Expr) -> bool {
        let Expr::Path(path) = expr else { return false };
        let term = path.path.get_ident().and_then(|name| (self.term)(name));
        matches!(term, Some(Term::Closure(_)))
    }

    /// Whether one of the arguments is a `&mut` by name.
    fn hands_on<'a>(&self, arguments: impl IntoIterator<Item = &'a Expr>) -> bool {
        arguments.into_iter().any(|argument| {
            let Expr::Path(path) = argument else {
                return false;
            };
            let term = path.path.get_ident().and_then(|name| (self.term)(name));
            matches!(term, Some(Term::Ref { mutable: true, .. }))
        })
    }

    fn method(&self, call: &ExprMethodCall) -> bool {
        let name = call.method.to_string();
        if families::family(&name) != Family::Other && !name.contains("mut") {
            return true;
        }
        if known::row(&name).is_some() || PURE.contains(&name.as_str()) {
            return true;
        }
        match base_name(&call.receiver) {
            Some(base) => !(self.changeable)(&base),
            None => match &*call.receiver {
                Expr::MethodCall(made) => ITERATED.contains(&made.method.to_string().as_str()),
                _ => true,
            },
        }
    }
}

impl<'ast> Visit<'ast> for Purity<'_> {
    fn visit_expr(&mut self, expr: &'ast Expr) {
        let breaks = match expr {
            Expr::Assign(_)
            | Expr::Return(_)
            | Expr::Break(_)
            | Expr::Continue(_)
            | Expr::Try(_)
            | Expr::Await(_)
            | Expr::Yield(_)
            | Expr::Unsafe(_)
            | Expr::RawAddr(_)
            | Expr::While(_)
            | Expr::Loop(_)
            | Expr::ForLoop(_)
            | Expr::Async(_) => true,
            Expr::Binary(binary) => is_compound(&binary.op),
            Expr::Reference(reference) => reference.mutability.is_some(),
            Expr::Call(call) => self.is_closure(&call.func) || self.hands_on(&call.args),
            Expr::MethodCall(call) => !self.method(call) || self.hands_on(&call.args),
            Expr::Path(_) => self.is_closure(expr),
            _ => false,
        };
        if breaks {
            self.pure = false;
        }
        if self.pure {
            visit::visit_expr(self, expr);
        }
    }

    fn visit_expr_closure(&mut self, closure: &'ast ExprClosure) {
        self.visit_expr(&closure.body);
    }
}

/// Whether an expression makes an iterator over parts of a text.
pub fn is_iterated(expr: &Expr) -> bool {
    match known::strip(expr) {
        Expr::MethodCall(call) => {
            ITERATED.contains(&call.method.to_string().as_str()) || is_iterated(&call.receiver)
        }
        _ => false,
    }
}

/// Whether a name that stands for a `&mut` is only read through in an expression: indexed, or the receiver of methods
/// that change nothing.
pub fn only_looks(expr: &Expr, name: &Ident) -> bool {
    let mut scan = Looks { name, only: true };
    scan.visit_expr(expr);
    scan.only
}

struct Looks<'n> {
    name: &'n Ident,
    only: bool,
}

impl Looks<'_> {
    fn is_name(&self, expr: &Expr) -> bool {
        matches!(known::strip(expr), Expr::Path(path) if path.path.is_ident(self.name))
    }
}

impl<'ast> Visit<'ast> for Looks<'_> {
    fn visit_expr(&mut self, expr: &'ast Expr) {
        match expr {
            Expr::Index(index) if self.is_name(&index.expr) => self.visit_expr(&index.index),
            Expr::Field(field) if self.is_name(&field.base) => {}
            Expr::MethodCall(call) if self.is_name(&call.receiver) && changes_nothing(call) => {
                call.args
                    .iter()
                    .for_each(|argument| self.visit_expr(argument));
            }
            expr if self.is_name(expr) => self.only = false,
            expr => visit::visit_expr(self, expr),
        }
    }

    fn visit_macro(&mut self, _: &'ast syn::Macro) {
        self.only = false;
    }
}

fn changes_nothing(call: &ExprMethodCall) -> bool {
    let name = call.method.to_string();
    !name.contains("mut")
        && (families::family(&name) != Family::Other
            || known::row(&name).is_some()
            || PURE.contains(&name.as_str()))
}

/// Whether a condition is a chain with `let`.
pub fn has_let(expr: &Expr) -> bool {
    match expr {
        Expr::Let(_) => true,
        Expr::Binary(binary) if matches!(binary.op, BinOp::And(_)) => {
            has_let(&binary.left) || has_let(&binary.right)
        }
        _ => false,
    }
}

/// What evaluating an inert expression a second time would cost.
pub fn cost(expr: &Expr) -> Cost {
    let mut scan = Cheapness { cheap: true };
    scan.visit_expr(expr);
    if scan.cheap {
        Cost::Cheap
    } else {
        Cost::Once
    }
}

struct Cheapness {
    cheap: bool,
}

impl<'ast> Visit<'ast> for Cheapness {
    fn visit_expr(&mut self, expr: &'ast Expr) {
        let cheap = match expr {
            Expr::Binary(_)
            | Expr::Unary(_)
            | Expr::Cast(_)
            | Expr::Field(_)
            | Expr::Index(_)
            | Expr::Lit(_)
            | Expr::Paren(_)
            | Expr::Group(_)
            | Expr::Path(_)
            | Expr::Reference(_)
            | Expr::Range(_)
            | Expr::Tuple(_) => true,
            Expr::MethodCall(call) => CHEAP.contains(&call.method.to_string().as_str()),
            _ => false,
        };
        self.cheap &= cheap;
        if self.cheap {
            visit::visit_expr(self, expr);
        }
    }
}
