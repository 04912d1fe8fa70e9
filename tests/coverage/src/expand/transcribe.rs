//! What a rule puts in place of a call.
//!
//! Every token has the place it is written at in the rule, and what a variable stands for the place of the variable: that
//! is where an attribute can be written.

use proc_macro2::{Group, Span, TokenStream, TokenTree};

use super::matching::{variables, Bindings, Bound};
use super::pattern::Part;

/// The tokens, if every variable stands for something.
pub fn tokens(parts: &[Part], bindings: &Bindings) -> Option<TokenStream> {
    let mut out = TokenStream::new();
    for part in parts {
        match part {
            Part::Token(token) => out.extend([token.clone()]),
            Part::Group(delimiter, span, parts) => {
                let mut group = Group::new(*delimiter, tokens(parts, bindings)?);
                group.set_span(*span);
                out.extend([TokenTree::from(group)]);
            }
            Part::Variable { name, span, .. } => match bindings.get(name)? {
                Bound::Once(tokens) => out.extend(placed(tokens.clone(), *span)),
                Bound::Repeated(_) => return None,
            },
            Part::Repetition {
                parts, separator, ..
            } => repeated(parts, separator.as_ref(), bindings, &mut out)?,
        }
    }
    Some(out)
}

fn repeated(
    parts: &[Part],
    separator: Option<&TokenTree>,
    bindings: &Bindings,
    out: &mut TokenStream,
) -> Option<()> {
    let mut names = Vec::new();
    variables(parts, &mut names);
    let lengths = names.iter().filter_map(|name| match bindings.get(name)? {
        Bound::Repeated(all) => Some(all.len()),
        Bound::Once(_) => None,
    });
    for turn in 0..lengths.min()? {
        if turn > 0 {
            out.extend(separator.cloned());
        }
        out.extend(tokens(parts, &in_turn(&names, bindings, turn))?);
    }
    Some(())
}

/// What the variables stand for in one of the turns.
fn in_turn(names: &[String], bindings: &Bindings, turn: usize) -> Bindings {
    let mut inside = bindings.clone();
    for name in names {
        if let Some(Bound::Repeated(all)) = bindings.get(name) {
            inside.extend(all.get(turn).map(|bound| (name.clone(), bound.clone())));
        }
    }
    inside
}

fn placed(tokens: TokenStream, span: Span) -> TokenStream {
    let place = |token| match token {
        TokenTree::Group(group) => {
            let mut placed_group = Group::new(group.delimiter(), placed(group.stream(), span));
            placed_group.set_span(span);
            placed_group.into()
        }
        mut token => {
            token.set_span(span);
            token
        }
    };
    tokens.into_iter().map(place).collect()
}
