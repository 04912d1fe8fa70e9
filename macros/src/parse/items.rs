//! Items of blocks inside a body: `{ const K: f64 = 2.0; … }`.
//!
//! The body comes to pieces, so that its items stand at its head. One of a block inside gets a name of its own if the
//! function says its name elsewhere too, where it means something else.

use std::collections::HashMap;

use proc_macro2::{Group, TokenStream, TokenTree};
use quote::{format_ident, ToTokens};
use syn::visit_mut::{self, VisitMut};
use syn::{
    Block, FieldPat, FieldValue, Ident, Item, ItemUse, Macro, Member, Pat, PatIdent, Path,
    Signature, Stmt, UseRename, UseTree,
};

use super::imports;

/// Names the items of blocks inside a body apart from what the function says elsewhere.
pub fn set_apart(sig: &Signature, body: &mut Block) {
    let mut everywhere = Counts::default();
    everywhere.add(sig.to_token_stream());
    everywhere.add(body.to_token_stream());
    let mut blocks = Blocks {
        everywhere,
        renamed: 0,
    };
    let stmts = body.stmts.iter_mut();
    stmts.for_each(|stmt| blocks.visit_stmt_mut(stmt));
}

/// How often each name is said.
#[derive(Default)]
struct Counts(HashMap<String, usize>);

impl Counts {
    fn add(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Ident(name) => *self.0.entry(name.to_string()).or_default() += 1,
                TokenTree::Group(group) => self.add(group.stream()),
                _ => {}
            }
        }
    }

    fn of(&self, name: &Ident) -> usize {
        self.0.get(&name.to_string()).copied().unwrap_or(0)
    }
}

/// Goes through the blocks of a body, the innermost first.
struct Blocks {
    everywhere: Counts,
    renamed: usize,
}

impl VisitMut for Blocks {
    fn visit_block_mut(&mut self, block: &mut Block) {
        visit_mut::visit_block_mut(self, block);
        let names: Vec<Ident> = block.stmts.iter().flat_map(defined).collect();
        if names.is_empty() {
            return;
        }
        let mut here = Counts::default();
        here.add(block.to_token_stream());
        for name in names {
            if here.of(&name) < self.everywhere.of(&name) {
                self.rename(&name, block);
            }
        }
    }

    /// The items of a function in the body stay in it.
    fn visit_item_mut(&mut self, _: &mut Item) {}
}

impl Blocks {
    fn rename(&mut self, name: &Ident, block: &mut Block) {
        let to = loop {
            self.renamed += 1;
            let to = format_ident!("{name}_{}", self.renamed, span = name.span());
            if self.everywhere.of(&to) == 0 {
                break to;
            }
        };
        Rename { name, to: &to }.visit_block_mut(block);
    }
}

/// The names that a statement defines, if it is an item.
fn defined(stmt: &Stmt) -> Vec<Ident> {
    let Stmt::Item(item) = stmt else {
        return Vec::new();
    };
    match item {
        Item::Const(item) => vec![item.ident.clone()],
        Item::Static(item) => vec![item.ident.clone()],
        Item::Fn(item) => vec![item.sig.ident.clone()],
        Item::Struct(item) => vec![item.ident.clone()],
        Item::Enum(item) => vec![item.ident.clone()],
        Item::Type(item) => vec![item.ident.clone()],
        Item::Use(item) => imports::leaves(item)
            .into_iter()
            .map(|leaf| leaf.name)
            .filter(|name| name != "_")
            .collect(),
        _ => Vec::new(),
    }
}

/// Puts another name in place of one, in whatever the block says.
struct Rename<'a> {
    name: &'a Ident,
    to: &'a Ident,
}

impl Rename<'_> {
    fn is_it(&self, name: &Ident) -> bool {
        name == self.name
    }

    fn at(&self, name: &Ident) -> Ident {
        let mut to = self.to.clone();
        to.set_span(name.span());
        to
    }

    fn change(&self, name: &mut Ident) {
        if self.is_it(name) {
            *name = self.at(name);
        }
    }

    fn tokens(&self, tokens: TokenStream) -> TokenStream {
        let mut after_dot = false;
        let renamed = tokens.into_iter().map(|token| {
            let is_field = std::mem::replace(
                &mut after_dot,
                matches!(&token, TokenTree::Punct(p) if p.as_char() == '.'),
            );
            match token {
                TokenTree::Ident(name) if self.is_it(&name) && !is_field => self.at(&name).into(),
                TokenTree::Group(group) => {
                    let mut new = Group::new(group.delimiter(), self.tokens(group.stream()));
                    new.set_span(group.span());
                    new.into()
                }
                other => other,
            }
        });
        renamed.collect()
    }

    /// `use path::name;` becomes `use path::name as other;`.
    fn tree(&self, tree: &mut UseTree) {
        match tree {
            UseTree::Path(step) => self.tree(&mut step.tree),
            UseTree::Group(group) => group.items.iter_mut().for_each(|tree| self.tree(tree)),
            UseTree::Rename(leaf) => self.change(&mut leaf.rename),
            UseTree::Name(leaf) if self.is_it(&leaf.ident) => {
                *tree = UseTree::Rename(UseRename {
                    ident: leaf.ident.clone(),
                    as_token: Default::default(),
                    rename: self.at(&leaf.ident),
                });
            }
            UseTree::Name(_) | UseTree::Glob(_) => {}
        }
    }
}

impl VisitMut for Rename<'_> {
    fn visit_path_mut(&mut self, path: &mut Path) {
        if path.leading_colon.is_none() {
            if let Some(first) = path.segments.first_mut() {
                self.change(&mut first.ident);
            }
        }
        visit_mut::visit_path_mut(self, path);
    }

    fn visit_pat_ident_mut(&mut self, pat: &mut PatIdent) {
        self.change(&mut pat.ident);
        visit_mut::visit_pat_ident_mut(self, pat);
    }

    /// `S { name }` gives the field of that name.
    fn visit_field_pat_mut(&mut self, field: &mut FieldPat) {
        if field.colon_token.is_none()
            && matches!(&*field.pat, Pat::Ident(p) if self.is_it(&p.ident))
        {
            field.colon_token = Some(Default::default());
        }
        self.visit_pat_mut(&mut field.pat);
    }

    fn visit_field_value_mut(&mut self, field: &mut FieldValue) {
        let named = matches!(&field.member, Member::Named(name) if self.is_it(name));
        if named && field.colon_token.is_none() {
            field.colon_token = Some(Default::default());
        }
        self.visit_expr_mut(&mut field.expr);
    }

    fn visit_item_use_mut(&mut self, item: &mut ItemUse) {
        if let UseTree::Path(step) = &mut item.tree {
            self.change(&mut step.ident);
        }
        self.tree(&mut item.tree);
    }

    fn visit_item_mut(&mut self, item: &mut Item) {
        match item {
            Item::Const(item) => self.change(&mut item.ident),
            Item::Static(item) => self.change(&mut item.ident),
            Item::Fn(item) => self.change(&mut item.sig.ident),
            Item::Struct(item) => self.change(&mut item.ident),
            Item::Enum(item) => self.change(&mut item.ident),
            Item::Type(item) => self.change(&mut item.ident),
            _ => {}
        }
        visit_mut::visit_item_mut(self, item);
    }

    fn visit_macro_mut(&mut self, mac: &mut Macro) {
        mac.tokens = self.tokens(std::mem::take(&mut mac.tokens));
    }
}
