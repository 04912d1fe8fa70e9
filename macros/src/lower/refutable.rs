//! Patterns that may fail: what is left of them where only the choice of an arm matters.

use std::collections::HashSet;

use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{Arm, Expr, Pat, PatIdent};

/// The arm of the inert `match` that selects arm `index`.
pub fn selecting(arm: &Arm, index: usize) -> Arm {
    let pat = match &arm.pat {
        Pat::Guard(guarded) => {
            let mut used = Used::default();
            used.visit_expr(&guarded.guard);
            let inner = without_bindings(&guarded.pat, &used.names);
            let guard = &guarded.guard;
            let arm: Arm = syn::parse_quote!(#inner if #guard => 0,);
            arm.pat
        }
        pat => without_bindings(pat, &HashSet::new()),
    };
    let index = proc_macro2::Literal::u32_suffixed(index as u32);
    Arm {
        attrs: Vec::new(),
        pat,
        body: Box::new(syn::parse_quote!(#index)),
        ..arm.clone()
    }
    .with_comma()
}

trait WithComma {
    fn with_comma(self) -> Self;
}

impl WithComma for Arm {
    fn with_comma(mut self) -> Self {
        self.comma = Some(Default::default());
        self
    }
}

/// Whether a pattern's guard reads what the pattern binds.
pub fn guard_reads(pat: &Pat) -> bool {
    struct Bound(HashSet<String>);
    impl<'ast> Visit<'ast> for Bound {
        fn visit_pat_ident(&mut self, ident: &'ast PatIdent) {
            self.0.insert(ident.ident.to_string());
            visit::visit_pat_ident(self, ident);
        }
    }
    let Pat::Guard(guarded) = pat else {
        return false;
    };
    let (mut bound, mut used) = (Bound(HashSet::new()), Used::default());
    bound.visit_pat(&guarded.pat);
    used.visit_expr(&guarded.guard);
    !bound.0.is_disjoint(&used.names)
}

/// A pattern whose names, except `used` ones, are `_`, so that nothing is moved out of what is matched.
pub fn without_bindings(pat: &Pat, used: &HashSet<String>) -> Pat {
    let mut pat = pat.clone();
    Unbind { used }.visit_pat_mut(&mut pat);
    pat
}

struct Unbind<'s> {
    used: &'s HashSet<String>,
}

impl VisitMut for Unbind<'_> {
    fn visit_pat_mut(&mut self, pat: &mut Pat) {
        let replaced = match pat {
            Pat::Ident(ident)
                if names_constant(ident) || self.used.contains(&ident.ident.to_string()) =>
            {
                None
            }
            Pat::Ident(PatIdent {
                subpat: Some((_, sub)),
                ..
            }) => Some((**sub).clone()),
            Pat::Ident(_) => Some(syn::parse_quote!(_)),
            _ => None,
        };
        match replaced {
            Some(replaced) => {
                *pat = replaced;
                visit_mut::visit_pat_mut(self, pat);
            }
            None => visit_mut::visit_pat_mut(self, pat),
        }
    }

    fn visit_field_pat_mut(&mut self, field: &mut syn::FieldPat) {
        field.colon_token = Some(Default::default());
        self.visit_pat_mut(&mut field.pat);
    }

    fn visit_expr_mut(&mut self, _: &mut Expr) {}
}

/// Whether a name in a pattern is a constant or a variant without payload: `None`, `MAX`.
pub fn names_constant(ident: &PatIdent) -> bool {
    ident.by_ref.is_none()
        && ident.mutability.is_none()
        && ident.subpat.is_none()
        && ident.ident.to_string().starts_with(char::is_uppercase)
}

/// Whether a pattern binds names.
pub fn binds(pat: &Pat) -> bool {
    struct Binds(bool);
    impl<'ast> Visit<'ast> for Binds {
        fn visit_pat_ident(&mut self, ident: &'ast PatIdent) {
            self.0 |= !names_constant(ident);
            visit::visit_pat_ident(self, ident);
        }
    }
    let mut scan = Binds(false);
    scan.visit_pat(pat);
    scan.0
}

/// A `match` over options of which only the variant is there: `Some(p)` becomes `Some(_)` wherever `p` always matches.
pub fn without_payloads(mut expr: Expr) -> Expr {
    if let Expr::Match(whole) = &mut expr {
        for arm in &mut whole.arms {
            if let Pat::TupleStruct(tuple) = &mut arm.pat {
                for inner in tuple.elems.iter_mut().filter(|inner| always_matches(inner)) {
                    *inner = syn::parse_quote!(_);
                }
            }
        }
    }
    expr
}

pub fn always_matches(pat: &Pat) -> bool {
    match pat {
        Pat::Wild(_) | Pat::Rest(_) => true,
        Pat::Ident(ident) => !names_constant(ident) && ident.subpat.is_none(),
        Pat::Paren(inner) => always_matches(&inner.pat),
        Pat::Reference(inner) => always_matches(&inner.pat),
        Pat::Tuple(tuple) => tuple.elems.iter().all(always_matches),
        _ => false,
    }
}

/// The pattern without its type.
pub fn untyped(pat: &Pat) -> &Pat {
    match pat {
        Pat::Type(typed) => untyped(&typed.pat),
        Pat::Paren(inner) => untyped(&inner.pat),
        pat => pat,
    }
}

/// Whether an expression only names places, so that it can stand a second time.
pub fn repeatable(expr: &Expr) -> bool {
    match expr {
        Expr::Path(_) | Expr::Lit(_) => true,
        Expr::Paren(inner) => repeatable(&inner.expr),
        Expr::Group(inner) => repeatable(&inner.expr),
        Expr::Reference(inner) => inner.mutability.is_none() && repeatable(&inner.expr),
        Expr::Field(inner) => repeatable(&inner.base),
        Expr::Index(inner) => repeatable(&inner.expr) && repeatable(&inner.index),
        Expr::Tuple(tuple) => tuple.elems.iter().all(repeatable),
        Expr::Unary(unary) => matches!(unary.op, syn::UnOp::Deref(_)) && repeatable(&unary.expr),
        _ => false,
    }
}

/// Names that a guard mentions.
#[derive(Default)]
struct Used {
    names: HashSet<String>,
}

impl<'ast> Visit<'ast> for Used {
    fn visit_expr_path(&mut self, path: &'ast syn::ExprPath) {
        if let Some(name) = path.path.get_ident() {
            self.names.insert(name.to_string());
        }
    }

    fn visit_macro(&mut self, mac: &'ast syn::Macro) {
        for token in mac.tokens.clone() {
            if let proc_macro2::TokenTree::Ident(name) = token {
                self.names.insert(name.to_string());
            }
        }
    }
}
