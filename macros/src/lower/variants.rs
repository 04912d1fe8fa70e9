//! Variants of enums that are written without the enum, because a `use` brought them in: nothing but the way they are used
//! tells them from structs.

use std::collections::HashSet;

use syn::visit::{self, Visit};
use syn::{Block, ExprLet, ExprMatch, Local, Pat, Path};

use super::refutable::{always_matches, names_constant};
use super::Lowering;
use crate::ir::Variant;

impl Lowering<'_> {
    /// Whether a constructor or pattern with this path is that of a variant of a user's enum.
    pub(super) fn is_variant(&self, path: &Path) -> bool {
        Variant::is_written(path)
            || path
                .get_ident()
                .is_some_and(|name| self.variants.contains(&name.to_string()))
    }
}

/// Names that somewhere in the body stand in a pattern that may fail although its parts always match.
pub fn imported(block: &Block) -> HashSet<String> {
    let mut scan = Imported::default();
    scan.visit_block(block);
    for name in ["Self", "Some", "None", "Ok", "Err"] {
        scan.names.remove(name);
    }
    scan.names
}

#[derive(Default)]
struct Imported {
    names: HashSet<String>,
}

impl Imported {
    /// Looks at patterns that are tried one after the other, of which the last may be the only one left.
    fn alternatives(&mut self, pats: &[(&Pat, bool)], exhaustive: bool) {
        let pats: Vec<(&Pat, bool)> = pats
            .iter()
            .flat_map(|(pat, guarded)| flat(pat).into_iter().map(move |pat| (pat, *guarded)))
            .collect();
        let names: HashSet<String> = pats.iter().filter_map(|(pat, _)| name_of(pat)).collect();
        for (position, (pat, guarded)) in pats.iter().enumerate() {
            let fails = !exhaustive || position + 1 < pats.len();
            let surely = fails && !guarded && parts_match(pat);
            if let (Some(name), true) = (name_of(pat), surely || names.len() > 1) {
                self.names.insert(name);
            }
        }
        self.columns(&pats, exhaustive);
    }

    /// The same for the positions of tuples: there a pattern may fail for another one's sake.
    fn columns(&mut self, pats: &[(&Pat, bool)], exhaustive: bool) {
        let tuples = pats.iter().filter_map(|(pat, _)| match pat {
            Pat::Tuple(tuple) => Some(tuple),
            _ => None,
        });
        let tuples: Vec<_> = tuples.collect();
        let width = tuples.first().map_or(0, |tuple| tuple.elems.len());
        for position in 0..width {
            let column: Vec<(&Pat, bool)> = tuples
                .iter()
                .filter_map(|tuple| tuple.elems.iter().nth(position))
                .map(|pat| (pat, true))
                .collect();
            self.alternatives(&column, exhaustive);
        }
    }
}

impl<'ast> Visit<'ast> for Imported {
    fn visit_expr_match(&mut self, whole: &'ast ExprMatch) {
        let arms = whole.arms.iter().map(|arm| match &arm.pat {
            Pat::Guard(guarded) => (&*guarded.pat, true),
            pat => (pat, false),
        });
        self.alternatives(&arms.collect::<Vec<_>>(), true);
        visit::visit_expr_match(self, whole);
    }

    fn visit_expr_let(&mut self, condition: &'ast ExprLet) {
        self.alternatives(&[(&condition.pat, false)], false);
        visit::visit_expr_let(self, condition);
    }

    fn visit_local(&mut self, local: &'ast Local) {
        if local
            .init
            .as_ref()
            .is_some_and(|init| init.diverge.is_some())
        {
            self.alternatives(&[(&local.pat, false)], false);
        }
        visit::visit_local(self, local);
    }
}

/// The alternatives of a pattern, without references around them.
fn flat(pat: &Pat) -> Vec<&Pat> {
    match pat {
        Pat::Or(or) => or.cases.iter().flat_map(flat).collect(),
        Pat::Paren(inner) => flat(&inner.pat),
        Pat::Reference(inner) => flat(&inner.pat),
        pat => vec![pat],
    }
}

/// The single name that a constructor's pattern starts with.
fn name_of(pat: &Pat) -> Option<String> {
    let path = match pat {
        Pat::TupleStruct(tuple) => &tuple.path,
        Pat::Struct(structure) => &structure.path,
        Pat::Ident(ident) if names_constant(ident) => return Some(ident.ident.to_string()),
        _ => return None,
    };
    path.get_ident().map(ToString::to_string)
}

fn parts_match(pat: &Pat) -> bool {
    match pat {
        Pat::TupleStruct(tuple) => tuple.elems.iter().all(always_matches),
        Pat::Struct(structure) => structure
            .fields
            .iter()
            .all(|field| always_matches(&field.pat)),
        _ => false,
    }
}
