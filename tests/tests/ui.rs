//! What is refused, and how the messages look: a case per slug of the catalogue, named by it.
//!
//! `TRYBUILD=overwrite cargo test -p tapeless-tests --test ui` writes the expected messages anew.

use std::collections::BTreeSet;
use std::path::Path;

/// The table of refusals, read as text.
const CATALOGUE: &str = include_str!("../../macros/src/diagnostics/catalogue.rs");

/// Refusals that no program can provoke, or not in one file on stable, with the reason.
const WITHOUT_CASE: &[(&str, &str)] = &[
    ("internal", "a fault of the compiler"),
    ("syntax", "the compiler of Rust complains first"),
    (
        "unsupported-closure",
        "the compiler of Rust complains first",
    ),
    ("yield", "unstable"),
    (
        "out-of-line-module",
        "the attribute on such a module is unstable",
    ),
    (
        "unseen-type",
        "found by the types that the compiler sees: compiler/method-of-a-sequence.rs",
    ),
    ("static-write", "needs an `unsafe` block, which is refused"),
];

/// Names of the rows: the first word in quotation marks of each row.
fn slugs() -> Vec<&'static str> {
    let rows = CATALOGUE
        .lines()
        .filter(|line| line.starts_with("    ") && line.contains("\": \""));
    rows.filter_map(|row| row.split('"').nth(1)).collect()
}

#[test]
fn every_refusal_has_a_case() {
    let without: BTreeSet<&str> = WITHOUT_CASE.iter().map(|(slug, _)| *slug).collect();
    let slugs = slugs();
    assert!(
        slugs.len() > 40,
        "the catalogue is not read right: {slugs:?}"
    );
    let missing: Vec<&str> = slugs
        .iter()
        .copied()
        .filter(|slug| !without.contains(slug))
        .filter(|slug| !Path::new("ui").join(format!("{slug}.rs")).exists())
        .collect();
    assert!(missing.is_empty(), "no case in tests/ui for {missing:?}");
    let unknown: Vec<_> = without
        .iter()
        .filter(|slug| !slugs.contains(slug))
        .collect();
    assert!(unknown.is_empty(), "not in the catalogue: {unknown:?}");
}

#[test]
fn refusals_look_as_expected() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("ui/*.rs");
    // Sentences of the compiler's own stand around ours there, and change from version to version.
    if compiler_is("rustc 1.95.") {
        cases.compile_fail("ui/compiler/*.rs");
    }
    cases.pass("ui/pass/*.rs");
}

fn compiler_is(version: &str) -> bool {
    let compiler = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let asked = std::process::Command::new(compiler)
        .arg("--version")
        .output();
    asked.is_ok_and(|said| String::from_utf8_lossy(&said.stdout).starts_with(version))
}
