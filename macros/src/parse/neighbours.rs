//! What stands beside a function: other functions whose signatures, and bodies, the attribute sees as well.
//!
//! A function under the attribute by itself sees itself only; one in an annotated module sees the module's functions, and
//! one in an annotated `impl` block its own methods besides.

use std::collections::{HashMap, HashSet};

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Attribute, Fields, ImplItemFn, Item, Signature};

use super::accessors::{Accessor, Accessors};
use super::container::Container;
use super::function::{Function, Home};
use super::higher_order::{streams, HigherOrder, HigherOrders};
use super::{sequences, Input};

/// The functions that can be called by name alone, and those that can be called on `Self`.
#[derive(Clone, Default)]
pub struct Neighbours<'a> {
    free: Table<'a>,
    members: Table<'a>,
    /// Fields of `self` that the methods use like sequences.
    sequences: HashSet<String>,
    /// Constants of the module, and what else no variable may be called like.
    constants: HashSet<String>,
}

/// By name; nothing where there are several of the name, under different conditions.
type Table<'a> = HashMap<String, Option<Neighbour<'a>>>;

/// A function whose signature is seen.
#[derive(Clone)]
pub struct Neighbour<'a> {
    pub sig: Signature,
    /// The function itself, if it is differentiated.
    pub function: Option<&'a Function>,
    /// What the method lends, if that is all it does.
    pub accessor: Option<Accessor>,
    /// The function, if it is handed functions and stands in place of its calls.
    pub higher_order: Option<HigherOrder>,
}

impl<'a> Neighbours<'a> {
    /// What a function sees that carries the attribute itself.
    pub fn alone(function: &'a Function) -> Self {
        let mut neighbours = Neighbours::default();
        neighbours.add(function, true);
        neighbours
    }

    /// What is seen inside a container.
    pub fn within(&self, container: &'a Container) -> Self {
        let mut inside = Neighbours::default();
        if container.is_impl() {
            inside.free = self.free.clone();
        }
        inside.constants = self.constants.clone();
        for input in &container.inner {
            if container.is_impl() {
                inside.note_sequences(input);
            }
            match input {
                // Which method a call in a trait's implementation means is not seen here.
                Input::Function(function) => inside.add(function, container.siblings.is_beside()),
                Input::Plain(tokens) => inside.add_plain(tokens, container),
                Input::Container(_) | Input::Import(_) => {}
            }
        }
        inside
    }

    fn note_sequences(&mut self, input: &Input) {
        match input {
            Input::Function(function) => {
                sequences::note(&function.original, &mut self.sequences);
            }
            Input::Plain(tokens) => sequences::note(tokens, &mut self.sequences),
            Input::Container(_) | Input::Import(_) => {}
        }
    }

    /// Fields of `self` that are sequences.
    pub fn sequences(&self) -> &HashSet<String> {
        &self.sequences
    }

    /// Names that mean something in a pattern.
    pub fn constants(&self) -> &HashSet<String> {
        &self.constants
    }

    /// The function of a module that a name stands for.
    pub fn free(&self) -> impl Iterator<Item = (&str, &Neighbour<'a>)> {
        known(&self.free)
    }

    /// The method that a name stands for, on `Self` or `self`.
    pub fn members(&self) -> impl Iterator<Item = (&str, &Neighbour<'a>)> {
        known(&self.members)
    }

    /// The methods that lend a part of `self`.
    pub fn accessors(&self) -> Accessors<'_> {
        self.members()
            .filter_map(|(name, neighbour)| Some((name, neighbour.accessor.as_ref()?)))
            .collect()
    }

    /// The functions that stand in place of their calls.
    pub fn higher_orders(&self) -> HigherOrders<'_> {
        let free = self.free().filter_map(in_place);
        let members = self.members().filter_map(in_place);
        HigherOrders {
            free: free.collect(),
            members: members.collect(),
        }
    }

    /// A function by its name.
    pub fn named(&self, name: &str, member: bool) -> Option<&Neighbour<'a>> {
        let table = if member { &self.members } else { &self.free };
        table.get(name)?.as_ref()
    }

    fn add(&mut self, function: &'a Function, resolved: bool) {
        let table = match function.home {
            Home::Free => &mut self.free,
            _ => &mut self.members,
        };
        let written = syn::parse2::<ImplItemFn>(function.original.clone());
        let written = written.ok().filter(|_| function.optional);
        let higher_order = written.and_then(|item| HigherOrder::read(&item.sig, &item.block));
        let neighbour = Neighbour {
            sig: function.sig.clone(),
            function: resolved.then_some(function),
            accessor: None,
            higher_order: higher_order.filter(HigherOrder::follows),
        };
        insert(table, &function.attrs, neighbour);
    }

    /// A function that is not differentiated has a signature all the same.
    fn add_plain(&mut self, tokens: &TokenStream, container: &Container) {
        if let Ok(item) = syn::parse2::<Item>(tokens.clone()) {
            self.constants.extend(constant(&item));
        }
        let Ok(item) = syn::parse2::<ImplItemFn>(tokens.to_token_stream()) else {
            return;
        };
        let table = if container.is_impl() {
            &mut self.members
        } else {
            &mut self.free
        };
        let accessor = Accessor::read(&item).filter(|_| container.is_inherent);
        // Which method a call in a trait's implementation means is not seen.
        let certain = container.is_inherent || !container.is_impl();
        let higher_order = HigherOrder::read(&item.sig, &item.block).filter(|_| certain);
        let neighbour = Neighbour {
            sig: item.sig,
            function: None,
            accessor,
            higher_order: higher_order.filter(HigherOrder::follows),
        };
        insert(table, &item.attrs, neighbour);
    }
}

/// A function that stands in place of its calls, or would have to, since it gives an iterator.
fn in_place<'t>(
    (name, neighbour): (&'t str, &'t Neighbour<'_>),
) -> Option<(&'t str, Option<&'t HigherOrder>)> {
    let sig = &neighbour.sig;
    match &neighbour.higher_order {
        Some(function) => Some((name, Some(function))),
        None => streams::gives_stream(&sig.output, &sig.generics).then_some((name, None)),
    }
}

/// The name of a constant, a static, or a struct that is its own value.
fn constant(item: &Item) -> Option<String> {
    match item {
        Item::Const(item) => Some(item.ident.to_string()),
        Item::Static(item) => Some(item.ident.to_string()),
        Item::Struct(item) if !matches!(item.fields, Fields::Named(_)) => {
            Some(item.ident.to_string())
        }
        _ => None,
    }
}

/// Under a condition a function may not be there, or be another one.
fn insert<'a>(table: &mut Table<'a>, attrs: &[Attribute], neighbour: Neighbour<'a>) {
    let conditional = attrs.iter().any(|attr| attr.path().is_ident("cfg"));
    let name = neighbour.sig.ident.to_string();
    let is_only = !table.contains_key(&name) && !conditional;
    table.insert(name, is_only.then_some(neighbour));
}

fn known<'t, 'a>(table: &'t Table<'a>) -> impl Iterator<Item = (&'t str, &'t Neighbour<'a>)> {
    let each = table.iter();
    each.filter_map(|(name, neighbour)| Some((name.as_str(), neighbour.as_ref()?)))
}
