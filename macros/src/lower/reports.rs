//! What a function tells its caller behind an `Option<&mut i32>`: `if let Some(sign) = sign { *sign = -1; }`.
//!
//! Where a statement changes nothing but what is behind such a parameter, no gradient can get lost in it. It is kept as it
//! is written.

use quote::format_ident;
use syn::visit::{self, Visit};
use syn::visit_mut::VisitMut;
use syn::{Expr, ExprIf, ExprPath, FnArg, Ident, Local, Macro, Pat, PatIdent};
use syn::{Stmt as SynStmt, Type, UnOp};

use super::assigned::is_compound;
use super::known::strip;
use super::scope::Term;
use super::Lowering;
use crate::ir::{Cost, Op, Stmt};
use crate::parse::types::{self, Carries};

impl Lowering<'_> {
    /// Keeps such a statement; `None` if it is none.
    pub(super) fn report(&mut self, expr: &Expr) -> Option<()> {
        let Expr::If(branch) = strip(expr) else {
            return None;
        };
        let told = self.told(branch)?;
        let mut scan = Scan {
            told: &told,
            pure: &|expr| self.is_pure(expr),
            only: true,
        };
        scan.visit_block(&branch.then_branch);
        let otherwise = branch.else_branch.as_ref();
        otherwise
            .into_iter()
            .for_each(|(_, otherwise)| scan.visit_expr(otherwise));
        if !scan.only {
            return None;
        }
        let opaque = self.captured(&apart(branch, &told), Cost::Once, true)?;
        self.builder.push(Stmt::Do(Op::Opaque(Box::new(opaque))));
        Some(())
    }

    /// The name that `if let Some(sign) = sign` gives to what is behind a parameter.
    fn told(&self, branch: &ExprIf) -> Option<Ident> {
        let Expr::Let(condition) = strip(&branch.cond) else {
            return None;
        };
        let name = match strip(&condition.expr) {
            Expr::Path(path) => path.path.get_ident()?,
            _ => return None,
        };
        let Some(Term::Place(place)) = self.scope.term(name) else {
            return None;
        };
        let input = self.request.sig.inputs.iter().nth(place.root.0)?;
        match input {
            FnArg::Typed(typed) if place.path.is_empty() && is_for_a_report(&typed.ty) => {}
            _ => return None,
        }
        bound_in_some(&condition.pat)
    }
}

/// The statement with a name of its own for what is behind the parameter.
fn apart(branch: &ExprIf, told: &Ident) -> Expr {
    let mut branch = branch.clone();
    let mut rename = Rename {
        from: told,
        to: format_ident!("told_{}", told),
    };
    if let Expr::Let(condition) = &mut *branch.cond {
        rename.visit_pat_mut(&mut condition.pat);
    }
    rename.visit_block_mut(&mut branch.then_branch);
    Expr::If(branch)
}

/// What is left of the language in such a statement binds no names.
struct Rename<'n> {
    from: &'n Ident,
    to: Ident,
}

impl VisitMut for Rename<'_> {
    fn visit_pat_ident_mut(&mut self, pat: &mut PatIdent) {
        if pat.ident == *self.from {
            pat.ident = self.to.clone();
        }
    }

    fn visit_expr_path_mut(&mut self, path: &mut ExprPath) {
        if path.path.is_ident(self.from) {
            path.path = self.to.clone().into();
        }
    }
}

/// `Some(name)`
fn bound_in_some(pat: &Pat) -> Option<Ident> {
    let Pat::TupleStruct(some) = pat else {
        return None;
    };
    match some.elems.first()? {
        Pat::Ident(inside)
            if some.path.is_ident("Some") && inside.by_ref.is_none() && inside.subpat.is_none() =>
        {
            Some(inside.ident.clone())
        }
        _ => None,
    }
}

/// `Option<&mut T>` of a `T` without floats.
fn is_for_a_report(ty: &Type) -> bool {
    let path = types::as_path(ty).filter(|path| types::ends_with(path, "Option"));
    match path.and_then(|path| types::argument(path, 0)) {
        Some(Type::Reference(inside)) => {
            inside.mutability.is_some() && types::carries(&inside.elem) == Carries::Nothing
        }
        _ => false,
    }
}

/// Looks for anything that is more than a write behind the name.
struct Scan<'s> {
    told: &'s Ident,
    pure: &'s dyn Fn(&Expr) -> bool,
    only: bool,
}

impl Scan<'_> {
    fn writes_behind(&self, left: &Expr) -> bool {
        match strip(left) {
            Expr::Unary(unary) if matches!(unary.op, UnOp::Deref(_)) => {
                matches!(strip(&unary.expr), Expr::Path(path) if path.path.is_ident(self.told))
            }
            _ => false,
        }
    }
}

impl<'ast> Visit<'ast> for Scan<'_> {
    fn visit_expr(&mut self, expr: &'ast Expr) {
        match expr {
            Expr::Assign(assign) => {
                self.only &= self.writes_behind(&assign.left);
                self.visit_expr(&assign.right);
            }
            Expr::Binary(binary) if is_compound(&binary.op) => {
                self.only &= self.writes_behind(&binary.left);
                self.visit_expr(&binary.right);
            }
            Expr::If(_) | Expr::Block(_) | Expr::Paren(_) => visit::visit_expr(self, expr),
            // They would bind names.
            Expr::Let(_) | Expr::Match(_) | Expr::Closure(_) => self.only = false,
            expr => self.only &= (self.pure)(expr),
        }
    }

    fn visit_local(&mut self, _: &'ast Local) {
        self.only = false;
    }

    fn visit_stmt(&mut self, stmt: &'ast SynStmt) {
        self.only &= !matches!(stmt, SynStmt::Item(_));
        visit::visit_stmt(self, stmt);
    }

    fn visit_macro(&mut self, _: &'ast Macro) {
        self.only = false;
    }
}
