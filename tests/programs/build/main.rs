//! Writes the programs: a module per seed and way, and a table of them.

#![allow(dead_code)] // of the modules shared with the library, some are for the test only

#[path = "../src/dual.rs"]
mod dual;
#[path = "../src/generate/mod.rs"]
mod generate;
#[path = "../src/harness.rs"]
mod harness;
#[path = "../src/math.rs"]
mod math;
#[path = "../src/print/mod.rs"]
mod print;
#[path = "../src/syntax.rs"]
mod syntax;
mod ways;
mod written;

use std::env;
use std::fmt::Write;

use ways::{Way, WAYS};

/// How many programs there are if nobody says.
const PROGRAMS: u64 = 80;

/// What the environment asks for.
struct Asked {
    seeds: Vec<u64>,
    /// Names of features.
    features: String,
    /// The name of a way, or `all`; nothing for one way per program, in turns.
    ways: String,
    /// Only the programs themselves.
    plain: bool,
}

fn main() {
    let asked = asked();
    let source = write(&asked);
    let folder = env::var("OUT_DIR").expect("cargo sets it");
    std::fs::write(format!("{folder}/programs.rs"), source).expect("can write there");
}

fn asked() -> Asked {
    let text = |name: &str| {
        println!("cargo:rerun-if-env-changed={name}");
        env::var(name).unwrap_or_default()
    };
    let number = |name: &str, default| text(name).parse().unwrap_or(default);
    let first = number("PROGRAMS_FROM", 0);
    let count = number("PROGRAMS", PROGRAMS);
    let without = text("PROGRAMS_WITHOUT");
    let without: Vec<u64> = without
        .split(',')
        .filter_map(|seed| seed.trim().parse().ok())
        .collect();
    let seeds = (first..first + count).filter(|seed| !without.contains(seed));
    Asked {
        seeds: seeds.collect(),
        features: text("PROGRAMS_FEATURES"),
        ways: text("PROGRAMS_WAYS"),
        plain: !text("PROGRAMS_PLAIN").is_empty(),
    }
}

impl Asked {
    /// The ways of a program beside the usual one. Programs are few and ways too, so each takes its turn.
    fn ways(&self, seed: u64) -> Vec<&'static Way> {
        let chosen = |(index, way): &(usize, &Way)| match self.ways.as_str() {
            "" => seed % WAYS.len() as u64 == *index as u64,
            "all" => true,
            name => way.name == name,
        };
        let numbered = WAYS.iter().enumerate();
        numbered.filter(chosen).map(|(_, way)| way).collect()
    }
}

/// Every other pair of programs is differentiated as modules, which see through their calls; the rest function by
/// function.
fn annotated(seed: u64, program: &str) -> String {
    if (seed ^ (seed / WAYS.len() as u64)) & 1 == 0 {
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

fn write(asked: &Asked) -> String {
    let features = generate::named(&asked.features);
    let mut out = String::new();
    let mut table = String::new();
    for seed in &asked.seeds {
        let program = generate::generate(*seed, &features);
        let source = print::program(&program);
        let _ = write!(table, "    ({seed}, &[");
        if asked.plain {
            let run = "pub fn run(_: &[f64], _: &[usize], _: &[f64]) -> Run { Run::default() }";
            let name = format!("program_{seed}");
            out.push_str(&module(&name, &without_attribute(&source), run));
            let _ = write!(table, "(\"plain\", {name}::run)");
        } else {
            let source = annotated(*seed, &source);
            for (number, (name, text)) in in_ways(&source, &asked.ways(*seed)).iter().enumerate() {
                let module_name = format!("program_{seed}_{number}");
                let float = if *name == ways::SINGLE { "f32" } else { "f64" };
                let run = print::harness(&program, *name != ways::NO_ALLOC, float);
                out.push_str(&module(&module_name, text, &run));
                let _ = write!(table, "({name:?}, {module_name}::run), ");
            }
        }
        table.push_str("]),\n");
    }
    let names = &asked.features;
    let _ = writeln!(
        out,
        "pub const FEATURES: &str = {names:?};\n\npub const PROGRAMS: &[Program] = &[\n{table}];"
    );
    out
}

/// A program as the macro differentiates it, and in other ways.
fn in_ways(source: &str, ways: &[&'static Way]) -> Vec<(&'static str, String)> {
    let others = ways
        .iter()
        .filter_map(|way| Some((way.name, way.rewrite(source)?)));
    std::iter::once(("as usual", source.to_owned()))
        .chain(others)
        .collect()
}

fn module(name: &str, source: &str, run: &str) -> String {
    format!(
        "#[allow(warnings, clippy::all)]\npub mod {name} {{\nuse tapeless::{{differentiate, Differentiable, Inactive}};\nuse tapeless_programs_choices::differentiate_by;\nuse tapeless_programs::harness::{{flat, Check, Flat, Reader, Run}};\n\n{source}{run}}}\n\n"
    )
}
