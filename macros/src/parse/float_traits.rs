//! The traits by which type parameters are known to be floats: `num_traits::Float`, and `Real` of this crate.
//!
//! Others have traits by these names, too. `T: Real` or `Real`'s methods beside such a trait would make `x.sqrt()` ambiguous,
//! so a parameter that one bounds is told like any other of a trait of the user's own ([`scalars`](super::scalars)). Whose
//! trait it is shows in the path of the bound, and in an annotated module in its `use` items and traits. Where nothing
//! shows it, the names are taken for what they mostly mean.

use proc_macro2::Ident;
use syn::{Generics, Item, ItemUse, Path, UseTree};

use super::arguments::Options;
use super::imports::{leaves, Leaf};
use super::types::{bounds_of, ends_with, type_params};

/// Where each of them comes from.
const ORIGINS: [(&str, &[&str]); 2] = [("Float", &["num_traits", "num"]), ("Real", &["tapeless"])];

/// What a path may start with without saying whose it is.
const ROOTS: [&str; 3] = ["crate", "self", "super"];

/// Type parameters bounded by `Real`, and those bounded by `Float` alone, but for those that the option `float` names.
pub fn reals(generics: &Generics, options: &Options) -> (Vec<Ident>, Vec<Ident>) {
    let (mut real, mut float) = (Vec::new(), Vec::new());
    let bare = |param: &&Ident| options.floats.contains(param);
    for param in type_params(generics).filter(|param| !bare(param)) {
        let bounded = |name: &str| {
            let mut bounds = bounds_of(generics, param);
            bounds.any(|path| ends_with(path, name) && !is_strange(path, &options.strangers))
        };
        if bounded("Real") {
            real.push(param.clone());
        } else if bounded("Float") {
            float.push(param.clone());
        }
    }
    (real, float)
}

/// Whether a trait by one of these names is somebody else's.
fn is_strange(path: &Path, strangers: &[Ident]) -> bool {
    match path.get_ident() {
        Some(name) => strangers.contains(name),
        None => comes_from_elsewhere(path),
    }
}

/// Whether a path says that the trait is not the one that its name stands for.
fn comes_from_elsewhere(path: &Path) -> bool {
    let says = |name: &str| path.segments.iter().any(|segment| segment.ident == name);
    let rooted = path.segments.first().is_some_and(|first| {
        path.leading_colon.is_none() && ROOTS.iter().any(|root| first.ident == root)
    });
    let mut origins = ORIGINS.iter();
    let known = origins.find(|(name, _)| ends_with(path, name));
    known.is_some_and(|(_, from)| !rooted && !from.iter().any(|name| says(name)))
}

/// The names that somebody else's traits have among the items of a module; `outer` are those of the module around it.
pub fn strangers(items: &[Item], outer: &[Ident]) -> Vec<Ident> {
    let mut found = Vec::new();
    for item in items {
        match item {
            Item::Use(item) if is_all_of_super(item) => found.extend(outer.iter().cloned()),
            Item::Use(item) => found.extend(imported(item, outer)),
            Item::Trait(item) if is_known(&item.ident) => found.push(item.ident.clone()),
            _ => {}
        }
    }
    found
}

fn is_known(name: &Ident) -> bool {
    ORIGINS.iter().any(|(known, _)| name == known)
}

fn imported<'a>(item: &ItemUse, outer: &'a [Ident]) -> impl Iterator<Item = Ident> + 'a {
    let strange = move |leaf: &Leaf| {
        let from_outer = leaf.path.segments.len() == 2 && leaf.path.segments[0].ident == "super";
        match from_outer {
            true => outer.contains(&leaf.name),
            false => is_known(&leaf.name) && comes_from_elsewhere(&leaf.path),
        }
    };
    let leaves = leaves(item).into_iter();
    leaves.filter(strange).map(|leaf| leaf.name)
}

/// `use super::*;`
fn is_all_of_super(item: &ItemUse) -> bool {
    matches!(&item.tree, UseTree::Path(step) if step.ident == "super" && matches!(*step.tree, UseTree::Glob(_)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use syn::parse_quote;

    fn found(item: &syn::ItemFn, options: &Options) -> (Vec<String>, Vec<String>) {
        let (real, float) = reals(&item.sig.generics, options);
        let names = |all: Vec<Ident>| all.iter().map(Ident::to_string).collect();
        (names(real), names(float))
    }

    #[test]
    fn they_are_found_in_either_place() {
        let item = parse_quote!(
            fn f<T: tapeless::Real, U, V>()
            where
                U: Float + Copy,
            {
            }
        );
        let options = Options::default();
        assert_eq!(found(&item, &options), (vec!["T".into()], vec!["U".into()]));
    }

    #[test]
    fn those_of_others_are_not_taken_for_them() {
        let item = parse_quote!(
            fn f<A: piston::Float, B: num_traits::real::Real, C: num_traits::Float, D: Float>() {}
        );
        let mut options = Options::default();
        let none = Vec::new();
        assert_eq!(
            found(&item, &options),
            (none.clone(), vec!["C".into(), "D".into()])
        );
        options.strangers = strangers(
            &[parse_quote!(
                use piston::{Float, Radians};
            )],
            &[],
        );
        assert_eq!(found(&item, &options), (none.clone(), vec!["C".into()]));
        options.floats = vec![parse_quote!(C)];
        assert_eq!(found(&item, &options), (none.clone(), none));
    }

    #[test]
    fn modules_show_whose_traits_they_use() {
        let show = |items: &[Item], outer: &[Ident]| {
            let found = strangers(items, outer);
            found.iter().map(Ident::to_string).collect::<Vec<_>>()
        };
        let outer: Ident = parse_quote!(Float);
        let (all, one) = (
            parse_quote!(
                use super::*;
            ),
            parse_quote!(
                use super::Float;
            ),
        );
        assert_eq!(show(&[all], std::slice::from_ref(&outer)), ["Float"]);
        assert_eq!(show(&[one], std::slice::from_ref(&outer)), ["Float"]);
        assert!(show(
            &[parse_quote!(
                use num::Float;
            )],
            &[outer]
        )
        .is_empty());
        assert!(show(
            &[parse_quote!(
                use crate::Float;
            )],
            &[]
        )
        .is_empty());
        assert_eq!(
            show(
                &[parse_quote!(
                    trait Real {}
                )],
                &[]
            ),
            ["Real"]
        );
    }
}
