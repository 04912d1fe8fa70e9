//! The scalar functions that programs call, with domain, value and partial derivatives.

use crate::dual::Dual;

/// Where the arguments of a function are kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Domain {
    Real,
    /// Above 0.3.
    Positive,
    /// Inside (−0.9, 0.9).
    Unit,
    /// Within ±1, so that exponentials stay small.
    Small,
    /// Above 1.1.
    AboveOne,
}

/// Value and partial derivatives (of those arguments that have any).
type Evaluate = fn(&[f64]) -> (f64, [f64; 3]);

/// A row of the table.
pub struct Row {
    pub name: &'static str,
    pub domains: &'static [Domain],
    pub evaluate: Evaluate,
}

use Domain::{AboveOne, Positive, Real, Small, Unit};

/// Functions of floats. Formulas are written out here again, independently of the compiler's table.
#[rustfmt::skip]
pub const TABLE: &[Row] = &[
    row("sin", &[Real], |a| one(a[0].sin(), a[0].cos())),
    row("cos", &[Real], |a| one(a[0].cos(), -a[0].sin())),
    row("tanh", &[Real], |a| one(a[0].tanh(), a[0].cosh().powi(-2))),
    row("exp", &[Small], |a| one(a[0].exp(), a[0].exp())),
    row("ln", &[Positive], |a| one(a[0].ln(), 1.0 / a[0])),
    row("sqrt", &[Positive], |a| one(a[0].sqrt(), 0.5 / a[0].sqrt())),
    row("abs", &[Real], |a| one(a[0].abs(), if a[0] == 0.0 { 0.0 } else { a[0].signum() })),
    row("max", &[Real, Real], |a| two(a[0].max(a[1]), share(a[0] > a[1], a[0] == a[1]), share(a[1] > a[0], a[0] == a[1]))),
    row("min", &[Real, Real], |a| two(a[0].min(a[1]), share(a[0] < a[1], a[0] == a[1]), share(a[1] < a[0], a[0] == a[1]))),
    row("powf", &[Positive, Small], |a| two(a[0].powf(a[1]), a[1] * a[0].powf(a[1] - 1.0), a[0].powf(a[1]) * a[0].ln())),
    row("hypot", &[Positive, Real], |a| two(a[0].hypot(a[1]), a[0] / a[0].hypot(a[1]), a[1] / a[0].hypot(a[1]))),
    row("atan2", &[Real, Positive], |a| {
        let square = a[0] * a[0] + a[1] * a[1];
        two(a[0].atan2(a[1]), a[1] / square, -a[0] / square)
    }),
    row("mul_add", &[Real, Real, Real], |a| (a[0].mul_add(a[1], a[2]), [a[1], a[0], 1.0])),
    row("exp2", &[Small], |a| one(a[0].exp2(), a[0].exp2() * std::f64::consts::LN_2)),
    row("exp_m1", &[Small], |a| one(a[0].exp_m1(), a[0].exp())),
    row("ln_1p", &[Unit], |a| one(a[0].ln_1p(), 1.0 / (1.0 + a[0]))),
    row("log2", &[Positive], |a| one(a[0].log2(), 1.0 / (a[0] * std::f64::consts::LN_2))),
    row("log10", &[Positive], |a| one(a[0].log10(), 1.0 / (a[0] * std::f64::consts::LN_10))),
    row("cbrt", &[Positive], |a| one(a[0].cbrt(), 1.0 / (3.0 * a[0].cbrt() * a[0].cbrt()))),
    row("recip", &[Positive], |a| one(a[0].recip(), -1.0 / (a[0] * a[0]))),
    row("tan", &[Small], |a| one(a[0].tan(), a[0].cos().powi(-2))),
    row("asin", &[Unit], |a| one(a[0].asin(), 1.0 / (1.0 - a[0] * a[0]).sqrt())),
    row("acos", &[Unit], |a| one(a[0].acos(), -1.0 / (1.0 - a[0] * a[0]).sqrt())),
    row("atan", &[Real], |a| one(a[0].atan(), 1.0 / (1.0 + a[0] * a[0]))),
    row("sinh", &[Small], |a| one(a[0].sinh(), a[0].cosh())),
    row("cosh", &[Small], |a| one(a[0].cosh(), a[0].sinh())),
    row("asinh", &[Real], |a| one(a[0].asinh(), 1.0 / (1.0 + a[0] * a[0]).sqrt())),
    row("acosh", &[AboveOne], |a| one(a[0].acosh(), 1.0 / (a[0] * a[0] - 1.0).sqrt())),
    row("atanh", &[Unit], |a| one(a[0].atanh(), 1.0 / (1.0 - a[0] * a[0]))),
    row("fract", &[Real], |a| one(a[0].fract(), 1.0)),
    row("floor", &[Real], |a| one(a[0].floor(), 0.0)),
    row("signum", &[Real], |a| one(a[0].signum(), 0.0)),
    row("copysign", &[Real, Real], |a| {
        let y = a[0].copysign(a[1]);
        one(y, if a[0] == 0.0 { 0.0 } else if a[0] == y { 1.0 } else { -1.0 })
    }),
    row("rem_euclid", &[Real, Positive], |a| two(a[0].rem_euclid(a[1]), 1.0, -a[0].div_euclid(a[1]))),
    row("to_radians", &[Real], |a| one(a[0].to_radians(), std::f64::consts::PI / 180.0)),
];

/// The row of that name.
pub fn find(name: &str) -> &'static Row {
    let found = TABLE.iter().find(|row| row.name == name);
    found.unwrap_or_else(|| panic!("no row for {name}"))
}

/// A function of the table on duals.
pub fn apply(name: &str, args: &[Dual]) -> Dual {
    let values: Vec<f64> = args.iter().map(|arg| arg.value).collect();
    let (value, partials) = (find(name).evaluate)(&values);
    let parts: Vec<(Dual, f64)> = args.iter().copied().zip(partials).collect();
    Dual::chain(value, &parts)
}

/// `x.powi(n)`.
pub fn powi(x: Dual, n: i32) -> Dual {
    let partial = if n == 0 {
        0.0
    } else {
        f64::from(n) * x.value.powi(n - 1)
    };
    Dual::chain(x.value.powi(n), &[(x, partial)])
}

const fn row(name: &'static str, domains: &'static [Domain], evaluate: Evaluate) -> Row {
    Row {
        name,
        domains,
        evaluate,
    }
}

fn one(value: f64, partial: f64) -> (f64, [f64; 3]) {
    (value, [partial, 0.0, 0.0])
}

fn two(value: f64, first: f64, second: f64) -> (f64, [f64; 3]) {
    (value, [first, second, 0.0])
}

fn share(chosen: bool, tie: bool) -> f64 {
    match (chosen, tie) {
        (_, true) => 0.5,
        (true, _) => 1.0,
        _ => 0.0,
    }
}
