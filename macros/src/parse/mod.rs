//! The first stage: the attribute's arguments and its item, read into functions to be differentiated.
//!
//! What the attribute stands on becomes a tree: functions, containers of functions (`impl` blocks, traits, inline
//! modules), and everything else, which is left as it is.

pub mod accessors;
pub mod arguments;
pub mod arithmetic;
pub mod associated;
mod clashes;
pub mod conditional;
pub mod container;
mod conversion_bounds;
mod conversions;
mod cotangents;
pub mod derivative;
mod evidence;
pub mod float_traits;
pub mod forbidden;
pub mod function;
pub mod groups;
pub mod higher_order;
pub mod import;
pub mod imports;
pub mod index;
pub mod inert;
mod items;
pub mod lent_arguments;
mod lifetimes;
pub mod neighbours;
mod own_name;
pub mod own_result;
mod picked;
pub mod rows;
pub mod scalars;
mod sequences;
pub mod signature;
mod spelling;
pub mod strip;
mod traits;
pub mod types;
mod unbound;

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Item, ItemFn, TraitItemFn, Visibility};

use crate::diagnostics::{Errors, Slug};
use arguments::Options;
use associated::Associated;
use container::Container;
use derivative::Formula;
use function::{Function, Home, Parts, Surroundings};
use import::Import;
use lent_arguments::LentArguments;

/// What the attribute stands on.
#[derive(Debug)]
pub enum Input {
    /// Re-emitted as it is.
    Plain(TokenStream),
    Function(Box<Function>),
    Container(Box<Container>),
    Import(Box<Import>),
}

/// Reads `#[differentiate(attr)] item`. `None` if the item cannot be read at all.
pub fn parse(attr: TokenStream, item: TokenStream, errors: &mut Errors) -> Option<Input> {
    let options = arguments::parse(attr, errors);
    match read(item, errors)? {
        Item::Fn(item) => free_function(item, &options, None, errors),
        Item::Impl(item) => container::implementation(item, &options, true, errors),
        Item::Trait(item) => container::definition(item, &options, errors),
        Item::Mod(item) => container::module(item, &options, true, errors),
        Item::Use(item) => {
            container::refuse_misplaced(&options, true, container::OF_FUNCTIONS, errors);
            Some(import::read(item, &options, errors))
        }
        other => {
            errors.refuse_tokens(Slug::NotAFunction, &other, kind_of(&other));
            Some(Input::Plain(other.into_token_stream()))
        }
    }
}

/// Reads `#[derivative(attr)] item`.
pub fn parse_derivative(
    attr: TokenStream,
    item: TokenStream,
    errors: &mut Errors,
) -> Option<Input> {
    let formulas = derivative::parse(attr, errors);
    match read(item, errors)? {
        Item::Fn(item) => free_function(item, &Options::default(), Some(formulas), errors),
        other => {
            errors.refuse_tokens(Slug::NotAFunction, &other, kind_of(&other));
            Some(Input::Plain(other.into_token_stream()))
        }
    }
}

/// An item; a trait's method without a body counts as one, so that the error can speak of it.
fn read(item: TokenStream, errors: &mut Errors) -> Option<Item> {
    if let Ok(method) = syn::parse2::<TraitItemFn>(item.clone()) {
        if method.default.is_none() {
            let (detail, name) = ("a trait's method by itself", &method.sig.ident);
            match &method.sig.variadic {
                Some(variadic) => errors.refuse_tokens(Slug::VariadicFunction, variadic, ""),
                None => errors.refuse_with(Slug::NotAFunction, name.span(), detail),
            }
            return None;
        }
    }
    match syn::parse2(item) {
        Ok(item) => Some(item),
        Err(error) => {
            errors.syntax(&error);
            None
        }
    }
}

fn free_function(
    item: ItemFn,
    options: &Options,
    formulas: Option<Vec<Formula>>,
    errors: &mut Errors,
) -> Option<Input> {
    if strip::has_its_own(&item.attrs) {
        errors.refuse(Slug::RepeatedAttribute, item.sig.ident.span());
        return Some(Input::Plain(item.into_token_stream()));
    }
    if let Some(span) = options.in_trait {
        errors.refuse_with(Slug::MisplacedOption, span, "`in_trait`");
    }
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
    let function = function::parse(parts(item), &around, formulas, errors)?;
    Some(Input::Function(Box::new(function)))
}

/// Takes an item apart.
fn parts(item: ItemFn) -> Parts {
    let mut stripped = item.clone();
    strip::function(
        &mut stripped.attrs,
        &mut stripped.sig,
        Some(&mut stripped.block),
    );
    Parts {
        attrs: item.attrs,
        vis: item.vis,
        sig: item.sig,
        body: Some(*item.block),
        original: stripped.into_token_stream(),
    }
}

/// How a message calls an item.
fn kind_of(item: &Item) -> &'static str {
    match item {
        Item::Struct(_) => "a struct",
        Item::Enum(_) => "an enum",
        Item::Union(_) => "a union",
        Item::Const(_) => "a constant",
        Item::Static(_) => "a static",
        Item::Type(_) => "a type alias",
        Item::Use(_) => "an import",
        Item::ForeignMod(_) => "foreign functions",
        Item::Macro(_) => "a macro",
        _ => "this item",
    }
}

/// Members of traits have no visibility of their own.
fn no_visibility() -> Visibility {
    Visibility::Inherited
}
