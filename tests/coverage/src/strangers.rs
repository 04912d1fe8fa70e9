//! Traits named `Float` or `Real` that are not those of `num_traits` and of `tapeless`: of a parameter that one bounds a user says
//! by the option `float` that it is a float.

use std::collections::HashSet;

use syn::{Generics, Item, TypeParamBound, UseTree, WherePredicate};

/// Where those are from that need no option.
const KNOWN: [&str; 3] = ["num_traits", "num", "tapeless"];

fn is_one(name: &syn::Ident) -> bool {
    name == "Float" || name == "Real"
}

/// Those that a crate defines itself.
pub fn defined(items: &[Item]) -> HashSet<String> {
    let mut found = HashSet::new();
    for item in items {
        match item {
            Item::Trait(item) if is_one(&item.ident) => {
                found.insert(item.ident.to_string());
            }
            Item::Mod(module) => {
                let inner = module.content.as_ref();
                found.extend(inner.map_or(HashSet::new(), |(_, items)| defined(items)));
            }
            _ => {}
        }
    }
    found
}

/// Those that the items of a file bring in or define; `own` are the crate's.
pub fn among(items: &[Item], own: &HashSet<String>) -> HashSet<String> {
    let mut found = HashSet::new();
    for item in items {
        match item {
            Item::Trait(item) if is_one(&item.ident) => {
                found.insert(item.ident.to_string());
            }
            Item::Use(item) => imported(&item.tree, &mut Vec::new(), own, &mut found),
            _ => {}
        }
    }
    found
}

fn imported(
    tree: &UseTree,
    path: &mut Vec<String>,
    own: &HashSet<String>,
    found: &mut HashSet<String>,
) {
    match tree {
        UseTree::Path(step) => {
            path.push(step.ident.to_string());
            imported(&step.tree, path, own, found);
            path.pop();
        }
        UseTree::Group(group) => {
            for tree in &group.items {
                imported(tree, path, own, found);
            }
        }
        UseTree::Name(leaf) if is_one(&leaf.ident) => {
            let says = |name: &str| path.iter().any(|step| step == name);
            let first = path.first().map_or("", String::as_str);
            let here = ["crate", "self", "super"].contains(&first);
            let name = leaf.ident.to_string();
            let strange = match here {
                true => own.contains(&name),
                false => !KNOWN.iter().any(|known| says(known)),
            };
            found.extend(strange.then_some(name));
        }
        _ => {}
    }
}

/// The type parameters that one of them bounds.
pub fn bounded(generics: &Generics, strangers: &HashSet<String>) -> Vec<String> {
    let is = |bound: &TypeParamBound| match bound {
        TypeParamBound::Trait(bound) => {
            let name = bound.path.get_ident().map(ToString::to_string);
            name.is_some_and(|name| strangers.contains(&name))
        }
        _ => false,
    };
    let declared = generics.type_params();
    let declared = declared.filter(|param| param.bounds.iter().any(is));
    let mut found: Vec<String> = declared.map(|param| param.ident.to_string()).collect();
    let clauses = generics.where_clause.iter().flat_map(|c| &c.predicates);
    for predicate in clauses {
        if let WherePredicate::Type(predicate) = predicate {
            let parameter = match &predicate.bounded_ty {
                syn::Type::Path(path) => path.path.get_ident().map(ToString::to_string),
                _ => None,
            };
            let bounded = predicate.bounds.iter().any(is);
            found.extend(parameter.filter(|name| bounded && !found.contains(name)));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn others_have_traits_by_these_names() {
        let file = |text| syn::parse_file(text).unwrap().items;
        let own = HashSet::from(["Real".to_owned()]);
        let found = |text| among(&file(text), &own);
        assert!(found("use num_traits::{Float, Zero}; use crate::Float;").is_empty());
        assert!(found("use vecmath::traits::Float;").contains("Float"));
        assert!(found("use super::traits::Real;").contains("Real"));
        let generics: Generics = syn::parse_quote!(<T: Float, U>);
        let strangers = HashSet::from(["Float".to_owned()]);
        assert_eq!(bounded(&generics, &strangers), ["T"]);
    }
}
