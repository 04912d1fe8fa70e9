//! Writes the sources with attributes, and remembers what stands where.

use std::ops::Range;

use crate::eligible::Class;
use crate::fetch::write;
use crate::survey::{Block, Function, Survey};

/// What is switched on in a round, by index.
#[derive(Clone)]
pub struct Plan {
    pub functions: Vec<bool>,
    pub derived: Vec<bool>,
    pub imports: Vec<bool>,
}

/// Something that can be to blame for an error.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Owner {
    Function(usize),
    Block(usize),
    Derived(usize),
    Import(usize),
    /// Of what the call of a macro writes.
    Call(usize),
}

/// A stretch of a file as it is compiled.
pub struct Region {
    pub file: usize,
    pub span: Range<usize>,
    pub owner: Owner,
}

/// Text that is put in; at one place in this order.
struct Insertion {
    at: usize,
    text: String,
    owner: Option<Owner>,
}

const DIFFERENTIATE: &str = "#[::tapeless::differentiate] ";
const DERIVE: &str = "#[derive(::tapeless::Differentiable)] ";
const CONSTANT: &str = "#[constant] ";

impl Plan {
    /// Everything on, but for functions whose siblings could have no names.
    pub fn all(survey: &Survey) -> Plan {
        Plan {
            functions: survey.functions.iter().map(|f| !f.taken).collect(),
            derived: vec![true; survey.derived.len()],
            imports: vec![true; survey.imports.len()],
        }
    }

    /// Switches a function off, and with it those that cannot be on without it, which are returned: a trait's method has
    /// siblings in all implementations or in none.
    pub fn switch_off(&mut self, survey: &Survey, index: usize) -> Vec<usize> {
        let name = &survey.functions[index].name;
        let of = survey.trait_of(index);
        let others: Vec<usize> = of.map_or(Vec::new(), |of| survey.methods_of(of, name).collect());
        for other in others.iter().chain([&index]) {
            self.functions[*other] = false;
        }
        others
    }

    /// Whether a trait's method is on wherever it is implemented.
    pub fn is_on_in_all(&self, survey: &Survey, of: &str, name: &str) -> bool {
        let mut members = survey.methods_of(of, name).peekable();
        members.peek().is_some() && members.all(|index| self.functions[index])
    }

    /// Whether a function is on that can be imported under this name.
    fn offers(&self, survey: &Survey, name: &str) -> bool {
        let mut functions = survey.functions.iter().zip(&self.functions);
        let named = |function: &Function| {
            function.name == name || function.aliases.iter().any(|alias| alias == name)
        };
        functions.any(|(function, on)| *on && function.block.is_none() && named(function))
    }
}

/// Writes all files; where things are in them.
pub fn write_sources(survey: &Survey, plan: &Plan, edition: &str) -> Result<Vec<Region>, String> {
    let mut regions = Vec::new();
    let root = survey.files.len().saturating_sub(1);
    for (file, (path, text)) in survey.files.iter().enumerate() {
        let mut insertions = insertions(survey, plan, file);
        if edition == "2015" && file == root {
            insertions.push(plain(
                first_item(text),
                "extern crate tapeless; ".to_owned(),
            ));
        }
        insertions.sort_by_key(|insertion| insertion.at);
        write(path, &apply(text, &insertions))?;
        regions.extend(placed(survey, file, &insertions));
    }
    Ok(regions)
}

/// Where the first item starts: after comments and inner attributes.
fn first_item(text: &str) -> usize {
    let file = syn::parse_file(text).ok();
    let first = file.as_ref().and_then(|file| file.items.first());
    first.map_or(0, |item| {
        syn::spanned::Spanned::span(item).byte_range().start
    })
}

fn plain(at: usize, text: String) -> Insertion {
    Insertion {
        at,
        text,
        owner: None,
    }
}

fn insertions(survey: &Survey, plan: &Plan, file: usize) -> Vec<Insertion> {
    let mut all = Vec::new();
    for (index, function) in survey.functions.iter().enumerate() {
        if function.file != file {
            continue;
        }
        let on = plan.functions[index];
        let block = function
            .block
            .filter(|block| !stands_alone(&survey.blocks[*block]));
        let inert = function.class == Class::Inert;
        match block {
            None if on && inert => {
                let text = attribute(Some("inert".to_owned()), &function.said);
                all.push(plain(function.at, text));
            }
            Some(_) if on && inert => all.push(plain(function.at, inert_member(function))),
            None if on => all.push(plain(function.at, attribute(None, &function.said))),
            Some(block) if !on && is_on(survey, plan, block) => {
                all.push(plain(function.at, CONSTANT.to_owned()));
            }
            _ => {}
        }
        let constants = function.constants.iter().filter(|_| on);
        all.extend(constants.map(|at| plain(*at, CONSTANT.to_owned())));
    }
    for (index, block) in survey.blocks.iter().enumerate() {
        if block.file == file && is_on(survey, plan, index) {
            let option = match block.in_trait {
                // An implementation of a trait that has the siblings.
                Some(_) if !block.defines => Some("in_trait".to_owned()),
                _ if block.renamed => Some(format!("name = impl{index}")),
                _ => None,
            };
            all.push(plain(block.at, attribute(option, &block.said)));
            let others = block.others.iter();
            all.extend(others.map(|(_, at)| plain(*at, CONSTANT.to_owned())));
            let of = block.in_trait.as_deref().unwrap_or_default();
            let off = |declared: &&(String, usize)| !plan.is_on_in_all(survey, of, &declared.0);
            let declared = block.declared.iter().filter(off);
            all.extend(declared.map(|(_, at)| plain(*at, CONSTANT.to_owned())));
        }
    }
    for (index, derived) in survey.derived.iter().enumerate() {
        if derived.file == file && plan.derived[index] {
            all.push(plain(derived.at, DERIVE.to_owned()));
            let constants = derived.constants.iter();
            all.extend(constants.map(|at| plain(*at, CONSTANT.to_owned())));
        }
    }
    let of_libm = survey.of_libm.iter().filter(|(other, _)| *other == file);
    all.extend(of_libm.map(|(_, at)| plain(*at, DIFFERENTIATE.to_owned())));
    for (index, import) in survey.imports.iter().enumerate() {
        if import.file == file && plan.imports[index] && plan.offers(survey, &import.name) {
            all.push(Insertion {
                at: import.at,
                text: import.text.clone(),
                owner: Some(Owner::Import(index)),
            });
        }
    }
    all
}

/// The attribute with an option, and with the type parameters that are floats.
fn attribute(option: Option<String>, said: &[String]) -> String {
    let floats = (!said.is_empty()).then(|| format!("float({})", said.join(", ")));
    let options: Vec<String> = option.into_iter().chain(floats).collect();
    match options.join(", ") {
        none if none.is_empty() => DIFFERENTIATE.to_owned(),
        options => format!("#[::tapeless::differentiate({options})] "),
    }
}

/// In an `impl` block, which its own attribute does not see.
fn inert_member(function: &Function) -> String {
    let float = match function.floats.join(", ") {
        names if names.is_empty() => String::new(),
        names => format!(", float({names})"),
    };
    format!("#[::tapeless::differentiate(inert, associated{float})] ")
}

/// Whether a block gets the attribute: an `impl` with members that are on. Default methods of a trait are annotated by
/// themselves, as its implementations need not follow.
fn is_on(survey: &Survey, plan: &Plan, block: usize) -> bool {
    let found = &survey.blocks[block];
    let mut functions = survey.functions.iter().zip(&plan.functions);
    let on = functions.any(|(function, on)| {
        *on && function.block == Some(block) && function.class != Class::Inert
    });
    let of = found.in_trait.as_deref().unwrap_or_default();
    let mut declared = found.declared.iter();
    let asked = declared.any(|(name, _)| plan.is_on_in_all(survey, of, name));
    (on || asked) && !stands_alone(found)
}

/// Whether the members of a block are annotated by themselves.
fn stands_alone(block: &Block) -> bool {
    block.defines && block.in_trait.is_none()
}

fn apply(text: &str, insertions: &[Insertion]) -> String {
    let mut out = String::with_capacity(text.len() + 64 * insertions.len());
    let mut done = 0;
    for insertion in insertions {
        out.push_str(&text[done..insertion.at]);
        out.push_str(&insertion.text);
        done = insertion.at;
    }
    out.push_str(&text[done..]);
    out
}

fn placed(survey: &Survey, file: usize, insertions: &[Insertion]) -> Vec<Region> {
    let before = |at: usize| {
        let earlier = insertions.iter().filter(|insertion| insertion.at < at);
        at + earlier.map(|insertion| insertion.text.len()).sum::<usize>()
    };
    let region = |span: &Range<usize>, owner| Region {
        file,
        span: before(span.start)..before(span.end),
        owner,
    };
    let mut regions = Vec::new();
    let functions = survey.functions.iter().enumerate();
    let functions = functions.filter(|(_, function)| function.file == file);
    regions.extend(functions.map(|(i, f)| region(&f.span, Owner::Function(i))));
    let blocks = survey.blocks.iter().enumerate();
    let blocks = blocks.filter(|(_, block)| block.file == file);
    regions.extend(blocks.map(|(i, b)| region(&b.span, Owner::Block(i))));
    let derived = survey.derived.iter().enumerate();
    let derived = derived.filter(|(_, derived)| derived.file == file);
    regions.extend(derived.map(|(i, d)| region(&d.span, Owner::Derived(i))));
    let calls = survey.calls.iter().enumerate();
    let calls = calls.filter(|(_, call)| call.file == file);
    regions.extend(calls.map(|(i, call)| region(&call.span, Owner::Call(i))));
    regions.extend(inserted(file, insertions));
    regions
}

/// Inserted text that can be to blame itself.
fn inserted(file: usize, insertions: &[Insertion]) -> Vec<Region> {
    let mut earlier = 0;
    let mut regions = Vec::new();
    for insertion in insertions {
        let start = insertion.at + earlier;
        earlier += insertion.text.len();
        let span = start..start + insertion.text.len();
        regions.extend(insertion.owner.map(|owner| Region { file, span, owner }));
    }
    regions
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn insertions_go_where_they_belong() {
        let text = "fn f() {}\nfn g() {}\n";
        let insertions = [plain(0, "A ".into()), plain(10, "B ".into())];
        assert_eq!(apply(text, &insertions), "A fn f() {}\nB fn g() {}\n");
    }
}
