//! Items that a crate's own `macro_rules!` write.
//!
//! A function in the body of such a macro is written once, so whoever wants its derivative puts the attribute there. To
//! know what it is (`$t` may be a float, or not), the calls among a crate's items are expanded.

mod matching;
mod pattern;
mod transcribe;

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use proc_macro2::{TokenStream, TokenTree};
use syn::spanned::Spanned;
use syn::{Item, ItemMacro, Macro};

use crate::modules::{is_compiled, Source};
use pattern::{Part, Side};

/// A macro that calls itself this deep is left alone.
const DEPTH: usize = 16;

/// Items of one file: as they stand there, or as a macro of that file writes them.
pub struct Written {
    pub file: usize,
    pub items: Vec<Item>,
    /// The call for which a macro writes them: file, and where.
    pub call: Option<(usize, Range<usize>)>,
}

/// The macros of a crate, by name. Modules may have some of the same name each.
pub struct Macros<'a> {
    features: &'a [String],
    known: HashMap<String, Vec<Definition>>,
    /// Those of which every call is read: file, and name.
    read: HashSet<(usize, String)>,
}

struct Definition {
    file: usize,
    rules: Vec<Rule>,
}

struct Rule {
    matcher: Vec<Part>,
    transcriber: Vec<Part>,
}

/// The items of all files, then those that macros write. What remains of calls, and of macros without any, is unread.
pub fn items(sources: &[Source], features: &[String]) -> Vec<Written> {
    let mut macros = Macros {
        features,
        known: HashMap::new(),
        read: HashSet::new(),
    };
    for (file, source) in sources.iter().enumerate() {
        macros.define(&source.items, file);
    }
    let mut all = Vec::new();
    for (file, source) in sources.iter().enumerate() {
        let mut items = source.items.clone();
        macros.replace(&mut items, file, 0, &mut all);
        let call = None;
        all.push(Written { file, items, call });
    }
    for written in &mut all {
        macros.forget(&mut written.items, written.file);
    }
    all
}

impl Macros<'_> {
    fn define(&mut self, items: &[Item], file: usize) {
        for item in items {
            match item {
                Item::Mod(module) if is_compiled(&module.attrs, self.features) => {
                    let inner = module.content.as_ref();
                    self.define(inner.map_or(&[], |(_, items)| items.as_slice()), file);
                }
                Item::Macro(item) if is_compiled(&item.attrs, self.features) => {
                    if let Some((name, rules)) = definition(item) {
                        let same = self.known.entry(name).or_default();
                        same.push(Definition { file, rules });
                    }
                }
                _ => {}
            }
        }
    }

    /// Takes calls out, and puts what they write behind all others.
    fn replace(
        &mut self,
        items: &mut Vec<Item>,
        file: usize,
        depth: usize,
        all: &mut Vec<Written>,
    ) {
        items.retain_mut(|item| match item {
            Item::Mod(module) if is_compiled(&module.attrs, self.features) => {
                if let Some((_, items)) = &mut module.content {
                    self.replace(items, file, depth, all);
                }
                true
            }
            Item::Macro(item) if item.ident.is_none() => {
                let compiled = is_compiled(&item.attrs, self.features);
                !compiled || !self.write(&item.mac, file, depth, all)
            }
            _ => true,
        });
    }

    /// Whether the items that the call stands for are known.
    fn write(&mut self, call: &Macro, from: usize, depth: usize, all: &mut Vec<Written>) -> bool {
        let written = self.expand(call, from).filter(|_| depth < DEPTH);
        let Some((file, mut items)) = written else {
            return false;
        };
        self.read.extend(name(call).map(|name| (file, name)));
        self.replace(&mut items, file, depth + 1, all);
        let call = Some((from, call.span().byte_range()));
        all.push(Written { file, items, call });
        true
    }

    /// By the definition in the same file, or by that of another.
    fn expand(&self, call: &Macro, from: usize) -> Option<(usize, Vec<Item>)> {
        let same = self.known.get(&name(call)?)?;
        let here = same.iter().rev().find(|definition| definition.file == from);
        let definition = here.or(same.last())?;
        let mut fitting = definition.rules.iter().filter_map(|rule| {
            let bindings = matching::bindings(&rule.matcher, call.tokens.clone())?;
            Some((rule, bindings))
        });
        let (rule, bindings) = fitting.next()?;
        let tokens = transcribe::tokens(&rule.transcriber, &bindings)?;
        let file: syn::File = syn::parse2(tokens).ok()?;
        Some((definition.file, file.items))
    }

    /// Takes definitions out of which all that they write was found.
    fn forget(&self, items: &mut Vec<Item>, file: usize) {
        items.retain_mut(|item| match item {
            Item::Mod(module) => {
                if let Some((_, items)) = &mut module.content {
                    self.forget(items, file);
                }
                true
            }
            Item::Macro(item) => {
                let name = item.ident.as_ref().map(ToString::to_string);
                !name.is_some_and(|name| self.read.contains(&(file, name)))
            }
            _ => true,
        });
    }
}

fn name(call: &Macro) -> Option<String> {
    call.path.segments.last().map(|last| last.ident.to_string())
}

/// `macro_rules! name { (matcher) => { … }; … }`
fn definition(item: &ItemMacro) -> Option<(String, Vec<Rule>)> {
    let name = item.ident.as_ref()?.to_string();
    Some((name, rules(item.mac.tokens.clone())?))
}

fn rules(tokens: TokenStream) -> Option<Vec<Rule>> {
    let is_group = |token: &TokenTree| matches!(token, TokenTree::Group(_));
    let sides: Vec<TokenTree> = tokens.into_iter().filter(is_group).collect();
    let rule = |pair: &[TokenTree]| {
        let [TokenTree::Group(matcher), TokenTree::Group(transcriber)] = pair else {
            return None;
        };
        Some(Rule {
            matcher: pattern::read(matcher.stream(), Side::Matcher)?,
            transcriber: pattern::read(transcriber.stream(), Side::Transcriber)?,
        })
    };
    sides.chunks(2).map(rule).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    fn expanded(text: &str) -> Vec<String> {
        let source = Source {
            path: PathBuf::from("a.rs"),
            text: text.to_owned(),
            items: syn::parse_file(text).unwrap().items,
        };
        let written = items(&[source], &[]);
        let all = written.iter().flat_map(|written| &written.items);
        let text = all.map(|item| quote::quote!(#item).to_string());
        text.map(|text| text.replace(' ', "")).collect()
    }

    #[test]
    fn calls_are_expanded() {
        let text = "macro_rules! m { ($($f:ident $t:ty),+ $(,)?) => { $(fn $f(x: $t) -> $t { f64::$f(x) })+ } }
            m!(cos f64, sin f32,);";
        let wanted = [
            "fncos(x:f64)->f64{f64::cos(x)}",
            "fnsin(x:f32)->f32{f64::sin(x)}",
        ];
        assert_eq!(expanded(text), wanted);
    }

    #[test]
    fn rules_are_tried_in_order() {
        let text = "macro_rules! m { (one $e:expr) => { const A: u8 = 2 * $e; }; ($e:expr) => { m!(one $e); } }
            m!(1 + 1);";
        assert_eq!(expanded(text), ["constA:u8=2*1+1;"]);
    }

    #[test]
    fn what_does_not_fit_stays() {
        let text = "macro_rules! m { ($e:ident) => { const A: u8 = 2; } } m!(1);";
        assert_eq!(expanded(text).len(), 2);
    }

    #[test]
    fn tokens_are_where_the_rule_has_them() {
        let text = "macro_rules! m { ($v:vis $f:ident) => { $v fn $f(x: f64) {} } } m!(pub g);";
        let file = syn::parse_file(text).unwrap();
        let source = Source {
            path: PathBuf::from("a.rs"),
            text: text.to_owned(),
            items: file.items,
        };
        let written = items(&[source], &[]);
        let Item::Fn(item) = &written[0].items[0] else {
            panic!("not a function")
        };
        let range = syn::spanned::Spanned::span(item).byte_range();
        assert!(text[range.clone()].starts_with("$v fn") || text[range].starts_with("$ v fn"));
    }
}
