//! The integers that a range is over, as far as they can be seen: positions of elements are `usize`.

use proc_macro2::Ident;
use syn::{Expr, FnArg, Pat, Type};

use super::infer::INTEGERS;
use super::known::strip;
use super::Lowering;

impl Lowering<'_> {
    /// Whether a chain starts with a range over integers that are visibly not `usize`.
    pub(super) fn counts_in_others(&self, chain: &Expr) -> bool {
        match strip(chain) {
            Expr::MethodCall(call) => self.counts_in_others(&call.receiver),
            Expr::Range(range) => {
                let mut ends = range.start.iter().chain(&range.end);
                ends.any(|end| self.integer_of(end).is_some_and(|name| name != "usize"))
            }
            _ => false,
        }
    }

    /// The name of an integer expression's type.
    fn integer_of(&self, expr: &Expr) -> Option<Ident> {
        match strip(expr) {
            Expr::Cast(cast) => integer(&cast.ty),
            Expr::Lit(literal) => match &literal.lit {
                syn::Lit::Int(int) if !int.suffix().is_empty() => {
                    Some(Ident::new(int.suffix(), int.span()))
                }
                _ => None,
            },
            Expr::Path(path) => self.integer_parameter(path.path.get_ident()?),
            Expr::Unary(unary) => self.integer_of(&unary.expr),
            Expr::Binary(binary) => self
                .integer_of(&binary.left)
                .or_else(|| self.integer_of(&binary.right)),
            Expr::MethodCall(call) if call.method != "len" => self.integer_of(&call.receiver),
            _ => None,
        }
    }

    fn integer_parameter(&self, name: &Ident) -> Option<Ident> {
        let typed = self
            .request
            .sig
            .inputs
            .iter()
            .filter_map(|input| match input {
                FnArg::Typed(typed) => Some(typed),
                FnArg::Receiver(_) => None,
            });
        let mut named =
            typed.filter(|typed| matches!(&*typed.pat, Pat::Ident(pat) if pat.ident == *name));
        integer(&named.next()?.ty)
    }
}

fn integer(ty: &Type) -> Option<Ident> {
    match ty {
        Type::Path(path) => {
            let name = path.path.get_ident()?;
            INTEGERS
                .iter()
                .any(|integer| name == integer)
                .then(|| name.clone())
        }
        Type::Reference(reference) => integer(&reference.elem),
        _ => None,
    }
}
