//! What several calls of a macro write stands once in the text, and there is one place for an attribute.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::Hash;

use crate::eligible::Class;
use crate::survey::{Block, Function, Survey};

/// Joins what was found at one place. A function that gets its attribute for some calls of a macro and not for others, or
/// another one, is left alone.
pub fn join(survey: &mut Survey) {
    join_blocks(survey);
    join_functions(survey);
    once(&mut survey.derived, |derived| (derived.file, derived.at));
    once(&mut survey.imports, |import| {
        (import.file, import.at, import.text.clone())
    });
    once(&mut survey.of_libm, |place| *place);
}

/// Keeps the first of each key.
fn once<T, K: Eq + Hash>(all: &mut Vec<T>, key: impl Fn(&T) -> K) {
    let mut seen = HashSet::new();
    all.retain(|one| seen.insert(key(one)));
}

fn join_blocks(survey: &mut Survey) {
    let mut first = HashMap::new();
    let mut renamed = Vec::new();
    let mut kept: Vec<Block> = Vec::new();
    for block in survey.blocks.drain(..) {
        let index = *first
            .entry((block.file, block.span.end))
            .or_insert(kept.len());
        renamed.push(index);
        match kept.get_mut(index) {
            Some(known) => {
                known.repeated |= known.of == block.of;
                known.others.extend(block.others);
            }
            None => kept.push(block),
        }
    }
    for block in &mut kept {
        once(&mut block.others, |(_, at)| *at);
    }
    survey.blocks = kept;
    for function in &mut survey.functions {
        function.block = function.block.map(|block| renamed[block]);
    }
}

fn join_functions(survey: &mut Survey) {
    let mut places = BTreeMap::<(usize, usize), Vec<Function>>::new();
    for function in survey.functions.drain(..) {
        let place = (function.file, function.span.end);
        places.entry(place).or_default().push(function);
    }
    let left_alone: HashSet<(usize, usize)> = survey.left_alone.iter().copied().collect();
    for (place, functions) in places {
        let written = functions.first().map(|f| (f.block, f.name.clone(), f.at));
        match joined(functions).filter(|_| !left_alone.contains(&place)) {
            Some(function) => survey.functions.push(function),
            None => {
                if let Some((Some(block), name, at)) = written {
                    survey.blocks[block].others.push((name, at));
                }
            }
        }
    }
    for block in &mut survey.blocks {
        once(&mut block.others, |(_, at)| *at);
    }
}

/// One function of those at a place, if the same attributes are right for all of them. It counts where one of them does.
fn joined(functions: Vec<Function>) -> Option<Function> {
    let counts = functions
        .iter()
        .any(|function| function.class == Class::Eligible);
    let aliases = functions.iter().map(|function| function.name.clone());
    let aliases: Vec<String> = aliases.collect();
    let at = functions.iter().map(|function| function.at).min()?;
    let attributes =
        |function: &Function| (function.class == Class::Inert, function.constants.clone());
    let mut all = functions.into_iter();
    let mut first = all.next()?;
    if !all.all(|other| attributes(&other) == attributes(&first)) {
        return None;
    }
    if counts {
        first.class = Class::Eligible;
    }
    Some(Function {
        aliases,
        at,
        ..first
    })
}
