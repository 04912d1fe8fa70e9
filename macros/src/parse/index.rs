//! `impl Index` and `impl Deref` for the cotangent of a type of the user's own, after the type's own.
//!
//! ```text
//! Original:  fn index(&self, i: usize) -> &f64 { &self.c[i] }
//! Cotangent: fn index(&self, i: usize) -> &Self::Output { &self.c[i] }
//!            fn index_mut(&mut self, i: usize) -> &mut Self::Output { &mut self.c[i] }
//! ```
//!
//! The cotangent has the fields of the value, but nothing in those without floats: what stands where must not depend on
//! them.

use std::iter::Peekable;

use proc_macro2::token_stream::IntoIter;
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{format_ident, quote, ToTokens};
use syn::{
    parse_quote, Block, Expr, FnArg, Generics, ImplItem, ImplItemFn, ItemImpl, Path, Signature,
    Stmt, Token, Type, TypeSlice,
};

use super::types;

/// Ways to look for an element, and to look for it in order to change it.
const LOOKS: &[(&str, &str)] = &[
    ("get", "get_mut"),
    ("first", "first_mut"),
    ("last", "last_mut"),
    ("index", "index_mut"),
    ("as_ref", "as_mut"),
    ("as_slice", "as_mut_slice"),
    ("deref", "deref_mut"),
];

/// What only takes out what has been found.
const TAKES: &[&str] = &["unwrap", "expect", "unwrap_or_else"];

/// A trait that lends a part of `self`, and the one that lends it to be changed.
struct Lends {
    names: [&'static str; 2],
    methods: [&'static str; 2],
    /// What is lent.
    of: &'static str,
}

const INDEX: Lends = Lends {
    names: ["Index", "IndexMut"],
    methods: ["index", "index_mut"],
    of: "Output",
};
const DEREF: Lends = Lends {
    names: ["Deref", "DerefMut"],
    methods: ["deref", "deref_mut"],
    of: "Target",
};

/// Whether it is an `impl Deref` or `DerefMut`.
pub fn is_deref(item: &ItemImpl) -> bool {
    let named = |path: &Path| DEREF.names.iter().any(|name| types::ends_with(path, name));
    item.trait_.as_ref().is_some_and(|(path, _)| named(path))
}

fn lends(item: &ItemImpl) -> Option<&'static Lends> {
    let (path, _) = item.trait_.as_ref()?;
    [&INDEX, &DEREF]
        .into_iter()
        .find(|lends| types::ends_with(path, lends.names[0]))
}

/// The implementations for the cotangent, or what it is that the cotangent does not know.
pub fn of_cotangent(item: &ItemImpl, tapeless: &Path) -> Result<Vec<TokenStream>, Span> {
    let Some(lends) = lends(item) else {
        return Ok(Vec::new());
    };
    let function = item.items.iter().find_map(|item| match item {
        ImplItem::Fn(item) if item.sig.ident == lends.methods[0] => Some(item),
        _ => None,
    });
    let (Some(function), Some((path, _)), Some(output)) =
        (function, &item.trait_, output(item, lends, tapeless))
    else {
        return Ok(Vec::new());
    };
    let block = lent(function)?;
    let mut generics = item.generics.clone();
    bound(&mut generics, tapeless);
    let cotangent = cotangent(item, lends, tapeless);
    let (params, _, clause) = generics.split_for_impl();
    let (shared, mutable) = (
        signature(&function.sig, lends, false),
        signature(&function.sig, lends, true),
    );
    let [of, of_mut] = lends.names.map(|name| format_ident!("{name}"));
    let what = format_ident!("{}", lends.of);
    let arguments = &path.segments.last().map(|last| last.arguments.clone());
    let allow = quote!(#[allow(warnings, unused, clippy::all, clippy::pedantic)]);
    let original = &function.block;
    let shared = quote! {
        #allow
        impl #params ::core::ops::#of #arguments for #cotangent #clause {
            type #what = #output;
            #[inline]
            #shared #original
        }
    };
    let mutable = quote! {
        #allow
        impl #params ::core::ops::#of_mut #arguments for #cotangent #clause {
            #[inline]
            #mutable #block
        }
    };
    let elements = elements(item, lends, tapeless);
    Ok([shared, mutable].into_iter().chain(elements).collect())
}

/// What is dereferenced to a sequence is indexed as such.
fn elements(item: &ItemImpl, lends: &Lends, tapeless: &Path) -> Option<TokenStream> {
    let output = output(item, lends, tapeless).filter(|_| is_deref(item))?;
    lent_type(item, lends).filter(|ty| is_sequence(ty))?;
    let cotangent = cotangent(item, lends, tapeless);
    let mut generics = item.generics.clone();
    bound(&mut generics, tapeless);
    generics.params.push(parse_quote!(At));
    let clause = generics.make_where_clause();
    clause
        .predicates
        .push(parse_quote!(#output: ::core::ops::IndexMut<At>));
    let (params, _, clause) = generics.split_for_impl();
    Some(quote! {
        #[allow(warnings, unused, clippy::all, clippy::pedantic)]
        impl #params ::core::ops::Index<At> for #cotangent #clause {
            type Output = <#output as ::core::ops::Index<At>>::Output;
            #[inline]
            fn index(&self, at: At) -> &Self::Output {
                &(**self)[at]
            }
        }
        #[allow(warnings, unused, clippy::all, clippy::pedantic)]
        impl #params ::core::ops::IndexMut<At> for #cotangent #clause {
            #[inline]
            fn index_mut(&mut self, at: At) -> &mut Self::Output {
                &mut (**self)[at]
            }
        }
    })
}

fn is_sequence(ty: &Type) -> bool {
    let vector = |path: &Path| types::ends_with(path, "Vec");
    matches!(ty, Type::Slice(_) | Type::Array(_)) || types::as_path(ty).is_some_and(vector)
}

/// Whatever an element is, it has a cotangent.
pub fn bound(generics: &mut Generics, tapeless: &Path) {
    for parameter in generics.type_params_mut() {
        let bound = parse_quote!(#tapeless::Differentiable);
        parameter.bounds.push(bound);
    }
}

/// The cotangent of the type: where it is generic the way to it does not tell its parameters, but its name does; nor
/// does it tell that it is as private as what is lent.
fn cotangent(item: &ItemImpl, lends: &Lends, tapeless: &Path) -> TokenStream {
    let ty = &item.self_ty;
    let of_floats = lent_type(item, lends).is_some_and(|ty| match ty {
        Type::Slice(slice) => types::is_float(&slice.elem, &[]),
        ty => types::is_float(ty, &[]),
    });
    let mut named = match types::as_path(ty) {
        Some(path) if !item.generics.params.is_empty() || !of_floats => path.clone(),
        _ => return quote!(<#ty as #tapeless::Differentiable>::Cotangent),
    };
    if let Some(last) = named.segments.last_mut() {
        last.ident = format_ident!("{}Cotangent", last.ident);
    }
    named.into_token_stream()
}

/// What the cotangent's elements are: of slices, slices of cotangents.
fn output(item: &ItemImpl, lends: &Lends, tapeless: &Path) -> Option<TokenStream> {
    Some(match lent_type(item, lends)? {
        Type::Slice(TypeSlice { elem, .. }) => {
            quote!([<#elem as #tapeless::Differentiable>::Cotangent])
        }
        output => quote!(<#output as #tapeless::Differentiable>::Cotangent),
    })
}

fn lent_type<'i>(item: &'i ItemImpl, lends: &Lends) -> Option<&'i Type> {
    item.items.iter().find_map(|item| match item {
        ImplItem::Type(item) if item.ident == lends.of => Some(&item.ty),
        _ => None,
    })
}

fn signature(sig: &Signature, lends: &Lends, mutable: bool) -> Signature {
    let mut sig = sig.clone();
    if mutable {
        sig.ident = format_ident!("{}", lends.methods[1], span = sig.ident.span());
        sig.inputs[0] = parse_quote!(&mut self);
    }
    let what = format_ident!("{}", lends.of);
    let of: Option<Token![mut]> = mutable.then(Default::default);
    sig.output = parse_quote!(-> &#of Self::#what);
    sig
}

/// The body, lending what may be changed.
fn lent(function: &ImplItemFn) -> Result<Block, Span> {
    let mut block = function.block.clone();
    let mut lending = Lending { lost: None };
    lending.block(&mut block);
    for input in &function.sig.inputs {
        if let FnArg::Typed(input) = input {
            lending.reads(&input.pat);
        }
    }
    match lending.lost {
        Some(span) => Err(span),
        None => Ok(block),
    }
}

/// Makes of what a body lends what may be changed, and finds what it reads of `self` besides.
struct Lending {
    lost: Option<Span>,
}

impl Lending {
    fn block(&mut self, block: &mut Block) {
        let last = block.stmts.len().wrapping_sub(1);
        for (at, stmt) in block.stmts.iter_mut().enumerate() {
            match stmt {
                Stmt::Expr(tail, None) if at == last => self.tail(tail),
                stmt => self.reads(stmt),
            }
        }
    }

    /// An expression that lends a part of `self`.
    fn tail(&mut self, expr: &mut Expr) {
        match expr {
            Expr::Reference(reference) => {
                reference.mutability = Some(Default::default());
                self.place(&mut reference.expr);
            }
            Expr::Paren(inner) => self.tail(&mut inner.expr),
            Expr::Block(inner) => self.block(&mut inner.block),
            Expr::If(branch) => {
                self.reads(&branch.cond);
                self.block(&mut branch.then_branch);
                if let Some((_, other)) = &mut branch.else_branch {
                    self.tail(other);
                }
            }
            Expr::Match(branch) => {
                self.reads(&branch.expr);
                for arm in &mut branch.arms {
                    self.reads(&arm.pat);
                    self.tail(&mut arm.body);
                }
            }
            Expr::MethodCall(call) if TAKES.iter().any(|name| call.method == name) => {
                self.tail(&mut call.receiver);
                call.args.iter().for_each(|argument| self.reads(argument));
            }
            Expr::MethodCall(call) => {
                let look = LOOKS.iter().find(|(name, _)| call.method == name);
                match look {
                    Some((_, mutable)) => {
                        call.method = format_ident!("{mutable}", span = call.method.span());
                        self.place(&mut call.receiver);
                        call.args.iter().for_each(|argument| self.reads(argument));
                    }
                    None => self.reads(&*call),
                }
            }
            other => self.reads(&*other),
        }
    }

    /// `self.rows[i][j]`
    fn place(&mut self, expr: &mut Expr) {
        match expr {
            Expr::Path(path) if path.path.is_ident("self") => {}
            Expr::Field(field) => self.place(&mut field.base),
            Expr::Paren(inner) => self.place(&mut inner.expr),
            Expr::Index(index) => {
                self.place(&mut index.expr);
                self.reads(&*index.index);
            }
            other => self.reads(&*other),
        }
    }

    /// What is only read: of `self` no more than lengths.
    fn reads(&mut self, node: &impl ToTokens) {
        let found = contents(node.to_token_stream());
        self.lost = self.lost.or(found);
    }
}

/// Where something is read of `self`, or of its type, that is no length.
fn contents(tokens: TokenStream) -> Option<Span> {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(tree) = tokens.next() {
        let found = match tree {
            TokenTree::Group(group) => contents(group.stream()),
            TokenTree::Ident(name) if name == "Self" => Some(name.span()),
            TokenTree::Ident(name) if name == "self" => part(name, &mut tokens),
            _ => None,
        };
        if found.is_some() {
            return found;
        }
    }
    None
}

/// The last name of `self.rows.count`, unless that is a length.
fn part(this: Ident, tokens: &mut Peekable<IntoIter>) -> Option<Span> {
    let mut last = TokenTree::Ident(this);
    let dot = |tree: &TokenTree| matches!(tree, TokenTree::Punct(dot) if dot.as_char() == '.');
    while tokens.next_if(dot).is_some() {
        last = tokens.next()?;
    }
    let is_length = matches!(&last, TokenTree::Ident(name) if name == "len" || name == "is_empty");
    (!is_length).then(|| last.span())
}
