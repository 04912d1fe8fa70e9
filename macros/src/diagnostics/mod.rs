//! Refusals: code names what is refused, the [catalogue] holds the sentence and the remedy, the span is the culprit.
//!
//! Errors are collected, so that everything that is wrong with a function is said at once.

mod catalogue;
pub mod fallback;
pub mod no_alloc;

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{quote_spanned, ToTokens};
use syn::Path;

use crate::emit::paths::located;

pub use catalogue::Slug;

/// Collects the refusals of one attribute.
#[derive(Debug, Default)]
pub struct Errors {
    collected: Option<syn::Error>,
    /// Where this crate is found, unless it is `::tapeless`.
    root: Option<Path>,
}

impl Errors {
    /// No refusals yet.
    pub fn new() -> Self {
        Errors::default()
    }

    /// Learns where this crate is found.
    pub fn found_at(&mut self, root: &Path) {
        self.root = Some(root.clone());
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
        all.map(|error| compile_error(self.root.as_ref(), &error))
            .collect()
    }

    fn add(&mut self, error: syn::Error) {
        match &mut self.collected {
            Some(all) => all.combine(error),
            none => *none = Some(error),
        }
    }
}

/// `::tapeless::__private::compile_error! { "…" }` from the first token of the culprit to its last. Not `::core::…`: the
/// path resolves as the culprit does, and in edition 2015 there is no `core` in the crate root.
fn compile_error(root: Option<&Path>, error: &syn::Error) -> TokenStream {
    let mut printed = error.to_compile_error().into_iter().peekable();
    let start = printed.peek().map_or_else(|| error.span(), TokenTree::span);
    let rest = printed.skip_while(|tree| !is_compile_error(tree));
    let default = quote_spanned!(start=> ::tapeless);
    let root = root.map_or(default, |root| located(&root.to_token_stream(), start));
    let private = quote_spanned!(start=> ::__private::);
    root.into_iter().chain(private).chain(rest).collect()
}

fn is_compile_error(tree: &TokenTree) -> bool {
    matches!(tree, TokenTree::Ident(name) if name == "compile_error")
}

/// `message [tapeless::slug]`, and the remedy on a line of its own (stable macros cannot attach notes).
pub fn sentence(slug: Slug, detail: &str) -> String {
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
