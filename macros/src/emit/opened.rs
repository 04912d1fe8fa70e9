//! Macros of the standard library that take expressions and only look at them: their arguments are expressions like
//! all others.

use quote::ToTokens;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Expr, ExprMacro, ExprTuple, Token};

const TRANSPARENT: &[&str] = &[
    "assert",
    "assert_eq",
    "assert_ne",
    "debug_assert",
    "debug_assert_eq",
    "debug_assert_ne",
    "print",
    "println",
    "eprint",
    "eprintln",
    "format",
    "panic",
];

/// Such a macro, and its arguments.
pub struct Opened<'e> {
    whole: &'e ExprMacro,
    /// A tuple.
    pub arguments: Expr,
}

impl<'e> Opened<'e> {
    /// Reads the arguments.
    pub fn of(expr: &'e Expr) -> Option<Self> {
        let Expr::Macro(whole) = expr else {
            return None;
        };
        let name = whole.mac.path.segments.last()?.ident.to_string();
        if !TRANSPARENT.contains(&name.as_str()) {
            return None;
        }
        let parse = Punctuated::<Expr, Token![,]>::parse_terminated;
        let elems = parse.parse2(whole.mac.tokens.clone()).ok()?;
        // `name = value` of a format string.
        if elems.iter().any(|part| matches!(part, Expr::Assign(_))) {
            return None;
        }
        let arguments = Expr::Tuple(ExprTuple {
            attrs: Vec::new(),
            paren_token: Default::default(),
            elems,
        });
        Some(Opened { whole, arguments })
    }

    /// The macro with other arguments.
    pub fn closed(&self, arguments: Expr) -> Expr {
        let mut whole = self.whole.clone();
        if let Expr::Tuple(tuple) = arguments {
            whole.mac.tokens = tuple.elems.to_token_stream();
        }
        Expr::Macro(whole)
    }
}
