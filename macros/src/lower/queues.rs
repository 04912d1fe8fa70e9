//! Queues of the function's own, read as vectors: `q.push_back(x)` is `q.push(x)`, `q.pop_front()` takes the first element off.
//!
//! What a queue holds has the same order as in a vector; a queue that is handed on, or asked for more than a vector can
//! give, stays what it is.

use std::collections::HashMap;

use proc_macro2::Ident;
use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{
    parse_quote, Block, Expr, ExprCall, ExprMethodCall, Item, Local, Macro, Pat, PatIdent, Type,
};

use super::known::strip;
use crate::parse::types;

/// Methods that vectors have under another name.
const RENAMED: &[(&str, &str)] = &[
    ("push_back", "push"),
    ("pop_back", "pop"),
    ("front", "first"),
    ("back", "last"),
    ("front_mut", "first_mut"),
    ("back_mut", "last_mut"),
];
/// Methods that are the same.
const SHARED: &[&str] = &[
    "len", "is_empty", "clear", "iter", "iter_mut", "get", "get_mut", "swap", "truncate", "extend",
    "reserve", "insert",
];

/// A body in which its own queues are vectors.
pub fn as_vectors(block: Block) -> Block {
    let mut found = Found::default();
    found.visit_block(&block);
    let bound = found.bound;
    found.queues.retain(|name| bound.get(name) == Some(&1));
    if found.queues.is_empty() {
        return block;
    }
    let mut written = block.clone();
    let mut vectors = Vectors {
        queues: found.queues,
        other_uses: false,
    };
    vectors.visit_block_mut(&mut written);
    match vectors.other_uses {
        true => block,
        false => written,
    }
}

/// The queues that a body makes, and how often names are bound.
#[derive(Default)]
struct Found {
    queues: Vec<String>,
    bound: HashMap<String, usize>,
}

impl<'ast> Visit<'ast> for Found {
    fn visit_pat_ident(&mut self, pat: &'ast PatIdent) {
        *self.bound.entry(pat.ident.to_string()).or_default() += 1;
        visit::visit_pat_ident(self, pat);
    }

    fn visit_local(&mut self, local: &'ast Local) {
        if let (Some(name), Some(init)) = (name(&local.pat), &local.init) {
            if vector(&init.expr).is_some() {
                self.queues.push(name.to_string());
            }
        }
        visit::visit_local(self, local);
    }

    fn visit_item(&mut self, _: &'ast Item) {}
}

fn name(pat: &Pat) -> Option<&Ident> {
    match pat {
        Pat::Ident(pat) => Some(&pat.ident),
        Pat::Type(typed) => name(&typed.pat),
        _ => None,
    }
}

/// The vector in place of a queue that is made: of `VecDeque::new()`, `VecDeque::with_capacity(n)`.
fn vector(value: &Expr) -> Option<Expr> {
    let Expr::Call(ExprCall { func, args, .. }) = strip(value) else {
        return None;
    };
    let Expr::Path(path) = strip(func) else {
        return None;
    };
    let mut names = path.path.segments.iter().rev();
    let (made, owner) = (&names.next()?.ident, names.next()?);
    if owner.ident != "VecDeque" {
        return None;
    }
    let of = &owner.arguments;
    match made.to_string().as_str() {
        "new" | "with_capacity" => Some(parse_quote!(Vec #of::#made(#args))),
        "from" => match strip(args.first()?) {
            Expr::Macro(list) if list.mac.path.is_ident("vec") => args.first().cloned(),
            Expr::Array(list) => {
                let parts = &list.elems;
                Some(parse_quote!(vec![#parts]))
            }
            _ => None,
        },
        _ => None,
    }
}

struct Vectors {
    queues: Vec<String>,
    other_uses: bool,
}

impl Vectors {
    fn is_queue(&self, expr: &Expr) -> bool {
        let Expr::Path(path) = strip(expr) else {
            return false;
        };
        let name = path.path.get_ident().map(ToString::to_string);
        name.is_some_and(|name| self.queues.contains(&name))
    }

    /// The same of a vector.
    fn method(&mut self, call: &ExprMethodCall) -> Option<Expr> {
        let (queue, args) = (&call.receiver, &call.args);
        let name = call.method.to_string();
        let renamed = RENAMED.iter().find(|(old, _)| *old == name);
        if let Some((_, new)) = renamed {
            let mut call = call.clone();
            call.method = Ident::new(new, call.method.span());
            return Some(Expr::MethodCall(call));
        }
        match name.as_str() {
            "pop_front" => Some(parse_quote!({
                if #queue.is_empty() { None } else { Some(#queue.remove(0)) }
            })),
            "push_front" => Some(parse_quote!(#queue.insert(0, #args))),
            name if SHARED.contains(&name) => Some(Expr::MethodCall(call.clone())),
            _ => None,
        }
    }
}

impl VisitMut for Vectors {
    fn visit_local_mut(&mut self, local: &mut Local) {
        let queue = name(&local.pat).map(ToString::to_string);
        let made = queue.filter(|name| self.queues.contains(name));
        if let (Some(_), Some(init)) = (made, &mut local.init) {
            if let Some(vector) = vector(&init.expr) {
                *init.expr = vector;
            }
            if let Pat::Type(typed) = &mut local.pat {
                let of = types::as_path(&typed.ty).and_then(|path| types::argument(path, 0));
                let ty: Option<Type> = of.map(|of| parse_quote!(Vec<#of>));
                *typed.ty = ty.unwrap_or_else(|| parse_quote!(Vec<_>));
            }
        }
        visit_mut::visit_local_mut(self, local);
    }

    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        match expr {
            Expr::MethodCall(call) if self.is_queue(&call.receiver) => {
                let vectors = self.method(call);
                self.other_uses |= vectors.is_none();
                let args = call.args.iter_mut();
                args.for_each(|argument| self.visit_expr_mut(argument));
                // The arguments have been looked into.
                if let Some(same) = self.method(&call.clone()) {
                    *expr = same;
                }
            }
            Expr::Index(index) if self.is_queue(&index.expr) => {
                self.visit_expr_mut(&mut index.index)
            }
            Expr::ForLoop(each) if goes_through(&each.expr, self) => {
                self.visit_block_mut(&mut each.body);
            }
            Expr::Path(_) => self.other_uses |= self.is_queue(expr),
            expr => visit_mut::visit_expr_mut(self, expr),
        }
    }

    /// What a macro is given stays as it is.
    fn visit_macro_mut(&mut self, mac: &mut Macro) {
        let text = mac.tokens.to_string();
        let mut words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
        self.other_uses |= words.any(|word| self.queues.iter().any(|queue| queue == word));
    }

    fn visit_item_mut(&mut self, _: &mut Item) {}
}

/// `for x in &q`
fn goes_through(head: &Expr, vectors: &Vectors) -> bool {
    matches!(strip(head), Expr::Reference(reference) if vectors.is_queue(&reference.expr))
}
