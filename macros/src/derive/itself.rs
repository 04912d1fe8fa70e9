//! `Self` in the types of fields, where it means another type once they stand in the cotangent.

use syn::visit_mut::{self, VisitMut};
use syn::{Expr, Path, QSelf, Type};

/// Writes out `Self`.
pub struct WithoutSelf<'a>(pub &'a Type);

impl WithoutSelf<'_> {
    /// `Self::A` becomes `<Type>::A`.
    fn qualify(&self, qself: &mut Option<QSelf>, path: &mut Path) {
        if qself.is_some() || path.segments.len() < 2 || path.segments[0].ident != "Self" {
            return;
        }
        *qself = Some(QSelf {
            lt_token: Default::default(),
            ty: Box::new(self.0.clone()),
            position: 0,
            as_token: None,
            gt_token: Default::default(),
        });
        path.leading_colon = Some(Default::default());
        path.segments = path.segments.iter().skip(1).cloned().collect();
    }
}

impl VisitMut for WithoutSelf<'_> {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        visit_mut::visit_type_mut(self, ty);
        match ty {
            Type::Path(path) if path.path.is_ident("Self") => *ty = self.0.clone(),
            Type::Path(path) => self.qualify(&mut path.qself, &mut path.path),
            _ => {}
        }
    }

    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        if let Expr::Path(path) = expr {
            self.qualify(&mut path.qself, &mut path.path);
        }
    }
}
