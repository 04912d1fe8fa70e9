//! Refusals: code names what is refused, the [catalogue] holds the sentence and the remedy, the span is the culprit.
//!
//! Errors are collected, so that everything that is wrong with a function is said at once.

mod catalogue;
pub mod fallback;
pub mod no_alloc;

use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::{quote_spanned, ToTokens};

pub use catalogue::Slug;

/// Collects the refusals of one attribute.
#[derive(Debug, Default)]
pub struct Errors {
    collected: Option<syn::Error>,
}

impl Errors {
    /// No refusals yet.
    pub fn new() -> Self {
        Errors::default()
    }

    /// Refuses what stands at `span`.
    pub fn refuse(&mut self, slug: Slug, span: Span) {
        self.add(syn::Error::new(span, sentence(slug, "")));
    }

    /// Refuses what stands at `span`; `detail` takes the place of `{}` in the message, or follows it.
    pub fn refuse_with(&mut self, slug: Slug, span: Span, detail: &str) {
        self.add(syn::Error::new(span, sentence(slug, detail)));
    }

    /// Refuses something of several tokens, all of which are underlined.
    pub fn refuse_tokens(&mut self, slug: Slug, culprit: impl ToTokens, detail: &str) {
        self.add(syn::Error::new_spanned(culprit, sentence(slug, detail)));
    }

    /// Passes on what the parser of Rust's syntax had to say.
    pub fn syntax(&mut self, error: &syn::Error) {
        for each in error {
            self.refuse_with(Slug::Syntax, each.span(), &each.to_string());
        }
    }

    /// Takes over what another collector has found.
    pub fn append(&mut self, other: Errors) {
        if let Some(error) = other.collected {
            self.add(error);
        }
    }

    /// Whether nothing was refused.
    pub fn is_empty(&self) -> bool {
        self.collected.is_none()
    }

    /// How many refusals there are.
    pub fn count(&self) -> usize {
        self.collected
            .as_ref()
            .map_or(0, |all| all.into_iter().count())
    }

    /// A `compile_error!` per refusal, each at its culprit.
    pub fn into_compile_errors(self) -> TokenStream {
        let all = self.collected.into_iter().flatten();
        all.map(|error| compile_error(&error)).collect()
    }

    fn add(&mut self, error: syn::Error) {
        match &mut self.collected {
            Some(all) => all.combine(error),
            none => *none = Some(error),
        }
    }
}

/// `::core::compile_error! { "…" }` from the first token of the culprit to its last. The path resolves as the call site
/// does: in edition 2015 `::core` among the user's tokens means something else.
fn compile_error(error: &syn::Error) -> TokenStream {
    let message = error.to_string();
    let call_site = Span::call_site();
    let whole = quote_spanned!(call_site=> ::core::compile_error! { #message });
    let spans = error_span(error);
    let locate = |tree: TokenTree| match tree {
        TokenTree::Group(group) => {
            let inside = group.stream().into_iter().map(|mut tree| {
                tree.set_span(call_site.located_at(spans.1));
                tree
            });
            let mut located = Group::new(group.delimiter(), inside.collect());
            located.set_span(call_site.located_at(spans.1));
            TokenTree::Group(located)
        }
        mut tree => {
            tree.set_span(call_site.located_at(spans.0));
            tree
        }
    };
    whole.into_iter().map(locate).collect()
}

/// The first and the last token of a culprit, which `syn` only gives away in what it prints.
fn error_span(error: &syn::Error) -> (Span, Span) {
    let printed = error.to_compile_error();
    let mut trees = printed.into_iter();
    let first = trees
        .next()
        .map_or_else(|| error.span(), |tree| tree.span());
    let last = trees.last().map_or(first, |tree| tree.span());
    (first, last)
}

/// `message [tapeless::slug]`, and the remedy on a line of its own (stable macros cannot attach notes).
fn sentence(slug: Slug, detail: &str) -> String {
    let message = match (slug.message(), detail) {
        (message, "") => message.replace("{}", "this"),
        (message, detail) if message.contains("{}") => message.replace("{}", detail),
        (message, detail) => format!("{message}: {detail}"),
    };
    format!(
        "{message} [tapeless::{}]\nhelp: {}",
        slug.name(),
        slug.help()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn detail_fills_the_gap_or_follows() {
        let unknown = sentence(Slug::UnknownOption, "`fast`");
        assert!(unknown.starts_with("unknown option `fast`"), "{unknown}");
        let nothing = sentence(Slug::NothingActive, "all is inert");
        assert!(
            nothing.contains(": all is inert [tapeless::nothing-active]\nhelp: "),
            "{nothing}"
        );
    }

    #[test]
    fn several_errors_are_reported_together() {
        let mut errors = Errors::new();
        assert!(errors.is_empty());
        errors.refuse(Slug::NothingActive, Span::call_site());
        errors.refuse_with(Slug::UnknownOption, Span::call_site(), "`fast`");
        assert_eq!(
            errors
                .into_compile_errors()
                .to_string()
                .matches("compile_error")
                .count(),
            2
        );
    }

    #[test]
    fn slugs_are_unique_kebab_case_sentences() {
        let mut seen = std::collections::BTreeSet::new();
        for slug in Slug::ALL {
            assert!(seen.insert(slug.name()), "{} twice", slug.name());
            assert!(
                slug.name()
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c == '-'),
                "{}",
                slug.name()
            );
            assert!(
                !slug.message().ends_with('.') && !slug.help().ends_with('.'),
                "{}",
                slug.name()
            );
        }
    }
}
