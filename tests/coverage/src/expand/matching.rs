//! Whether a call of a macro fits a matcher, and what its variables stand for then.

use std::collections::HashMap;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::discouraged::Speculative;
use syn::parse::{ParseStream, Parser};

use super::pattern::Part;

/// What a variable stands for: tokens, or as often as it is repeated what it stands for there.
#[derive(Clone)]
pub enum Bound {
    Once(TokenStream),
    Repeated(Vec<Bound>),
}

pub type Bindings = HashMap<String, Bound>;

/// What the variables stand for, if all of the tokens fit.
pub fn bindings(parts: &[Part], tokens: TokenStream) -> Option<Bindings> {
    let whole = |input: ParseStream| {
        let bindings = all(parts, input)?;
        match input.is_empty() {
            true => Ok(bindings),
            false => Err(input.error("more than the matcher has")),
        }
    };
    whole.parse2(tokens).ok()
}

fn all(parts: &[Part], input: ParseStream) -> syn::Result<Bindings> {
    let mut bindings = Bindings::new();
    for part in parts {
        bindings.extend(one(part, input)?);
    }
    Ok(bindings)
}

fn one(part: &Part, input: ParseStream) -> syn::Result<Bindings> {
    match part {
        Part::Token(wanted) => {
            let found: TokenTree = input.parse()?;
            match found.to_string() == wanted.to_string() {
                true => Ok(Bindings::new()),
                false => Err(input.error("another token")),
            }
        }
        Part::Group(delimiter, _, parts) => {
            let found: Group = input.parse()?;
            let fits = found.delimiter() == *delimiter;
            let inside = fits.then(|| bindings(parts, found.stream())).flatten();
            inside.ok_or(input.error("another group"))
        }
        Part::Variable { name, fragment, .. } => {
            let bound = Bound::Once(parse(fragment, input)?);
            Ok(Bindings::from([(name.clone(), bound)]))
        }
        Part::Repetition {
            parts,
            separator,
            operator,
        } => repetition(parts, separator.as_ref(), *operator, input),
    }
}

/// As often as it fits.
fn repetition(
    parts: &[Part],
    separator: Option<&TokenTree>,
    operator: char,
    input: ParseStream,
) -> syn::Result<Bindings> {
    let mut found = Vec::new();
    while !input.is_empty() && (operator != '?' || found.is_empty()) {
        let ahead = input.fork();
        let separator = separator.filter(|_| !found.is_empty());
        let separated = separator.map_or(Ok(Bindings::new()), |token| {
            one(&Part::Token(token.clone()), &ahead)
        });
        match separated.and_then(|_| all(parts, &ahead)) {
            Ok(bindings) => found.push(bindings),
            Err(_) => break,
        }
        input.advance_to(&ahead);
    }
    match operator == '+' && found.is_empty() {
        true => Err(input.error("at least one")),
        false => Ok(gathered(parts, found)),
    }
}

/// Every variable of the parts, with what it stands for each time.
fn gathered(parts: &[Part], found: Vec<Bindings>) -> Bindings {
    let mut names = Vec::new();
    variables(parts, &mut names);
    let each = |name: &String| {
        let bound = found.iter().filter_map(|bindings| bindings.get(name));
        (name.clone(), Bound::Repeated(bound.cloned().collect()))
    };
    names.iter().map(each).collect()
}

/// The names of the variables in the parts.
pub fn variables(parts: &[Part], names: &mut Vec<String>) {
    for part in parts {
        match part {
            Part::Variable { name, .. } => names.push(name.clone()),
            Part::Group(_, _, parts) | Part::Repetition { parts, .. } => variables(parts, names),
            Part::Token(_) => {}
        }
    }
}

/// The tokens of a fragment.
fn parse(fragment: &str, input: ParseStream) -> syn::Result<TokenStream> {
    Ok(match fragment {
        "ident" => input.call(syn::Ident::parse_any)?.into_token_stream(),
        "ty" => input.parse::<syn::Type>()?.into_token_stream(),
        "path" => input.parse::<syn::Path>()?.into_token_stream(),
        "expr" | "expr_2021" => together(input.parse::<syn::Expr>()?),
        "literal" => literal(input)?,
        "tt" => input.parse::<TokenTree>()?.into(),
        "vis" => input.parse::<syn::Visibility>()?.into_token_stream(),
        "block" => input.parse::<syn::Block>()?.into_token_stream(),
        "stmt" => input.parse::<syn::Stmt>()?.into_token_stream(),
        "item" => input.parse::<syn::Item>()?.into_token_stream(),
        "meta" => input.parse::<syn::Meta>()?.into_token_stream(),
        "lifetime" => input.parse::<syn::Lifetime>()?.into_token_stream(),
        "pat" => syn::Pat::parse_multi_with_leading_vert(input)?.into_token_stream(),
        "pat_param" => syn::Pat::parse_single(input)?.into_token_stream(),
        _ => return Err(input.error("an unknown fragment")),
    })
}

/// An expression stays one wherever it is put.
fn together(expr: syn::Expr) -> TokenStream {
    TokenTree::from(Group::new(Delimiter::None, expr.into_token_stream())).into()
}

fn literal(input: ParseStream) -> syn::Result<TokenStream> {
    let minus: Option<syn::Token![-]> = input.parse()?;
    let literal: syn::Lit = input.parse()?;
    let mut tokens = minus.into_token_stream();
    literal.to_tokens(&mut tokens);
    Ok(tokens)
}
