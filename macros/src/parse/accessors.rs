//! Methods that lend a part of `self`: `fn weights(&self) -> &[f64] { &self.weights }`.
//!
//! They have no siblings, since the cotangent of a borrowed part would have to be borrowed as well. Where such a method
//! is seen, in an `impl` block of the type itself, the part stands in place of its calls.

use std::collections::HashMap;

use proc_macro2::Ident;
use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{
    Block, Expr, ExprMethodCall, ExprPath, FnArg, ImplItemFn, Macro, Pat, ReceiverKind, ReturnType,
    Signature, Stmt, Type,
};

/// What a method lends.
#[derive(Clone, Debug)]
pub struct Accessor {
    /// Its parameters besides `self`.
    params: Vec<Ident>,
    /// The part, over `self` and the parameters.
    part: Expr,
}

/// Accessors by name.
pub type Accessors<'a> = HashMap<&'a str, &'a Accessor>;

/// Accessors that call accessors, so many deep.
const DEPTH: usize = 8;

impl Accessor {
    /// Reads a method, if it is one.
    pub fn read(item: &ImplItemFn) -> Option<Accessor> {
        let lent = lent_type(&item.sig.output)?;
        let [Stmt::Expr(part, None)] = &item.block.stmts[..] else {
            return None;
        };
        let params = params(&item.sig)?;
        let mut names = Names {
            known: &params,
            others: false,
        };
        names.visit_expr(part);
        (!names.others).then(|| Accessor {
            params,
            part: as_slice(part, lent),
        })
    }

    /// The part that a call lends; its arguments must be worth the same however often they are evaluated.
    fn lent(&self, call: &ExprMethodCall) -> Option<Expr> {
        if self.params.len() != call.args.len() || !call.args.iter().all(is_plain) {
            return None;
        }
        let mut part = self.part.clone();
        let arguments = self.params.iter().zip(&call.args).collect();
        Given {
            receiver: &call.receiver,
            arguments,
        }
        .visit_expr_mut(&mut part);
        Some(syn::parse_quote!((#part)))
    }
}

/// A body with parts in place of the calls that lend them; `None` if there are no such calls.
pub fn in_place(block: &Block, sig: &Signature, accessors: &Accessors) -> Option<Block> {
    if accessors.is_empty() || sig.receiver().is_none() {
        return None;
    }
    let mut block = block.clone();
    let mut calls = Calls {
        accessors,
        found: false,
    };
    for round in 0..DEPTH {
        calls.found = false;
        calls.visit_block_mut(&mut block);
        match (calls.found, round) {
            (false, 0) => return None,
            (false, _) => break,
            _ => {}
        }
    }
    Some(block)
}

/// The names of the parameters after `&self`.
fn params(sig: &Signature) -> Option<Vec<Ident>> {
    let mut inputs = sig.inputs.iter();
    let shared = matches!(inputs.next()?, FnArg::Receiver(this)
        if matches!(&this.kind, ReceiverKind::Reference(_, _, None)));
    let names = inputs.map(|input| match input {
        FnArg::Typed(typed) => match &*typed.pat {
            Pat::Ident(pat) if pat.mutability.is_none() => Some(pat.ident.clone()),
            _ => None,
        },
        FnArg::Receiver(_) => None,
    });
    let names: Option<Vec<Ident>> = names.collect();
    names.filter(|_| shared && sig.generics.params.is_empty())
}

/// `T` of a result `&T`.
fn lent_type(output: &ReturnType) -> Option<&Type> {
    match output {
        ReturnType::Type(_, ty) => match &**ty {
            Type::Reference(ty) if ty.mutability.is_none() => Some(&ty.elem),
            _ => None,
        },
        ReturnType::Default => None,
    }
}

/// `&self.weights` as a slice, where the result's type makes it one.
fn as_slice(part: &Expr, lent: &Type) -> Expr {
    match part {
        Expr::Reference(reference)
            if matches!(lent, Type::Slice(_)) && !is_range(&reference.expr) =>
        {
            let inner = &reference.expr;
            syn::parse_quote!(&#inner[..])
        }
        part => part.clone(),
    }
}

/// `self.weights[a..b]`
fn is_range(part: &Expr) -> bool {
    matches!(part, Expr::Index(index) if matches!(&*index.index, Expr::Range(_)))
}

/// Whether an argument is a name, a field, a number, or arithmetic of such.
fn is_plain(argument: &Expr) -> bool {
    match argument {
        Expr::Path(path) => path.path.get_ident().is_some(),
        Expr::Lit(_) => true,
        Expr::Paren(inner) => is_plain(&inner.expr),
        Expr::Field(field) => is_plain(&field.base),
        Expr::Binary(binary) => is_plain(&binary.left) && is_plain(&binary.right),
        _ => false,
    }
}

/// Looks for names that could mean something else in another body.
struct Names<'a> {
    known: &'a [Ident],
    others: bool,
}

impl<'ast> Visit<'ast> for Names<'_> {
    fn visit_expr(&mut self, expr: &'ast Expr) {
        let plain = matches!(
            expr,
            Expr::Path(_)
                | Expr::Field(_)
                | Expr::Index(_)
                | Expr::Reference(_)
                | Expr::MethodCall(_)
                | Expr::Paren(_)
                | Expr::Unary(_)
                | Expr::Binary(_)
                | Expr::Range(_)
                | Expr::Lit(_)
        );
        self.others |= !plain;
        visit::visit_expr(self, expr);
    }

    fn visit_expr_path(&mut self, path: &'ast ExprPath) {
        let name = path.path.get_ident();
        let known = name.is_some_and(|name| name == "self" || self.known.contains(name));
        self.others |= !known;
    }

    fn visit_macro(&mut self, _: &'ast Macro) {
        self.others = true;
    }
}

/// Puts what a call gives in place of the names of the method.
struct Given<'a> {
    receiver: &'a Expr,
    arguments: HashMap<&'a Ident, &'a Expr>,
}

impl VisitMut for Given<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        let name = match expr {
            Expr::Path(path) => path.path.get_ident(),
            _ => None,
        };
        let given = name.and_then(|name| match name {
            name if name == "self" => Some(self.receiver),
            name => self.arguments.get(name).copied(),
        });
        match given {
            Some(Expr::Path(path)) => *expr = Expr::Path(path.clone()),
            Some(given) => *expr = syn::parse_quote!((#given)),
            None => visit_mut::visit_expr_mut(self, expr),
        }
    }
}

/// Finds the calls on `self`.
struct Calls<'a> {
    accessors: &'a Accessors<'a>,
    found: bool,
}

impl VisitMut for Calls<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        let Expr::MethodCall(call) = expr else { return };
        let on_self = matches!(&*call.receiver, Expr::Path(path) if path.path.is_ident("self"));
        let accessor = self.accessors.get(call.method.to_string().as_str());
        if let Some(part) = accessor
            .filter(|_| on_self)
            .and_then(|found| found.lent(call))
        {
            *expr = part;
            self.found = true;
        }
    }

    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}
