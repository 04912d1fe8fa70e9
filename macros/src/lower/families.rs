//! What is known of a method by its name alone.

use syn::{Expr, ExprMethodCall};

use crate::ir::{Float, Kind};

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
    "is_empty",
    "is_nan",
    "is_finite",
    "is_infinite",
    "is_normal",
    "is_subnormal",
    "is_sign_positive",
    "is_sign_negative",
    "is_positive",
    "is_negative",
    "to_bits",
    "is_some",
    "is_none",
    "is_ok",
    "is_err",
    "is_some_and",
    "is_none_or",
    "is_ok_and",
    "partial_cmp",
    "total_cmp",
    "cmp",
    "eq",
    "ne",
    "lt",
    "le",
    "gt",
    "ge",
    "is_power_of_two",
    "count_ones",
    "count_zeros",
    "leading_zeros",
    "trailing_zeros",
    "wrapping_shl",
    "wrapping_shr",
    "swap_bytes",
    "to_string",
    "as_str",
    "is_char_boundary",
    "contains",
    "starts_with",
    "ends_with",
    "is_sorted",
    "is_sorted_by",
    "binary_search",
    "binary_search_by",
    "binary_search_by_key",
    "partition_point",
    "to_usize",
    "to_i32",
    "to_i64",
    "to_u32",
    "to_u64",
    "classify",
    "nrows",
    "ncols",
    "is_square",
];

/// The same of numbers and vectors, but types of the user's own may well have others, that give floats: of what is not seen the
/// compiler confirms it ([`by_name`](super::by_name)).
pub const COUNTS: &[&str] = &[
    "len",
    "capacity",
    "isqrt",
    "div_ceil",
    "next_multiple_of",
    "wrapping_add",
    "wrapping_sub",
    "wrapping_mul",
    "wrapping_neg",
    "saturating_add",
    "saturating_sub",
    "saturating_mul",
    "checked_add",
    "checked_sub",
    "checked_mul",
    "checked_div",
    "overflowing_add",
    "overflowing_sub",
    "overflowing_mul",
];

/// Ends of iterator chains whose results carry no floats. On anything else they are names like all others.
pub const QUESTIONS: &[&str] = &["all", "any", "position", "rposition", "count"];

/// The family of a method.
pub fn family(name: &str) -> Family {
    match name {
        "clone" | "to_owned" | "cloned" | "copied" => Family::Copy,
        "as_slice" | "as_mut_slice" | "as_ref" | "as_mut" | "borrow" | "borrow_mut" | "deref"
        | "deref_mut" => Family::View,
        name if INERT.contains(&name) || COUNTS.contains(&name) => Family::Inert,
        _ => Family::Other,
    }
}

/// The kind of a method's result, by its name and receiver.
pub fn kind_of_result(name: &str, receiver: &Kind) -> Kind {
    match (name, receiver) {
        ("to_vec", kind) => Kind::Vec(Box::new(kind.element())),
        ("to_owned", Kind::Slice(element)) => Kind::Vec(element.clone()),
        ("as_slice" | "as_mut_slice", kind) => Kind::Slice(Box::new(kind.element())),
        ("try_into", Kind::Array(element) | Kind::Slice(element) | Kind::Vec(element)) => {
            Kind::Result(Box::new(Kind::Array(element.clone())))
        }
        ("to_f64", Kind::Float(_)) => Kind::Option(Box::new(Kind::Float(Float::F64))),
        ("to_f32", Kind::Float(_)) => Kind::Option(Box::new(Kind::Float(Float::F32))),
        ("as_ref" | "as_mut" | "borrow" | "borrow_mut", kind) => kind.clone(),
        ("unwrap" | "expect" | "unwrap_or" | "unwrap_or_default" | "unwrap_or_else", kind) => {
            kind.payload()
        }
        (
            "filter" | "or" | "or_else" | "xor" | "take" | "replace",
            kind @ (Kind::Option(_) | Kind::Result(_)),
        ) => kind.clone(),
        ("map", Kind::Array(_)) => Kind::Array(Box::new(Kind::Unknown)),
        ("concat", kind) => Kind::Vec(Box::new(kind.element().element())),
        ("remove" | "swap_remove", Kind::Vec(element)) => (**element).clone(),
        ("map" | "and_then" | "and" | "zip" | "flatten", Kind::Option(_)) => {
            Kind::Option(Box::new(Kind::Unknown))
        }
        ("map" | "and_then" | "and", Kind::Result(_)) => Kind::Result(Box::new(Kind::Unknown)),
        ("as_deref" | "as_deref_mut", _) => Kind::Option(Box::new(Kind::Unknown)),
        ("ok_or" | "ok_or_else", Kind::Option(payload)) => Kind::Result(payload.clone()),
        ("ok", Kind::Result(payload)) => Kind::Option(payload.clone()),
        (
            "first" | "last" | "get" | "pop" | "split_first" | "split_last",
            Kind::Array(element) | Kind::Slice(element) | Kind::Vec(element),
        ) => Kind::Option(element.clone()),
        _ => Kind::Unknown,
    }
}

/// What the kind of a result says of the receiver, for methods that stay an option, or a result.
pub(super) fn like_result(call: &ExprMethodCall, want: &Kind) -> Option<Kind> {
    let unknown = Box::new(Kind::Unknown);
    match (call.method.to_string().as_str(), want) {
        ("map" | "and_then", Kind::Option(_)) => Some(Kind::Option(unknown)),
        ("map" | "and_then", Kind::Result(_)) => Some(Kind::Result(unknown)),
        ("or_else", Kind::Option(_) | Kind::Result(_)) => Some(want.clone()),
        // What the closure takes is an error.
        ("or_else" | "unwrap_or_else" | "map_or_else", _) => match call.args.first() {
            Some(Expr::Closure(closure)) if closure.inputs.is_empty() => {
                Some(Kind::Option(unknown))
            }
            Some(Expr::Closure(_)) => Some(Kind::Result(unknown)),
            _ => None,
        },
        ("map_err", want) => Some(Kind::Result(Box::new(want.payload()))),
        ("ok_or" | "ok_or_else", Kind::Result(payload)) => Some(Kind::Option(payload.clone())),
        ("as_deref" | "as_deref_mut", _) => Some(Kind::Option(unknown)),
        ("ok", want) if call.args.is_empty() => Some(Kind::Result(Box::new(want.payload()))),
        _ => None,
    }
}
