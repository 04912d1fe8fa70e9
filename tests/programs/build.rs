//! Writes the programs: a module per seed, and a table of them.

#![allow(dead_code)] // of the modules shared with the library, some are for the test only

#[path = "src/dual.rs"]
mod dual;
#[path = "src/generate/mod.rs"]
mod generate;
#[path = "src/harness.rs"]
mod harness;
#[path = "src/math.rs"]
mod math;
#[path = "src/print/mod.rs"]
mod print;
#[path = "src/syntax.rs"]
mod syntax;

use std::fmt::Write;

/// How many programs there are if nobody says.
const PROGRAMS: u64 = 80;

fn main() {
    let number = |name: &str, default| {
        println!("cargo:rerun-if-env-changed={name}");
        std::env::var(name)
            .ok()
            .and_then(|text| text.parse().ok())
            .unwrap_or(default)
    };
    let first = number("PROGRAMS_FROM", 0);
    let count = number("PROGRAMS", PROGRAMS);
    println!("cargo:rerun-if-env-changed=PROGRAMS_FEATURES");
    println!("cargo:rerun-if-env-changed=PROGRAMS_WITHOUT");
    let names = std::env::var("PROGRAMS_FEATURES").unwrap_or_default();
    let without: Vec<u64> = std::env::var("PROGRAMS_WITHOUT")
        .unwrap_or_default()
        .split(',')
        .filter_map(|seed| seed.trim().parse().ok())
        .collect();
    let seeds = (first..first + count).filter(|seed| !without.contains(seed));
    let source = write(&seeds.collect::<Vec<_>>(), &names);
    let folder = std::env::var("OUT_DIR").expect("cargo sets it");
    std::fs::write(format!("{folder}/programs.rs"), source).expect("can write there");
}

/// Every other program is differentiated as a module, which sees through its calls; the rest function by function.
fn annotated(seed: u64, program: &str) -> String {
    if seed & 1 == 0 {
        return program.to_owned();
    }
    format!(
        "#[differentiate]\npub mod seen {{\nuse tapeless::Differentiable;\n\n{}}}\nuse seen::*;\n\n",
        without_attribute(program)
    )
}

fn without_attribute(program: &str) -> String {
    program.replace("#[differentiate]\n", "")
}

fn write(seeds: &[u64], names: &str) -> String {
    let features = generate::named(names);
    let mut out = String::new();
    let mut table = String::new();
    let plain = std::env::var("PROGRAMS_PLAIN").is_ok();
    println!("cargo:rerun-if-env-changed=PROGRAMS_PLAIN");
    for seed in seeds {
        let program = generate::generate(*seed, &features);
        let _ = writeln!(
            out,
            "#[allow(warnings, clippy::all)]\npub mod program_{seed} {{\nuse tapeless::{{differentiate, Differentiable, Inactive}};\nuse tapeless_programs::harness::{{flat, Check, Flat, Reader, Run}};\n\n{}{}}}\n",
            if plain { without_attribute(&print::program(&program)) } else { annotated(*seed, &print::program(&program)) },
            if plain { String::from("pub fn run(_: &[f64], _: &[usize], _: &[f64]) -> Run { Run::default() }") } else { print::harness(&program) },
        );
        let _ = writeln!(table, "    ({seed}, program_{seed}::run),");
    }
    let _ = writeln!(
        out,
        "pub const FEATURES: &str = {names:?};\n\npub const PROGRAMS: &[Program] = &[\n{table}];"
    );
    out
}
