//! Compiles the copy, and reads what the compiler has to say.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::fetch::Package;

/// An error of the compiler.
pub struct Diagnostic {
    pub code: String,
    pub message: String,
    /// Message, labels and notes, as it is printed.
    pub rendered: String,
    /// Where it is, the likeliest place first.
    pub places: Vec<Place>,
}

/// A place in a source file.
pub struct Place {
    pub file: PathBuf,
    pub start: usize,
    pub end: usize,
}

/// Checks the library; `Ok` with the errors in it, `Err` if cargo itself failed.
pub fn check(package: &Package) -> Result<Vec<Diagnostic>, String> {
    let mut command = Command::new(env!("CARGO"));
    command
        .args(["check", "--lib", "--quiet", "--message-format", "json"])
        .current_dir(&package.folder)
        .env("RUSTFLAGS", "--cap-lints allow")
        .stderr(Stdio::piped());
    // Not in the environment: a macro that runs cargo itself would wait for the folder that this one holds.
    let chosen = std::env::var_os("CARGO_TARGET_DIR");
    let target = chosen.map_or_else(|| package.folder.join("../../target"), PathBuf::from);
    command
        .env_remove("CARGO_TARGET_DIR")
        .arg("--target-dir")
        .arg(target);
    let output = command.output().map_err(|error| error.to_string())?;
    let text = String::from_utf8_lossy(&output.stdout);
    let messages = text
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let found: Vec<Diagnostic> = messages
        .filter(|message| message["reason"] == "compiler-message")
        .filter(|message| message["message"]["level"] == "error")
        .map(|message| diagnostic(&message["message"], &package.folder))
        .filter(|found| !found.message.starts_with("aborting due to"))
        .collect();
    if found.is_empty() && !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    Ok(found)
}

fn diagnostic(message: &Value, folder: &Path) -> Diagnostic {
    let spans = message["spans"].as_array().map_or(&[][..], Vec::as_slice);
    let mut places = Vec::new();
    for primary in [true, false] {
        let chosen = spans.iter().filter(|span| span["is_primary"] == primary);
        chosen.for_each(|span| expanded(span, folder, &mut places));
    }
    let children = message["children"].as_array();
    for child in children.into_iter().flatten() {
        let spans = child["spans"].as_array();
        spans
            .into_iter()
            .flatten()
            .for_each(|span| expanded(span, folder, &mut places));
    }
    Diagnostic {
        code: text(&message["code"]["code"]),
        message: text(&message["message"]),
        rendered: text(&message["rendered"]),
        places,
    }
}

/// The place itself, then the place of the macro call it comes from.
fn expanded(span: &Value, folder: &Path, places: &mut Vec<Place>) {
    places.push(Place {
        file: folder.join(text(&span["file_name"])),
        start: number(&span["byte_start"]),
        end: number(&span["byte_end"]),
    });
    if span["expansion"]["span"].is_object() {
        expanded(&span["expansion"]["span"], folder, places);
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn number(value: &Value) -> usize {
    value.as_u64().unwrap_or_default() as usize
}
