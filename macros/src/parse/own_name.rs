//! The type's own name in its inherent `impl` block: `Orbit::new(…)` is lowered as `Self::new(…)`, whose signature and
//! body are seen there. The function itself stays as it is.
//!
//! Not where a trait is implemented: `Orbit::step(self)` may be the inherent method of the same name.

use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, ExprCall, Ident, Item, PathArguments, Type};

use super::function::Function;
use super::types;

/// Says `Self` in a function's body, of which there may be several readings.
pub fn as_self(function: &mut Function, self_ty: &Type) {
    let Some(name) = plain_name(self_ty) else {
        return;
    };
    let readings = function.readings.iter_mut();
    let bodies = readings.map(|reading| &mut reading.body);
    for body in bodies.chain(&mut function.body) {
        if !has_items(body) {
            AsSelf { name }.visit_block_mut(body);
        }
    }
}

/// The name of a type without arguments: with others, `Point::new` may be of another type than `Self`.
fn plain_name(ty: &Type) -> Option<&Ident> {
    let path = types::as_path(ty)?;
    path.get_ident()
}

/// Whether a body has items, one of which may bear the name.
fn has_items(body: &Block) -> bool {
    struct Items(bool);
    impl<'ast> Visit<'ast> for Items {
        fn visit_item(&mut self, _: &'ast Item) {
            self.0 = true;
        }
    }
    let mut items = Items(false);
    visit::visit_block(&mut items, body);
    items.0
}

struct AsSelf<'n> {
    name: &'n Ident,
}

impl VisitMut for AsSelf<'_> {
    fn visit_expr_call_mut(&mut self, call: &mut ExprCall) {
        visit_mut::visit_expr_call_mut(self, call);
        let Expr::Path(path) = &mut *call.func else {
            return;
        };
        let is_plain = path.qself.is_none() && path.path.leading_colon.is_none();
        let of_type = path.path.segments.len() == 2 && is_plain;
        let first = path.path.segments.first_mut().filter(|_| of_type);
        if let Some(first) = first.filter(|first| first.ident == *self.name) {
            if matches!(first.arguments, PathArguments::None) {
                first.ident = Ident::new("Self", first.ident.span());
            }
        }
    }
}
