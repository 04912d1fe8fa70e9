//! Compiles with everything annotated, takes out what fails, and again, until the rest compiles.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::annotate::{self, Owner, Plan};
use crate::blame::{self, Reason};
use crate::compile::{self, Diagnostic};
use crate::fetch::Package;
use crate::survey::Survey;

/// How it ended.
pub struct Outcome {
    pub survey: Survey,
    /// Per function why it is not accepted, and what the compiler printed.
    pub failures: BTreeMap<usize, (Reason, String)>,
    /// Types whose derive does not compile.
    pub derives: BTreeMap<usize, String>,
}

/// Errors by who is to blame.
type Blamed = BTreeMap<Owner, Vec<(Reason, String)>>;

/// Runs the rounds. They end: each has something to blame that is on, and switches some of it off for good.
pub fn run(package: &Package, survey: Survey) -> Result<Outcome, String> {
    let mut plan = Plan::all(&survey);
    let mut outcome = Outcome {
        survey,
        failures: BTreeMap::new(),
        derives: BTreeMap::new(),
    };
    for (index, function) in outcome.survey.functions.iter().enumerate() {
        if function.taken {
            outcome
                .failures
                .insert(index, (Reason::Taken, String::new()));
        }
    }
    let mut round = 0;
    loop {
        let mut blamed = compile(package, &outcome.survey, &plan)?;
        eprintln!("{}: round {round}, {} to blame", package.name, blamed.len());
        if blamed.is_empty() {
            return Ok(outcome);
        }
        let nobodys = rendered(&blamed);
        blamed.retain(|owner, _| is_on(*owner, &plan, &outcome.survey));
        if blamed.is_empty() {
            return Err(format!("{}: {nobodys}", package.name));
        }
        if let Some((block, reasons)) = only_blocks(&blamed) {
            one_by_one(package, block, reasons, &mut plan, &mut outcome)?;
        } else {
            take_out(blamed, &mut plan, &mut outcome);
        }
        round += 1;
    }
}

/// Whether there is something to switch off.
fn is_on(owner: Owner, plan: &Plan, survey: &Survey) -> bool {
    match owner {
        Owner::Function(index) => plan.functions[index],
        Owner::Derived(index) => plan.derived[index],
        Owner::Import(index) => plan.imports[index],
        Owner::Block(block) => !members(survey, plan, block).is_empty(),
        Owner::Call(_) => false,
    }
}

fn rendered(blamed: &Blamed) -> String {
    let first = blamed.values().flatten().next();
    let said = first.map_or("", |(_, rendered)| rendered.as_str());
    format!("an error in what is not annotated:\n{said}")
}

/// The first of the blocks, if nothing else is to blame.
fn only_blocks(blamed: &Blamed) -> Option<(usize, Vec<(Reason, String)>)> {
    let is_block = |owner: &Owner| matches!(owner, Owner::Block(_));
    match blamed.iter().next()? {
        (Owner::Block(block), reasons) if blamed.keys().all(is_block) => {
            Some((*block, reasons.clone()))
        }
        _ => None,
    }
}

fn compile(package: &Package, survey: &Survey, plan: &Plan) -> Result<Blamed, String> {
    let regions = annotate::write_sources(survey, plan, &package.edition)?;
    let files: Vec<PathBuf> = survey.files.iter().map(|(path, _)| path.clone()).collect();
    let mut blamed = Blamed::new();
    let mut lost = None;
    for found in compile::check(package)? {
        let owner = blame::owner(&found, &regions, &files);
        let Some(owner) = owner.and_then(|owner| written(owner, survey, plan)) else {
            // What names no place is mostly said somewhere else, too.
            lost.get_or_insert(nobodys(&found));
            continue;
        };
        let reason = blame::reason(&found);
        blamed
            .entry(owner)
            .or_default()
            .push((reason, found.rendered));
    }
    match lost.filter(|_| blamed.is_empty()) {
        Some(lost) => Err(lost),
        None => Ok(blamed),
    }
}

/// What stands in the text: of what the call of a macro writes, the first that is on.
fn written(owner: Owner, survey: &Survey, plan: &Plan) -> Option<Owner> {
    match owner {
        Owner::Call(call) => {
            let mut all = survey.written_by(call);
            all.find(|index| plan.functions[*index])
                .map(Owner::Function)
        }
        owner => Some(owner),
    }
}

fn nobodys(found: &Diagnostic) -> String {
    format!(
        "an error that stands in nothing that was annotated:\n{}",
        found.rendered
    )
}

/// First what others may suffer from: derives, imports, refusals. Then everything.
fn take_out(blamed: Blamed, plan: &mut Plan, outcome: &mut Outcome) {
    let is_cause = |owner: &Owner, reasons: &[(Reason, String)]| match owner {
        Owner::Derived(_) | Owner::Import(_) => true,
        _ => reasons
            .iter()
            .any(|(reason, _)| matches!(reason, Reason::Refused(..))),
    };
    // Blocks are looked into when nothing else is left.
    let is_block = |owner: &Owner| matches!(owner, Owner::Block(_));
    let others = !blamed.keys().all(is_block);
    let waits = |owner: &Owner| others && is_block(owner);
    let causes = blamed
        .iter()
        .any(|(owner, reasons)| !waits(owner) && is_cause(owner, reasons));
    for (owner, mut reasons) in blamed {
        if waits(&owner) || causes && !is_cause(&owner, &reasons) {
            continue;
        }
        reasons.sort();
        let (reason, rendered) = reasons.swap_remove(0);
        match owner {
            Owner::Import(index) => plan.imports[index] = false,
            Owner::Derived(index) => {
                plan.derived[index] = false;
                outcome.derives.insert(index, rendered);
            }
            Owner::Function(index) => fail(index, reason, rendered, plan, outcome),
            Owner::Block(block) => {
                for index in members(&outcome.survey, plan, block) {
                    fail(index, reason.clone(), rendered.clone(), plan, outcome);
                }
            }
            Owner::Call(_) => {}
        }
    }
}

/// An error that names a block and none of its members: those are to blame without which there is no such error.
fn one_by_one(
    package: &Package,
    block: usize,
    mut reasons: Vec<(Reason, String)>,
    plan: &mut Plan,
    outcome: &mut Outcome,
) -> Result<(), String> {
    reasons.sort();
    let (reason, rendered) = reasons.swap_remove(0);
    let survey = &outcome.survey;
    let is_gone = |off: &[usize]| {
        let mut without = plan.clone();
        for index in off {
            without.switch_off(survey, *index);
        }
        let left = compile(package, survey, &without)?;
        let mut left = left.get(&Owner::Block(block)).into_iter().flatten();
        Ok::<bool, String>(!left.any(|(other, _)| *other == reason))
    };
    for index in guilty(members(survey, plan, block), is_gone)? {
        fail(index, reason.clone(), rendered.clone(), plan, outcome);
    }
    Ok(())
}

/// The one suspect without whom the error is gone; else all, less those who need not go for that.
fn guilty(
    suspects: Vec<usize>,
    is_gone: impl Fn(&[usize]) -> Result<bool, String>,
) -> Result<Vec<usize>, String> {
    for index in &suspects {
        if is_gone(&[*index])? {
            return Ok(vec![*index]);
        }
    }
    let mut guilty = suspects;
    for index in guilty.clone() {
        let others: Vec<usize> = guilty.iter().copied().filter(|i| *i != index).collect();
        if !others.is_empty() && is_gone(&others)? {
            guilty = others;
        }
    }
    Ok(guilty)
}

fn members(survey: &Survey, plan: &Plan, block: usize) -> Vec<usize> {
    let found = &survey.blocks[block];
    let functions = 0..survey.functions.len();
    let inside = |index: &usize| match (&found.in_trait, found.defines) {
        (Some(of), true) => survey.trait_of(*index) == Some(of),
        _ => survey.functions[*index].block == Some(block),
    };
    functions
        .filter(|index| plan.functions[*index] && inside(index))
        .collect()
}

fn fail(index: usize, reason: Reason, rendered: String, plan: &mut Plan, outcome: &mut Outcome) {
    outcome.failures.entry(index).or_insert((reason, rendered));
    let name = outcome.survey.functions[index].name.clone();
    for other in plan.switch_off(&outcome.survey, index) {
        let reason = (Reason::Callee(name.clone()), String::new());
        outcome.failures.entry(other).or_insert(reason);
    }
}
