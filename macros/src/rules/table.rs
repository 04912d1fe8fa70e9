//! ★ The table: every scalar function with its partial derivatives, its test domain and its kinks.
//!
//! A formula stands over the arguments and the result: `|x, y|` for a function `y = f(x)`, `|a, b, y|` for two
//! arguments. It names the result where that saves a transcendental function. The order follows API §4; sources of the
//! formulas are the usual tables (DLMF 4.7, 4.20, 4.34, 4.38), rewritten where the textbook form cancels or overflows.

use super::formula::Constant;
use super::term::{select, E};
use super::{ArgRule, Binary, Interval, Kink, Rule, Ternary, Unary, MAX_ARITY};

const PI: Constant = Constant {
    name: "PI",
    value: std::f64::consts::PI,
};
const LN_2: Constant = Constant {
    name: "LN_2",
    value: std::f64::consts::LN_2,
};
const LOG2_E: Constant = Constant {
    name: "LOG2_E",
    value: std::f64::consts::LOG2_E,
};
const LOG10_E: Constant = Constant {
    name: "LOG10_E",
    value: std::f64::consts::LOG10_E,
};

const INF: f64 = f64::INFINITY;
const NAN: f64 = f64::NAN;

pub(super) const REAL: Interval = Interval(-3.0, 3.0);
pub(super) const POSITIVE: Interval = Interval(0.1, 5.0);
/// Inside (−1, 1).
const UNIT: Interval = Interval(-0.95, 0.95);
const ABOVE_ONE: Interval = Interval(1.1, 6.0);
const ABOVE_MINUS_ONE: Interval = Interval(-0.9, 4.0);
/// Angles between the poles of the tangent.
const ANGLE: Interval = Interval(-1.3, 1.3);
/// Integer exponents.
pub(super) const COUNT: Interval = Interval(-3.5, 4.5);

// A row a line, where it fits.
#[rustfmt::skip]
pub(super) const TABLE: &[Rule] = &[
    // Operators.
    binary("add", REAL, REAL, |_, _, _| 1.0.into(), |_, _, _| 1.0.into()),
    binary("sub", REAL, REAL, |_, _, _| 1.0.into(), |_, _, _| (-1.0).into()),
    binary("mul", REAL, REAL, |_, b, _| b, |a, _, _| a),
    binary("div", REAL, POSITIVE, |_, b, _| 1.0 / b, |_, b, y| -y / b),
    // −trunc(a / b), without a function that `no_std` lacks, and right where the quotient rounds up to an integer.
    binary("rem", REAL, POSITIVE, |_, _, _| 1.0.into(), |a, b, y| (y - a) / b)
        .with_kinks(&[at(&[7.5, 2.0], &[1.0, -3.0]), at(&[-7.5, 2.0], &[1.0, 3.0])]),
    unary("neg", REAL, |_, _| (-1.0).into()),
    // Powers and roots.
    unary("abs", REAL, |x, _| select(x.above(0.0), 1.0, select(x.below(0.0), -1.0, 0.0)))
        .with_kinks(&[at(&[0.0], &[0.0]), at(&[-0.0], &[0.0])]),
    unary("recip", POSITIVE, |_, y| -(y * y)),
    unary("sqrt", POSITIVE, |_, y| 0.5 / y).with_kinks(&[at(&[0.0], &[INF])]),
    unary("cbrt", REAL, |_, y| 1.0 / (3.0 * (y * y))).with_kinks(&[at(&[0.0], &[INF])]),
    // The condition keeps 0 · 0⁻¹ away.
    binary_inert("powi", POSITIVE, COUNT, |x, n, _| {
        select(n.count().equals(0.0), 0.0, n.count() * n.as_exponent_of(x, 1))
    })
    .with_kinks(&[
        at(&[0.0, 0.0], &[0.0, 0.0]),
        at(&[2.0, 0.0], &[0.0, 0.0]),
        at(&[0.0, 1.0], &[1.0, 0.0]),
        at(&[0.0, 2.0], &[0.0, 0.0]),
        at(&[-2.0, 3.0], &[12.0, 0.0]),
    ]),
    // x^0 is 1 whatever x is; 0^b is 0 for b > 0 and ∞ for b < 0.
    binary(
        "powf",
        POSITIVE,
        REAL,
        |x, b, _| select(b.equals(0.0), 0.0, b * x.powf(b - 1.0)),
        |x, b, y| select(x.equals(0.0), select(b.below(0.0), -y, 0.0), y * x.ln()),
    )
    .with_kinks(&[
        at(&[0.0, 0.0], &[0.0, 0.0]),
        at(&[0.0, 1.0], &[1.0, 0.0]),
        at(&[0.0, 2.0], &[0.0, 0.0]),
        at(&[0.0, -1.0], &[-INF, -INF]),
        at(&[-2.0, 3.0], &[12.0, NAN]),
        at(&[-2.0, 0.0], &[0.0, NAN]),
    ]),
    // Exponentials and logarithms.
    unary("exp", REAL, |_, y| y),
    unary("exp2", REAL, |_, y| y * LN_2),
    unary("exp_m1", REAL, |_, y| y + 1.0),
    unary("ln", POSITIVE, |x, _| 1.0 / x).with_kinks(&[at(&[0.0], &[INF])]),
    binary("log", POSITIVE, ABOVE_ONE, |x, b, _| 1.0 / (x * b.ln()), |_, b, y| -y / (b * b.ln())),
    unary("log2", POSITIVE, |x, _| LOG2_E / x),
    unary("log10", POSITIVE, |x, _| LOG10_E / x),
    unary("ln_1p", ABOVE_MINUS_ONE, |x, _| 1.0 / (1.0 + x)).with_kinks(&[at(&[-1.0], &[INF])]),
    // Circular functions. Factors (1 − x)(1 + x) instead of 1 − x², which cancels near ±1.
    unary("sin", REAL, |x, _| x.cos()),
    unary("cos", REAL, |x, _| -x.sin()),
    unary("tan", ANGLE, |_, y| 1.0 + y * y),
    pair("sin_cos", REAL, |_, y| y.part(1), |_, y| -y.part(0)),
    unary("asin", UNIT, |x, _| 1.0 / ((1.0 - x) * (1.0 + x)).sqrt()).with_kinks(&[at(&[1.0], &[INF]), at(&[-1.0], &[INF])]),
    unary("acos", UNIT, |x, _| -1.0 / ((1.0 - x) * (1.0 + x)).sqrt()).with_kinks(&[at(&[1.0], &[-INF])]),
    unary("atan", REAL, |x, _| 1.0 / (1.0 + x * x)).with_kinks(&[at(&[INF], &[0.0])]),
    // Divided twice by the radius, whose square would overflow and underflow.
    binary("atan2", REAL, REAL, |y, x, _| over_square(x, x.hypot(y)), |y, x, _| over_square(-y, x.hypot(y)))
        .with_kinks(&[at(&[0.0, 0.0], &[0.0, 0.0]), at(&[0.0, 1e-200], &[1e200, 0.0]), at(&[2.0, 0.0], &[0.0, -0.5])]),
    // Hyperbolic functions.
    unary("sinh", REAL, |x, _| x.cosh()),
    unary("cosh", REAL, |x, _| x.sinh()),
    unary("tanh", REAL, |_, y| 1.0 - y * y),
    unary("asinh", REAL, |x, _| 1.0 / x.hypot(1.0)).with_kinks(&[at(&[1e200], &[1e-200])]),
    // Two roots: their product is NaN below −1, where √(x² − 1) would pretend, and does not overflow.
    unary("acosh", ABOVE_ONE, |x, _| 1.0 / ((x - 1.0).sqrt() * (x + 1.0).sqrt()))
        .with_kinks(&[at(&[1.0], &[INF]), at(&[-2.0], &[NAN]), at(&[1e200], &[1e-200])]),
    unary("atanh", UNIT, |x, _| 1.0 / ((1.0 - x) * (1.0 + x))).with_kinks(&[at(&[1.0], &[INF])]),
    // Several arguments.
    binary("hypot", REAL, REAL, |a, _, y| over_radius(a, y), |_, b, y| over_radius(b, y))
        .with_kinks(&[at(&[0.0, 0.0], &[0.0, 0.0]), at(&[0.0, -2.0], &[0.0, -1.0])]),
    binary("midpoint", REAL, REAL, |_, _, _| 0.5.into(), |_, _, _| 0.5.into()),
    ternary("mul_add", [REAL, REAL, REAL], [|_, b, _, _| b, |a, _, _, _| a, |_, _, _, _| 1.0.into()]),
    binary("max", REAL, REAL, chosen, |a, b, y| chosen(b, a, y)).with_kinks(&[
        at(&[2.0, 2.0], &[0.5, 0.5]),
        at(&[0.0, -0.0], &[0.5, 0.5]),
        at(&[NAN, 2.0], &[0.0, 1.0]),
        at(&[2.0, NAN], &[1.0, 0.0]),
        at(&[3.0, 2.0], &[1.0, 0.0]),
    ]),
    binary("min", REAL, REAL, chosen, |a, b, y| chosen(b, a, y)).with_kinks(&[
        at(&[2.0, 2.0], &[0.5, 0.5]),
        at(&[NAN, 2.0], &[0.0, 1.0]),
        at(&[2.0, NAN], &[1.0, 0.0]),
        at(&[3.0, 2.0], &[0.0, 1.0]),
    ]),
    // At a bound the bound has the whole gradient, the lower one if they are equal. A NaN passes through.
    ternary(
        "clamp",
        [REAL, Interval(-1.6, -1.2), Interval(1.2, 1.6)],
        [
            |x, lo, hi, _| select(x.at_most(lo), 0.0, select(x.at_least(hi), 0.0, 1.0)),
            |x, lo, _, _| select(x.at_most(lo), 1.0, 0.0),
            |x, lo, hi, _| select(x.at_most(lo), 0.0, select(x.at_least(hi), 1.0, 0.0)),
        ],
    )
    .with_kinks(&[
        at(&[-1.0, -1.0, 1.0], &[0.0, 1.0, 0.0]),
        at(&[1.0, -1.0, 1.0], &[0.0, 0.0, 1.0]),
        at(&[0.0, 0.0, 0.0], &[0.0, 1.0, 0.0]),
        at(&[0.5, -1.0, 1.0], &[1.0, 0.0, 0.0]),
    ]),
    binary_zero("copysign", REAL, REAL, |x, _, y| select(x.equals(0.0), 0.0, select(x.equals(y), 1.0, -1.0)))
        .with_kinks(&[at(&[0.0, -1.0], &[0.0, 0.0]), at(&[-2.0, 0.0], &[-1.0, 0.0]), at(&[-2.0, -0.0], &[1.0, 0.0])]),
    // Steps.
    zero("signum", REAL).with_kinks(&[at(&[0.0], &[0.0])]),
    zero("floor", REAL).with_kinks(&[at(&[2.0], &[0.0])]),
    zero("ceil", REAL).with_kinks(&[at(&[2.0], &[0.0])]),
    zero("round", REAL).with_kinks(&[at(&[2.5], &[0.0])]),
    zero("trunc", REAL).with_kinks(&[at(&[2.0], &[0.0])]),
    unary("fract", REAL, |_, _| 1.0.into()).with_kinks(&[at(&[2.0], &[1.0])]),
    // −div_euclid(a, b), as for `rem`.
    binary("rem_euclid", REAL, POSITIVE, |_, _, _| 1.0.into(), |a, b, y| (y - a) / b)
        .with_kinks(&[at(&[7.5, 2.0], &[1.0, -3.0]), at(&[-7.5, 2.0], &[1.0, 4.0]), at(&[-7.5, -2.0], &[1.0, -4.0])]),
    zero_binary("div_euclid", REAL, POSITIVE),
    // Units.
    unary("to_degrees", REAL, |x, _| x.number(180.0) / PI),
    unary("to_radians", REAL, |x, _| PI / x.number(180.0)),
];

// Rows that formulas refer to; a name without a row does not compile.
pub(super) const SIN: &Rule = row("sin");
pub(super) const COS: &Rule = row("cos");
pub(super) const SINH: &Rule = row("sinh");
pub(super) const COSH: &Rule = row("cosh");
pub(super) const EXP: &Rule = row("exp");
pub(super) const EXP2: &Rule = row("exp2");
pub(super) const LN: &Rule = row("ln");
pub(super) const SQRT: &Rule = row("sqrt");
pub(super) const HYPOT: &Rule = row("hypot");
pub(super) const POWF: &Rule = row("powf");

/// `a / r`, and 0 where `r` is.
fn over_radius<'a>(a: E<'a>, r: E<'a>) -> E<'a> {
    select(r.equals(0.0), 0.0, a / r)
}

/// `a / r²`, and 0 where `r` is.
fn over_square<'a>(a: E<'a>, r: E<'a>) -> E<'a> {
    select(r.equals(0.0), 0.0, a / r / r)
}

/// Whether `y`, the greater or lesser of `a` and `b`, is `a`: 1, ½ at a tie, 0. A NaN operand is never the result.
fn chosen<'a>(a: E<'a>, b: E<'a>, y: E<'a>) -> E<'a> {
    select(a.equals(b), 0.5, select(a.equals(y), 1.0, 0.0))
}

const fn at(at: &'static [f64], partials: &'static [f64]) -> Kink {
    Kink { at, partials }
}

pub(super) const fn unary(name: &'static str, domain: Interval, x: Unary) -> Rule {
    rule(
        name,
        1,
        [domain; MAX_ARITY],
        [ArgRule::Unary(x), ArgRule::Zero, ArgRule::Zero],
    )
}

pub(super) const fn zero(name: &'static str, domain: Interval) -> Rule {
    rule(name, 1, [domain; MAX_ARITY], [ArgRule::Zero; MAX_ARITY])
}

const fn zero_binary(name: &'static str, first: Interval, second: Interval) -> Rule {
    rule(name, 2, [first, second, second], [ArgRule::Zero; MAX_ARITY])
}

/// A function of one argument that returns two results.
const fn pair(name: &'static str, domain: Interval, first: Unary, second: Unary) -> Rule {
    let mut pair = unary(name, domain, first);
    pair.results = 2;
    pair.partials[1] = [ArgRule::Unary(second), ArgRule::Zero, ArgRule::Zero];
    pair
}

pub(super) const fn binary(
    name: &'static str,
    first: Interval,
    second: Interval,
    a: Binary,
    b: Binary,
) -> Rule {
    rule(
        name,
        2,
        [first, second, second],
        [ArgRule::Binary(a), ArgRule::Binary(b), ArgRule::Zero],
    )
}

/// Its second argument is an integer.
pub(super) const fn binary_inert(
    name: &'static str,
    first: Interval,
    second: Interval,
    a: Binary,
) -> Rule {
    rule(
        name,
        2,
        [first, second, second],
        [ArgRule::Binary(a), ArgRule::Inert, ArgRule::Zero],
    )
}

/// Its second argument steers only.
const fn binary_zero(name: &'static str, first: Interval, second: Interval, a: Binary) -> Rule {
    rule(
        name,
        2,
        [first, second, second],
        [ArgRule::Binary(a), ArgRule::Zero, ArgRule::Zero],
    )
}

const fn ternary(
    name: &'static str,
    domain: [Interval; MAX_ARITY],
    partials: [Ternary; MAX_ARITY],
) -> Rule {
    let [a, b, c] = partials;
    rule(
        name,
        3,
        domain,
        [
            ArgRule::Ternary(a),
            ArgRule::Ternary(b),
            ArgRule::Ternary(c),
        ],
    )
}

const fn rule(
    name: &'static str,
    arity: usize,
    domain: [Interval; MAX_ARITY],
    partials: [ArgRule; MAX_ARITY],
) -> Rule {
    Rule {
        name,
        arity,
        results: 1,
        partials: [partials, [ArgRule::Zero; MAX_ARITY]],
        domain,
        kinks: &[],
    }
}

/// The row of that name, at compile time: a missing one runs past the end, which is a compile error.
const fn row(name: &str) -> &'static Rule {
    let mut index = 0;
    while !same(TABLE[index].name, name) {
        index += 1;
    }
    &TABLE[index]
}

const fn same(left: &str, right: &str) -> bool {
    let (left, right) = (left.as_bytes(), right.as_bytes());
    let mut index = 0;
    while index < left.len() && index < right.len() && left[index] == right[index] {
        index += 1;
    }
    index == left.len() && index == right.len()
}
