//! What `use` items bring in, where they are seen: functions that the macro knows by their path are called by it.
//!
//! `use libm::exp; … exp(x)` is lowered as `libm::exp(x)`, in a function whose body has the `use`, and in an annotated
//! module that has it. The function itself stays as it is.

use std::collections::{HashMap, HashSet};

use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{Block, ExprPath, Ident, Item, ItemUse, Pat, PatIdent, Path, Signature, Stmt, UseTree};

use super::function::Function;
use crate::rules;

/// A name that a `use` item brings in.
pub struct Leaf {
    /// What it is called here.
    pub name: Ident,
    /// What it is.
    pub path: Path,
}

/// The names of an item; `as _`, `self` and `*` bring in none that could be called.
pub fn leaves(item: &ItemUse) -> Vec<Leaf> {
    let mut found = Vec::new();
    let root = Path {
        leading_colon: item.leading_colon,
        segments: Default::default(),
    };
    collect(&item.tree, &root, &mut found);
    found
}

fn collect(tree: &UseTree, before: &Path, found: &mut Vec<Leaf>) {
    let followed_by = |name: &Ident| {
        let mut path = before.clone();
        path.segments.push(name.clone().into());
        path
    };
    match tree {
        UseTree::Path(step) => collect(&step.tree, &followed_by(&step.ident), found),
        UseTree::Group(group) => {
            let trees = group.items.iter();
            trees.for_each(|tree| collect(tree, before, found));
        }
        UseTree::Name(leaf) if leaf.ident != "self" => found.push(Leaf {
            name: leaf.ident.clone(),
            path: followed_by(&leaf.ident),
        }),
        UseTree::Rename(leaf) if leaf.ident != "self" && leaf.rename != "_" => found.push(Leaf {
            name: leaf.rename.clone(),
            path: followed_by(&leaf.ident),
        }),
        _ => {}
    }
}

/// Known functions by the names that they have here.
#[derive(Default)]
pub struct Imports {
    known: HashMap<String, Path>,
}

impl Imports {
    /// What the `use` items among some items bring in.
    pub fn of<'a>(items: impl IntoIterator<Item = &'a Item>) -> Imports {
        let mut imports = Imports::default();
        for item in items {
            if let Item::Use(item) = item {
                imports.add(item);
            }
        }
        imports
    }

    fn add(&mut self, item: &ItemUse) {
        self.add_those(item, is_known);
    }

    fn add_those(&mut self, item: &ItemUse, may: impl Fn(&Path) -> bool) {
        let known = leaves(item).into_iter();
        let known = known.filter(|leaf| may(&leaf.path));
        self.known
            .extend(known.map(|leaf| (leaf.name.unraw().to_string(), leaf.path)));
    }

    /// Spells out the paths in a function's body, of which there may be several readings.
    pub fn spell_out(&self, function: &mut Function) {
        let bodies = function
            .readings
            .iter_mut()
            .map(|reading| &mut reading.body);
        for body in bodies.chain(&mut function.body) {
            self.spell_out_in(&function.sig, body);
        }
    }

    fn spell_out_in(&self, sig: &Signature, body: &mut Block) {
        if self.known.is_empty() {
            return;
        }
        let mut own = Own::default();
        own.visit_signature(sig);
        own.visit_block(body);
        let mut spell = SpellOut {
            imports: self,
            own: own.0,
        };
        spell.visit_block_mut(body);
    }
}

/// Spells out what the `use` items of a body and of the blocks in it bring in, each in its own block. Functions of the crate
/// are among that: beside `use crate::m::g` there is no `use crate::m::g_vjp`.
pub fn spell_out_own(sig: &Signature, body: &mut Block) {
    OfBlocks { sig }.visit_block_mut(body);
}

struct OfBlocks<'a> {
    sig: &'a Signature,
}

impl VisitMut for OfBlocks<'_> {
    fn visit_block_mut(&mut self, block: &mut Block) {
        // What a block inside brings in hides what this one does.
        visit_mut::visit_block_mut(self, block);
        let mut imports = Imports::default();
        for stmt in &block.stmts {
            if let Stmt::Item(Item::Use(item)) = stmt {
                imports.add_those(item, |path| is_known(path) || is_of_crate(path));
            }
        }
        imports.spell_out_in(self.sig, block);
    }

    fn visit_item_mut(&mut self, _: &mut Item) {}
}

/// Whether a path, as it is written here, means the same function in every edition.
fn is_of_crate(path: &Path) -> bool {
    let mut names = path
        .segments
        .iter()
        .map(|segment| segment.ident.to_string());
    let rooted = names
        .next()
        .is_some_and(|first| matches!(first.as_str(), "crate" | "self" | "super"));
    let is_function = |name: String| name.chars().all(|c| !c.is_uppercase());
    rooted && path.leading_colon.is_none() && names.next_back().is_some_and(is_function)
}

/// Whether lowering knows a function by this path.
fn is_known(path: &Path) -> bool {
    let names: Vec<String> = path
        .segments
        .iter()
        .map(|segment| segment.ident.to_string())
        .collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    match names[..] {
        [.., "libm", name] => rules::lookup_libm(name).is_some(),
        ["std" | "core", "mem", "swap" | "replace" | "take"] => true,
        ["std" | "core", "array", "from_fn"] => true,
        ["tapeless", "constant"] => true,
        _ => false,
    }
}

/// Names that the function itself gives to something.
#[derive(Default)]
struct Own(HashSet<String>);

impl<'ast> Visit<'ast> for Own {
    fn visit_pat_ident(&mut self, pat: &'ast PatIdent) {
        self.0.insert(pat.ident.unraw().to_string());
        visit::visit_pat_ident(self, pat);
    }

    fn visit_item(&mut self, item: &'ast Item) {
        if let Item::Fn(item) = item {
            self.0.insert(item.sig.ident.unraw().to_string());
        }
    }
}

struct SpellOut<'a> {
    imports: &'a Imports,
    own: HashSet<String>,
}

impl VisitMut for SpellOut<'_> {
    fn visit_expr_path_mut(&mut self, expr: &mut ExprPath) {
        if let Some(path) = self.known(expr) {
            expr.path = path;
        }
        visit_mut::visit_expr_path_mut(self, expr);
    }

    fn visit_pat_mut(&mut self, _: &mut Pat) {}

    fn visit_item_mut(&mut self, _: &mut Item) {}
}

impl SpellOut<'_> {
    fn known(&self, expr: &ExprPath) -> Option<Path> {
        let name = expr.path.get_ident().filter(|_| expr.qself.is_none())?;
        let text = name.unraw().to_string();
        let path = self.imports.known.get(&text)?;
        (!self.own.contains(&text)).then(|| at(path, name.span()))
    }
}

/// The path as if it stood at `span`.
fn at(path: &Path, span: Span) -> Path {
    let mut path = path.clone();
    for segment in &mut path.segments {
        segment.ident.set_span(span);
    }
    path
}
