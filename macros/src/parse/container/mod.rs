//! What holds functions: `impl` blocks, traits, inline modules.

use proc_macro2::{Group, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Attribute, Item, ItemImpl, ItemMod, ItemTrait, Path, TraitItem};

mod implementation;

pub use implementation::implementation;

use super::arguments::Options;
use super::associated::{Associated, AssociatedFloat};
use super::conversions::Carriers;
use super::function::{self, Function, Home, Parts, Surroundings};
use super::higher_order::{rule, HigherOrder};
use super::imports::Imports;
use super::lent_arguments::LentArguments;
use super::traits::Traits;
use super::{clashes, float_traits, no_visibility, parts, strip, types, Input};
use crate::diagnostics::{Errors, Slug};

/// A block of items, some of which are differentiated.
#[derive(Debug)]
pub struct Container {
    /// Everything but the items: the last token is the pair of braces.
    pub shell: TokenStream,
    pub inner: Vec<Input>,
    pub siblings: Siblings,
    /// Its functions are members of a type or a trait.
    pub of_members: bool,
    /// It is an `impl` block of the type itself: a method of that name means the one in the block.
    pub is_inherent: bool,
}

/// Where the siblings of the functions in a container go.
#[derive(Debug)]
pub enum Siblings {
    /// Beside each function.
    Beside,
    /// Into an `impl` block of their own, of which this is everything before the braces.
    Apart(TokenStream),
    /// Into the implementation of the operator's rule; beside the head the name of its trait stands here.
    Rule {
        attrs: Vec<Attribute>,
        item: Box<ItemImpl>,
        rule: String,
        /// What stands beside it: the index of the cotangent.
        beside: Vec<TokenStream>,
    },
}

impl Siblings {
    /// Whether the siblings stand beside their function.
    pub fn is_beside(&self) -> bool {
        matches!(self, Siblings::Beside)
    }
}

impl Container {
    /// Whether this is an `impl` block or a trait, so that its functions are members of something.
    pub fn is_impl(&self) -> bool {
        self.of_members
    }

    /// The container's tokens around what is inside.
    pub fn wrap(&self, inner: TokenStream) -> TokenStream {
        let mut tokens: Vec<TokenTree> = self.shell.clone().into_iter().collect();
        if let Some(TokenTree::Group(braces)) = tokens.pop() {
            // Inner attributes are in the braces already.
            let mut content = braces.stream();
            content.extend(inner);
            let mut group = Group::new(braces.delimiter(), content);
            group.set_span(braces.span());
            tokens.push(TokenTree::Group(group));
        }
        tokens.into_iter().collect()
    }
}

/// Options that say something of a single function, or of an implementation.
pub const OF_FUNCTIONS: &[&str] = &["associated", "in_trait", "inert", "name"];

/// Traits whose implementations an annotated module leaves alone: they compute no floats that matter.
const LEFT_ALONE: [&str; 31] = [
    "Debug",
    "Display",
    "LowerExp",
    "UpperExp",
    "Clone",
    "Default",
    "Drop",
    "Hash",
    "PartialEq",
    "Eq",
    "PartialOrd",
    "Ord",
    "Error",
    "FromStr",
    "From",
    "Into",
    "TryFrom",
    "TryInto",
    "Iterator",
    "IntoIterator",
    "DoubleEndedIterator",
    "ExactSizeIterator",
    "FromIterator",
    "Extend",
    "Sum",
    "Product",
    "Deref",
    "DerefMut",
    "AsRef",
    "AsMut",
    "IndexMut",
];

/// Reads an inline module.
pub fn module(
    item: ItemMod,
    options: &Options,
    direct: bool,
    errors: &mut Errors,
) -> Option<Input> {
    let (traits, carriers) = (Traits::default(), Carriers::default());
    module_among(item, traits, carriers, options, direct, errors)
}

/// Reads an inline module, which may implement traits of the modules around it.
fn module_among(
    mut item: ItemMod,
    mut traits: Traits,
    mut carriers: Carriers,
    options: &Options,
    direct: bool,
    errors: &mut Errors,
) -> Option<Input> {
    let Some((_, items)) = &mut item.content else {
        if direct {
            errors.refuse_tokens(Slug::OutOfLineModule, &item.ident, "");
        }
        return Some(Input::Plain(item.into_token_stream()));
    };
    let items = std::mem::take(items);
    refuse_misplaced(options, direct, OF_FUNCTIONS, errors);
    let imports = Imports::of(&items);
    let options = &Options {
        strangers: float_traits::strangers(&items, &options.strangers),
        ..options.clone()
    };
    traits.define(&items);
    carriers.define(&items);
    let mut inner: Vec<Input> = items
        .into_iter()
        .map(|item| inside_module(item, (&traits, &carriers), options, errors))
        .collect();
    spell_out(&imports, &mut inner);
    clashes::refuse(&mut inner, errors);
    Some(container(
        item.into_token_stream(),
        inner,
        Siblings::Beside,
        false,
    ))
}

/// In a module's own functions and members; the modules inside have imports of their own.
fn spell_out(imports: &Imports, inner: &mut [Input]) {
    for input in inner {
        match input {
            Input::Function(function) => imports.spell_out(function),
            Input::Container(block) if block.of_members => spell_out(imports, &mut block.inner),
            _ => {}
        }
    }
}

fn inside_module(
    item: Item,
    (traits, carriers): (&Traits, &Carriers),
    options: &Options,
    errors: &mut Errors,
) -> Input {
    let tokens = item.to_token_stream();
    let read = match item {
        Item::Fn(item) if !strip::has_its_own(&item.attrs) => {
            let around = surroundings(Home::Free, options);
            let attrs = item.attrs.clone();
            let handed = HigherOrder::read(&item.sig, &item.block);
            match handed.filter(|function| function.follows() && !function.holds()) {
                // An iterator has no cotangent.
                Some(function) if function.gives_stream() => None,
                // It is seen where it is called, and has siblings for those who do not see it, if they can be had.
                Some(_) => optional(&attrs, parts(item), &around),
                None => member(&attrs, parts(item), &around, errors),
            }
        }
        Item::Impl(item)
            if !strip::has_its_own(&item.attrs)
                && (!is_left_alone(&item) || carriers.follow(&item)) =>
        {
            let options = traits.options(&item, options);
            implementation(item, &options, false, errors)
        }
        Item::Mod(item) if !strip::has_its_own(&item.attrs) => module_among(
            item,
            traits.clone(),
            carriers.clone(),
            options,
            false,
            errors,
        ),
        Item::Trait(item) if !strip::has_its_own(&item.attrs) => definition(item, options, errors),
        _ => None,
    };
    read.unwrap_or(Input::Plain(tokens))
}

/// A function that is left alone if anything of it is refused.
fn optional(attrs: &[Attribute], parts: Parts, around: &Surroundings) -> Option<Input> {
    let original = parts.original.clone();
    let mut refused = Errors::new();
    let read = member(attrs, parts, around, &mut refused);
    let function = match read {
        Some(Input::Function(function)) if refused.is_empty() => Some(function),
        _ => None,
    };
    let visible = |function: &Function| {
        let handed = function
            .params
            .iter()
            .filter_map(|param| param.function.as_ref());
        handed
            .into_iter()
            .all(|handed| rule::is_visible(handed, &function.reals))
    };
    Some(match function.filter(|function| visible(function)) {
        Some(mut function) => {
            function.optional = true;
            Input::Function(function)
        }
        None => Input::Plain(original),
    })
}

fn is_left_alone(item: &ItemImpl) -> bool {
    let named = |path: &Path| LEFT_ALONE.iter().any(|name| types::ends_with(path, name));
    item.trait_.as_ref().is_some_and(|(path, _)| named(path))
}

/// Nothing but the home and the options.
pub fn surroundings<'a>(home: Home, options: &'a Options) -> Surroundings<'a> {
    const NONE: &Associated = &Associated {
        types: Vec::new(),
        of: None,
        functions: Vec::new(),
    };
    Surroundings {
        home,
        options,
        generics: None,
        shown: &[],
        lent_arguments: LentArguments::default(),
        associated: NONE,
        associated_floats: &[],
        direct: false,
    }
}

/// A function of a container; `#[constant]` leaves it out.
fn member(
    attrs: &[Attribute],
    parts: Parts,
    around: &Surroundings,
    errors: &mut Errors,
) -> Option<Input> {
    if attrs.iter().any(strip::is_constant) {
        strip::take_constant(&mut attrs.to_vec(), errors);
        return Some(Input::Plain(parts.original));
    }
    let stripped = parts.original.clone();
    match function::parse(parts, around, None, errors) {
        Some(function) => Some(Input::Function(Box::new(function))),
        None => Some(Input::Plain(stripped)),
    }
}

/// Reads the definition of a trait: the siblings become members.
pub fn definition(mut item: ItemTrait, options: &Options, errors: &mut Errors) -> Option<Input> {
    refuse_misplaced(options, true, OF_FUNCTIONS, errors);
    let items = std::mem::take(&mut item.items);
    let shell = item.to_token_stream();
    let floats = AssociatedFloat::among(&items, options);
    let mut around = surroundings(Home::Trait, options);
    around.associated_floats = &floats;
    around.generics = Some(&item.generics);
    let inner = items
        .into_iter()
        .map(|item| inside_trait(item, &around, errors))
        .collect();
    Some(container(shell, inner, Siblings::Beside, true))
}

fn inside_trait(item: TraitItem, around: &Surroundings, errors: &mut Errors) -> Input {
    let tokens = item.to_token_stream();
    let read = match item {
        TraitItem::Fn(item) if !strip::has_its_own(&item.attrs) => {
            let mut stripped = item.clone();
            strip::function(
                &mut stripped.attrs,
                &mut stripped.sig,
                stripped.default.as_mut(),
            );
            let parts = Parts {
                attrs: item.attrs.clone(),
                vis: no_visibility(),
                sig: item.sig,
                body: item.default,
                original: stripped.into_token_stream(),
            };
            member(&item.attrs, parts, around, errors)
        }
        _ => None,
    };
    read.unwrap_or(Input::Plain(tokens))
}

fn container(shell: TokenStream, inner: Vec<Input>, siblings: Siblings, of_members: bool) -> Input {
    Input::Container(Box::new(Container {
        shell,
        inner,
        siblings,
        of_members,
        is_inherent: false,
    }))
}

/// Refuses options that mean nothing here.
pub fn refuse_misplaced(options: &Options, direct: bool, names: &[&str], errors: &mut Errors) {
    let given = [
        ("associated", options.associated),
        ("in_trait", options.in_trait),
        ("inert", options.inert),
        ("name", options.name.as_ref().map(|name| name.span())),
    ];
    for (name, span) in given {
        if let (true, true, Some(span)) = (direct, names.contains(&name), span) {
            errors.refuse_with(Slug::MisplacedOption, span, &format!("`{name}`"));
        }
    }
}
