//! Fields of `self` that are sequences by how the functions of a block use them: `self.values[i]`, `self.values.iter()`,
//! `values: vec![…]`.

use std::collections::HashSet;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// Methods that types of one's own seldom have.
const METHODS: [&str; 6] = [
    "iter",
    "iter_mut",
    "windows",
    "chunks",
    "chunks_exact",
    "as_slice",
];

/// Notes the fields that the tokens of a function use like sequences.
pub fn note(tokens: &TokenStream, fields: &mut HashSet<String>) {
    let trees: Vec<TokenTree> = tokens.clone().into_iter().collect();
    for at in 0..trees.len() {
        if let TokenTree::Group(group) = &trees[at] {
            note(&group.stream(), fields);
        }
        let field = used(&trees[at..]).or_else(|| made(&trees[at..]));
        fields.extend(field);
    }
}

/// `self.field[…]`, `self.field.iter()`
fn used(trees: &[TokenTree]) -> Option<String> {
    let [itself, dot, field, next, rest @ ..] = trees else {
        return None;
    };
    let indexed =
        matches!(next, TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket);
    let iterated = || {
        let method = rest.first().map(ToString::to_string);
        is(next, ".") && method.is_some_and(|method| METHODS.contains(&method.as_str()))
    };
    let of_self = is(itself, "self") && is(dot, ".");
    (of_self && (indexed || iterated())).then(|| field.to_string())
}

/// `field: vec![…]`, `field: Vec::new()`
fn made(trees: &[TokenTree]) -> Option<String> {
    let [TokenTree::Ident(field), colon, maker, next, ..] = trees else {
        return None;
    };
    let makes = is(maker, "vec") && is(next, "!") || is(maker, "Vec") && is(next, ":");
    (is(colon, ":") && makes).then(|| field.to_string())
}

fn is(tree: &TokenTree, text: &str) -> bool {
    tree.to_string() == text
}
