//! Random programs against forward dual numbers.

use std::panic::{catch_unwind, AssertUnwindSafe};

use tapeless_programs::dual::Dual;
use tapeless_programs::harness::{inputs, Check, Run, MISSING};
use tapeless_programs::syntax::{Param, Pass, Program as Tree, Ty};
use tapeless_programs::{generate, interpret, print};

/// A seed, and what runs its program.
type Program = (u64, fn(&[f64], &[usize], &[f64]) -> Run);

include!(concat!(env!("OUT_DIR"), "/programs.rs"));

/// Points per program.
const POINTS: usize = 4;
/// Gradients larger than that say nothing about the compiler.
const LARGE: f64 = 1e9;

#[test]
fn random_programs_agree_with_duals() {
    let features = generate::named(FEATURES);
    let mut compared = 0;
    let mut failures = Vec::new();
    for (seed, run) in PROGRAMS {
        let tree = generate::generate(*seed, &features);
        match at_points(&tree, *seed, *run) {
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
fn at_points(
    tree: &Tree,
    seed: u64,
    run: fn(&[f64], &[usize], &[f64]) -> Run,
) -> Result<usize, String> {
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
        let outcome = catch_unwind(AssertUnwindSafe(|| run(&at, &integers, &weights)));
        let Ok(found) = outcome else {
            return Err(format!("panicked at {at:?}, {integers:?}"));
        };
        compare(tree, &expected, &found).map_err(|message| {
            format!(
                "{message}\nat {at:?}, {integers:?}, weights {:?}",
                &weights[..4]
            )
        })?;
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

fn compare_check(expected: &[Dual], plain: &[f64], check: &Check) -> Result<(), String> {
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
    let magnitude: f64 = expected
        .iter()
        .zip(&check.weights)
        .map(|(output, weight)| output.magnitude * weight.abs())
        .sum();
    let wanted: Vec<f64> = (0..check.gradient.len()).map(weighted).collect();
    for (entry, found) in check.gradient.iter().enumerate() {
        let Some(found) = found else { continue };
        let allowed = 1e-10 * wanted[entry].abs().max(1.0) + 1e-12 * magnitude;
        if (found - wanted[entry]).abs() > allowed || found.is_nan() {
            return Err(format!(
                "{what}: gradient\n  found  {:?}\n  duals  {wanted:?}",
                check.gradient
            ));
        }
    }
    Ok(())
}
