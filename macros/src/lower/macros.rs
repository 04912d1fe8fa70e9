//! Macros of the standard library inside a body.

use proc_macro2::TokenTree;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Expr, ExprMacro, Macro, Stmt as SynStmt, Token};

use super::builder::Tail;
use super::leaving;
use super::scope::Term;
use super::Lowering;
use crate::diagnostics::Slug;
use crate::ir::{By, Capture, Cost, Ctor, Kind, Op, Opaque, Operand, Stmt};

/// Macros that only look, by what they do. Those of other crates are known by name: what they are given they read.
const EFFECTS: &[&str] = &[
    "assert",
    "assert_eq",
    "assert_ne",
    "debug_assert",
    "debug_assert_eq",
    "debug_assert_ne",
    "println",
    "print",
    "eprintln",
    "eprint",
    // Of `approx`.
    "assert_relative_eq",
    "assert_abs_diff_eq",
    "assert_ulps_eq",
    "debug_assert_relative_eq",
    "debug_assert_abs_diff_eq",
    // Of `log` and `tracing`.
    "trace",
    "debug",
    "info",
    "warn",
];
const DIVERGING: &[&str] = &["panic", "todo", "unreachable", "unimplemented"];
const INERT: &[&str] = &[
    "format",
    "matches",
    "concat",
    "stringify",
    "line",
    "file",
    "column",
    "env",
    "format_args",
    "relative_eq",
    "relative_ne",
    "abs_diff_eq",
    "abs_diff_ne",
    "ulps_eq",
    "ulps_ne",
    "cfg",
    "include_str",
    "module_path",
    "option_env",
];

/// Whether it is known that a macro's value carries no floats.
pub(super) fn is_known(name: &str) -> bool {
    [EFFECTS, DIVERGING, INERT]
        .iter()
        .any(|names| names.contains(&name))
}

impl Lowering<'_> {
    /// A macro call for its effect.
    pub(super) fn macro_statement(&mut self, mac: &Macro, rest: &[SynStmt]) -> Option<()> {
        let name = mac.path.segments.last()?.ident.to_string();
        if !is_known(&name) && !matches!(name.as_str(), "vec" | "dbg") {
            let declared = self.declared_by(mac, rest);
            if declared.is_empty() {
                return self.looked_by(mac, &name, rest);
            }
            return self.declare_by(mac, &declared);
        }
        self.macro_call(mac, &Kind::Inert).map(|_| ())
    }

    /// A macro that may only look: it declares nothing that is read afterwards.
    fn looked_by(&mut self, mac: &Macro, name: &str, rest: &[SynStmt]) -> Option<()> {
        let looked = match self.declares(mac, rest) {
            true => None,
            false => self.let_look(mac, rest),
        };
        looked.or_else(|| self.unknown_macro(mac, name))
    }

    pub(super) fn unknown_macro<T>(&mut self, mac: &Macro, name: &str) -> Option<T> {
        self.refuse(Slug::UnknownMacro, mac.path.span(), &format!("`{name}!`"))
    }

    /// A macro call.
    pub(super) fn macro_call(&mut self, mac: &Macro, want: &Kind) -> Option<Term> {
        let name = mac
            .path
            .segments
            .last()
            .map(|last| last.ident.to_string())
            .unwrap_or_default();
        let expr = Expr::Macro(ExprMacro {
            attrs: Vec::new(),
            mac: mac.clone(),
        });
        match name.as_str() {
            "vec" => self.vector(mac, want),
            "dbg" => self.debugged(mac, want),
            name if leaving::is_error(name) => self.error_left_with(mac),
            name if EFFECTS.contains(&name) => {
                let opaque = self.captured(&expr, Cost::Once, true)?;
                self.builder.push(Stmt::Do(Op::Opaque(Box::new(opaque))));
                Some(self.unit())
            }
            name if DIVERGING.contains(&name) => {
                let opaque = self.captured(&expr, Cost::Once, true)?;
                self.builder.end(Tail::Never(Op::Opaque(Box::new(opaque))));
                None
            }
            name if INERT.contains(&name) => self.opaque(&expr, Kind::Inert, Cost::Once),
            _ if self.is_blind(mac) => self.made_by(mac, want),
            name => self.unknown_macro(mac, name),
        }
    }

    /// `dbg!(e)`: the value, which is printed on the way.
    fn debugged(&mut self, mac: &Macro, want: &Kind) -> Option<Term> {
        let Ok(expr) = Expr::parse_without_eager_brace.parse2(mac.tokens.clone()) else {
            return self.refuse(Slug::UnknownMacro, mac.path.span(), "`dbg!`");
        };
        let term = self.parsed(|lowering| lowering.term(&expr, want))?;
        let value = self.operand_of(term, want)?;
        let text = Self::shown(&expr);
        let printed = "[{}:{}] {} = {:#?}";
        let opaque = Opaque {
            expr: syn::parse_quote!(
                ::std::eprintln!(#printed, ::core::file!(), ::core::line!(), #text, shown)
            ),
            captures: vec![Capture {
                name: quote::format_ident!("shown"),
                operand: value.clone(),
                by: By::Ref,
            }],
            cost: Cost::Once,
            effect: true,
        };
        self.builder.push(Stmt::Do(Op::Opaque(Box::new(opaque))));
        Some(match value {
            Operand::Place(place) => Term::Fresh(place),
            value => Term::Value(value),
        })
    }

    /// `vec![a, b]`, `vec![a; n]`
    pub(super) fn vector(&mut self, mac: &Macro, want: &Kind) -> Option<Term> {
        let element = want.element();
        let repeated = mac
            .tokens
            .clone()
            .into_iter()
            .any(|token| matches!(&token, TokenTree::Punct(p) if p.as_char() == ';'));
        if repeated {
            let parse = |input: syn::parse::ParseStream| {
                let part: Expr = input.parse()?;
                input.parse::<Token![;]>()?;
                Ok((part, input.parse::<Expr>()?))
            };
            let Ok((part, count)) = parse.parse2(mac.tokens.clone()) else {
                return self.refuse(Slug::UnknownMacro, mac.path.span(), "`vec!`");
            };
            return self.parsed(|lowering| lowering.vector_repeat(&part, &count, &element));
        }
        let Ok(parts) = Punctuated::<Expr, Token![,]>::parse_terminated.parse2(mac.tokens.clone())
        else {
            return self.refuse(Slug::UnknownMacro, mac.path.span(), "`vec!`");
        };
        self.parsed(|lowering| {
            let (ctor, parts, kind) = lowering.sequence(Ctor::Vec, &parts, &element)?;
            Some(lowering.define(Op::Aggregate(ctor, parts), Kind::Vec(Box::new(kind))))
        })
    }

    pub(super) fn vector_repeat(
        &mut self,
        part: &Expr,
        count: &Expr,
        element: &Kind,
    ) -> Option<Term> {
        let part = self.operand(part, element)?;
        let kind = self.kind_of_operand(&part).join(element);
        let count = self.inert_operand(count)?;
        Some(self.define(
            Op::Aggregate(Ctor::VecRepeat, vec![part, count]),
            Kind::Vec(Box::new(kind)),
        ))
    }

    /// Lowers expressions that do not live as long as the function: their addresses say nothing afterwards.
    pub(super) fn parsed<T>(&mut self, lower: impl FnOnce(&mut Self) -> T) -> T {
        let kept = std::mem::take(&mut self.inferred);
        let done = lower(self);
        self.inferred = kept;
        done
    }
}
