//! A published crate, copied from the registry to a folder where its sources can be changed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use toml::Table;

/// A copy of a published crate.
pub struct Package {
    pub name: String,
    pub version: String,
    /// The folder of the copy; what is compiled is `src/` in it.
    pub folder: PathBuf,
    /// The root of the library.
    pub root: PathBuf,
    /// Features that are on.
    pub features: Vec<String>,
    pub edition: String,
}

/// Fetches `name` or `name@version` and copies it below `into`.
pub fn copy(spec: &str, into: &Path) -> Result<Package, String> {
    let (name, version) = spec.split_once('@').unwrap_or((spec, "*"));
    let metadata = resolve(name, version, into)?;
    let found = package(&metadata, name).ok_or(format!("{name} is not in the registry"))?;
    let manifest = PathBuf::from(text(&found["manifest_path"]));
    let original = manifest.parent().ok_or("a manifest without a folder")?;
    let folder = into.join("crates").join(name);
    let _ = fs::remove_dir_all(&folder);
    copy_folder(original, &folder)?;
    let table = rewrite_manifest(&manifest, &folder.join("Cargo.toml"))?;
    let lib = table.get("lib").and_then(|lib| lib.get("path"));
    let root = lib.and_then(|path| path.as_str()).unwrap_or("src/lib.rs");
    Ok(Package {
        name: name.to_owned(),
        version: text(&found["version"]),
        root: folder.join(root),
        folder,
        features: features(&metadata, &text(&found["id"])),
        edition: text(&found["edition"]),
    })
}

/// A crate that depends on the one asked for: cargo finds and downloads it.
fn resolve(name: &str, version: &str, into: &Path) -> Result<Value, String> {
    let folder = into.join("fetch").join(name);
    let requirement = match version {
        "*" => "*".to_owned(),
        exact => format!("={exact}"),
    };
    write(&folder.join("src/lib.rs"), "")?;
    let manifest = format!(
        "[package]\nname = \"fetch\"\nversion = \"0.0.0\"\nedition = \"2021\"\n\n\
         [dependencies]\n{name} = \"{requirement}\"\n\n[workspace]\n"
    );
    write(&folder.join("Cargo.toml"), &manifest)?;
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1"])
        .current_dir(&folder)
        .output()
        .map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    serde_json::from_slice(&output.stdout).map_err(|error| error.to_string())
}

fn package<'a>(metadata: &'a Value, name: &str) -> Option<&'a Value> {
    let direct = metadata["resolve"]["nodes"].as_array()?;
    let root = metadata["resolve"]["root"].as_str()?;
    let fetch = direct.iter().find(|node| node["id"] == root)?;
    let id = &fetch["deps"].as_array()?.first()?["pkg"];
    let mut packages = metadata["packages"].as_array()?.iter();
    packages.find(|package| package["id"] == *id && package["name"] == name)
}

fn features(metadata: &Value, id: &str) -> Vec<String> {
    let nodes = metadata["resolve"]["nodes"].as_array();
    let node = nodes.and_then(|nodes| nodes.iter().find(|node| node["id"] == id));
    let features = node.and_then(|node| node["features"].as_array());
    features.map_or(Vec::new(), |all| all.iter().map(text).collect())
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// What is not the library goes, `tapeless` comes.
fn rewrite_manifest(from: &Path, to: &Path) -> Result<Table, String> {
    let read = fs::read_to_string(from).map_err(|error| error.to_string())?;
    let mut table: Table = read.parse().map_err(|error| format!("{error}"))?;
    for section in ["bench", "test", "example", "bin", "lints"] {
        table.remove(section);
    }
    let runtime = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../runtime");
    let mut ours = Table::new();
    ours.insert("path".into(), runtime.display().to_string().into());
    let dependencies = table
        .entry("dependencies")
        .or_insert_with(|| Table::new().into());
    if let Some(dependencies) = dependencies.as_table_mut() {
        dependencies.insert("tapeless".into(), ours.into());
    }
    table.insert("workspace".into(), Table::new().into());
    write(to, &table.to_string())?;
    Ok(table)
}

fn copy_folder(from: &Path, to: &Path) -> Result<(), String> {
    let entries = fs::read_dir(from).map_err(|error| format!("{}: {error}", from.display()))?;
    fs::create_dir_all(to).map_err(|error| error.to_string())?;
    for entry in entries {
        let entry = entry.map_err(|error| error.to_string())?;
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            copy_file(&entry.path(), &target)?;
        }
    }
    Ok(())
}

/// Positions are the same for the parser and for the compiler if there is no carriage return.
fn copy_file(from: &Path, to: &Path) -> Result<(), String> {
    let bytes = fs::read(from).map_err(|error| error.to_string())?;
    let copied = match String::from_utf8(bytes) {
        Ok(text) => fs::write(
            to,
            text.trim_start_matches('\u{feff}').replace("\r\n", "\n"),
        ),
        Err(other) => fs::write(to, other.into_bytes()),
    };
    copied.map_err(|error| error.to_string())
}

/// Writes a file, and the folders above it.
pub fn write(path: &Path, text: &str) -> Result<(), String> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| error.to_string())?;
    }
    fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}
