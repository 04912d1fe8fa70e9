//! Patterns with alternatives that bind names: `A(x) | B(x) => e` is read as `A(x) => e, B(x) => e`.

use syn::visit_mut::{self, VisitMut};
use syn::{Arm, Expr, ExprIf, ExprLet, ExprMatch, Pat};

use super::refutable::binds;
use super::scope::Term;
use super::Lowering;
use crate::ir::Kind;

/// More alternatives than anybody writes: beyond them the pattern is refused.
const MOST: usize = 32;

impl Lowering<'_> {
    /// `if let A(x) | B(x) = e { … } else { … }` as a `match`.
    pub(super) fn if_let_either(
        &mut self,
        condition: &ExprLet,
        branch: &ExprIf,
        otherwise: Option<&Expr>,
        want: &Kind,
    ) -> Option<Term> {
        let (pat, expr, then) = (&condition.pat, &condition.expr, &branch.then_branch);
        let otherwise = match otherwise {
            Some(otherwise) => otherwise.clone(),
            None => syn::parse_quote!({}),
        };
        let whole: ExprMatch = syn::parse_quote!(match #expr { #pat => #then, _ => #otherwise });
        self.parsed(|lowering| lowering.match_expression(&whole, want))
    }
}

/// Whether a pattern has alternatives that bind names.
pub fn has_any(pat: &Pat) -> bool {
    cases(&mut pat.clone()) > 0
}

/// The arms that together mean this one, in the order in which they are tried.
pub fn split(arm: &Arm) -> Vec<Arm> {
    let pats = alternatives(&arm.pat).into_iter();
    pats.map(|pat| Arm { pat, ..arm.clone() }).collect()
}

fn alternatives(pat: &Pat) -> Vec<Pat> {
    let (mut done, mut waiting) = (Vec::new(), vec![pat.clone()]);
    while let Some(mut next) = waiting.pop() {
        if done.len() + waiting.len() > MOST {
            return vec![pat.clone()];
        }
        match cases(&mut next) {
            0 => done.push(next),
            count => waiting.extend((0..count).rev().map(|index| choose(&next, index))),
        }
    }
    done
}

/// How many cases the first alternatives have that bind names.
fn cases(pat: &mut Pat) -> usize {
    let mut first = First::default();
    first.visit_pat_mut(pat);
    first.count
}

fn choose(pat: &Pat, index: usize) -> Pat {
    let mut pat = pat.clone();
    let mut first = First {
        chosen: Some(index),
        ..First::default()
    };
    first.visit_pat_mut(&mut pat);
    pat
}

/// The first alternatives that bind names, of which one may be chosen.
#[derive(Default)]
struct First {
    count: usize,
    chosen: Option<usize>,
}

impl VisitMut for First {
    fn visit_pat_mut(&mut self, pat: &mut Pat) {
        if self.count > 0 {
            return;
        }
        let binding = binds(pat);
        let Pat::Or(or) = pat else {
            return visit_mut::visit_pat_mut(self, pat);
        };
        if !binding {
            return;
        }
        self.count = or.cases.len();
        let chosen = self.chosen.and_then(|index| or.cases.iter().nth(index));
        if let Some(chosen) = chosen.cloned() {
            *pat = chosen;
        }
    }

    fn visit_expr_mut(&mut self, _: &mut Expr) {}
}
