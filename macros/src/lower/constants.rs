//! Loops over constants: `for (i, n) in TABLE { … }`.
//!
//! The macro does not see whether a constant is a sequence or a range. It goes by what is done with the items; should it
//! be mistaken, what it writes does not compile.

use proc_macro2::Ident;
use quote::quote;
use syn::visit::{self, Visit};
use syn::{Expr, ExprCast, ExprForLoop, ExprIndex, Pat};

use super::known::{literal, strip};
use super::names::free_names;
use super::Lowering;
use crate::ir::{Class, Kind, Op, Place, Proj, Stmt};

impl Lowering<'_> {
    /// `&TABLE`, if a loop goes through a constant that is not known to be a range.
    pub(super) fn lent_constant(&mut self, each: &ExprForLoop) -> Option<Expr> {
        let constant = strip(&each.expr);
        let unknown = self.is_constant_path(constant) && self.infer(constant) == Kind::Unknown;
        let counts = match &*each.pat {
            Pat::Ident(pat) => counts(&pat.ident, each),
            Pat::Wild(_) => true,
            _ => false,
        };
        (unknown && !counts).then(|| syn::parse_quote!(&#constant))
    }

    /// Whether an expression is a constant of which the body says that it is a sequence.
    pub(super) fn is_table_of_constants(&mut self, expr: &Expr) -> bool {
        matches!(strip(expr), Expr::Path(_))
            && self.is_constant_path(strip(expr))
            && self.is_constant(expr)
            && matches!(self.infer(expr), Kind::Array(_) | Kind::Slice(_))
    }

    /// Whether an expression is a part of a constant, written down with fields and positions.
    pub(super) fn is_of_constant(&self, expr: &Expr) -> bool {
        match strip(expr) {
            Expr::Field(field) => self.is_of_constant(&field.base),
            Expr::Index(index) => self.is_of_constant(&index.expr),
            path => {
                matches!(path, Expr::Path(_))
                    && self.is_constant_path(path)
                    && self.is_constant(path)
            }
        }
    }

    /// The place of a part of a constant that is lent: a static of a type that is not `Copy` could not be read, and a long
    /// table would be copied.
    pub(super) fn lent(&mut self, expr: &Expr) -> Option<Place> {
        match strip(expr) {
            Expr::Field(field) => {
                let mut place = self.lent(&field.base)?;
                place.path.push(Proj::Field(field.member.clone()));
                Some(place)
            }
            Expr::Index(index) => {
                let mut place = self.lent(&index.expr)?;
                let part = self.indexed(index, &place)?;
                place.path.push(part);
                Some(place)
            }
            constant => Some(self.lent_whole(constant)),
        }
    }

    fn lent_whole(&mut self, constant: &Expr) -> Place {
        let kind = self.infer(constant);
        let lent = literal(&quote!(&#constant), kind.clone(), None);
        let root = self.fresh("t", kind, Class::Ref);
        self.builder.push(Stmt::Let {
            var: root,
            op: Op::Use(lent),
        });
        Place {
            root,
            path: Vec::new(),
        }
    }
}

/// Whether items are used as integers are: as positions, or cast.
fn counts(name: &Ident, each: &ExprForLoop) -> bool {
    let mut counts = Counts { name, found: false };
    counts.visit_block(&each.body);
    counts.found
}

struct Counts<'a> {
    name: &'a Ident,
    found: bool,
}

impl<'ast> Visit<'ast> for Counts<'_> {
    fn visit_expr_index(&mut self, index: &'ast ExprIndex) {
        self.found |= free_names(&index.index).read.contains(self.name);
        visit::visit_expr_index(self, index);
    }

    fn visit_expr_cast(&mut self, cast: &'ast ExprCast) {
        self.found |=
            matches!(strip(&cast.expr), Expr::Path(path) if path.path.is_ident(self.name));
        visit::visit_expr_cast(self, cast);
    }
}
