//! Traits of a crate whose methods' siblings are members of the trait: those that types of the standard library implement,
//! and those that one type implements more than once, or beside methods of its own by the same names. There is no other
//! place for them.

use std::collections::{HashMap, HashSet};

use proc_macro2::{TokenStream, TokenTree};
use syn::{Generics, Ident, Item, ItemImpl, Type};

use crate::survey::Survey;

/// The traits, by name.
#[derive(Default)]
pub struct Traits {
    defined: HashSet<String>,
    implemented: HashSet<String>,
    /// The types that implement each of them.
    implementors: HashMap<String, Vec<(Generics, Type)>>,
    /// Names in macros, whose implementations would not be found.
    hidden: HashSet<String>,
}

const STANDARD: [&str; 20] = [
    "f32", "f64", "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128",
    "isize", "bool", "char", "str", "String", "Vec", "Option",
];

impl Traits {
    /// Reads the items of a file.
    pub fn read(&mut self, items: &[Item]) {
        for item in items {
            match item {
                Item::Trait(item) => {
                    self.defined.insert(item.ident.to_string());
                }
                Item::Impl(item) => self.implementation(item),
                Item::Macro(item) => self.hide(item.mac.tokens.clone()),
                Item::Mod(module) => {
                    let inner = module.content.as_ref();
                    self.read(inner.map_or(&[], |(_, items)| items.as_slice()));
                }
                _ => {}
            }
        }
    }

    fn implementation(&mut self, item: &ItemImpl) {
        let path = item.trait_.as_ref().map(|(path, _)| path);
        let Some(last) = path.and_then(|path| path.segments.last()) else {
            return;
        };
        let name = last.ident.to_string();
        if is_standard(&item.self_ty) {
            self.implemented.insert(name.clone());
        }
        let types = self.implementors.entry(name).or_default();
        types.push((item.generics.clone(), (*item.self_ty).clone()));
    }

    /// The types that implement a trait.
    pub fn implementors(&self, name: &Ident) -> &[(Generics, Type)] {
        self.implementors
            .get(&name.to_string())
            .map_or(&[], Vec::as_slice)
    }

    fn hide(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Ident(name) => {
                    self.hidden.insert(name.to_string());
                }
                TokenTree::Group(group) => self.hide(group.stream()),
                _ => {}
            }
        }
    }

    /// The trait, if it and all its implementations are seen.
    pub fn named(&self, name: &Ident) -> Option<String> {
        let name = name.to_string();
        let seen = self.defined.contains(&name) && !self.hidden.contains(&name);
        seen.then_some(name)
    }
}

/// What is tried.
#[derive(Clone, Default)]
pub struct Choice {
    /// Traits that have the siblings as members, besides those that have to.
    pub with: HashSet<String>,
    /// Traits that have not, although some implementations are without siblings then.
    pub without: HashSet<String>,
}

/// Decides which traits have the siblings as members, and which methods are without any.
pub fn settle(survey: &mut Survey, traits: &Traits, choice: &Choice) {
    let mut chosen: HashSet<String> = traits.implemented.union(&choice.with).cloned().collect();
    for (index, taken) in taken(survey).into_iter().enumerate() {
        let of = survey.trait_of(index).filter(|_| taken);
        chosen.extend(of.map(str::to_owned));
    }
    chosen.retain(|of| !choice.without.contains(of));
    let torn = torn(survey);
    for block in &mut survey.blocks {
        block
            .in_trait
            .take_if(|of| !chosen.contains(of) || torn.contains(of));
    }
    let taken = taken(survey);
    for (index, taken) in taken.into_iter().enumerate() {
        survey.functions[index].taken = taken && survey.trait_of(index).is_none();
    }
    rename(survey);
}

/// Gives names of their own to the siblings of an implementation that could have none else.
fn rename(survey: &mut Survey) {
    for (index, block) in survey.blocks.iter_mut().enumerate() {
        let functions = survey.functions.iter_mut();
        let members: Vec<_> = functions.filter(|f| f.block == Some(index)).collect();
        let all = !members.is_empty() && members.iter().all(|function| function.taken);
        block.renamed = all && !block.repeated;
        if block.renamed {
            members
                .into_iter()
                .for_each(|function| function.taken = false);
        }
    }
}

/// Traits of which one implementation could give a method's siblings and another could not, because its type carries no
/// floats.
fn torn(survey: &Survey) -> HashSet<String> {
    let mut torn = HashSet::new();
    for (index, block) in survey.blocks.iter().enumerate() {
        let Some(of) = &block.in_trait else {
            continue;
        };
        let is_torn = block.others.iter().any(|(name, _)| {
            let mut members = survey.methods_of(of, name).peekable();
            // Beside one that is on, this is a version that is not compiled.
            let here = |member: usize| survey.functions[member].block == Some(index);
            members.peek().is_some() && !members.any(here)
        });
        if is_torn {
            torn.insert(of.clone());
        }
    }
    torn
}

/// Per function whether it is a trait's method whose siblings would stand beside those of another by the same name: only
/// the type's own, or the first, can have some there.
fn taken(survey: &Survey) -> Vec<bool> {
    let keys: Vec<_> = survey
        .functions
        .iter()
        .map(|function| {
            let block = function.block.map(|block| &survey.blocks[block])?;
            let apart = !block.defines && !block.has_rule;
            apart.then_some((function.name.as_str(), block.of.as_str(), block.of_trait))
        })
        .collect();
    let is_taken = |index: usize| {
        let Some((name, of, true)) = keys[index] else {
            return false;
        };
        let same = |key: &&(&str, &str, bool)| key.0 == name && key.1 == of;
        let mut others = keys.iter().flatten();
        let mut earlier = keys[..index].iter().flatten();
        let block = survey.functions[index].block;
        let repeated = block.is_some_and(|block| survey.blocks[block].repeated);
        repeated || others.any(|key| same(&key) && !key.2) || earlier.any(|key| same(&key))
    };
    (0..keys.len()).map(is_taken).collect()
}

fn is_standard(ty: &Type) -> bool {
    match ty {
        Type::Path(path) => {
            let name = path.path.segments.last().map(|last| last.ident.to_string());
            name.is_some_and(|name| STANDARD.contains(&name.as_str()))
        }
        _ => true,
    }
}
