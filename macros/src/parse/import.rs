//! The attribute on a `use` item: the rules of the functions that it brings in come along.
//!
//! Functions of `libm` get siblings here. Of any other function `g` the sibling `g_vjp` is imported beside it.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, ToTokens};
use syn::ext::IdentExt;
use syn::{Attribute, Ident, ItemFn, ItemUse, Path};

use super::arguments::Options;
use super::associated::Associated;
use super::function::{self, Function, Home, Surroundings};
use super::imports::{leaves, Leaf};
use super::lent_arguments::LentArguments;
use super::{parts, Input};
use crate::diagnostics::{Errors, Slug};
use crate::rules::{lookup_libm, Rule};

/// A `use` item and what comes along.
#[derive(Debug)]
pub struct Import {
    /// The item, and beside it the imports of siblings.
    pub item: TokenStream,
    /// Functions that have no siblings where they come from, so that they get theirs here.
    pub functions: Vec<Function>,
}

/// Reads a `use` item.
pub fn read(item: ItemUse, options: &Options, errors: &mut Errors) -> Input {
    let mut import = Import {
        item: item.to_token_stream(),
        functions: Vec::new(),
    };
    let functions: Vec<Leaf> = leaves(&item).into_iter().filter(is_function).collect();
    if functions.is_empty() {
        let detail = "an import that names no function";
        errors.refuse_tokens(Slug::NotAFunction, &item, detail);
    }
    for leaf in functions {
        match of_libm(&leaf.path) {
            Some(Some((rule, single))) => {
                let call = calling(&item, &leaf, rule, single);
                import.functions.extend(siblings(call, options, errors));
            }
            // What has no derivative in the table has to be wrapped.
            Some(None) => {}
            None => import.item.extend(beside(&item, &leaf)),
        }
    }
    Input::Import(Box::new(import))
}

/// Types, traits and constants begin with a capital letter.
fn is_function(leaf: &Leaf) -> bool {
    let name = leaf.path.segments.last().map(|last| last.ident.unraw());
    name.is_some_and(|name| name.to_string().starts_with(|c: char| !c.is_uppercase()))
}

/// The row of a function of `libm`, if the path is that of one.
fn of_libm(path: &Path) -> Option<Option<(&'static Rule, bool)>> {
    let mut names = path.segments.iter().rev().map(|segment| &segment.ident);
    let (name, owner) = (names.next()?, names.next()?);
    (owner == "libm").then(|| lookup_libm(&name.to_string()))
}

/// `fn exp(x: f64) -> f64 { libm::exp(x) }`
fn calling(item: &ItemUse, leaf: &Leaf, rule: &Rule, single: bool) -> ItemFn {
    let (vis, name, path) = (&item.vis, &leaf.name, &leaf.path);
    let conditions = conditions(item);
    let float = if single { quote!(f32) } else { quote!(f64) };
    let params: Vec<Ident> = (0..rule.arity).map(|i| format_ident!("x{i}")).collect();
    let types = (0..rule.arity).map(|i| match rule.is_inert(i) {
        true => quote!(i32),
        false => float.clone(),
    });
    let result = match rule.results {
        1 => float.clone(),
        _ => quote!((#float, #float)),
    };
    syn::parse_quote! {
        #(#conditions)*
        #vis fn #name(#(#params: #types),*) -> #result {
            #path(#(#params),*)
        }
    }
}

fn siblings(call: ItemFn, options: &Options, errors: &mut Errors) -> Option<Function> {
    let around = Surroundings {
        home: Home::Free,
        options,
        generics: None,
        shown: &[],
        lent_arguments: LentArguments::default(),
        associated: &Associated::default(),
        associated_floats: &[],
        direct: true,
    };
    function::parse(parts(call), &around, None, errors)
}

/// `use path::g_vjp;`
fn beside(item: &ItemUse, leaf: &Leaf) -> TokenStream {
    let (vis, mut path) = (&item.vis, leaf.path.clone());
    let conditions = conditions(item);
    if let Some(last) = path.segments.last_mut() {
        last.ident = sibling(&last.ident);
    }
    let name = sibling(&leaf.name);
    let rename =
        (path.segments.last().is_some_and(|last| last.ident != name)).then(|| quote!(as #name));
    quote!(#(#conditions)* #[allow(unused_imports)] #vis use #path #rename;)
}

fn sibling(name: &Ident) -> Ident {
    Ident::new(&format!("{}_vjp", name.unraw()), name.span())
}

fn conditions(item: &ItemUse) -> impl Iterator<Item = &Attribute> {
    item.attrs.iter().filter(|attr| attr.path().is_ident("cfg"))
}
