//! The two sides of a rule of `macro_rules!`, as they are written.

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};

/// A piece of a matcher, or of what is written in its place.
pub enum Part {
    /// A token that stands for itself.
    Token(TokenTree),
    Group(Delimiter, Span, Vec<Part>),
    /// `$name:fragment` in a matcher, `$name` in its place.
    Variable {
        name: String,
        fragment: String,
        span: Span,
    },
    /// `$( … ) separator operator`
    Repetition {
        parts: Vec<Part>,
        separator: Option<TokenTree>,
        operator: char,
    },
}

/// Which side of a rule is read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Matcher,
    Transcriber,
}

/// Reads one side; nothing if it is not of this language.
pub fn read(tokens: TokenStream, side: Side) -> Option<Vec<Part>> {
    let mut rest = tokens.into_iter().peekable();
    let mut parts = Vec::new();
    while let Some(token) = rest.next() {
        parts.push(match token {
            TokenTree::Punct(dollar) if dollar.as_char() == '$' => {
                variable(dollar.span(), &mut rest, side)?
            }
            TokenTree::Group(group) => {
                Part::Group(group.delimiter(), group.span(), read(group.stream(), side)?)
            }
            token => Part::Token(token),
        });
    }
    Some(parts)
}

type Rest = std::iter::Peekable<proc_macro2::token_stream::IntoIter>;

/// What stands behind a `$`.
fn variable(span: Span, rest: &mut Rest, side: Side) -> Option<Part> {
    match rest.next()? {
        TokenTree::Ident(mut name) if name == "crate" => {
            name.set_span(span);
            Some(Part::Token(name.into()))
        }
        TokenTree::Ident(name) => {
            let fragment = match side {
                Side::Matcher => fragment(rest)?,
                Side::Transcriber => String::new(),
            };
            let name = name.to_string();
            Some(Part::Variable {
                name,
                fragment,
                span,
            })
        }
        TokenTree::Group(group) => {
            let parts = read(group.stream(), side)?;
            let (separator, operator) = repeated(rest)?;
            Some(Part::Repetition {
                parts,
                separator,
                operator,
            })
        }
        _ => None,
    }
}

fn fragment(rest: &mut Rest) -> Option<String> {
    match (rest.next()?, rest.next()?) {
        (TokenTree::Punct(colon), TokenTree::Ident(fragment)) if colon.as_char() == ':' => {
            Some(fragment.to_string())
        }
        _ => None,
    }
}

/// `,*` or `+`
fn repeated(rest: &mut Rest) -> Option<(Option<TokenTree>, char)> {
    let token = rest.next()?;
    if let Some(operator) = operator(&token) {
        return Some((None, operator));
    }
    let operator = operator(&rest.next()?)?;
    Some((Some(token), operator))
}

fn operator(token: &TokenTree) -> Option<char> {
    match token {
        TokenTree::Punct(punct) => Some(punct.as_char()).filter(|c| ['*', '+', '?'].contains(c)),
        _ => None,
    }
}
