//! What the macro knows of a function by its path.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, ToTokens};
use syn::{Expr, ExprMethodCall, Path};

use super::infer::INTEGERS;
use super::types::float_named;
use crate::ir::{Float, Kind, Literal, Operand, Spelling, Wrapper};
use crate::rules::{self, Rule};

/// What the macro knows of a function by its path.
#[derive(Debug)]
pub enum Known {
    /// A row of the table; the kind where the path says it.
    Math {
        rule: &'static Rule,
        spelling: Spelling,
        kind: Option<Kind>,
    },
    /// `tapeless::constant`
    Constant,
    /// `T::zero()`, `f64::from(n)`: a number.
    Number(Kind),
    Wrap(Wrapper),
    TupleStruct,
    /// `Vec::new`, `Vec::with_capacity`
    NewVec,
    /// `Box::new`
    Boxed,
    /// `array::from_fn`
    FromFn,
    /// `mem::swap`, `mem::replace`, `mem::take`
    Memory,
    /// A function of an integer type.
    Inert,
    Other,
}

/// Functions of `T: Float` that make a number of something that is none.
const NUMBERS: &[&str] = &[
    "zero",
    "one",
    "nan",
    "infinity",
    "neg_infinity",
    "epsilon",
    "max_value",
    "min_value",
    "min_positive_value",
    "neg_zero",
    "PI",
    "TAU",
    "E",
    "SQRT_2",
    "LN_2",
    "LN_10",
    "FRAC_PI_2",
    "FRAC_PI_3",
    "FRAC_PI_4",
    "FRAC_PI_6",
    "FRAC_PI_8",
    "FRAC_1_PI",
    "FRAC_2_PI",
    "FRAC_2_SQRT_PI",
    "FRAC_1_SQRT_2",
    "LOG2_E",
    "LOG10_E",
    "from_bits",
    "default",
];

/// Recognises a function by its path.
pub fn classify(path: &Path, reals: &[Ident]) -> Known {
    let mut segments = path.segments.iter().rev().map(|segment| &segment.ident);
    let Some(last) = segments.next() else {
        return Known::Other;
    };
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
        (Some("array"), "from_fn") => return Known::FromFn,
        (Some("Box"), "new") => return Known::Boxed,
        (Some("Vec"), "new" | "with_capacity") => return Known::NewVec,
        (Some(owner), _) if INTEGERS.contains(&owner) => return Known::Inert,
        _ => {}
    }
    match owner {
        Some(owner) => classify_associated(path, owner, &name, reals),
        None if is_of_a_type(&name) => Known::TupleStruct,
        None => Known::Other,
    }
}

fn classify_associated(path: &Path, owner: &Ident, name: &str, reals: &[Ident]) -> Known {
    let float = float_named(owner, reals);
    let generic = matches!(owner.to_string().as_str(), "Float" | "Real" | "FloatCore");
    if owner == "libm" {
        if let Some((rule, single)) = rules::lookup_libm(name) {
            let kind = Kind::Float(if single { Float::F32 } else { Float::F64 });
            let spelling = Spelling::Libm {
                prefix: prefix(path),
                single,
            };
            return Known::Math {
                rule,
                spelling,
                kind: Some(kind),
            };
        }
    }
    if float.is_some() || generic {
        if let Some(rule) = row(name) {
            return Known::Math {
                rule,
                spelling: Spelling::Path(prefix(path)),
                kind: float,
            };
        }
    }
    match float {
        Some(kind) if NUMBERS.contains(&name) => Known::Number(kind),
        _ if is_of_a_type(name) => Known::TupleStruct,
        _ => Known::Other,
    }
}

/// Whether a name is written as those of types and variants are. `T_saturation` is a function called by a symbol.
fn is_of_a_type(name: &str) -> bool {
    let is_snake = name.contains('_') && name.contains(char::is_lowercase);
    name.starts_with(char::is_uppercase) && !is_snake
}

/// The row of a function of the table. Operators are rows as well, but `a.add(b)` follows the protocol where `a` is not
/// known to be a float.
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
    if !matches!(
        call.method.to_string().as_str(),
        "unwrap" | "expect" | "unwrap_or_default"
    ) {
        return None;
    }
    let Expr::Call(inner) = &*call.receiver else {
        return None;
    };
    let Expr::Path(path) = &*inner.func else {
        return None;
    };
    let mut segments = path
        .path
        .segments
        .iter()
        .rev()
        .map(|segment| &segment.ident);
    let name = segments.next()?.to_string();
    let kind = float_named(segments.next()?, reals)?;
    (matches!(kind, Kind::Float(Float::Generic(_))) && name.starts_with("from")).then_some(kind)
}

/// Functions of `T: Float` that make a number of another float.
pub const OF_FLOATS: &[&str] = &["from", "from_f64", "from_f32"];

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
    Operand::Literal(Literal {
        tokens: quote!(#tokens),
        kind,
        value,
    })
}
