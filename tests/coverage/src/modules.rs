//! The files of a library, as its modules name them, under the conditions that hold.

use std::fs;
use std::path::{Path, PathBuf};

use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, File, Item, ItemMod, Lit, Meta, Token};

/// A file of the library, with everything that is not compiled taken out of the tree (not out of the text).
pub struct Source {
    pub path: PathBuf,
    pub text: String,
    pub items: Vec<Item>,
}

/// The root of a library and the files below it.
pub fn read(root: &Path, features: &[String]) -> Result<Vec<Source>, String> {
    let mut sources = Vec::new();
    let folder = root.parent().unwrap_or(Path::new(""));
    read_file(root, folder, features, &mut sources)?;
    Ok(sources)
}

/// `folder` is where the modules of this file have theirs.
fn read_file(
    path: &Path,
    folder: &Path,
    features: &[String],
    sources: &mut Vec<Source>,
) -> Result<(), String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let file: File =
        syn::parse_file(&text).map_err(|error| format!("{}: {error}", path.display()))?;
    read_modules(&file.items, folder, features, sources)?;
    for included in included(&file.items, features) {
        let below = path.parent().unwrap_or(folder);
        read_file(&below.join(included), folder, features, sources)?;
    }
    sources.push(Source {
        path: path.to_owned(),
        text,
        items: file.items,
    });
    Ok(())
}

/// The files that `include!("…")` puts among these items.
fn included(items: &[Item], features: &[String]) -> Vec<String> {
    let of_macros = items.iter().filter_map(|item| match item {
        Item::Macro(item) if item.mac.path.is_ident("include") => Some(item),
        _ => None,
    });
    let compiled = of_macros.filter(|item| is_compiled(&item.attrs, features));
    compiled
        .filter_map(|item| literal(&item.mac.parse_body().ok()?))
        .collect()
}

fn read_modules(
    items: &[Item],
    folder: &Path,
    features: &[String],
    sources: &mut Vec<Source>,
) -> Result<(), String> {
    for item in items {
        let Item::Mod(module) = item else { continue };
        if !is_compiled(&module.attrs, features) {
            continue;
        }
        let name = module.ident.to_string();
        let name = name.trim_start_matches("r#");
        match &module.content {
            Some((_, items)) => read_modules(items, &folder.join(name), features, sources)?,
            None => read_outside(module, name, folder, features, sources)?,
        }
    }
    Ok(())
}

fn read_outside(
    module: &ItemMod,
    name: &str,
    folder: &Path,
    features: &[String],
    sources: &mut Vec<Source>,
) -> Result<(), String> {
    if let Some(path) = path_attribute(&module.attrs) {
        let path = folder.join(path);
        let below = path.parent().unwrap_or(folder).to_owned();
        return read_file(&path, &below, features, sources);
    }
    let beside = folder.join(format!("{name}.rs"));
    let inside = folder.join(name);
    if beside.exists() {
        read_file(&beside, &inside, features, sources)
    } else {
        read_file(&inside.join("mod.rs"), &inside, features, sources)
    }
}

fn path_attribute(attrs: &[Attribute]) -> Option<String> {
    attrs.iter().find_map(|attr| match &attr.meta {
        Meta::NameValue(pair) if pair.path.is_ident("path") => literal(&pair.value),
        _ => None,
    })
}

fn literal(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

/// Whether an item with these attributes is compiled; conditions that are not understood hold.
pub fn is_compiled(attrs: &[Attribute], features: &[String]) -> bool {
    let test = |attr: &Attribute| attr.path().is_ident("test") || attr.path().is_ident("bench");
    let conditions = attrs.iter().filter(|attr| attr.path().is_ident("cfg"));
    let mut read = conditions.filter_map(|attr| attr.parse_args::<Meta>().ok());
    !attrs.iter().any(test) && read.all(|condition| holds(&condition, features))
}

fn holds(condition: &Meta, features: &[String]) -> bool {
    match condition {
        Meta::Path(path) => ![
            "test", "doctest", "doc", "miri", "loom", "windows", "docsrs",
        ]
        .iter()
        .any(|name| path.is_ident(name)),
        Meta::NameValue(pair) if pair.path.is_ident("feature") => {
            literal(&pair.value).is_some_and(|name| features.contains(&name))
        }
        Meta::NameValue(_) => true,
        Meta::List(list) => {
            let parse = Punctuated::<Meta, Token![,]>::parse_terminated;
            let Ok(parts) = list.parse_args_with(parse) else {
                return true;
            };
            let mut parts = parts.iter().map(|part| holds(part, features));
            match list.path.get_ident().map(ToString::to_string).as_deref() {
                Some("all") => parts.all(|part| part),
                Some("any") => parts.any(|part| part),
                Some("not") => !parts.next().unwrap_or(false),
                _ => true,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compiled(text: &str) -> bool {
        let item: syn::ItemFn = syn::parse_str(&format!("{text} fn f() {{}}")).unwrap();
        is_compiled(&item.attrs, &["std".to_owned()])
    }

    #[test]
    fn conditions_are_evaluated() {
        assert!(compiled("#[cfg(feature = \"std\")]"));
        assert!(!compiled("#[cfg(not(feature = \"std\"))]"));
        assert!(compiled("#[cfg(any(test, all(unix, feature = \"std\")))]"));
        assert!(!compiled("#[cfg(test)]") && !compiled("#[test]"));
    }
}
