//! What holds functions: `impl` blocks, traits, inline modules.

use proc_macro2::{Group, TokenStream, TokenTree};
use quote::{quote, ToTokens};
use syn::{Attribute, ImplItem, Item, ItemImpl, ItemMod, ItemTrait, Path, TraitItem};

use super::arguments::Options;
use super::associated::Associated;
use super::conversions::Carriers;
use super::function::{self, Function, Home, Parts, Surroundings};
use super::higher_order::{rule, HigherOrder};
use super::imports::Imports;
use super::lent_arguments::LentArguments;
use super::traits::Traits;
use super::unbound::Unbound;
use super::{clashes, evidence, index, no_visibility, parts, strip, types, Input};
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

/// The traits of `core` whose implementations become rules: one type may implement each of them more than once.
const OPERATORS: [&str; 14] = [
    "Add",
    "Sub",
    "Mul",
    "Div",
    "Rem",
    "Neg",
    "AddAssign",
    "SubAssign",
    "MulAssign",
    "DivAssign",
    "RemAssign",
    "Index",
    "From",
    "Into",
];

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

fn surroundings<'a>(home: Home, options: &'a Options) -> Surroundings<'a> {
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

/// Reads an `impl` block.
pub fn implementation(
    mut item: ItemImpl,
    options: &Options,
    direct: bool,
    errors: &mut Errors,
) -> Option<Input> {
    if index::is_deref(&item) {
        return dereferenced(&item, options, direct, errors);
    }
    let operator = operator(&item);
    let beside = match operator.as_deref() {
        Some("IndexVjp") => index::of_cotangent(&item, &options.tapeless),
        _ => Ok(Vec::new()),
    };
    let beside = match beside {
        Ok(beside) => beside,
        Err(_) if !direct => return None,
        Err(span) => {
            errors.refuse(Slug::IndexByField, span);
            return Some(Input::Plain(item.to_token_stream()));
        }
    };
    let items = std::mem::take(&mut item.items);
    let lent_arguments = match options.in_trait {
        Some(_) if operator.is_none() => LentArguments::name(&mut item),
        _ => LentArguments::default(),
    };
    let shell = item.to_token_stream();
    refuse_misplaced(options, direct, &["associated", "inert"], errors);
    if item.trait_.is_none() || operator.is_some() {
        refuse_misplaced(options, direct, &["in_trait", "name"], errors);
    } else if options.in_trait.is_some() {
        refuse_misplaced(options, direct, &["name"], errors);
    }
    if let Some(ty) = written_source(&item).filter(|_| direct) {
        let what = format!("a conversion of {}", named(ty).replace("& mut", "&mut"));
        errors.refuse_tokens(Slug::UnsupportedExpression, ty, &what);
    }
    if written_source(&item).is_some() {
        let plain = items.into_iter().map(|item| item.into_token_stream());
        let plain = plain.map(Input::Plain).collect();
        return Some(container(shell, plain, Siblings::Beside, true));
    }
    let self_ty = (*item.self_ty).clone();
    if let (true, Some(_)) = (unsized_type(&self_ty), options.in_trait) {
        errors.refuse_tokens(Slug::UnsizedImpl, &self_ty, &named(&self_ty));
        let plain = items.into_iter().map(|item| {
            let tokens = item.to_token_stream();
            Input::Plain(tokens)
        });
        return Some(container(shell, plain.collect(), Siblings::Beside, true));
    }
    let mut unbound = Unbound::default();
    if item.trait_.is_some() && operator.is_none() && options.in_trait.is_none() {
        unbound = Unbound::take(&mut item.generics, &self_ty);
    }
    let (home, siblings) = match (&item.trait_, operator) {
        (None, _) => (Home::Inherent(Some(self_ty)), Siblings::Beside),
        (Some(_), Some(rule)) => (Home::Operator(self_ty), rule_of(&item, rule, beside)),
        (Some((of, _)), None) if options.in_trait.is_some() => (
            Home::Member {
                self_ty,
                of: of.clone(),
            },
            Siblings::Beside,
        ),
        (Some(_), None) => (Home::Inherent(Some(self_ty)), Siblings::Apart(head(&item))),
    };
    let apart = matches!(siblings, Siblings::Apart(_));
    let associated = if apart {
        associated(&item, &items)
    } else {
        Associated::default()
    };
    let mut around = surroundings(home, options);
    let shown = shown(&item.generics, &items);
    around.generics = Some(&item.generics);
    around.shown = &shown;
    around.lent_arguments = lent_arguments;
    around.associated = &associated;
    let mut inner: Vec<Input> = items
        .into_iter()
        .map(|item| inside_impl(item, apart.then_some(&unbound), &around, errors))
        .collect();
    if let Some(first) = options.name.as_ref().filter(|_| apart) {
        rename(&mut inner, first);
    }
    let differentiated = |input: &Input| matches!(input, Input::Function(_));
    if apart && inner.iter().any(differentiated) && is_nobodys(&item) {
        if !direct {
            return None;
        }
        errors.refuse_tokens(Slug::PrimitiveImpl, &item.self_ty, &named(&item.self_ty));
        let plain = inner.into_iter().map(alone).collect();
        return Some(container(shell, plain, Siblings::Beside, true));
    }
    let mut block = container(shell, inner, siblings, true);
    if let Input::Container(block) = &mut block {
        block.is_inherent = item.trait_.is_none();
    }
    Some(block)
}

/// `impl Deref`, and what the cotangent is dereferenced to.
fn dereferenced(
    item: &ItemImpl,
    options: &Options,
    direct: bool,
    errors: &mut Errors,
) -> Option<Input> {
    refuse_misplaced(options, direct, OF_FUNCTIONS, errors);
    let conditions: Vec<&Attribute> = conditions(&item.attrs).collect();
    let beside = match index::of_cotangent(item, &options.tapeless) {
        Ok(beside) => beside,
        Err(_) if !direct => return None,
        Err(span) => {
            errors.refuse(Slug::IndexByField, span);
            Vec::new()
        }
    };
    let beside = beside.iter().map(|item| quote!(#(#conditions)* #item));
    Some(Input::Plain(quote!(#item #(#beside)*)))
}

/// A function without siblings.
fn alone(input: Input) -> Input {
    match input {
        Input::Function(function) => Input::Plain(function.original),
        other => other,
    }
}

/// Whether values of a type have no size of their own, which siblings in a trait need.
fn unsized_type(ty: &syn::Type) -> bool {
    matches!(ty, syn::Type::Slice(_) | syn::Type::TraitObject(_))
}

fn named(ty: &syn::Type) -> String {
    format!("`{}`", ty.to_token_stream())
}

/// Whether no crate but the standard library can have an `impl` block of its own for the type.
fn is_nobodys(item: &ItemImpl) -> bool {
    match types::as_path(&item.self_ty) {
        Some(path) => {
            let parameter = types::type_params(&item.generics).any(|name| path.is_ident(name));
            parameter || STANDARD.iter().any(|name| types::ends_with(path, name))
        }
        None => !matches!(&*item.self_ty, syn::Type::Path(_)),
    }
}

/// Types of the standard library.
const STANDARD: [&str; 22] = [
    "f32", "f64", "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128",
    "isize", "bool", "char", "str", "String", "Vec", "Box", "Option", "Result",
];

/// `apart`: what its siblings need to stand apart.
fn inside_impl(
    item: ImplItem,
    apart: Option<&Unbound>,
    around: &Surroundings,
    errors: &mut Errors,
) -> Input {
    let tokens = item.to_token_stream();
    let read = match item {
        // It stands in place of its calls.
        ImplItem::Fn(item) if gives_stream(&item) => None,
        ImplItem::Fn(item) if !strip::has_its_own(&item.attrs) => {
            let mut stripped = item.clone();
            strip::function(
                &mut stripped.attrs,
                &mut stripped.sig,
                Some(&mut stripped.block),
            );
            // Members of traits are as visible as their trait; their siblings apart from it, as their type.
            let vis = match apart {
                Some(_) => syn::parse_quote!(pub),
                None => item.vis,
            };
            let mut sig = item.sig;
            if let Some(unbound) = apart {
                unbound.give(&mut sig.generics, &tokens);
            }
            let parts = Parts {
                attrs: item.attrs.clone(),
                vis,
                sig,
                body: Some(item.block),
                original: stripped.into_token_stream(),
            };
            member(&item.attrs, parts, around, errors)
        }
        _ => None,
    };
    read.unwrap_or(Input::Plain(tokens))
}

/// The parameters of a block of which one of its functions tells that they stand for floats.
fn shown(generics: &syn::Generics, items: &[ImplItem]) -> Vec<proc_macro2::Ident> {
    let functions = items.iter().filter_map(|item| match item {
        ImplItem::Fn(item) => Some(item),
        _ => None,
    });
    functions
        .flat_map(|item| evidence::of(generics, &item.sig, Some(&item.block)))
        .collect()
}

/// Puts a name before those of the siblings, which would be another implementation's else: `bar_next_grad`.
fn rename(inner: &mut [Input], first: &proc_macro2::Ident) {
    for input in inner {
        if let Input::Function(function) = input {
            let name = &function.sig.ident;
            let name = quote::format_ident!("{first}_{name}", span = first.span());
            function.options.name = Some(name);
        }
    }
}

fn gives_stream(item: &syn::ImplItemFn) -> bool {
    let read = HigherOrder::read(&item.sig, &item.block);
    !strip::has_its_own(&item.attrs) && read.is_some_and(|function| function.gives_stream())
}

/// `impl<…> Type where …`, with the conditions of the implementation.
fn head(item: &ItemImpl) -> TokenStream {
    let (generics, _, clause) = item.generics.split_for_impl();
    let conditions = conditions(&item.attrs);
    let self_ty = &item.self_ty;
    quote!(#(#conditions)* impl #generics #self_ty #clause)
}

fn conditions(attrs: &[Attribute]) -> impl Iterator<Item = &Attribute> {
    attrs.iter().filter(|attr| attr.path().is_ident("cfg"))
}

fn rule_of(item: &ItemImpl, rule: String, beside: Vec<TokenStream>) -> Siblings {
    let attrs = conditions(&item.attrs).cloned().collect();
    Siblings::Rule {
        attrs,
        item: Box::new(item.clone()),
        rule,
        beside,
    }
}

fn operator(item: &ItemImpl) -> Option<String> {
    let last = item.trait_.as_ref()?.0.segments.last()?;
    let name = last.ident.to_string();
    OPERATORS
        .contains(&name.as_str())
        .then(|| format!("{name}Vjp"))
}

/// The source of a conversion that is lent to be written: its rule would have to give back what was there before.
fn written_source(item: &ItemImpl) -> Option<&syn::Type> {
    let (path, _) = item.trait_.as_ref()?;
    let source = types::argument(path, 0).filter(|_| types::ends_with(path, "From"));
    source.filter(|ty| matches!(ty, syn::Type::Reference(ty) if ty.mutability.is_some()))
}

fn associated(item: &ItemImpl, items: &[ImplItem]) -> Associated {
    let types = items.iter().filter_map(|item| match item {
        ImplItem::Type(item) => Some((item.ident.clone(), item.ty.clone())),
        _ => None,
    });
    let functions = items.iter().filter_map(|item| match item {
        ImplItem::Fn(item) => Some(item.sig.ident.clone()),
        _ => None,
    });
    Associated {
        types: types.collect(),
        of: item.trait_.as_ref().map(|(path, _)| path.clone()),
        functions: functions.collect(),
    }
}

/// Reads the definition of a trait: the siblings become members.
pub fn definition(mut item: ItemTrait, options: &Options, errors: &mut Errors) -> Option<Input> {
    refuse_misplaced(options, true, OF_FUNCTIONS, errors);
    let items = std::mem::take(&mut item.items);
    let shell = item.to_token_stream();
    let mut around = surroundings(Home::Trait, options);
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
