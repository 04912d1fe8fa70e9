//! `#[differentiate]` with other choices than the macro's own, for programs that must have the same gradients by all.

use proc_macro::TokenStream;
use tapeless_compiler::choices::Choices;
use tapeless_compiler::pipeline;

/// A name, and what it changes.
type Named = (&'static str, fn(&mut Choices));

const CHOICES: &[Named] = &[
    ("recorded", |choices| choices.fuse = false),
    ("late", |choices| choices.in_place = false),
    ("stored", |choices| {
        choices.fuse = false;
        choices.recompute = 0;
        choices.reload = false;
    }),
    ("recomputed", |choices| {
        choices.recompute = 64;
        choices.zeros = false;
    }),
    ("afresh", |choices| choices.keep = 0),
    ("plain", |choices| {
        choices.inline = false;
        choices.prepare = false;
    }),
];

/// `#[differentiate_by(name)]`: the siblings that `#[differentiate]` generates, by the choices of a name.
#[proc_macro_attribute]
pub fn differentiate_by(name: TokenStream, item: TokenStream) -> TokenStream {
    let name = name.to_string();
    let named = CHOICES.iter().find(|(known, _)| *known == name);
    let (_, change) = named.unwrap_or_else(|| panic!("no choices are called `{name}`"));
    let mut choices = Choices::default();
    change(&mut choices);
    pipeline::differentiate_by(choices, proc_macro2::TokenStream::new(), item.into()).into()
}
