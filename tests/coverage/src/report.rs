//! What is printed.

use std::collections::BTreeMap;

use crate::blame::Reason;
use crate::eligible::Class;
use crate::fetch::Package;
use crate::rounds::Outcome;

/// A row per crate, and a line per reason.
pub fn table(rows: &[(Package, Outcome)]) {
    println!("| crate | version | eligible | accepted | % | refused | callee | foreign | taken | ours | beside |");
    println!("|---|---|---|---|---|---|---|---|---|---|---|");
    for (package, outcome) in rows {
        println!("{}", row(package, outcome));
    }
    for (package, outcome) in rows {
        for (reason, (direct, all)) in reasons(outcome) {
            println!("{}: {direct} {reason}, {all} with callers", package.name);
        }
    }
}

fn row(package: &Package, outcome: &Outcome) -> String {
    let eligible = indices(outcome, Class::Eligible);
    let beside = indices(outcome, Class::Beside);
    let failed = |wanted: &dyn Fn(&Reason) -> bool| {
        let reasons = eligible
            .iter()
            .filter_map(|index| outcome.failures.get(index));
        reasons.filter(|(reason, _)| wanted(reason)).count()
    };
    let accepted = eligible.len() - failed(&|_| true);
    let besides = beside
        .iter()
        .filter(|i| !outcome.failures.contains_key(i))
        .count();
    format!(
        "| {} | {} | {} | {} | {:.1} | {} | {} | {} | {} | {} | {} of {} |",
        package.name,
        package.version,
        eligible.len(),
        accepted,
        100.0 * accepted as f64 / eligible.len().max(1) as f64,
        failed(&|reason| matches!(reason, Reason::Refused(..))),
        failed(&|reason| matches!(reason, Reason::Callee(_))),
        failed(&|reason| matches!(reason, Reason::Foreign(_))),
        failed(&|reason| matches!(reason, Reason::Taken)),
        failed(&|reason| matches!(reason, Reason::Ours(_))),
        besides,
        beside.len(),
    )
}

fn indices(outcome: &Outcome, class: Class) -> Vec<usize> {
    let functions = outcome.survey.functions.iter().enumerate();
    let chosen = functions.filter(|(_, function)| function.class == class);
    chosen.map(|(index, _)| index).collect()
}

/// Per reason how many functions have it themselves, and how many with those that call them.
fn reasons(outcome: &Outcome) -> BTreeMap<String, (usize, usize)> {
    let mut counts = BTreeMap::<String, (usize, usize)>::new();
    for index in indices(outcome, Class::Eligible) {
        if let Some((reason, _)) = outcome.failures.get(&index) {
            counts.entry(short(reason)).or_default().0 += 1;
            counts.entry(short(first(reason, outcome))).or_default().1 += 1;
        }
    }
    counts
}

/// The reason of what is called, and of what that calls, as far as it is known by name.
fn first<'a>(reason: &'a Reason, outcome: &'a Outcome) -> &'a Reason {
    let mut seen = Vec::new();
    let mut reason = reason;
    while let Reason::Callee(name) = reason {
        let mut all = outcome.failures.iter();
        let next = all.find(|(index, (next, _))| {
            outcome.survey.functions[**index].name == *name && next != reason
        });
        match next {
            Some((index, (next, _))) if !seen.contains(index) => {
                seen.push(*index);
                reason = next;
            }
            _ => break,
        }
    }
    reason
}

fn short(reason: &Reason) -> String {
    match reason {
        Reason::Refused(slug, _) => format!("refused: {slug}"),
        Reason::Callee(_) => "callee".to_owned(),
        Reason::Foreign(_) => "foreign".to_owned(),
        Reason::Taken => "taken".to_owned(),
        Reason::Ours(message) => format!("ours: {message}"),
    }
}

/// Every function that is not accepted, with what the compiler printed.
pub fn failures(name: &str, outcome: &Outcome) {
    for (index, (reason, rendered)) in &outcome.failures {
        let function = &outcome.survey.functions[*index];
        let file = outcome.survey.files[function.file].0.display();
        let class = function.class;
        println!(
            "### {name} {file} `{}` {class:?} {reason:?}\n{rendered}",
            function.name
        );
    }
    for (index, rendered) in &outcome.derives {
        println!(
            "### {name} derive `{}`\n{rendered}",
            outcome.survey.derived[*index].name
        );
    }
}
