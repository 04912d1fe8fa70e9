//! Puts expressions in the place of the variables of an expression.

use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::visit_mut::{self, VisitMut};
use syn::Expr;

use super::code::{Code, Level};

/// What stands for each variable.
#[derive(Default)]
pub struct Substitution {
    pub names: Vec<Substitute>,
}

/// What stands for one variable.
pub struct Substitute {
    pub name: Ident,
    /// What has the variable's type.
    pub code: Code,
    /// What the variable refers to, if it is a reference.
    pub place: Code,
    /// What stands before `.` and `[`, where references are followed without being told.
    pub base: Code,
    pub is_reference: bool,
}

impl Substitution {
    fn of(&self, expr: &Expr) -> Option<&Substitute> {
        let Expr::Path(path) = expr else { return None };
        let ident = path.path.get_ident().filter(|_| path.qself.is_none())?;
        self.names
            .iter()
            .find(|substitute| substitute.name == *ident)
    }

    /// Replaces a variable before `.` or `[`.
    fn base(&self, expr: &mut Expr) {
        if let Some(substitute) = self.of(expr) {
            *expr = Expr::Verbatim(substitute.base.at(Level::Atom));
        }
    }

    /// Replaces a receiver. How a method borrows it is seen from its type: references stay references.
    fn receiver(&self, method: &Ident, expr: &mut Expr) {
        let follows = method == "len" || method == "is_empty";
        let replaced = self
            .of(expr)
            .filter(|substitute| follows || substitute.is_reference);
        if let Some(substitute) = replaced {
            let code = if follows || is_word(&substitute.base) {
                &substitute.base
            } else {
                &substitute.code
            };
            *expr = Expr::Verbatim(code.at(Level::Atom));
        }
    }

    /// Replaces `*x`.
    fn dereferenced(&self, expr: &Expr) -> Option<TokenStream> {
        let Expr::Unary(syn::ExprUnary {
            op: syn::UnOp::Deref(_),
            expr,
            ..
        }) = expr
        else {
            return None;
        };
        let substitute = self.of(expr).filter(|substitute| substitute.is_reference)?;
        Some(substitute.place.at(Level::Unary))
    }
}

impl VisitMut for Substitution {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        if let Some(substitute) = self.of(expr) {
            *expr = Expr::Verbatim(substitute.code.at(Level::Atom));
            return;
        }
        if let Some(place) = self.dereferenced(expr) {
            *expr = Expr::Verbatim(place);
            return;
        }
        match expr {
            Expr::Field(field) => self.base(&mut field.base),
            Expr::Index(index) => self.base(&mut index.expr),
            Expr::MethodCall(call) => self.receiver(&call.method, &mut call.receiver),
            _ => {}
        }
        visit_mut::visit_expr_mut(self, expr);
    }

    fn visit_field_value_mut(&mut self, field: &mut syn::FieldValue) {
        // `S { x }` becomes `S { x: … }`.
        if field.colon_token.is_none() {
            field.colon_token = Some(Default::default());
        }
        visit_mut::visit_field_value_mut(self, field);
    }
}

/// Whether an expression is just some name.
fn is_word(code: &Code) -> bool {
    let mut tokens = code.tokens.clone().into_iter();
    matches!(
        (tokens.next(), tokens.next()),
        (Some(TokenTree::Ident(_)), None)
    )
}
