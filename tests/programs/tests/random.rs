//! Random programs against forward dual numbers.

use std::panic::{catch_unwind, AssertUnwindSafe};

use tapeless_programs::dual::Dual;
use tapeless_programs::harness::{inputs, Check, Run, MISSING};
use tapeless_programs::syntax::{Param, Pass, Program as Tree, Ty};
use tapeless_programs::{generate, interpret, print};

/// Runs a program and its siblings at a point.
type Runs = fn(&[f64], &[usize], &[f64]) -> Run;
/// A seed, and its program in several ways, the macro's own first.
type Program = (u64, &'static [(&'static str, Runs)]);

include!(concat!(env!("OUT_DIR"), "/programs.rs"));

/// Points per program.
const POINTS: usize = 4;
/// Gradients larger than that say nothing about the compiler.
const LARGE: f64 = 1e9;
/// Gradients larger than that say nothing in single precision.
const MILD: f64 = 1e3;

#[test]
fn random_programs_agree_with_duals() {
    let features = generate::named(FEATURES);
    let mut compared = 0;
    let mut failures = Vec::new();
    for (seed, ways) in PROGRAMS {
        let tree = generate::generate(*seed, &features);
        match at_points(&tree, *seed, ways) {
            Ok(points) => compared += points,
            Err(message) => failures.push((*seed, format!("{message}\n{}", print::program(&tree)))),
        }
    }
    let texts: Vec<String> = failures
        .iter()
        .map(|(seed, text)| format!("=== program {seed} ===\n{text}"))
        .collect();
    let seeds: Vec<u64> = failures.iter().map(|(seed, _)| *seed).collect();
    assert!(
        failures.is_empty(),
        "{}\n{} failed: {seeds:?}",
        texts.join("\n"),
        seeds.len()
    );
    let wanted = PROGRAMS.len() * POINTS / 2;
    assert!(
        compared >= wanted,
        "only {compared} points of {} could be compared",
        PROGRAMS.len() * POINTS
    );
}

/// At how many points the program was compared, or what is wrong.
fn at_points(tree: &Tree, seed: u64, ways: &[(&str, Runs)]) -> Result<usize, String> {
    let mut rng = fastrand::Rng::with_seed(seed);
    let (floats, integers) = inputs(tree);
    let mut compared = 0;
    for _ in 0..POINTS {
        let at: Vec<f64> = (0..floats).map(|_| 3.0 * rng.f64() - 1.4).collect();
        let integers: Vec<usize> = (0..integers).map(|_| rng.usize(..5)).collect();
        let weights: Vec<f64> = (0..64).map(|_| 2.0 * rng.f64() - 0.9).collect();
        let oracle = catch_unwind(|| interpret::run(tree, &at, &integers));
        let Ok(Some(expected)) = oracle else {
            return Err(format!("the interpreter failed at {at:?}, {integers:?}"));
        };
        if !expected.iter().all(tame) {
            continue;
        }
        let mut usual = None;
        for (way, run) in ways {
            let outcome = catch_unwind(AssertUnwindSafe(|| run(&at, &integers, &weights)));
            let Ok(found) = outcome else {
                return Err(format!("{way}: panicked at {at:?}, {integers:?}"));
            };
            if *way == "single" {
                compare_single(tree, &expected, &found)
                    .map_err(|message| format!("{way}: {message}\nat {at:?}, {integers:?}"))?;
                continue;
            }
            let usual = usual.get_or_insert_with(|| found.clone());
            compare(tree, &expected, &found)
                .and_then(|()| same_gradients(&expected, usual, &found))
                .map_err(|message| {
                    format!(
                        "{way}: {message}\nat {at:?}, {integers:?}, weights {:?}",
                        &weights[..4]
                    )
                })?;
        }
        compared += 1;
    }
    Ok(compared)
}

fn tame(output: &Dual) -> bool {
    output.value.is_finite()
        && output.magnitude < LARGE
        && output.gradient.iter().all(|d| d.is_finite())
}

fn compare(tree: &Tree, expected: &[Dual], found: &Run) -> Result<(), String> {
    let expected = aligned(tree, expected);
    let values: Vec<f64> = expected.iter().map(|output| output.value).collect();
    let same = |a: &f64, b: &f64| a == b || (a.is_nan() && b.is_nan());
    if values.len() != found.plain.len()
        || !values.iter().zip(&found.plain).all(|(a, b)| same(a, b))
    {
        return Err(format!(
            "the interpreter is wrong: {values:?}, not {:?}",
            found.plain
        ));
    }
    found
        .checks
        .iter()
        .try_for_each(|check| compare_check(&expected, &found.plain, check))
}

/// With a constant where a value is missing.
fn aligned(tree: &Tree, expected: &[Dual]) -> Vec<Dual> {
    let entry = tree.entry();
    let finals: usize = entry
        .params
        .iter()
        .filter(|param: &&Param| param.pass == Pass::RefMut)
        .map(|param| tapeless_programs::harness::count(tree, &param.ty, param.len))
        .sum();
    let mut row = expected.to_vec();
    if matches!(entry.result, Ty::Option(_) | Ty::Result(_)) && row.len() == finals {
        row.insert(0, Dual::constant(MISSING));
    }
    row
}

/// Whether another way gives the same gradients, closer than either is held to the duals: only the order of additions
/// may differ.
fn same_gradients(expected: &[Dual], usual: &Run, other: &Run) -> Result<(), String> {
    for (a, b) in usual.checks.iter().zip(&other.checks) {
        let magnitude = weighted_magnitude(expected, &a.weights);
        let same = |(a, b): (&Option<f64>, &Option<f64>)| match (a, b) {
            (Some(a), Some(b)) => (a - b).abs() <= 1e-12 * a.abs().max(1.0).max(magnitude),
            (a, b) => a.is_none() && b.is_none(),
        };
        if !a.gradient.iter().zip(&b.gradient).all(same) {
            let (what, a, b) = (a.what, &a.gradient, &b.gradient);
            return Err(format!("{what}: gradient\n  found {b:?}\n  usual {a:?}"));
        }
    }
    Ok(())
}

/// In single precision the values are near those of the duals, or the program has taken another branch; where they are
/// near, so are the gradients.
fn compare_single(tree: &Tree, expected: &[Dual], found: &Run) -> Result<(), String> {
    let expected = aligned(tree, expected);
    let near = |(a, b): (&Dual, &f64)| (a.value - b).abs() <= 1e-5 * a.value.abs().max(1.0);
    let same_branch = expected.len() == found.plain.len()
        && expected.iter().zip(&found.plain).all(near)
        && expected.iter().all(|output| output.magnitude < MILD);
    if !same_branch {
        return Ok(());
    }
    let (relative, of_terms) = (1e-3, 1e-4);
    let mut checks = found.checks.iter();
    checks
        .try_for_each(|check| compare_within(&expected, &found.plain, check, (relative, of_terms)))
}

/// How large the terms may be of which a gradient is summed.
fn weighted_magnitude(expected: &[Dual], weights: &[f64]) -> f64 {
    let outputs = expected.iter().zip(weights);
    outputs
        .map(|(output, weight)| output.magnitude * weight.abs())
        .sum()
}

fn compare_check(expected: &[Dual], plain: &[f64], check: &Check) -> Result<(), String> {
    compare_within(expected, plain, check, (1e-10, 1e-12))
}

/// The tolerances are relative to the gradient, and to the terms of which it is summed.
fn compare_within(
    expected: &[Dual],
    plain: &[f64],
    check: &Check,
    (relative, of_terms): (f64, f64),
) -> Result<(), String> {
    let bits = |row: &[f64]| row.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
    let what = check.what;
    if bits(&check.values) != bits(plain) {
        return Err(format!("{what}: value {:?}, not {plain:?}", check.values));
    }
    let weighted = |entry: usize| -> f64 {
        expected
            .iter()
            .zip(&check.weights)
            .map(|(output, weight)| output.gradient[entry] * weight)
            .sum()
    };
    let magnitude = weighted_magnitude(expected, &check.weights);
    let wanted: Vec<f64> = (0..check.gradient.len()).map(weighted).collect();
    for (entry, found) in check.gradient.iter().enumerate() {
        let Some(found) = found else { continue };
        let allowed = relative * wanted[entry].abs().max(1.0) + of_terms * magnitude;
        if (found - wanted[entry]).abs() > allowed || found.is_nan() {
            return Err(format!(
                "{what}: gradient\n  found  {:?}\n  duals  {wanted:?}",
                check.gradient
            ));
        }
    }
    Ok(())
}
