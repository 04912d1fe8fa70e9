//! Which traits of a crate get the attribute, where there is a choice.
//!
//! A default method that calls what an implementation gives needs the siblings of that in the trait. But siblings in a trait
//! are in all implementations or in none. So both are tried, and what a user would leave it at is what counts.

use std::collections::{BTreeMap, HashSet};

use crate::eligible::Class;
use crate::fetch::{write, Package};
use crate::rounds::{self, Outcome};
use crate::survey;

/// Runs the rounds for the choice of traits that has the most functions accepted.
pub fn best(package: &Package) -> Result<Outcome, String> {
    let none = HashSet::new();
    let mut best = run(package, &none)?;
    let all = with_defaults(&best);
    if all.is_empty() {
        return Ok(best);
    }
    let with = again(package, &best, &all)?;
    let (before, after) = (failures(&best), failures(&with));
    let count = |of: &BTreeMap<String, usize>, name: &str| of.get(name).copied().unwrap_or(0);
    let better = |name: &&String| count(&after, name) < count(&before, name);
    let some: HashSet<String> = all.iter().filter(better).cloned().collect();
    let mut others = vec![with];
    if !some.is_empty() && some != all {
        others.push(again(package, &best, &some)?);
    }
    for other in others {
        if rejected(&other) < rejected(&best) {
            best = other;
        }
    }
    Ok(best)
}

fn run(package: &Package, wanted: &HashSet<String>) -> Result<Outcome, String> {
    rounds::run(package, survey::survey(package, wanted)?)
}

/// Another run, which starts from the sources as they were before the first.
fn again(package: &Package, first: &Outcome, wanted: &HashSet<String>) -> Result<Outcome, String> {
    for (path, text) in &first.survey.files {
        write(path, text)?;
    }
    run(package, wanted)
}

/// The traits of which a default method is not accepted.
fn with_defaults(outcome: &Outcome) -> HashSet<String> {
    let survey = &outcome.survey;
    let blocks = outcome.failures.keys().filter_map(|index| {
        let function = &survey.functions[*index];
        let block = &survey.blocks[function.block?];
        let counts = function.class == Class::Eligible && block.defines;
        (counts && block.in_trait.is_none()).then(|| block.seen.clone())?
    });
    blocks.collect()
}

/// Per trait how many of its eligible functions are not accepted, in its definition and in its implementations.
fn failures(outcome: &Outcome) -> BTreeMap<String, usize> {
    let survey = &outcome.survey;
    let mut failures = BTreeMap::new();
    for index in outcome.failures.keys() {
        let function = &survey.functions[*index];
        let block = function.block.map(|block| &survey.blocks[block]);
        let of = block.and_then(|block| block.seen.clone());
        if let (Some(of), Class::Eligible) = (of, function.class) {
            *failures.entry(of).or_default() += 1;
        }
    }
    failures
}

fn rejected(outcome: &Outcome) -> usize {
    let functions = &outcome.survey.functions;
    let failed = outcome.failures.keys();
    failed
        .filter(|index| functions[**index].class == Class::Eligible)
        .count()
}
