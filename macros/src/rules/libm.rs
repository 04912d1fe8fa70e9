//! What the crate `libm` (and C) call the functions of the table.

use super::{lookup, Rule};

/// ★ The name in `libm`, without the `f` of single precision, and the name of the row.
const NAMES: &[(&str, &str)] = &[
    ("acos", "acos"),
    ("acosh", "acosh"),
    ("asin", "asin"),
    ("asinh", "asinh"),
    ("atan", "atan"),
    ("atan2", "atan2"),
    ("atanh", "atanh"),
    ("cbrt", "cbrt"),
    ("ceil", "ceil"),
    ("copysign", "copysign"),
    ("cos", "cos"),
    ("cosh", "cosh"),
    ("exp", "exp"),
    ("exp2", "exp2"),
    ("expm1", "exp_m1"),
    ("fabs", "abs"),
    ("floor", "floor"),
    ("fma", "mul_add"),
    ("fmax", "max"),
    ("fmin", "min"),
    ("fmod", "rem"),
    ("hypot", "hypot"),
    ("log", "ln"),
    ("log10", "log10"),
    ("log1p", "ln_1p"),
    ("log2", "log2"),
    ("pow", "powf"),
    ("round", "round"),
    ("sin", "sin"),
    ("sincos", "sin_cos"),
    ("sinh", "sinh"),
    ("sqrt", "sqrt"),
    ("tan", "tan"),
    ("tanh", "tanh"),
    ("trunc", "trunc"),
];

/// The row of a function of `libm`, and whether the name is that of single precision (`sinf`).
pub fn lookup_libm(name: &str) -> Option<(&'static Rule, bool)> {
    let row = |wanted: &str| {
        NAMES
            .iter()
            .find(|(libm, _)| *libm == wanted)
            .and_then(|(_, ours)| lookup(ours))
    };
    let single = || row(name.strip_suffix('f')?);
    row(name)
        .map(|rule| (rule, false))
        .or_else(|| Some((single()?, true)))
}

/// What `libm` calls the function; `None` if it has no such function (`powi`, `recip`, …).
pub fn libm_name(rule: &Rule, single: bool) -> Option<String> {
    let (libm, _) = NAMES.iter().find(|(_, ours)| *ours == rule.name)?;
    Some(if single {
        format!("{libm}f")
    } else {
        (*libm).to_owned()
    })
}
