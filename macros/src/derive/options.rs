//! The attributes that the derive reads: `#[differentiable(…)]` on the type, `#[constant]` on fields.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, ToTokens};
use syn::{meta::ParseNestedMeta, spanned::Spanned, Attribute, Meta, Path};

use crate::diagnostics::{Errors, Slug};

/// What `#[differentiable(…)]` says.
pub struct Options {
    /// `cotangent = Name`.
    pub cotangent: Option<Ident>,
    /// `crate = path`, `::tapeless` unless given.
    pub krate: TokenStream,
}

impl Options {
    /// Reads the attributes of the type.
    pub fn read(attributes: &[Attribute], errors: &mut Errors) -> Self {
        let mut options = Options {
            cotangent: None,
            krate: quote!(::tapeless),
        };
        let mut seen = Vec::new();
        for attribute in attributes {
            if attribute.path().is_ident("constant") {
                errors.refuse_tokens(Slug::MisplacedConstant, attribute, "");
            }
            if !attribute.path().is_ident("differentiable") {
                continue;
            }
            let read = attribute
                .parse_nested_meta(|meta| options.read_one(&meta, &mut seen, &mut *errors));
            if let Err(error) = read {
                let detail = error.to_string();
                errors.refuse_with(Slug::MalformedDerive, error.span(), &detail);
            }
        }
        options
    }

    fn read_one(
        &mut self,
        meta: &ParseNestedMeta<'_>,
        seen: &mut Vec<String>,
        errors: &mut Errors,
    ) -> syn::Result<()> {
        let name = meta.path.to_token_stream().to_string();
        let quoted = format!("`{name}`");
        if seen.contains(&name) {
            errors.refuse_with(Slug::RepeatedOption, meta.path.span(), &quoted);
        }
        match name.as_str() {
            "cotangent" => self.cotangent = Some(meta.value()?.parse()?),
            "crate" => {
                let path = meta.value()?.call(Path::parse_mod_style)?;
                errors.found_at(&path);
                self.krate = path.into_token_stream();
            }
            _ => {
                errors.refuse_with(Slug::DeriveOption, meta.path.span(), &quoted);
                skip_value(meta)?;
            }
        }
        seen.push(name);
        Ok(())
    }
}

/// Reads over the value of an option that is not known, to see what else there is.
fn skip_value(meta: &ParseNestedMeta<'_>) -> syn::Result<()> {
    if meta.input.peek(syn::Token![=]) {
        meta.value()?.parse::<syn::Expr>()?;
    } else if meta.input.peek(syn::token::Paren) {
        let arguments;
        syn::parenthesized!(arguments in meta.input);
        arguments.parse::<TokenStream>()?;
    }
    Ok(())
}

/// Whether a field is `#[constant]`.
pub fn is_constant(attributes: &[Attribute], errors: &mut Errors) -> bool {
    let mut constant = false;
    for attribute in attributes {
        if attribute.path().is_ident("constant") {
            constant = true;
            if !matches!(attribute.meta, Meta::Path(_)) {
                errors.refuse_tokens(Slug::MisplacedConstant, attribute, "");
            }
        }
    }
    refuse_options(attributes, errors);
    constant
}

/// Refuses both attributes on a variant, where neither means anything.
pub fn refuse_on_variant(attributes: &[Attribute], errors: &mut Errors) {
    for attribute in attributes {
        if attribute.path().is_ident("constant") {
            errors.refuse_tokens(Slug::MisplacedConstant, attribute, "");
        }
    }
    refuse_options(attributes, errors);
}

fn refuse_options(attributes: &[Attribute], errors: &mut Errors) {
    for attribute in attributes {
        if attribute.path().is_ident("differentiable") {
            let detail = "it belongs on the type";
            errors.refuse_tokens(Slug::MalformedDerive, attribute, detail);
        }
    }
}

/// The attributes of the type that its cotangent shares: what it allows,
/// `doc(hidden)`, `non_exhaustive`. An expectation is met once, by the type itself: the cotangent merely allows.
pub fn shared(attributes: &[Attribute]) -> Vec<Attribute> {
    attributes
        .iter()
        .filter(|attribute| is_shared(attribute))
        .cloned()
        .map(|mut attribute| {
            if attribute.path().is_ident("expect") {
                if let Meta::List(list) = &mut attribute.meta {
                    list.path = Ident::new("allow", list.path.span()).into();
                }
            }
            attribute
        })
        .collect()
}

fn is_shared(attribute: &Attribute) -> bool {
    const SHARED: [&str; 3] = ["allow", "expect", "non_exhaustive"];
    let path = attribute.path();
    SHARED.iter().any(|name| path.is_ident(name)) || is_doc_hidden(attribute)
}

fn is_doc_hidden(attribute: &Attribute) -> bool {
    match &attribute.meta {
        Meta::List(list) => list.path.is_ident("doc") && list.tokens.to_string() == "hidden",
        _ => false,
    }
}
