//! Functions that are handed functions: `fn trapezoid(f: impl Fn(f64) -> f64, a: f64, b: f64) -> f64`.
//!
//! Their siblings take a [`rule`] for each function that they are handed. Where such a function is seen, in an annotated
//! module, it stands in place of its calls as a local closure, and closures are inlined with all they capture:
//!
//! ```text
//! trapezoid(|x| k * x, a, b)   ⇒   { let trapezoid = |f, a: f64, b: f64| -> f64 { … }; trapezoid(|x| k * x, a, b) }
//! ```
//!
//! The same is done with functions that are handed iterators, and with those that give one, which have no siblings: an
//! iterator has no cotangent. What they compute is computed where their items are asked for.
//!
//! ```text
//! smoothed(&ys, k)   ⇒   { let a0 = &ys; let a1 = k; let xs: &[f64] = a0; let k: f64 = a1; … }.into_iter()
//! ```

mod calls;
pub mod rule;
pub mod signature;
pub mod streams;

use std::collections::{HashMap, HashSet};

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned, ToTokens};
use syn::visit::{self, Visit};
use syn::visit_mut::VisitMut;
use syn::{
    Block, Expr, ExprCall, FnArg, GenericParam, Generics, Lifetime, Pat, PatType, ReceiverKind,
    ReturnType, Signature, Type,
};

use super::{conditional, strip, types};
pub use calls::in_place;
use calls::Names;
use signature::called_with;

/// A function that is handed functions or iterators, or gives an iterator.
#[derive(Clone, Debug)]
pub struct HigherOrder {
    sig: Signature,
    block: Block,
    /// What each parameter is, `self` left out.
    handed: Vec<Handed>,
    /// Type parameters that are neither functions nor iterators.
    open: Vec<Ident>,
}

/// What a parameter is.
#[derive(Clone, Debug)]
enum Handed {
    Value,
    /// A function that is called with arguments of these types.
    Function(Vec<Type>),
    Stream,
}

/// Functions that may stand in place of their calls, by name; of those that give iterators also those that may not.
#[derive(Default)]
pub struct HigherOrders<'a> {
    pub free: ByName<'a>,
    /// On `self`, or of `Self`.
    pub members: ByName<'a>,
}

impl HigherOrders<'_> {
    fn is_empty(&self) -> bool {
        self.free.is_empty() && self.members.is_empty()
    }
}

type ByName<'a> = HashMap<&'a str, Option<&'a HigherOrder>>;

impl HigherOrder {
    /// Reads a function, if it is one that can stand in place of its calls: it says none of its type parameters that stand for
    /// other things than functions and iterators.
    pub fn read(sig: &Signature, block: &Block) -> Option<HigherOrder> {
        let handed = sig.inputs.iter().filter_map(|input| match input {
            FnArg::Typed(typed) => Some(Handed::of(&typed.ty, &sig.generics)),
            FnArg::Receiver(_) => None,
        });
        let handed: Vec<Handed> = handed.collect();
        let read = HigherOrder {
            open: open(&sig.generics),
            sig: sig.clone(),
            block: block.clone(),
            handed,
        };
        let held = read.gives_stream() && read.holds();
        (read.is_higher() && read.is_plain() && read.is_closed() && !held).then_some(read)
    }

    /// Whether what it takes or gives cannot be handed over by value.
    fn is_higher(&self) -> bool {
        let gives = matches!(self.sig.output, ReturnType::Type(..));
        let higher = |handed: &Handed| !matches!(handed, Handed::Value);
        self.gives_stream() || gives && self.handed.iter().any(higher)
    }

    /// Whether its body has one reading, which is that of a closure.
    fn is_plain(&self) -> bool {
        // A body with conditions in it has more than one reading.
        let one = conditional::readings(&self.block).is_ok_and(|readings| readings.is_empty());
        let owned = match self.sig.receiver() {
            Some(receiver) => {
                !self.gives_stream()
                    || !matches!(&receiver.kind, ReceiverKind::Reference(_, _, None))
            }
            None => false,
        };
        let plain = self.sig.asyncness.is_none() && matches!(self.sig.safety, syn::Safety::Default);
        let chosen = self.gives_stream() && streams::branches(&self.block);
        one && plain && !owned && !chosen
    }

    /// Whether its body is understood without its type parameters.
    fn is_closed(&self) -> bool {
        let constant = |param: &GenericParam| matches!(param, GenericParam::Const(_));
        let called = self.handed.iter().flat_map(|handed| match handed {
            Handed::Function(inputs) => inputs.as_slice(),
            _ => &[],
        });
        let called: TokenStream = called.map(ToTokens::to_token_stream).collect();
        let block = self.block.to_token_stream();
        let open = |name: &Ident| self.open.contains(name);
        !self.sig.generics.params.iter().any(constant)
            && !types::says(quote!(#called #block), &open)
    }

    fn has_receiver(&self) -> bool {
        self.sig.receiver().is_some()
    }

    /// Whether it gives an iterator.
    pub fn gives_stream(&self) -> bool {
        streams::gives_stream(&self.sig.output, &self.sig.generics)
    }

    /// Whether it is worth to stand in place of its calls: it gives an iterator, or calls what it is handed with more than
    /// numbers, or hands it on.
    pub fn follows(&self) -> bool {
        if self.gives_stream() || self.handed.iter().any(Handed::is_stream) {
            return true;
        }
        let mut scan = Follows {
            names: self.functions().collect(),
            found: false,
        };
        scan.visit_block(&self.block);
        scan.found
    }

    /// Whether what it is handed is marked as constant, and so is what goes into it.
    pub fn holds(&self) -> bool {
        let mut inputs = self.inputs();
        inputs.any(|(typed, handed)| {
            !matches!(handed, Handed::Value) && typed.attrs.iter().any(strip::is_constant)
        })
    }

    /// Its parameters but `self`.
    fn inputs(&self) -> impl Iterator<Item = (&PatType, &Handed)> {
        let typed = self.sig.inputs.iter().filter_map(|input| match input {
            FnArg::Typed(typed) => Some(typed),
            FnArg::Receiver(_) => None,
        });
        typed.zip(&self.handed)
    }

    /// The names of the parameters that are functions.
    fn functions(&self) -> impl Iterator<Item = String> + '_ {
        self.inputs().filter_map(|(typed, handed)| match handed {
            Handed::Function(_) => name_of(&typed.pat),
            _ => None,
        })
    }

    /// What stands in place of a call; the body may have calls in it that were dealt with already.
    fn opened(&self, block: &Block, arguments: &[Expr], names: &Names, at: Span) -> Option<Expr> {
        match self.gives_stream() {
            true => self.stream(block, arguments, names, at),
            false => {
                let name = names.free(&self.sig.ident);
                let closure = self.closure(block)?;
                let opened = quote_spanned!(at=> { let #name = #closure; #name(#(#arguments),*) });
                syn::parse2(opened).ok()
            }
        }
    }

    /// `|f, a: f64| -> f64 { … }`
    fn closure(&self, block: &Block) -> Option<Expr> {
        let inputs = self.inputs().map(|(typed, handed)| {
            let (pat, ty) = (&typed.pat, self.type_of(typed, handed));
            quote!(#pat #ty)
        });
        let inputs: Vec<TokenStream> = inputs.collect();
        let mut output = self.sig.output.clone();
        if matches!(&output, ReturnType::Type(_, ty) if types::mentions(ty, &self.open)) {
            output = ReturnType::Default;
        }
        Unnamed.visit_return_type_mut(&mut output);
        syn::parse2(quote!(|#(#inputs),*| #output #block)).ok()
    }

    /// `: f64`, if the type of a parameter is known where it is called.
    fn type_of(&self, typed: &PatType, handed: &Handed) -> Option<TokenStream> {
        let known = matches!(handed, Handed::Value) && !types::mentions(&typed.ty, &self.open);
        let mut ty = typed.ty.clone();
        Unnamed.visit_type_mut(&mut ty);
        known.then(|| quote!(: #ty))
    }

    /// The iterator itself, with what is known of its items.
    fn stream(&self, block: &Block, arguments: &[Expr], names: &Names, at: Span) -> Option<Expr> {
        let mut block = block.clone();
        streams::unbox(&mut block);
        let argument = |position| names.free(&format_ident!("a{position}"));
        let given: Vec<Ident> = (0..arguments.len()).map(argument).collect();
        let bound = self.inputs().zip(&given).map(|((typed, handed), given)| {
            let (pat, ty) = (&typed.pat, self.type_of(typed, handed));
            quote!(let #pat #ty = #given;)
        });
        let (bound, stmts): (Vec<TokenStream>, _) = (bound.collect(), &block.stmts);
        let chain =
            quote_spanned!(at=> { #(let #given = #arguments;)* #(#bound)* #(#stmts)* }.into_iter());
        let item = streams::item(&self.sig.output, names.reals);
        let item = item.map(|item| quote_spanned!(at=> .map(|item: #item| -> #item { item })));
        syn::parse2(quote!(#chain #item)).ok()
    }

    /// The argument for a parameter that is a function: a closure without a borrow, or one that calls the function named.
    fn hand(&self, position: usize, argument: &Expr, locals: &HashSet<String>) -> Expr {
        let Some(Handed::Function(inputs)) = self.handed.get(position) else {
            return argument.clone();
        };
        match argument {
            Expr::Reference(reference) => self.hand(position, &reference.expr, locals),
            Expr::Paren(inner) => self.hand(position, &inner.expr, locals),
            Expr::Path(path) if !is_local(path, locals) => {
                let names: Vec<Ident> = (0..inputs.len()).map(|i| format_ident!("x{i}")).collect();
                syn::parse_quote!(|#(#names: #inputs),*| #path(#(#names),*))
            }
            argument => argument.clone(),
        }
    }
}

impl Handed {
    fn of(ty: &Type, generics: &Generics) -> Handed {
        match called_with(ty, generics) {
            Some(inputs) => Handed::Function(inputs),
            None if streams::is_given(ty, generics) => Handed::Stream,
            None => Handed::Value,
        }
    }

    fn is_stream(&self) -> bool {
        matches!(self, Handed::Stream)
    }
}

/// The type parameters that are neither functions nor iterators.
fn open(generics: &Generics) -> Vec<Ident> {
    let params = types::type_params(generics);
    let open = params.filter(|name| {
        let ty: Type = syn::parse_quote!(#name);
        matches!(Handed::of(&ty, generics), Handed::Value)
    });
    open.cloned().collect()
}

/// Lifetimes are those of the call.
struct Unnamed;

impl VisitMut for Unnamed {
    fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
        *lifetime = Lifetime::new("'_", lifetime.span());
    }

    fn visit_type_reference_mut(&mut self, reference: &mut syn::TypeReference) {
        reference.lifetime = None;
        self.visit_type_mut(&mut reference.elem);
    }
}

fn name_of(pat: &Pat) -> Option<String> {
    match pat {
        Pat::Ident(pat) => Some(pat.ident.to_string()),
        _ => None,
    }
}

fn is_local(path: &syn::ExprPath, locals: &HashSet<String>) -> bool {
    let name = path.path.get_ident().map(ToString::to_string);
    name.is_some_and(|name| locals.contains(&name))
}

/// Looks for calls of names with arguments that are no numbers, and for names that are handed on.
struct Follows {
    names: HashSet<String>,
    found: bool,
}

impl Follows {
    fn is_one(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Path(path) => is_local(path, &self.names),
            Expr::Paren(inner) => self.is_one(&inner.expr),
            Expr::Reference(inner) => self.is_one(&inner.expr),
            _ => false,
        }
    }
}

impl<'ast> Visit<'ast> for Follows {
    fn visit_expr_call(&mut self, call: &'ast ExprCall) {
        let numbers = call
            .args
            .iter()
            .all(|argument| matches!(argument, Expr::Lit(_)));
        self.found |= self.is_one(&call.func) && !numbers;
        self.found |= call.args.iter().any(|argument| self.is_one(argument));
        visit::visit_expr_call(self, call);
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        self.found |= call.args.iter().any(|argument| self.is_one(argument));
        visit::visit_expr_method_call(self, call);
    }
}
