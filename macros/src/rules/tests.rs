//! Every row against differences on its domain, and against the numbers written by hand at its kinks.

use super::*;
use crate::ir::{BinOp, Cmp};

/// What the functions of the table compute: their results at a point.
fn primal(name: &str, args: &[f64]) -> Vec<f64> {
    let x = args[0];
    let b = args.get(1).copied().unwrap_or(f64::NAN);
    let c = args.get(2).copied().unwrap_or(f64::NAN);
    vec![match name {
        "add" => x + b,
        "sub" => x - b,
        "mul" => x * b,
        "div" => x / b,
        "rem" => x % b,
        "neg" => -x,
        "abs" => x.abs(),
        "recip" => x.recip(),
        "sqrt" => x.sqrt(),
        "cbrt" => x.cbrt(),
        "powi" => x.powi(b as i32),
        "powf" => x.powf(b),
        "exp" => x.exp(),
        "exp2" => x.exp2(),
        "exp_m1" => x.exp_m1(),
        "ln" => x.ln(),
        "log" => x.log(b),
        "log2" => x.log2(),
        "log10" => x.log10(),
        "ln_1p" => x.ln_1p(),
        "sin" => x.sin(),
        "cos" => x.cos(),
        "tan" => x.tan(),
        "sin_cos" => return vec![x.sin(), x.cos()],
        "asin" => x.asin(),
        "acos" => x.acos(),
        "atan" => x.atan(),
        "atan2" => x.atan2(b),
        "sinh" => x.sinh(),
        "cosh" => x.cosh(),
        "tanh" => x.tanh(),
        "asinh" => x.asinh(),
        "acosh" => x.acosh(),
        "atanh" => x.atanh(),
        "hypot" => x.hypot(b),
        "midpoint" => x.midpoint(b),
        "mul_add" => x.mul_add(b, c),
        "max" => x.max(b),
        "min" => x.min(b),
        "clamp" => x.clamp(b, c),
        "copysign" => x.copysign(b),
        "signum" => x.signum(),
        "floor" => x.floor(),
        "ceil" => x.ceil(),
        "round" => x.round(),
        "trunc" => x.trunc(),
        "fract" => x.fract(),
        "rem_euclid" => x.rem_euclid(b),
        "div_euclid" => x.div_euclid(b),
        "to_degrees" => x.to_degrees(),
        "to_radians" => x.to_radians(),
        _ => panic!("the row `{name}` has no value in the tests"),
    }]
}

/// The value of a formula at a point, where the function has the given results.
fn evaluate(formula: &Formula, args: &[f64], out: &[f64]) -> f64 {
    let value = |formula: &Formula| evaluate(formula, args, out);
    match formula {
        Formula::Arg(index) | Formula::Count(index) => args[*index],
        Formula::Out => out[0],
        Formula::Part(index) => out[*index],
        Formula::Num(number) => *number,
        Formula::Const(constant) => constant.value,
        Formula::Neg(inner) => -value(inner),
        Formula::Bin(op, left, right) => primal(operator(*op), &[value(left), value(right)])[0],
        Formula::Call(rule, inner) => {
            let inner: Vec<f64> = inner.iter().map(value).collect();
            primal(rule.name, &inner)[0]
        }
        Formula::PowI {
            base,
            exponent,
            less,
        } => value(base).powi(args[*exponent] as i32 - less),
        Formula::Select {
            cond,
            then,
            otherwise,
        } => {
            let taken = holds(cond.op, value(&cond.left), value(&cond.right));
            value(if taken { then } else { otherwise })
        }
    }
}

fn operator(op: BinOp) -> &'static str {
    match op {
        BinOp::Add => "add",
        BinOp::Sub => "sub",
        BinOp::Mul => "mul",
        BinOp::Div => "div",
        BinOp::Rem => "rem",
    }
}

fn holds(op: Cmp, left: f64, right: f64) -> bool {
    match op {
        Cmp::Lt => left < right,
        Cmp::Le => left <= right,
        Cmp::Gt => left > right,
        Cmp::Ge => left >= right,
        Cmp::Eq => left == right,
        Cmp::Ne => left != right,
    }
}

/// The value of a partial at a point; zero if the argument is inert.
fn slope(rule: &Rule, args: &[f64], arg: usize, result: usize) -> f64 {
    match partial_of(rule, arg, result) {
        Partial::Formula(formula) => evaluate(&formula, args, &primal(rule.name, args)),
        Partial::Zero | Partial::Inert => 0.0,
    }
}

/// Central difference, extrapolated to a vanishing step (Richardson).
fn difference(rule: &Rule, args: &[f64], arg: usize, result: usize) -> f64 {
    let central = |step: f64| {
        let at = |offset: f64| {
            let mut moved = args.to_vec();
            moved[arg] += offset;
            primal(rule.name, &moved)[result]
        };
        (at(step) - at(-step)) / (2.0 * step)
    };
    let step = 1e-3;
    (4.0 * central(step / 2.0) - central(step)) / 3.0
}

/// Points of the domain, at irregular distances so that no kink is hit; integers where the argument is one.
fn points(rule: &Rule) -> Vec<Vec<f64>> {
    (1..=40)
        .map(|number| {
            let coordinate = |arg: usize| {
                let Interval(low, high) = rule.domain[arg];
                let share = (number as f64 * [0.618034, 0.754878, 0.819173][arg]).fract();
                let point = low + (high - low) * share;
                if rule.is_inert(arg) {
                    point.round()
                } else {
                    point
                }
            };
            (0..rule.arity).map(coordinate).collect()
        })
        .collect()
}

/// Every argument and result of a row.
fn pairs(rule: &Rule) -> impl Iterator<Item = (usize, usize)> + '_ {
    (0..rule.arity).flat_map(|arg| (0..rule.results).map(move |result| (arg, result)))
}

#[test]
fn partials_agree_with_differences() {
    for rule in all() {
        for args in points(rule) {
            for (arg, result) in pairs(rule).filter(|(arg, _)| !rule.is_inert(*arg)) {
                let value = primal(rule.name, &args)[result];
                let (ours, theirs) = (
                    slope(rule, &args, arg, result),
                    difference(rule, &args, arg, result),
                );
                let tolerance = 1e-6 * 1f64.max(ours.abs()).max(theirs.abs()).max(value.abs());
                assert!(
                    (ours - theirs).abs() <= tolerance,
                    "{rule:?}{args:?}, argument {arg}, result {result}: {ours}, by differences {theirs}"
                );
            }
        }
    }
}

#[test]
fn kinks_have_their_values() {
    for rule in all() {
        for kink in rule.kinks {
            assert_eq!(
                (kink.at.len(), kink.partials.len()),
                (rule.arity, rule.arity),
                "{rule:?}"
            );
            for (arg, &expected) in kink.partials.iter().enumerate() {
                let ours = slope(rule, kink.at, arg, 0);
                let equal = ours == expected
                    || ours.is_nan() && expected.is_nan()
                    || (ours - expected).abs() <= 1e-12 * expected.abs().min(1e250);
                assert!(
                    equal,
                    "{rule:?}{:?}, argument {arg}: {ours}, expected {expected}",
                    kink.at
                );
            }
        }
    }
}

/// API §5 lists these; a row that loses its kinks is caught here.
#[test]
fn rows_with_kinks_say_so() {
    let kinked = "abs sqrt cbrt powi powf atan2 hypot max min clamp copysign signum floor ceil round trunc fract rem";
    for name in kinked.split(' ') {
        assert!(
            lookup(name).is_some_and(|rule| !rule.kinks.is_empty()),
            "`{name}` has no kinks on its row"
        );
    }
}

#[test]
fn every_function_of_the_contract_has_a_row() {
    let functions = "add sub mul div rem neg abs recip sqrt cbrt powi powf exp exp2 exp_m1 ln log log2 log10 ln_1p \
                     sin cos tan sin_cos asin acos atan atan2 sinh cosh tanh asinh acosh atanh hypot midpoint mul_add max min \
                     clamp copysign signum floor ceil round trunc fract rem_euclid div_euclid to_degrees to_radians";
    let names: Vec<&str> = functions.split_whitespace().collect();
    for name in &names {
        assert!(lookup(name).is_some(), "no row for `{name}`");
    }
    for (index, rule) in all().iter().enumerate() {
        assert!(
            names.contains(&rule.name),
            "`{rule:?}` is not in the contract"
        );
        assert!(!all()[..index].contains(rule), "`{rule:?}` has two rows");
    }
}

/// A number that met only numbers has become NaN; none may be left.
#[test]
fn formulas_are_well_formed() {
    for rule in all() {
        for (arg, result) in pairs(rule) {
            let Partial::Formula(formula) = partial_of(rule, arg, result) else {
                continue;
            };
            let wrong = formula.any(&|part| match part {
                Formula::Num(number) => number.is_nan(),
                Formula::Call(called, args) => called.arity != args.len(),
                Formula::Arg(index) => rule.is_inert(*index) || *index >= rule.arity,
                Formula::Count(index) => !rule.is_inert(*index),
                Formula::Part(index) => *index >= rule.results,
                _ => false,
            });
            assert!(!wrong, "{rule:?}, argument {arg}: {formula:?}");
        }
    }
}

#[test]
fn libm_names_lead_to_rows_and_back() {
    let mut found = 0;
    for rule in all() {
        for single in [false, true] {
            let Some(name) = libm_name(rule, single) else {
                continue;
            };
            found += 1;
            assert_eq!(lookup_libm(&name), Some((rule, single)), "{name}");
        }
    }
    assert_eq!(found, 70);
    assert_eq!(lookup_libm("jn"), None);
    assert_eq!(
        lookup_libm("erff").map(|(rule, single)| (rule.name, single)),
        Some(("erf", true))
    );
    assert_eq!(lookup("erf"), None);
    assert_eq!(
        lookup_libm("powf").map(|(rule, single)| (rule.name, single)),
        Some(("powf", true))
    );
    assert_eq!(lookup_libm("log").map(|(rule, _)| rule.name), Some("ln"));
}

/// A derivative is spelled as its primal is, so it may not need a function that `libm` lacks.
#[test]
fn derivatives_of_libm_functions_stay_in_libm() {
    for rule in all().iter().filter(|rule| libm_name(rule, false).is_some()) {
        for (arg, result) in pairs(rule) {
            if let Partial::Formula(formula) = partial_of(rule, arg, result) {
                let outside = formula.any(&|part| match part {
                    Formula::Call(called, _) => libm_name(called, true).is_none(),
                    Formula::PowI { .. } => true,
                    _ => false,
                });
                assert!(!outside, "{rule:?}: {formula:?}");
            }
        }
    }
}

#[test]
fn formulas_print_as_rust() {
    let print = |name: &str, arg: usize| match lookup(name).map(|rule| partial(rule, arg)) {
        Some(Partial::Formula(formula)) => print::text(&formula, &["a", "b", "c"], "y"),
        other => format!("{other:?}"),
    };
    assert_eq!(print("tanh", 0), "1.0 - y * y");
    assert_eq!(print("cos", 0), "-a.sin()");
    assert_eq!(print("asin", 0), "1.0 / ((1.0 - a) * (1.0 + a)).sqrt()");
    assert_eq!(print("recip", 0), "-(y * y)");
    assert_eq!(print("rem", 1), "(y - a) / b");
    assert_eq!(print("to_degrees", 0), "180.0 / PI");
    assert_eq!(
        print("powi", 0),
        "if b == 0.0 { 0.0 } else { b * a.powi(b - 1) }"
    );
    assert_eq!(print("floor", 0), "Some(Zero)");
}
