//! The ways in which a program is differentiated beside the usual one. Each must give the same gradients: what the
//! compiler chooses for itself is asked for otherwise, and loops are bounded as users may bound them.

use crate::written;
use proc_macro2::TokenStream;
use quote::{quote, ToTokens};
use syn::visit_mut::{self, VisitMut};
use syn::{parse_quote, Attribute, Expr, File, Item, Stmt};

/// A way to differentiate.
#[derive(Clone, Copy)]
pub struct Way {
    pub name: &'static str,
    /// What stands in place of `#[differentiate]`.
    attribute: fn() -> Attribute,
    /// What every loop carries that is a statement.
    bound: Option<fn() -> Attribute>,
    /// Writes the program otherwise; `false` if it cannot be written so.
    rewrite: fn(&mut File) -> bool,
}

/// Every way.
pub const WAYS: &[Way] = &[
    bounded("checkpoints", || parse_quote!(#[differentiate])),
    chosen("recorded", || parse_quote!(#[differentiate_by(recorded)])),
    chosen("late", || parse_quote!(#[differentiate_by(late)])),
    bounded(NO_ALLOC, || parse_quote!(#[differentiate(no_alloc)])),
    chosen("stored", || parse_quote!(#[differentiate_by(stored)])),
    chosen(
        "recomputed",
        || parse_quote!(#[differentiate_by(recomputed)]),
    ),
    chosen("afresh", || parse_quote!(#[differentiate_by(afresh)])),
    chosen("plain", || parse_quote!(#[differentiate_by(plain)])),
    written("generic", written::generic::rewrite),
    written("methods", written::methods::rewrite),
    written("enums", written::enums::rewrite),
    written(SINGLE, written::single::rewrite),
];

/// The way that computes in `f32`, and is compared with what that can tell.
pub const SINGLE: &str = "single";

/// The way that may be refused: not every program can do without memory.
pub const NO_ALLOC: &str = "no_alloc";

const fn chosen(name: &'static str, attribute: fn() -> Attribute) -> Way {
    Way {
        name,
        attribute,
        bound: None,
        rewrite: |_| true,
    }
}

const fn written(name: &'static str, rewrite: fn(&mut File) -> bool) -> Way {
    Way {
        name,
        attribute: || parse_quote!(#[differentiate]),
        bound: None,
        rewrite,
    }
}

const fn bounded(name: &'static str, attribute: fn() -> Attribute) -> Way {
    Way {
        name,
        attribute,
        bound: Some(|| parse_quote!(#[checkpoints(2)])),
        rewrite: |_| true,
    }
}

impl Way {
    /// A program's source, to be differentiated this way. `None` if that is refused, or it cannot be written so.
    pub fn rewrite(&self, source: &str) -> Option<String> {
        let mut file: File = syn::parse_str(source).expect("programs are Rust");
        if let Some(bound) = self.bound {
            Bounds(bound()).visit_file_mut(&mut file);
        }
        if !(self.rewrite)(&mut file) {
            return None;
        }
        let mut refused = false;
        for item in &mut file.items {
            let changed = self.annotate(item);
            refused |= changed && self.name == NO_ALLOC && is_refused(item);
        }
        (!refused).then(|| file.into_token_stream().to_string())
    }

    /// Whether an item is differentiated.
    fn annotate(&self, item: &mut Item) -> bool {
        let Some(attributes) = attributes(item) else {
            return false;
        };
        let usual = attributes
            .iter_mut()
            .find(|attribute| attribute.path().is_ident("differentiate"));
        let found = usual.is_some();
        usual
            .into_iter()
            .for_each(|usual| *usual = (self.attribute)());
        found
    }
}

fn attributes(item: &mut Item) -> Option<&mut Vec<Attribute>> {
    match item {
        Item::Fn(function) => Some(&mut function.attrs),
        Item::Mod(module) => Some(&mut module.attrs),
        _ => None,
    }
}

/// Whether the macro refuses to differentiate an item without allocation.
fn is_refused(item: &Item) -> bool {
    let mut item = item.clone();
    attributes(&mut item)
        .into_iter()
        .for_each(|attributes| attributes.retain(|a| !a.path().is_ident("differentiate")));
    let expanded = tapeless_compiler::pipeline::differentiate(quote!(no_alloc), quote!(#item));
    contains(expanded, "compile_error")
}

fn contains(tokens: TokenStream, name: &str) -> bool {
    tokens.to_string().contains(name)
}

/// Bounds every loop that may carry an attribute.
struct Bounds(Attribute);

impl VisitMut for Bounds {
    fn visit_stmt_mut(&mut self, stmt: &mut Stmt) {
        if let Stmt::Expr(expr, _) = stmt {
            let attributes = match expr {
                Expr::ForLoop(l) => Some(&mut l.attrs),
                Expr::While(l) => Some(&mut l.attrs),
                Expr::Loop(l) => Some(&mut l.attrs),
                _ => None,
            };
            attributes
                .into_iter()
                .for_each(|attributes| attributes.push(self.0.clone()));
        }
        visit_mut::visit_stmt_mut(self, stmt);
    }
}
