//! `String`s handed to functions.
//!
//! They carry no floats, but unlike what else does not they move: the call in the reverse sweep wants one too. A text that
//! is made where it is handed over is made again there; what a variable holds is known as a `String` by its type, and
//! copied for the call that comes first.

use quote::format_ident;
use syn::{parse_quote, Expr, Type};

use super::iterators::Source;
use super::known::strip;
use super::names::free_names;
use super::scope::Term;
use super::Lowering;
use crate::ir::{Arg, By, Capture, Cost, Kind, Op, Opaque, Operand, Stmt};

impl Lowering<'_> {
    /// Whether an argument surely makes a `String`.
    pub(super) fn makes_string(&self, expr: &Expr) -> bool {
        makes_string(expr, &|receiver| self.is_string(receiver))
    }

    /// Whether an expression is a variable that holds a `String`.
    pub(super) fn is_string(&self, expr: &Expr) -> bool {
        let Expr::Path(path) = strip(expr) else {
            return false;
        };
        let name = path.path.get_ident();
        match name.and_then(|name| self.scope.term(name)) {
            Some(Term::Value(Operand::Var(var))) => {
                self.info(*var).ty.as_ref().is_some_and(is_string)
            }
            _ => false,
        }
    }

    /// What goes through a text: its parts, which carry no floats, are gathered into a vector.
    pub(super) fn iterated(&mut self, parts: Operand) -> Option<Source> {
        let vector = self.empty_vector(&Kind::Vec(Box::new(Kind::Inert)))?;
        let capture = |name, operand, by| Capture {
            name: format_ident!("{}", name),
            operand,
            by,
        };
        let opaque = Opaque {
            expr: parse_quote!(::core::iter::Iterator::for_each(parts, |part| gathered.push(part))),
            captures: vec![
                capture("parts", parts, By::Value),
                capture("gathered", Operand::Place(vector.clone()), By::RefMut),
            ],
            cost: Cost::Once,
            effect: true,
        };
        self.builder.push(Stmt::Do(Op::Opaque(Box::new(opaque))));
        Some(Source::Elements {
            place: vector,
            by: By::Value,
        })
    }

    /// `"true".to_string()` as an argument.
    pub(super) fn text_argument(&mut self, expr: &Expr) -> Option<Arg> {
        let names = free_names(expr).read;
        if !names.iter().any(|name| self.scope.term(name).is_some()) {
            let text = super::known::literal(expr, Kind::Inert, None);
            return Some(Arg::Value(text));
        }
        let term = self.opaque_inert(expr)?;
        let text = self.operand_of(term, &Kind::Inert)?;
        if let Operand::Var(var) = &text {
            self.vars[var.0].ty = Some(parse_quote!(::std::string::String));
        }
        Some(Arg::Value(text))
    }
}

/// Whether an expression surely makes a `String`. `is_string` says whether a variable holds one.
fn makes_string(expr: &Expr, is_string: &dyn Fn(&Expr) -> bool) -> bool {
    match strip(expr) {
        Expr::MethodCall(call) if call.args.is_empty() => {
            match (call.method.to_string().as_str(), strip(&call.receiver)) {
                ("to_string", _) => true,
                ("to_owned", Expr::Lit(_)) => true,
                ("clone", receiver) => is_string(receiver),
                _ => false,
            }
        }
        Expr::Call(call) => match strip(&call.func) {
            Expr::Path(path) => ends_in(&path.path, &["String", "from"]),
            _ => false,
        },
        Expr::Macro(mac) => ends_in(&mac.mac.path, &["format"]),
        _ => false,
    }
}

/// A clone of a `String`.
pub fn clone_of(text: Operand) -> Op {
    let name = format_ident!("text");
    Op::Opaque(Box::new(Opaque {
        expr: parse_quote!(#name.clone()),
        captures: vec![Capture {
            name,
            operand: text,
            by: By::Value,
        }],
        cost: Cost::Once,
        effect: false,
    }))
}

/// `String`
pub fn is_string(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if ends_in(&path.path, &["String"]))
}

fn ends_in(path: &syn::Path, names: &[&str]) -> bool {
    let segments = path.segments.iter().rev();
    path.segments.len() >= names.len()
        && names
            .iter()
            .rev()
            .zip(segments)
            .all(|(name, segment)| segment.ident == name)
}
