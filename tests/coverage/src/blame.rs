//! Who is to blame for an error, and for what reason.

use std::path::PathBuf;

use crate::annotate::{Owner, Region};
use crate::compile::{Diagnostic, Place};

/// Why a function is not accepted, the most telling first.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Reason {
    /// The attribute refused it: the slug, and the sentence.
    Refused(String, String),
    /// What it calls has no rule.
    Callee(String),
    /// A type has no derivative.
    Foreign(String),
    /// Two methods of the type have this name.
    Taken,
    /// The expansion does not compile.
    Ours(String),
}

/// The innermost thing that an error stands in. Functions count before blocks, wherever in the error they are named.
pub fn owner(found: &Diagnostic, regions: &[Region], files: &[PathBuf]) -> Option<Owner> {
    let all: Vec<Owner> = found
        .places
        .iter()
        .filter_map(|place| innermost(place, regions, files))
        .collect();
    let first = *all.first()?;
    let function = all.iter().find(|owner| matches!(owner, Owner::Function(_)));
    match first {
        Owner::Block(_) | Owner::Call(_) => Some(*function.unwrap_or(&first)),
        first => Some(first),
    }
}

fn innermost(place: &Place, regions: &[Region], files: &[PathBuf]) -> Option<Owner> {
    let file = files.iter().position(|file| same(file, &place.file))?;
    let around = regions.iter().filter(|region| {
        region.file == file && region.span.start <= place.start && place.end <= region.span.end
    });
    let smallest = around.min_by_key(|region| region.span.len());
    smallest.map(|region| region.owner)
}

fn same(a: &PathBuf, b: &PathBuf) -> bool {
    a == b
        || (a.ends_with(b.file_name().unwrap_or_default())
            && a.canonicalize().ok() == b.canonicalize().ok())
}

/// What an error says.
pub fn reason(found: &Diagnostic) -> Reason {
    if let Some((sentence, rest)) = found.message.split_once(" [tapeless::") {
        let slug = rest.split(']').next().unwrap_or_default();
        return Reason::Refused(slug.to_owned(), sentence.to_owned());
    }
    // A macro that does more than look at what it is given.
    if found.rendered.contains("MayOnlyLook") {
        let sentence = "a macro does more than look";
        return Reason::Refused("unknown-macro".into(), sentence.into());
    }
    if found.message.contains("`inert` is for functions") {
        return Reason::Refused("inert".into(), found.message.clone());
    }
    if found.message.contains("cannot hold the cotangent") {
        let first = found.message.lines().next().unwrap_or_default();
        return Reason::Refused("gradient-lost".into(), first.to_owned());
    }
    if let Some(name) = missing_rule(&found.message) {
        return Reason::Callee(name);
    }
    // An operator or an index of a type, of whose implementation no rule was made.
    if let Some(operation) = found.message.strip_prefix("no derivative rule for ") {
        let first = operation.lines().next().unwrap_or_default();
        return Reason::Callee(first.to_owned());
    }
    // `Trait::g_vjp(…)`, of a trait of another crate.
    if found.code == "E0782" {
        return Reason::Callee("a method of a trait".into());
    }
    let first = found.message.lines().next().unwrap_or_default();
    if is_about_types(&found.message) {
        return Reason::Foreign(first.to_owned());
    }
    Reason::Ours(format!("{} {first}", found.code))
}

/// `g`, if the error is that there is no `g_vjp`.
fn missing_rule(message: &str) -> Option<String> {
    let missing = [
        "cannot find",
        "no method named",
        "no function or associated item",
        "no associated function",
        "unresolved import",
        "but its trait bounds were not satisfied",
    ];
    if !missing.iter().any(|start| message.contains(start)) {
        return None;
    }
    let mut names = message.split('`').filter(|word| word.ends_with("_vjp"));
    let name = names.next_back()?.rsplit("::").next()?;
    Some(name.trim_end_matches("_vjp").to_owned())
}

fn is_about_types(message: &str) -> bool {
    if message.contains("is not `Differentiable`")
        || message.contains("so it must be `Clone`")
        || message.contains("is not a real scalar")
        || message.contains("is not a scalar")
        || message.contains("a cotangent of type")
    {
        return true;
    }
    let traits = ["Differentiable", "Vjp", "Cotangent", "Parameters"];
    let bound = [
        "is not satisfied",
        "has no derivative",
        "no rule",
        "cannot be differentiated",
        "is not implemented",
    ];
    bound.iter().any(|words| message.contains(words))
        && (traits.iter().any(|name| message.contains(name))
            || message.contains("derivative")
            || message.contains("rule"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(message: &str) -> Diagnostic {
        Diagnostic {
            code: "E0000".into(),
            message: message.into(),
            rendered: String::new(),
            places: vec![Place {
                file: "a.rs".into(),
                start: 12,
                end: 14,
            }],
        }
    }

    #[test]
    fn errors_have_reasons() {
        let refused = reason(&error("no [tapeless::unknown-macro]\nhelp: write"));
        assert_eq!(
            refused,
            Reason::Refused("unknown-macro".into(), "no".into())
        );
        let missing = error("cannot find function `g_vjp` in module `m`");
        assert_eq!(reason(&missing), Reason::Callee("g".into()));
        let other = error("mismatched types");
        assert_eq!(
            reason(&other),
            Reason::Ours("E0000 mismatched types".into())
        );
    }

    #[test]
    fn the_innermost_is_to_blame() {
        let region = |span, owner| Region {
            file: 0,
            span,
            owner,
        };
        let regions = [
            region(0..100, Owner::Block(0)),
            region(10..20, Owner::Function(3)),
        ];
        let files = [PathBuf::from("a.rs")];
        let found = owner(&error("mismatched types"), &regions, &files);
        assert_eq!(found, Some(Owner::Function(3)));
    }
}
