//! Parts of tuples that an expression reads: `a.1`, where `a` is known in its parts, is read by itself. So what is a
//! reference to the user is one in the expression too.

use std::collections::HashSet;

use quote::format_ident;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, Member};

use super::known::strip;
use super::names::free_names;
use super::opaque::Dereferenced;
use super::scope::Term;
use super::Lowering;
use crate::ir::{By, Capture, Operand};

impl Lowering<'_> {
    /// Replaces parts of tuples by names for them.
    pub(super) fn read_parts(&mut self, expr: &mut Expr) -> Vec<Capture> {
        let mut parts = Parts {
            found: Vec::new(),
            bound: free_names(expr).bound,
            lowering: self,
        };
        parts.visit_expr_mut(expr);
        let found = parts.found;
        for capture in found.iter().filter(|capture| capture.by == By::Value) {
            let name = &capture.name;
            Dereferenced { name }.visit_expr_mut(expr);
        }
        found
    }
}

struct Parts<'s, 'a> {
    found: Vec<Capture>,
    bound: HashSet<String>,
    lowering: &'s Lowering<'a>,
}

impl Parts<'_, '_> {
    /// `a.1` as a capture named `a_1`.
    fn part(&self, expr: &Expr) -> Option<Capture> {
        let Expr::Field(field) = expr else {
            return None;
        };
        let (Expr::Path(path), Member::Unnamed(index)) = (strip(&field.base), &field.member) else {
            return None;
        };
        let name = path.path.get_ident()?;
        if self.bound.contains(&name.to_string()) {
            return None;
        }
        let Term::Tuple(parts) = self.lowering.scope.term(name)? else {
            return None;
        };
        let (operand, by) = match parts.get(index.index as usize)? {
            Term::Value(value) => (value.clone(), By::Value),
            Term::Ref {
                place,
                mutable: false,
            } => (Operand::Place(place.clone()), By::Ref),
            _ => return None,
        };
        let name = format_ident!("{}_{}", name, index.index, span = name.span());
        let taken = self.lowering.scope.term(&name).is_some();
        (!taken).then_some(Capture { name, operand, by })
    }
}

impl VisitMut for Parts<'_, '_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        let Some(capture) = self.part(expr) else {
            return visit_mut::visit_expr_mut(self, expr);
        };
        let name = &capture.name;
        *expr = syn::parse_quote!(#name);
        if !self.found.iter().any(|known| known.name == capture.name) {
            self.found.push(capture);
        }
    }
}
