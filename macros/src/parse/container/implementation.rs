//! `impl` blocks.

use proc_macro2::TokenStream;
use quote::{quote, ToTokens};
use syn::{Attribute, ImplItem, ItemImpl, Type};

use super::{container, member, refuse_misplaced, surroundings, Siblings, OF_FUNCTIONS};
use crate::diagnostics::{Errors, Slug};
use crate::parse::arguments::Options;
use crate::parse::associated::Associated;
use crate::parse::function::{Home, Parts, Surroundings};
use crate::parse::higher_order::HigherOrder;
use crate::parse::lent_arguments::LentArguments;
use crate::parse::scalars::Scalars;
use crate::parse::unbound::Unbound;
use crate::parse::{evidence, index, own_name, strip, types, Input};

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
    misplaced(&item, operator.is_some(), options, direct, errors);
    let items = std::mem::take(&mut item.items);
    let lent_arguments = match options.in_trait {
        Some(_) if operator.is_none() => LentArguments::name(&mut item),
        _ => LentArguments::default(),
    };
    let shell = item.to_token_stream();
    if has_no_siblings(&item, options, direct, errors) {
        return Some(plain(shell, &items));
    }
    let mut unbound = Unbound::default();
    if item.trait_.is_some() && operator.is_none() && options.in_trait.is_none() {
        unbound = Unbound::take(&mut item.generics, &item.self_ty);
    }
    let (home, siblings) = placed(&item, options, operator, beside);
    let apart = matches!(siblings, Siblings::Apart(_));
    let mut around = surroundings(home, options);
    let shown = shown(&item.generics, &items);
    let associated = match (apart, options.in_trait) {
        (true, _) => associated(&item, &items),
        (false, Some(_)) => floats(&item, &items, options, &shown),
        (false, None) => Associated::default(),
    };
    around.generics = Some(&item.generics);
    around.shown = &shown;
    around.lent_arguments = lent_arguments;
    around.associated = &associated;
    let read = |member| inside_impl(member, apart.then_some(&unbound), &around, errors);
    let mut inner: Vec<Input> = items.into_iter().map(read).collect();
    if item.trait_.is_none() {
        say_self(&mut inner, &item.self_ty);
    }
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

/// Refuses options that mean nothing on such a block.
fn misplaced(
    item: &ItemImpl,
    operator: bool,
    options: &Options,
    direct: bool,
    errors: &mut Errors,
) {
    refuse_misplaced(options, direct, &["associated", "inert"], errors);
    if item.trait_.is_none() || operator {
        refuse_misplaced(options, direct, &["in_trait", "name"], errors);
    } else if options.in_trait.is_some() {
        refuse_misplaced(options, direct, &["name"], errors);
    }
}

/// Whether nothing in a block can have siblings, which is refused.
fn has_no_siblings(item: &ItemImpl, options: &Options, direct: bool, errors: &mut Errors) -> bool {
    if let Some(ty) = written_source(item) {
        if direct {
            let what = format!("a conversion of {}", named(ty).replace("& mut", "&mut"));
            errors.refuse_tokens(Slug::UnsupportedExpression, ty, &what);
        }
        return true;
    }
    let is_unsized = unsized_type(&item.self_ty) && options.in_trait.is_some();
    if is_unsized {
        errors.refuse_tokens(Slug::UnsizedImpl, &item.self_ty, &named(&item.self_ty));
    }
    is_unsized
}

/// Calls by the type's own name are calls on `Self`.
fn say_self(inner: &mut [Input], self_ty: &Type) {
    for input in inner {
        if let Input::Function(function) = input {
            own_name::as_self(function, self_ty);
        }
    }
}

/// A block as it is.
fn plain(shell: TokenStream, items: &[ImplItem]) -> Input {
    let items = items
        .iter()
        .map(|item| Input::Plain(item.to_token_stream()));
    container(shell, items.collect(), Siblings::Beside, true)
}

/// Where the functions of a block are at home, and where their siblings go.
fn placed(
    item: &ItemImpl,
    options: &Options,
    operator: Option<String>,
    beside: Vec<TokenStream>,
) -> (Home, Siblings) {
    let self_ty = (*item.self_ty).clone();
    match (&item.trait_, operator) {
        (None, _) => (Home::Inherent(Some(self_ty)), Siblings::Beside),
        (Some(_), Some(rule)) => (Home::Operator(self_ty), rule_of(item, rule, beside)),
        (Some((of, _)), None) if options.in_trait.is_some() => {
            let of = of.clone();
            (Home::Member { self_ty, of }, Siblings::Beside)
        }
        (Some(_), None) => (Home::Inherent(Some(self_ty)), Siblings::Apart(head(item))),
    }
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

/// The associated types that are floats, of which the trait may say so.
fn floats(
    item: &ItemImpl,
    items: &[ImplItem],
    options: &Options,
    shown: &[proc_macro2::Ident],
) -> Associated {
    let scalars = Scalars::of(&item.generics, None, options, shown);
    let Associated { mut types, all, .. } = associated(item, items);
    types.retain(|(_, ty)| types::is_float(ty, &scalars.all));
    Associated {
        types,
        all,
        ..Associated::default()
    }
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
    let types: Vec<_> = types.collect();
    Associated {
        all: types.iter().map(|(_, ty)| ty.clone()).collect(),
        types,
        of: item.trait_.as_ref().map(|(path, _)| path.clone()),
        functions: functions.collect(),
    }
}
