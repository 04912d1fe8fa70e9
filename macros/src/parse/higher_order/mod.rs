//! Functions that are handed functions: `fn trapezoid(f: impl Fn(f64) -> f64, a: f64, b: f64) -> f64`.
//!
//! Their siblings take a [`rule`] for each function that they are handed. Where such a function is seen, in an annotated
//! module, it stands in place of its calls as a local closure, and closures are inlined with all they capture:
//!
//! ```text
//! trapezoid(|x| k * x, a, b)   ⇒   { let trapezoid = |f, a: f64, b: f64| -> f64 { … }; trapezoid(|x| k * x, a, b) }
//! ```

mod calls;
pub mod rule;
pub mod signature;

use std::collections::{HashMap, HashSet};

use proc_macro2::Ident;
use quote::{format_ident, quote, ToTokens};
use syn::visit::{self, Visit};
use syn::{Block, Expr, ExprCall, FnArg, GenericParam, Pat, ReturnType, Signature, Type};

use super::{conditional, strip};
pub use calls::in_place;
use signature::{bound_of, called_with};

/// A function that is handed functions.
#[derive(Clone, Debug)]
pub struct HigherOrder {
    sig: Signature,
    block: Block,
    /// Per parameter the types of the arguments that it is called with, if it is a function.
    handed: Vec<Option<Vec<Type>>>,
}

/// Functions that are handed functions, by name.
pub type HigherOrders<'a> = HashMap<&'a str, &'a HigherOrder>;

impl HigherOrder {
    /// Reads a function, if it is one that can stand in place of its calls: its type parameters are all functions.
    pub fn read(sig: &Signature, block: &Block) -> Option<HigherOrder> {
        let handed = sig.inputs.iter().map(|input| match input {
            FnArg::Typed(typed) => Some(called_with(&typed.ty, &sig.generics)),
            FnArg::Receiver(_) => None,
        });
        let handed: Vec<Option<Vec<Type>>> = handed.collect::<Option<_>>()?;
        let gives = matches!(sig.output, ReturnType::Type(..));
        let plain = sig.generics.params.iter().all(|param| match param {
            GenericParam::Type(param) => bound_of(&param.ident, &sig.generics).is_some(),
            _ => false,
        });
        let plain = plain && sig.asyncness.is_none() && matches!(sig.safety, syn::Safety::Default);
        // A body with conditions in it has more than one reading.
        let one = conditional::readings(block).is_ok_and(|readings| readings.is_empty());
        let plain = plain && one;
        (gives && plain && handed.iter().any(Option::is_some)).then(|| HigherOrder {
            sig: sig.clone(),
            block: block.clone(),
            handed,
        })
    }

    /// Whether it calls what it is handed with more than numbers, or hands it on.
    pub fn follows(&self) -> bool {
        let mut scan = Follows {
            names: self.functions().collect(),
            found: false,
        };
        scan.visit_block(&self.block);
        scan.found
    }

    /// Whether what it is handed is marked as constant, and so is what goes into it.
    pub fn holds(&self) -> bool {
        let inputs = self.sig.inputs.iter().zip(&self.handed);
        let mut handed = inputs.filter(|(_, handed)| handed.is_some());
        handed.any(|(input, _)| match input {
            FnArg::Typed(typed) => typed.attrs.iter().any(strip::is_constant),
            FnArg::Receiver(_) => false,
        })
    }

    /// The names of the parameters that are functions.
    fn functions(&self) -> impl Iterator<Item = String> + '_ {
        let inputs = self.sig.inputs.iter().zip(&self.handed);
        inputs.filter_map(|(input, handed)| match (input, handed) {
            (FnArg::Typed(typed), Some(_)) => name_of(&typed.pat),
            _ => None,
        })
    }

    /// `|f, a: f64| -> f64 { … }`
    fn closure(&self, block: &Block) -> Option<Expr> {
        let inputs = self.sig.inputs.iter().zip(&self.handed);
        let inputs = inputs.filter_map(|(input, handed)| match (input, handed) {
            (FnArg::Typed(typed), Some(_)) => Some(typed.pat.to_token_stream()),
            (FnArg::Typed(typed), None) => Some(typed.to_token_stream()),
            _ => None,
        });
        let (inputs, output) = (inputs.collect::<Vec<_>>(), &self.sig.output);
        syn::parse2(quote!(|#(#inputs),*| #output #block)).ok()
    }

    /// The argument for a parameter that is a function: a closure without a borrow, or one that calls the function named.
    fn hand(&self, position: usize, argument: &Expr, locals: &HashSet<String>) -> Expr {
        let Some(Some(inputs)) = self.handed.get(position) else {
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
