//! Functions whose first parameter is a struct become its methods: `fn g(s: &S, x: f64)` and `g(&s, x)` are
//! `impl S { fn g(&self, x: f64) }` and `s.g(x)`.

use std::collections::{HashMap, HashSet};

use proc_macro2::{Ident, Spacing, TokenStream, TokenTree};
use quote::{quote, ToTokens};
use syn::visit::{self, Visit};
use syn::{parse_quote, Expr, File, FnArg, Item, ItemFn, Pat, PatIdent, Type};

use super::{expressions, lists, structs};

/// Makes methods; `false` if no function can be one.
pub fn rewrite(file: &mut File) -> bool {
    let mut names = HashSet::new();
    structs(file, |item| {
        names.insert(item.ident.clone());
    });
    let mut methods = HashMap::new();
    lists(file, &mut |items| {
        let last = items.len();
        for (index, item) in items.iter_mut().enumerate() {
            // The last one is the entry, which the harness calls as a function.
            if let (Item::Fn(function), true) = (&*item, index + 1 < last) {
                if let Some((name, method)) = method(function, &names) {
                    methods.insert(name, ());
                    *item = method;
                }
            }
        }
    });
    expressions(file, |expr| call(expr, &methods));
    !methods.is_empty()
}

/// A function's name, and the function as a method.
fn method(function: &ItemFn, structs: &HashSet<Ident>) -> Option<(Ident, Item)> {
    let FnArg::Typed(first) = function.sig.inputs.first()? else {
        return None;
    };
    let Pat::Ident(name) = &*first.pat else {
        return None;
    };
    let (receiver, ty): (FnArg, &Type) = match &*first.ty {
        Type::Reference(reference) if reference.mutability.is_some() => {
            (parse_quote!(&mut self), &reference.elem)
        }
        Type::Reference(reference) => (parse_quote!(&self), &reference.elem),
        ty if name.mutability.is_some() => (parse_quote!(mut self), ty),
        ty => (parse_quote!(self), ty),
    };
    let Type::Path(path) = ty else { return None };
    let is_struct = path
        .path
        .get_ident()
        .is_some_and(|name| structs.contains(name));
    if !is_struct || is_bound_again(function, &name.ident) {
        return None;
    }
    let mut method = function.clone();
    method.attrs.clear();
    method.sig.inputs[0] = receiver;
    let body = renamed(method.block.to_token_stream(), &name.ident);
    method.block = syn::parse2(body).expect("a block");
    let attributes = &function.attrs;
    let item = parse_quote!(#(#attributes)* impl #path { #method });
    Some((function.sig.ident.clone(), item))
}

/// Whether a pattern of the body binds a name anew: `self` cannot be.
fn is_bound_again(function: &ItemFn, name: &Ident) -> bool {
    struct Bindings<'n>(&'n Ident, bool);
    impl<'ast> Visit<'ast> for Bindings<'_> {
        fn visit_pat_ident(&mut self, pat: &'ast PatIdent) {
            self.1 |= pat.ident == *self.0;
            visit::visit_pat_ident(self, pat);
        }
    }
    let mut bindings = Bindings(name, false);
    bindings.visit_block(&function.block);
    bindings.1
}

/// The tokens with `self` for a name that is no field's.
fn renamed(tokens: TokenStream, name: &Ident) -> TokenStream {
    // One dot is before a field, two are before what the rest of a struct is taken from.
    let mut dots = 0;
    let mut tokens = tokens.into_iter().peekable();
    let mut all = TokenStream::new();
    while let Some(token) = tokens.next() {
        let is_dot = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '.');
        let is_field = dots == 1 || tokens.peek().is_some_and(gives_a_field);
        dots = if is_dot { dots + 1 } else { 0 };
        match token {
            TokenTree::Ident(ident) if ident == *name && !is_field => all.extend(quote!(self)),
            TokenTree::Group(group) => {
                let inside = renamed(group.stream(), name);
                proc_macro2::Group::new(group.delimiter(), inside).to_tokens(&mut all);
            }
            token => token.to_tokens(&mut all),
        }
    }
    all
}

/// The colon of `S { k: 1.0 }`.
fn gives_a_field(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == ':' && punct.spacing() == Spacing::Alone)
}

/// `g(&s, x)` is `s.g(x)`.
fn call(expr: &mut Expr, methods: &HashMap<Ident, ()>) {
    let Expr::Call(call) = &*expr else { return };
    let Expr::Path(path) = &*call.func else {
        return;
    };
    let Some(name) = path
        .path
        .get_ident()
        .filter(|name| methods.contains_key(name))
    else {
        return;
    };
    let mut args = call.args.iter();
    let receiver = match args.next() {
        Some(Expr::Reference(reference)) => (*reference.expr).clone(),
        Some(receiver) => receiver.clone(),
        None => return,
    };
    *expr = parse_quote!((#receiver).#name(#(#args),*));
}
