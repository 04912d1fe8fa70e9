//! What the crate `libm` (and C) call the functions of the table.

use super::formula::Constant;
use super::table::{binary, binary_inert, unary, zero, COUNT, POSITIVE, REAL};
use super::term::{select, E};
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

const FRAC_2_SQRT_PI: Constant = Constant {
    name: "FRAC_2_SQRT_PI",
    value: std::f64::consts::FRAC_2_SQRT_PI,
};
const PI: Constant = Constant {
    name: "PI",
    value: std::f64::consts::PI,
};
const LN_10: Constant = Constant {
    name: "LN_10",
    value: std::f64::consts::LN_10,
};

/// ★ Functions that `libm` has and floats have not as methods. They are known by that path only: a method of such a name
/// is the user's own.
#[rustfmt::skip]
const ALONE: &[Rule] = &[
    unary("erf", REAL, |x, _| FRAC_2_SQRT_PI * (-(x * x)).exp()),
    unary("erfc", REAL, |x, _| -(FRAC_2_SQRT_PI * (-(x * x)).exp())),
    unary("exp10", REAL, |_, y| y * LN_10),
    binary("fdim", REAL, REAL, |a, b, _| select(a.at_most(b), 0.0, 1.0), |a, b, _| select(a.at_most(b), 0.0, -1.0)),
    unary("lgamma", POSITIVE, |x, _| digamma(x)),
    binary_inert("ldexp", REAL, COUNT, |_, n, _| n.count().exp2()),
    binary("remainder", REAL, POSITIVE, |_, _, _| 1.0.into(), |a, b, y| (y - a) / b),
    zero("rint", REAL),
    binary_inert("scalbn", REAL, COUNT, |_, n, _| n.count().exp2()),
    unary("tgamma", POSITIVE, |x, y| y * digamma(x)),
];

/// The derivative of the logarithm of the gamma function (DLMF 5.5.2, 5.5.4 and 5.11.2).
fn digamma(x: E<'_>) -> E<'_> {
    let reflected = PI * (PI * x).cos() / (PI * x).sin();
    select(
        x.below(0.5),
        digamma_above(1.0 - x) - reflected,
        digamma_above(x),
    )
}

/// The asymptotic series eight further on, where its first term left out is below a rounding error, and the steps back.
fn digamma_above(x: E<'_>) -> E<'_> {
    let far = x + 8.0;
    let r = 1.0 / (far * far);
    let series = [
        1.0 / 132.0,
        1.0 / 240.0,
        1.0 / 252.0,
        1.0 / 120.0,
        1.0 / 12.0,
    ];
    let series = series
        .into_iter()
        .fold(691.0 / 32760.0 * r, |sum, next| r * (next - sum));
    let back = (1..8).fold(1.0 / x, |sum, step| sum + 1.0 / (x + f64::from(step)));
    far.ln() - 0.5 / far - series - back
}

/// The row of a function of `libm`, and whether the name is that of single precision (`sinf`).
pub fn lookup_libm(name: &str) -> Option<(&'static Rule, bool)> {
    let row = |wanted: &str| {
        let ours = NAMES.iter().find(|(libm, _)| *libm == wanted);
        let alone = || ALONE.iter().find(|rule| rule.name == wanted);
        ours.and_then(|(_, ours)| lookup(ours)).or_else(alone)
    };
    let single = || row(name.strip_suffix('f')?);
    row(name)
        .map(|rule| (rule, false))
        .or_else(|| Some((single()?, true)))
}

/// What `libm` calls the function; `None` if it has no such function (`powi`, `recip`, …).
pub fn libm_name(rule: &Rule, single: bool) -> Option<String> {
    let ours = NAMES.iter().find(|(_, ours)| *ours == rule.name);
    let alone = || ALONE.iter().find(|alone| *alone == rule);
    let libm = ours
        .map(|(libm, _)| *libm)
        .or_else(|| Some(alone()?.name))?;
    Some(if single {
        format!("{libm}f")
    } else {
        libm.to_owned()
    })
}
