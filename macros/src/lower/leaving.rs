//! Macros that leave a function with an error: `bail!("…")` and `ensure!(test, "…")`, known by name, as `anyhow`, `eyre` and
//! `snafu` have them.
//!
//! What they make of their arguments is not visible, but that they leave is: `bail!(…)` is written as `return Err(error)`,
//! with a closure of the function's type around the macro, from which the error is taken; before `ensure!` stands the test.

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::{ParseStream, Parser};
use syn::visit_mut::{self, VisitMut};
use syn::{parse_quote, Block, Expr, ExprClosure, Item, Macro, ReturnType, Stmt, Type};

use super::scope::Term;
use super::Lowering;
use crate::ir::{Cost, Kind};
use crate::parse::types;

/// The macro that stands for the error another one makes.
const ERROR: &str = "__error_of";

/// A body in which these macros are written out, if the function gives a result.
pub fn written_out(block: Block, output: &ReturnType) -> Block {
    let mut block = block;
    if result(output).is_some() {
        WrittenOut.visit_block_mut(&mut block);
    }
    block
}

/// `Result<f64>`, or a name that ends so.
fn result(output: &ReturnType) -> Option<&Type> {
    let ReturnType::Type(_, ty) = output else {
        return None;
    };
    let last = types::as_path(ty)?.segments.last()?;
    last.ident.to_string().ends_with("Result").then_some(&**ty)
}

struct WrittenOut;

impl VisitMut for WrittenOut {
    fn visit_stmt_mut(&mut self, stmt: &mut Stmt) {
        if let Stmt::Macro(written) = stmt {
            if let Some(leave) = leave(&written.mac) {
                *stmt = Stmt::Expr(leave, written.semi_token);
            }
        }
        visit_mut::visit_stmt_mut(self, stmt);
    }

    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        if let Expr::Macro(written) = expr {
            if let Some(leave) = leave(&written.mac) {
                *expr = leave;
            }
        }
        visit_mut::visit_expr_mut(self, expr);
    }

    /// They leave these.
    fn visit_expr_closure_mut(&mut self, _: &mut ExprClosure) {}

    fn visit_item_mut(&mut self, _: &mut Item) {}
}

/// The way out that a macro is.
fn leave(mac: &Macro) -> Option<Expr> {
    let error = quote::format_ident!("{ERROR}", span = mac.path.segments.last()?.ident.span());
    match mac.path.segments.last()?.ident.to_string().as_str() {
        "bail" => Some(parse_quote!(return Err(#error! { #mac }))),
        "ensure" => {
            let (test, message) = ensured.parse2(mac.tokens.clone()).ok()?;
            let failed = failed(mac, message);
            Some(parse_quote! {
                if !(#test) {
                    return Err(#error! { #failed; ::core::unreachable!() });
                }
            })
        }
        _ => None,
    }
}

/// The test of `ensure!(test, message…)`, and what follows it.
fn ensured(input: ParseStream) -> syn::Result<(Expr, TokenStream)> {
    Ok((input.parse()?, input.parse()?))
}

/// The same macro where the test is known to have failed: it is not evaluated a second time, unless the message is made
/// of it.
fn failed(mac: &Macro, message: TokenStream) -> Macro {
    let mut mac = mac.clone();
    // A comma may be all that follows.
    if message.clone().into_iter().nth(1).is_some() {
        mac.tokens = quote!(false #message);
    }
    mac
}

impl Lowering<'_> {
    /// The error that a macro leaves with, if this stands for it.
    pub(super) fn error_left_with(&mut self, mac: &Macro) -> Option<Term> {
        let ty = result(&self.request.sig.output)?;
        let inside = &mac.tokens;
        let made = quote!((|| -> #ty { #inside })().err().unwrap());
        let made = syn::parse2::<Expr>(made).ok()?;
        self.opaque(&made, Kind::Inert, Cost::Once)
    }
}

/// Whether a macro stands for the error of another.
pub fn is_error(name: &str) -> bool {
    name == ERROR
}
