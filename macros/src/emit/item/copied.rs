//! Parameters of the type `Option<&f64>`: `let o = o.copied();` at the head of `f_vjp`. What the macro knows of such a
//! type is that there may be a float, and it reads floats as values.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::visit::{self, Visit};
use syn::{Expr, Type};

use crate::parse::function::Function;
use crate::parse::signature::Param;
use crate::parse::types;

/// What reads a parameter, if it is an option of a reference to a float.
pub fn read(function: &Function, param: &Param) -> Option<TokenStream> {
    let option = types::as_path(&param.ty)?;
    let named = option.segments.last()?.ident == "Option";
    let inner = types::argument(option, 0).filter(|_| named)?;
    let is_float = match types::peel(inner) {
        Type::Reference(inner) if inner.mutability.is_none() => {
            types::is_float(&inner.elem, &function.reals)
        }
        _ => false,
    };
    let body = function.body.as_ref().filter(|_| is_float)?;
    let name = &param.name;
    let mut uses = Uses {
        name,
        handed_on: false,
    };
    uses.visit_block(body);
    // Handed on, it is what it was.
    (!uses.handed_on).then(|| quote!(let #name = #name.copied();))
}

/// Whether a name stands anywhere but where an option is looked into.
struct Uses<'a> {
    name: &'a Ident,
    handed_on: bool,
}

impl Uses<'_> {
    fn looked_into(&mut self, expr: &Expr) {
        if !matches!(expr, Expr::Path(path) if path.path.is_ident(self.name)) {
            self.visit_expr(expr);
        }
    }
}

impl<'ast> Visit<'ast> for Uses<'_> {
    fn visit_expr(&mut self, expr: &'ast Expr) {
        match expr {
            Expr::MethodCall(call) => {
                self.looked_into(&call.receiver);
                call.args
                    .iter()
                    .for_each(|argument| self.visit_expr(argument));
            }
            Expr::Match(whole) => {
                self.looked_into(&whole.expr);
                whole.arms.iter().for_each(|arm| self.visit_arm(arm));
            }
            Expr::Let(condition) => self.looked_into(&condition.expr),
            Expr::Try(tried) => self.looked_into(&tried.expr),
            Expr::Path(path) => self.handed_on |= path.path.is_ident(self.name),
            expr => visit::visit_expr(self, expr),
        }
    }

    fn visit_macro(&mut self, mac: &'ast syn::Macro) {
        self.handed_on |= types::says(mac.tokens.clone(), &|name| name == self.name);
    }
}
