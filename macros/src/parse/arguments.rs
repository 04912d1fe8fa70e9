//! The options of the attribute: `#[differentiate(wrt(x), name = g)]`.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::quote;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{token, Ident, Path, Token};

use super::spelling;
use crate::diagnostics::{Errors, Slug};

/// What the attribute asks for.
#[derive(Clone, Debug)]
pub struct Options {
    /// `wrt(a, b)`: only these parameters are active.
    pub wrt: Option<Vec<Ident>>,
    /// `no_alloc`: the generated code may not allocate.
    pub no_alloc: bool,
    /// `associated`: the function stands in an `impl` block, although nothing in it says so.
    pub associated: Option<Span>,
    /// `in_trait`: the siblings are members of the trait that is implemented.
    pub in_trait: Option<Span>,
    /// `inert`: the function takes or gives no floats, and nothing flows through it.
    pub inert: Option<Span>,
    /// `jacobian`: the function has `f_jacobian`, too.
    pub jacobian: Option<Span>,
    /// `float(T)`: these type parameters stand for floats.
    pub floats: Vec<Ident>,
    /// Traits named `Float` or `Real` that are somebody else's: the module that the attribute stands on shows it.
    pub strangers: Vec<Ident>,
    /// `name = ident`: base name of the siblings.
    pub name: Option<Ident>,
    /// `crate = path`: where the runtime is found.
    pub tapeless: Path,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            wrt: None,
            no_alloc: false,
            associated: None,
            in_trait: None,
            inert: None,
            jacobian: None,
            floats: Vec::new(),
            strangers: Vec::new(),
            name: None,
            tapeless: syn::parse_quote!(::tapeless),
        }
    }
}

/// Every option, for the suggestion after a misspelling.
const NAMES: [&str; 11] = [
    "wrt",
    "forward",
    "hessian",
    "jacobian",
    "no_alloc",
    "associated",
    "in_trait",
    "inert",
    "float",
    "name",
    "crate",
];

/// Reads the arguments of the attribute; what is wrong with them is said, and the rest is kept.
pub fn parse(attr: TokenStream, errors: &mut Errors) -> Options {
    let mut options = Options::default();
    let arguments = match Punctuated::<Argument, Token![,]>::parse_terminated.parse2(attr) {
        Ok(arguments) => arguments,
        Err(error) => {
            errors.refuse_with(Slug::MalformedOption, error.span(), "in this place");
            return options;
        }
    };
    let mut seen: Vec<String> = Vec::new();
    for argument in &arguments {
        let name = argument.key.unraw().to_string();
        if seen.contains(&name) {
            errors.refuse_with(
                Slug::RepeatedOption,
                argument.key.span(),
                &format!("`{name}`"),
            );
            continue;
        }
        argument.apply(&name, &mut options, errors);
        seen.push(name);
    }
    options
}

/// `key`, `key(…)` or `key = …`.
struct Argument {
    key: Ident,
    value: Value,
}

enum Value {
    None,
    List(TokenStream),
    Is(TokenStream),
}

impl Argument {
    fn apply(&self, name: &str, options: &mut Options, errors: &mut Errors) {
        let span = self.key.span();
        let understood = match (name, &self.value) {
            ("wrt", Value::List(list)) => set(&mut options.wrt, idents(list)),
            ("no_alloc", Value::None) => {
                options.no_alloc = true;
                true
            }
            ("associated", Value::None) => set(&mut options.associated, Some(span)),
            ("in_trait", Value::None) => set(&mut options.in_trait, Some(span)),
            ("inert", Value::None) => set(&mut options.inert, Some(span)),
            ("float", Value::List(list)) => match idents(list) {
                Some(names) => {
                    options.floats = names;
                    true
                }
                None => false,
            },
            ("name", Value::Is(ident)) => set(&mut options.name, syn::parse2(ident.clone()).ok()),
            ("crate", Value::Is(path)) => match Path::parse_mod_style.parse2(path.clone()) {
                Ok(path) => {
                    errors.found_at(&path);
                    options.tapeless = path;
                    true
                }
                Err(_) => false,
            },
            ("jacobian", Value::None) => set(&mut options.jacobian, Some(span)),
            ("forward" | "hessian", Value::None) => {
                errors.refuse_with(Slug::ForwardMode, span, &format!("`{name}`"));
                true
            }
            _ => false,
        };
        if !understood {
            self.refuse(name, errors);
        }
    }

    fn refuse(&self, name: &str, errors: &mut Errors) {
        if NAMES.contains(&name) {
            let culprit = self.tokens();
            errors.refuse_tokens(Slug::MalformedOption, culprit, &format!("`{name}`"));
        } else {
            let detail = format!("`{name}`{}", spelling::did_you_mean(name, NAMES));
            errors.refuse_with(Slug::UnknownOption, self.key.span(), &detail);
        }
    }

    fn tokens(&self) -> TokenStream {
        let key = &self.key;
        match &self.value {
            Value::None => quote!(#key),
            Value::List(tokens) | Value::Is(tokens) => quote!(#key #tokens),
        }
    }
}

fn set<T>(option: &mut Option<T>, value: Option<T>) -> bool {
    *option = value;
    option.is_some()
}

/// The names in `wrt(a, self, b)`; at least one.
fn idents(list: &TokenStream) -> Option<Vec<Ident>> {
    let names = Punctuated::<Ident, Token![,]>::parse_terminated_with;
    let parse = |input: ParseStream| names(input, Ident::parse_any);
    let idents: Vec<Ident> = parse.parse2(list.clone()).ok()?.into_iter().collect();
    (!idents.is_empty()).then_some(idents)
}

impl Parse for Argument {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let key = input.call(Ident::parse_any)?;
        let value = if input.peek(token::Paren) {
            let list;
            syn::parenthesized!(list in input);
            Value::List(list.parse()?)
        } else if input.peek(Token![=]) {
            input.parse::<Token![=]>()?;
            Value::Is(up_to_comma(input)?)
        } else {
            Value::None
        };
        Ok(Argument { key, value })
    }
}

fn up_to_comma(input: ParseStream) -> syn::Result<TokenStream> {
    let mut tokens = TokenStream::new();
    while !input.is_empty() && !input.peek(Token![,]) {
        tokens.extend([input.parse::<TokenTree>()?]);
    }
    Ok(tokens)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusals(attr: TokenStream) -> String {
        let mut errors = Errors::new();
        parse(attr, &mut errors);
        errors.into_compile_errors().to_string()
    }

    #[test]
    fn reads_every_option() {
        let mut errors = Errors::new();
        let attr = quote!(
            wrt(self, b),
            no_alloc,
            associated,
            in_trait,
            inert,
            float(S, T),
            name = g,
            crate = a::b,
        );
        let options = parse(attr, &mut errors);
        assert!(errors.is_empty());
        let wrt = options.wrt.unwrap_or_default();
        assert_eq!(
            wrt.iter().map(Ident::to_string).collect::<Vec<_>>(),
            ["self", "b"]
        );
        assert!(
            options.no_alloc
                && options.associated.is_some()
                && options.in_trait.is_some()
                && options.inert.is_some()
        );
        assert_eq!(
            options.name.map(|name| name.to_string()).as_deref(),
            Some("g")
        );
        assert_eq!(options.floats.len(), 2);
        let tapeless = options.tapeless;
        assert_eq!(quote!(#tapeless).to_string(), "a :: b");
    }

    #[test]
    fn says_what_is_wrong() {
        assert!(refusals(quote!(wtr(x))).contains("`wtr`; did you mean `wrt`?"));
        assert!(refusals(quote!(no_alloc, no_alloc)).contains("repeated-option"));
        assert!(refusals(quote!(wrt = x)).contains("malformed-option"));
        assert!(refusals(quote!(name = "g")).contains("malformed-option"));
        assert!(refusals(quote!(3)).contains("malformed-option"));
        assert!(refusals(quote!(hessian)).contains("forward-mode"));
    }
}
