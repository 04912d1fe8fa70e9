//! The generics of a cotangent: those of the type that occur in one, and what has to hold of them.

use proc_macro2::{TokenStream, TokenTree};
use quote::{quote, ToTokens};
use syn::visit::{visit_type_path, Visit};
use syn::{GenericParam, Generics, Ident, TypePath, WherePredicate};

use super::shape::Shape;

/// The parameters of `generics` that `cotangents` mention, with those bounds that mention no others.
pub fn generics(generics: &Generics, cotangents: &TokenStream) -> Generics {
    let (kept, dropped): (Vec<_>, Vec<_>) = generics
        .params
        .iter()
        .cloned()
        .partition(|param| mentions(cotangents, param));
    let stays = |tokens: &dyn ToTokens| {
        let tokens = tokens.to_token_stream();
        !dropped.iter().any(|param| mentions(&tokens, param)) && !has_word(&tokens, "Self")
    };
    let mut result = Generics {
        params: kept.iter().map(|param| bounded(param, &stays)).collect(),
        ..Generics::default()
    };
    for predicate in generics
        .where_clause
        .iter()
        .flat_map(|clause| &clause.predicates)
    {
        if stays(predicate) && says_something(predicate, &result) {
            result
                .make_where_clause()
                .predicates
                .push(predicate.clone());
        }
    }
    keep_defaults_only_at_the_end(&mut result, &stays);
    result
}

/// `param` with those of its bounds that stay.
fn bounded(param: &GenericParam, stays: &dyn Fn(&dyn ToTokens) -> bool) -> GenericParam {
    let mut param = param.clone();
    match &mut param {
        GenericParam::Lifetime(lifetime) => {
            lifetime.attrs.clear();
            let bounds = lifetime.bounds.iter().filter(|bound| stays(bound));
            lifetime.bounds = bounds.cloned().collect();
        }
        GenericParam::Type(ty) => {
            ty.attrs.clear();
            let bounds = ty.bounds.iter().filter(|bound| stays(bound));
            ty.bounds = bounds.cloned().collect();
        }
        GenericParam::Const(constant) => constant.attrs.clear(),
    }
    param
}

/// Whether a predicate speaks of a parameter at all. One that does not holds or fails by itself.
fn says_something(predicate: &WherePredicate, generics: &Generics) -> bool {
    let tokens = predicate.to_token_stream();
    generics.params.iter().any(|param| mentions(&tokens, param))
}

/// A default may only follow parameters that have one: if one of them has to go, all before it go.
fn keep_defaults_only_at_the_end(generics: &mut Generics, stays: &dyn Fn(&dyn ToTokens) -> bool) {
    let mut keep = true;
    for param in generics.params.iter_mut().rev() {
        match param {
            GenericParam::Lifetime(_) => {}
            GenericParam::Type(ty) => {
                keep &= ty
                    .default
                    .as_ref()
                    .is_some_and(|(_, default)| stays(default));
                ty.default = ty.default.take().filter(|_| keep);
            }
            GenericParam::Const(constant) => {
                keep &= constant
                    .default
                    .as_ref()
                    .is_some_and(|(_, default)| stays(default));
                constant.default = constant.default.take().filter(|_| keep);
            }
        }
    }
}

/// What has to be `Differentiable` for the cotangents of `shapes` to be named: type parameters, and
/// types that belong to them, such as `T::Item`.
pub fn differentiable<'a>(
    shapes: impl Iterator<Item = &'a Shape>,
    parameters: &[Ident],
    krate: &TokenStream,
) -> Vec<TokenStream> {
    let mut named = Named {
        parameters,
        found: Vec::new(),
    };
    for shape in shapes {
        shape.each(&mut |part| match part {
            Shape::Parameter(ty) | Shape::Opaque(ty) => named.visit_type(ty),
            _ => {}
        });
    }
    let found = named
        .found
        .into_iter()
        .map(|ty| quote!(#ty: #krate::Differentiable));
    found.collect()
}

/// Finds type parameters and their associated types.
struct Named<'a> {
    parameters: &'a [Ident],
    found: Vec<TypePath>,
}

impl Named<'_> {
    fn is_parameter(&self, ty: &TypePath) -> bool {
        let first = ty
            .path
            .segments
            .first()
            .filter(|_| ty.path.leading_colon.is_none());
        first.is_some_and(|first| self.parameters.contains(&first.ident))
    }

    fn belongs_to_parameter(&self, ty: &TypePath) -> bool {
        let Some(qself) = &ty.qself else {
            return self.is_parameter(ty);
        };
        let tokens = qself.ty.to_token_stream();
        (self.parameters.iter()).any(|parameter| has_word(&tokens, &parameter.to_string()))
    }
}

impl<'ast> Visit<'ast> for Named<'_> {
    fn visit_type_path(&mut self, ty: &'ast TypePath) {
        if !self.belongs_to_parameter(ty) {
            visit_type_path(self, ty);
        } else if !self.found.contains(ty) {
            self.found.push(ty.clone());
        }
    }
}

/// Whether `tokens` mention a generic parameter.
fn mentions(tokens: &TokenStream, param: &GenericParam) -> bool {
    match param {
        GenericParam::Lifetime(lifetime) => has_word(tokens, &lifetime.lifetime.to_string()),
        GenericParam::Type(ty) => has_word(tokens, &ty.ident.to_string()),
        GenericParam::Const(constant) => has_word(tokens, &constant.ident.to_string()),
    }
}

/// Whether a name (or a lifetime, with its quote) stands in `tokens` as the beginning of a path.
fn has_word(tokens: &TokenStream, word: &str) -> bool {
    let mut before = ['\0'; 2];
    for token in tokens.clone() {
        match &token {
            TokenTree::Group(group) if has_word(&group.stream(), word) => return true,
            TokenTree::Ident(ident) if is_word(ident, before, word) => return true,
            _ => {}
        }
        let last = match token {
            TokenTree::Punct(punct) => punct.as_char(),
            _ => '\0',
        };
        before = [before[1], last];
    }
    false
}

/// Whether `ident`, after these two characters of punctuation, is the word.
fn is_word(ident: &Ident, before: [char; 2], word: &str) -> bool {
    match before {
        [_, '\''] => word.strip_prefix('\'').is_some_and(|name| ident == name),
        [':', ':'] => false,
        _ => ident == word,
    }
}
