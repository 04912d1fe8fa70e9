//! Which of the variables around it a loop body (or the body of a closure) assigns.

use std::collections::BTreeSet;

use proc_macro2::Ident;
use syn::visit::{self, Visit};
use syn::{Arm, BinOp, Block, Expr, ExprClosure, ExprForLoop, Local, Macro, Pat, PatIdent};

use super::prescan::parts_of_vec;
use super::scope::{BindingId, Term};
use super::Lowering;

/// Names assigned, and names called, that are not declared inside.
#[derive(Default)]
pub struct Assigned {
    assigned: Vec<Ident>,
    called: Vec<Ident>,
    inside: Vec<String>,
}

impl Lowering<'_> {
    /// The bindings that `look` finds assigned, through local closures too.
    pub(super) fn assigned(&self, look: impl FnOnce(&mut Assigned)) -> Vec<BindingId> {
        let mut scan = Assigned::default();
        look(&mut scan);
        let mut found = BTreeSet::new();
        let mut called: Vec<BindingId> = Vec::new();
        found.extend(
            scan.assigned
                .iter()
                .filter_map(|name| self.scope.find(name)),
        );
        called.extend(scan.called.iter().filter_map(|name| self.scope.find(name)));
        let views: Vec<BindingId> = found.iter().copied().collect();
        for id in views {
            found.extend(self.scope.view(id).map(|view| view.lo));
            found.extend(self.scope.view(id).map(|view| view.hi));
        }
        let mut seen = BTreeSet::new();
        while let Some(id) = called.pop() {
            let closure = match self
                .scope
                .binding(id)
                .and_then(|binding| binding.term.as_ref())
            {
                Some(Term::Closure(closure)) if seen.insert(id) => closure.clone(),
                Some(Term::Chain(chain)) => {
                    found.extend(chain.carried());
                    continue;
                }
                _ => continue,
            };
            let mut scan = Assigned::default();
            scan.visit_expr_closure(&closure.expr);
            found.extend(
                scan.assigned
                    .iter()
                    .filter_map(|name| closure.captured(name)),
            );
            called.extend(scan.called.iter().filter_map(|name| closure.captured(name)));
        }
        found.into_iter().collect()
    }
}

impl Assigned {
    /// Whether the body of a closure assigns anything that it does not declare itself; its parameters may be references.
    pub(super) fn assigns(body: &Expr) -> bool {
        let mut scan = Assigned::default();
        scan.visit_expr(body);
        !scan.assigned.is_empty()
    }

    /// The names around a closure that it assigns.
    pub(super) fn by(closure: &ExprClosure) -> Vec<Ident> {
        let mut scan = Assigned::default();
        scan.visit_expr_closure(closure);
        scan.assigned
    }

    fn target(&mut self, expr: &Expr) {
        match expr {
            Expr::Path(path) => {
                if let Some(name) = path.path.get_ident() {
                    if !self.inside.contains(&name.to_string()) {
                        self.assigned.push(name.clone());
                    }
                }
            }
            Expr::Paren(inner) => self.target(&inner.expr),
            Expr::Group(inner) => self.target(&inner.expr),
            expr => {
                let parts = super::assignment::targets(expr);
                parts
                    .into_iter()
                    .flatten()
                    .for_each(|part| self.target(part));
            }
        }
    }

    /// Looks at `inner` in a scope where the names of some patterns hide those outside.
    fn scoped<'ast>(
        &mut self,
        pats: impl IntoIterator<Item = &'ast Pat>,
        inner: impl FnOnce(&mut Self),
    ) {
        let depth = self.inside.len();
        pats.into_iter().for_each(|pat| self.declare(pat));
        inner(self);
        self.inside.truncate(depth);
    }

    fn declare(&mut self, pat: &Pat) {
        struct Declared<'s>(&'s mut Vec<String>);
        impl<'ast> Visit<'ast> for Declared<'_> {
            fn visit_pat_ident(&mut self, pat: &'ast PatIdent) {
                self.0.push(pat.ident.to_string());
                visit::visit_pat_ident(self, pat);
            }
        }
        Declared(&mut self.inside).visit_pat(pat);
    }
}

impl<'ast> Visit<'ast> for Assigned {
    fn visit_expr_assign(&mut self, assign: &'ast syn::ExprAssign) {
        self.target(&assign.left);
        visit::visit_expr_assign(self, assign);
    }

    fn visit_expr_binary(&mut self, binary: &'ast syn::ExprBinary) {
        if is_compound(&binary.op) {
            self.target(&binary.left);
        }
        visit::visit_expr_binary(self, binary);
    }

    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        if let Expr::Path(path) = &*call.func {
            self.called.extend(path.path.get_ident().cloned());
        }
        visit::visit_expr_call(self, call);
    }

    fn visit_expr_path(&mut self, path: &'ast syn::ExprPath) {
        // A closure may be handed to an adaptor by name.
        self.called.extend(path.path.get_ident().cloned());
    }

    fn visit_macro(&mut self, mac: &'ast Macro) {
        parts_of_vec(mac)
            .iter()
            .for_each(|part| self.visit_expr(part));
    }

    fn visit_block(&mut self, block: &'ast Block) {
        let depth = self.inside.len();
        visit::visit_block(self, block);
        self.inside.truncate(depth);
    }

    fn visit_local(&mut self, local: &'ast Local) {
        if let Some(init) = &local.init {
            visit::visit_local_init(self, init);
        }
        self.declare(&local.pat);
    }

    fn visit_arm(&mut self, arm: &'ast Arm) {
        self.scoped([&arm.pat], |scan| visit::visit_arm(scan, arm));
    }

    fn visit_expr_closure(&mut self, closure: &'ast ExprClosure) {
        self.scoped(&closure.inputs, |scan| scan.visit_expr(&closure.body));
    }

    fn visit_expr_for_loop(&mut self, each: &'ast ExprForLoop) {
        self.visit_expr(&each.expr);
        self.scoped([&*each.pat], |scan| scan.visit_block(&each.body));
    }
}

/// `+=` and its like.
pub fn is_compound(op: &BinOp) -> bool {
    use BinOp as B;
    matches!(
        op,
        B::AddAssign(_)
            | B::SubAssign(_)
            | B::MulAssign(_)
            | B::DivAssign(_)
            | B::RemAssign(_)
            | B::BitAndAssign(_)
            | B::BitOrAssign(_)
            | B::BitXorAssign(_)
            | B::ShlAssign(_)
            | B::ShrAssign(_)
    )
}
