//! Slices as arrays: `let a: [f64; 3] = slice.try_into().unwrap();`. The type of the array stands at the `let`, and is said
//! again of the result that is unwrapped there.

use syn::spanned::Spanned;
use syn::{Expr, ExprCall, ExprMethodCall, Type};

use super::known::strip;
use super::scope::Term;
use super::types::kind_of;
use super::Lowering;
use crate::diagnostics::Slug;
use crate::ir::Kind;

/// Methods that leave what is inside of a result as it is.
const THROUGH: [&str; 5] = ["unwrap", "expect", "ok", "map_err", "ok_or"];

impl Lowering<'_> {
    /// Notes what the type at a `let` says of a conversion behind it.
    pub(super) fn note_conversion(&mut self, ty: Option<&Type>, init: &Expr) {
        let (Some(ty), Some(call)) = (ty, converted(init)) else {
            return;
        };
        self.made.insert(key(call), ty.clone());
    }

    /// `slice.try_into()`
    pub(super) fn try_into(&mut self, call: &ExprMethodCall, element: &Kind) -> Option<Term> {
        let Some(ty) = self.made.remove(&key(call)) else {
            let detail = "what the slice becomes is not said here";
            return self.refuse(Slug::UnseenType, call.method.span(), detail);
        };
        let array = Kind::Array(Box::new(element.clone()));
        let term = self.protocol_method(call, &Kind::Result(Box::new(array)))?;
        if let Term::Fresh(place) = &term {
            let whole = syn::parse_quote_spanned!(ty.span()=> ::core::result::Result<#ty, _>);
            self.vars[place.root.0].ty = Some(whole);
        }
        Some(term)
    }

    /// The kind of `<[f64; 3]>::try_from(slice)`.
    pub(super) fn array_of_slice(&self, call: &ExprCall) -> Option<Kind> {
        let Expr::Path(path) = strip(&call.func) else {
            return None;
        };
        let array = path.qself.as_ref().map(|itself| &*itself.ty);
        let array = array.filter(|ty| matches!(ty, Type::Array(_)))?;
        let named = path.path.segments.last()?.ident == "try_from";
        named.then(|| Kind::Result(Box::new(kind_of(array, self.request.reals))))
    }
}

/// The conversion whose payload an expression is.
fn converted(expr: &Expr) -> Option<&ExprMethodCall> {
    match strip(expr) {
        Expr::Try(tried) => converted(&tried.expr),
        Expr::MethodCall(call) if call.method == "try_into" => Some(call),
        Expr::MethodCall(call) if THROUGH.iter().any(|name| call.method == name) => {
            converted(&call.receiver)
        }
        _ => None,
    }
}

fn key(call: &ExprMethodCall) -> usize {
    std::ptr::from_ref(call) as usize
}
