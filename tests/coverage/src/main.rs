//! How much of published numeric Rust does `#[differentiate]` accept?
//!
//! `cargo run -p tapeless-coverage -- astro greeks` takes the crates from the registry, copies their sources to a
//! temporary folder, puts the attribute before every eligible function, and compiles. What fails is taken out, with the
//! reason, until the rest compiles; so one failure does not hide others.
//!
//! *Eligible* is a function or method with a body, outside tests and compiled with the default features, of which a
//! parameter carries floats and the result is made of floats.
//!
//! * Floats are `f32`, `f64`, and type parameters bounded by a trait for floats (`Float`, `Real`, …, or a trait of the
//!   crate that has one of them above it).
//! * A parameter carries floats if it is one of these; a reference, slice, array, tuple, `Vec`, `Box`, `Option` or
//!   `Result` of what carries some; or a struct or enum of the same crate with such a field, whatever a `use` calls it.
//!   `self` is a parameter.
//! * A result is made of floats if it is a float, or a tuple, array, `Vec`, `Option` or `Result` of such.
//!   Functions that return structs or references, or write floats through `&mut`, are annotated too, because others call
//!   them, and are counted apart; so are functions of type parameters that have operators or an order, which may be floats
//!   or not. Functions that take floats or give some, but not both (integers, flags, text on the other side),
//!   get the option `inert`, for the sake of their callers, and are not counted.
//!
//! Structs and enums that carry floats get the derive, and those with nothing inside.
//! Type parameters that somebody else's trait by the name of `Float` or `Real` bounds are named by the option `float`.
//!
//! Imports of functions of `libm` get the attribute, so that their rules come along, and imports of functions that got it
//! are followed by imports of their rules.
//!
//! A function in the body of the crate's own `macro_rules!` gets the attribute there, where a user would write it, and
//! counts once, however often the macro is called: it is accepted if it compiles wherever the macro writes it. What it is
//! depends on the calls. Where they disagree (floats for one, integers for another) it is left alone and not counted.
//!
//! A trait of the crate that types of the standard library implement, or one type more than once, gets the attribute
//! itself, and its implementations `in_trait`: their siblings can stand nowhere else. A method is then accepted in all
//! implementations or in none. Where it is in none, it is also tried what is accepted if those types go without: whoever
//! wants the others annotates their implementations alone.
//!
//! So does a trait whose default methods could otherwise not call what its implementations give, if more functions are
//! accepted that way than without: a crate with such traits is gone through more than once.
//!
//! *Accepted* means that what the attribute expands to compiles, in the crate, with everything it calls. What is not:
//!
//! * *refused*: the attribute said why, by the slug of the catalogue;
//! * *callee*: it calls a function that is refused itself, or one of another crate that has no rule;
//! * *foreign*: a value of a type without derivatives is in the way;
//! * *taken*: a method of another crate's trait, beside another of the type with the same name, so that the siblings' names
//!   are taken (not those of operators and conversions, which have a rule per implementation). An implementation of which
//!   that is so of all methods gets the option `name`;
//! * *ours*: anything else that the compiler said about the expansion. There should be none.
//!
//! `--verbose` lists each function that is not accepted. `--keep` names a folder that is used instead of a temporary one.

mod annotate;
mod blame;
mod choice;
mod compile;
mod eligible;
mod expand;
mod fetch;
mod handed;
mod in_trait;
mod modules;
mod report;
mod rounds;
mod shared;
mod strangers;
mod survey;
mod types;

use std::path::PathBuf;
use std::process::ExitCode;

/// What the command line asks for.
struct Request {
    crates: Vec<String>,
    folder: PathBuf,
    verbose: bool,
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let request = read_arguments()?;
    let mut rows = Vec::new();
    for name in &request.crates {
        let package = fetch::copy(name, &request.folder)?;
        let outcome = choice::best(&package)?;
        if request.verbose {
            report::failures(&package.name, &outcome);
        }
        rows.push((package, outcome));
    }
    report::table(&rows);
    Ok(())
}

fn read_arguments() -> Result<Request, String> {
    let mut request = Request {
        crates: Vec::new(),
        folder: std::env::temp_dir().join(format!("tapeless-coverage-{}", std::process::id())),
        verbose: false,
    };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--verbose" => request.verbose = true,
            "--keep" => request.folder = words.next().ok_or("--keep needs a folder")?.into(),
            name if name.starts_with('-') => return Err(format!("unknown option {name}")),
            name => request.crates.push(name.to_owned()),
        }
    }
    if request.crates.is_empty() {
        return Err("usage: tapeless-coverage [--verbose] [--keep folder] crate[@version]…".into());
    }
    Ok(request)
}
