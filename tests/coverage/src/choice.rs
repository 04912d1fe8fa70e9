//! Which traits of a crate get the attribute, where there is a choice.
//!
//! A default method that calls what an implementation gives needs the siblings of that in the trait. But siblings in a trait
//! are in all implementations or in none. So both are tried, and what a user would leave it at is what counts.

//! A trait whose siblings are members because a type could have them nowhere else has them in all implementations or in
//! none, too. Where one is not accepted, it is also tried what is without: then the other types have their own.

use std::collections::{BTreeMap, HashSet};

use crate::eligible::Class;
use crate::fetch::{write, Package};
use crate::in_trait::Choice;
use crate::rounds::{self, Outcome};
use crate::survey;

/// Runs the rounds for the choice of traits that has the most functions accepted.
pub fn best(package: &Package) -> Result<Outcome, String> {
    let (choice, best) = with_members(package)?;
    let without = failing_members(&best);
    if without.is_empty() {
        return Ok(best);
    }
    let apart = again(package, &best, &Choice { without, ..choice })?;
    Ok(better(best, apart))
}

/// The same, where traits that have the siblings as members may be more than have to.
fn with_members(package: &Package) -> Result<(Choice, Outcome), String> {
    let none = Choice::default();
    let first = rounds::run(package, survey::survey(package, &none)?)?;
    let all = with_defaults(&first);
    if all.is_empty() {
        return Ok((none, first));
    }
    let choice = |with: &HashSet<String>| Choice {
        with: with.clone(),
        ..Choice::default()
    };
    let with = again(package, &first, &choice(&all))?;
    let (before, after) = (failures(&first), failures(&with));
    let count = |of: &BTreeMap<String, usize>, name: &str| of.get(name).copied().unwrap_or(0);
    let fewer = |name: &&String| count(&after, name) < count(&before, name);
    let some: HashSet<String> = all.iter().filter(fewer).cloned().collect();
    let mut tried = vec![(choice(&all), with)];
    if !some.is_empty() && some != all {
        tried.push((choice(&some), again(package, &first, &choice(&some))?));
    }
    let mut best = (none, first);
    for other in tried {
        if rejected(&other.1) < rejected(&best.1) {
            best = other;
        }
    }
    Ok(best)
}

fn better(first: Outcome, other: Outcome) -> Outcome {
    match rejected(&other) < rejected(&first) {
        true => other,
        false => first,
    }
}

/// Another run, which starts from the sources as they were before the first.
fn again(package: &Package, first: &Outcome, choice: &Choice) -> Result<Outcome, String> {
    for (path, text) in &first.survey.files {
        write(path, text)?;
    }
    rounds::run(package, survey::survey(package, choice)?)
}

/// The traits that have the siblings as members, of which an implementation is not accepted.
fn failing_members(outcome: &Outcome) -> HashSet<String> {
    let functions = &outcome.survey.functions;
    let counted = outcome
        .failures
        .keys()
        .filter(|index| functions[**index].class == Class::Eligible);
    let of = counted.filter_map(|index| outcome.survey.trait_of(*index));
    of.map(str::to_owned).collect()
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
