//! `match`, and what is matched on.

use proc_macro2::{Ident, Span};
use syn::{Arm as SynArm, Expr, ExprMatch, Pat};

use super::known::strip;
use super::scope::{Binding, Term};
use super::{alternatives, purity, refutable, Lowering};
use crate::ir::{By, Capture, Cost, Kind, Op, Operand, Selector};

impl Lowering<'_> {
    /// `match e { … }`: an inert `match` selects the arm.
    pub(super) fn match_expression(&mut self, whole: &ExprMatch, want: &Kind) -> Option<Term> {
        let scrutinee = self.scrutinee(&whole.expr)?;
        if whole.arms.is_empty() {
            return self.diverge();
        }
        let arms: Vec<(SynArm, &Expr)> = (whole.arms.iter())
            .flat_map(|arm| {
                alternatives::split(arm)
                    .into_iter()
                    .map(|each| (each, &*arm.body))
            })
            .collect();
        if let [(SynArm { pat, .. }, body)] = arms.as_slice() {
            self.scope.enter();
            let bound = self.bind(pat, scrutinee);
            let term = bound.and_then(|()| self.term(body, want));
            self.scope.leave();
            return term;
        }
        let in_parts = match &scrutinee {
            Term::Maybe { .. } => true,
            // Over the user's words it is a `match` like any other.
            Term::Tuple(parts) if !self.is_said_again(&whole.expr) => {
                parts.iter().any(|part| matches!(part, Term::Maybe { .. }))
            }
            _ => false,
        };
        if in_parts && arms.iter().any(|(arm, _)| refutable::guard_reads(&arm.pat)) {
            return self.tried_in_order(scrutinee, &arms, want);
        }
        let selecting: Vec<SynArm> = (arms.iter().enumerate())
            .map(|(index, (arm, _))| refutable::selecting(arm, index))
            .collect();
        let on = self.select(
            &whole.expr,
            &scrutinee,
            &|scrutinee| syn::parse_quote!(match #scrutinee { #(#selecting)* }),
        )?;
        let place = self.stands(whole as *const ExprMatch as usize);
        self.switch_at(
            place,
            Selector::Index(on),
            arms.len(),
            want,
            &mut |lowering, index| {
                let (arm, body) = arms.get(index)?;
                lowering.bind(&arm.pat, scrutinee.clone())?;
                lowering.term(body, want)
            },
        )
    }

    /// What is inside of an option in parts is no value that a `match` could look at, but that its arms bind: `if let p =
    /// matched && guard { … } else …`.
    fn tried_in_order(
        &mut self,
        scrutinee: Term,
        arms: &[(SynArm, &Expr)],
        want: &Kind,
    ) -> Option<Term> {
        let name = Ident::new("__matched", Span::mixed_site());
        let mut otherwise: Expr = syn::parse_quote!(::core::unreachable!());
        for (arm, body) in arms.iter().rev() {
            otherwise = match &arm.pat {
                Pat::Guard(guarded) => {
                    let (pat, guard) = (&guarded.pat, &guarded.guard);
                    syn::parse_quote!(if let #pat = #name && (#guard) { #body } else { #otherwise })
                }
                Pat::Wild(_) => syn::parse_quote!({ #body }),
                pat => syn::parse_quote!(if let #pat = #name { #body } else { #otherwise }),
            };
        }
        self.scope.enter();
        let kind = self.kind_of_term(&scrutinee);
        self.scope.declare(Binding {
            name,
            term: Some(scrutinee),
            kind,
            ty: None,
            mutable: false,
        });
        let term = self.parsed(|lowering| lowering.term(&otherwise, want));
        self.scope.leave();
        term
    }

    /// What is matched on.
    pub(super) fn scrutinee(&mut self, expr: &Expr) -> Option<Term> {
        match strip(expr) {
            expr if self.is_opaque(expr) => {
                self.confirm_no_floats(expr);
                self.opaque_inert(expr)
            }
            expr => self.term(expr, &Kind::Unknown),
        }
    }

    /// Whether a pattern matches, as an inert value.
    pub(super) fn test(&mut self, expr: &Expr, scrutinee: &Term, pat: &Pat) -> Option<Operand> {
        let pat = refutable::without_bindings(pat, &Default::default());
        self.select(
            expr,
            scrutinee,
            &|scrutinee| syn::parse_quote!(match #scrutinee { #pat => true, _ => false }),
        )
    }

    /// An inert expression over what is matched on: over the user's words where they can be repeated.
    pub(super) fn select(
        &mut self,
        expr: &Expr,
        scrutinee: &Term,
        build: &dyn Fn(&Expr) -> Expr,
    ) -> Option<Operand> {
        let term = match scrutinee {
            Term::Maybe { some, payload }
                if refutable::looks_inside(&build(expr)) && is_shared(payload) =>
            {
                let (some, payload) = (some.clone(), (**payload).clone());
                self.opaque_option(some, payload, build)?
            }
            Term::Maybe { some, .. } => {
                let some = some.clone();
                self.opaque_scrutinee(some, &|hole| {
                    refutable::without_payloads(build(&syn::parse_quote!(#hole.then_some(()))))
                })?
            }
            Term::Value(operand) => self.opaque_scrutinee(operand.clone(), build)?,
            _ if self.is_said_again(expr) => {
                let whole = build(expr);
                self.opaque(&whole, Kind::Inert, Cost::Cheap)?
            }
            Term::Ref { place, .. } => {
                let place = place.clone();
                self.opaque_scrutinee(Operand::Place(place), &|hole| {
                    build(&syn::parse_quote!((&#hole)))
                })?
            }
            term => {
                let place = self.place_of(term.clone())?;
                self.opaque_scrutinee(Operand::Place(place), build)?
            }
        };
        self.operand_of(term, &Kind::Inert)
    }

    /// `some.then(|| &place)`: patterns that look inside of an option in parts find there what it refers to, if it is there.
    fn opaque_option(
        &mut self,
        some: Operand,
        payload: Term,
        build: &dyn Fn(&Expr) -> Expr,
    ) -> Option<Term> {
        let [hole, inside] = ["scrutinee", "inside"].map(|name| quote::format_ident!("{name}"));
        let place = self.place_of(payload)?;
        let whole = build(&syn::parse_quote!(#hole.then(|| #inside)));
        let mut opaque = self.captured(&whole, Cost::Cheap, false)?;
        opaque
            .captures
            .retain(|capture| capture.name != hole && capture.name != inside);
        let captures = [
            (hole, some, By::Value),
            (inside, Operand::Place(place), By::Ref),
        ];
        let captures = captures.map(|(name, operand, by)| Capture { name, operand, by });
        opaque.captures.extend(captures);
        Some(self.define(Op::Opaque(Box::new(opaque)), Kind::Inert))
    }

    /// Whether what is matched on can stand in the generated code as the user wrote it.
    fn is_said_again(&mut self, expr: &Expr) -> bool {
        refutable::repeatable(expr) || (self.is_pure(expr) && purity::cost(expr) == Cost::Cheap)
    }

    pub(super) fn opaque_scrutinee(
        &mut self,
        operand: Operand,
        build: &dyn Fn(&Expr) -> Expr,
    ) -> Option<Term> {
        // Guards may read other variables of the user.
        let hole = quote::format_ident!("scrutinee");
        let whole = build(&syn::parse_quote!(#hole));
        let mut opaque = self.captured(&whole, Cost::Cheap, false)?;
        opaque.captures.retain(|capture| capture.name != hole);
        opaque.captures.push(Capture {
            name: hole,
            operand,
            by: By::Value,
        });
        Some(self.define(Op::Opaque(Box::new(opaque)), Kind::Inert))
    }
}

/// Whether a term is a reference to what nobody changes meanwhile.
fn is_shared(term: &Term) -> bool {
    matches!(term, Term::Ref { mutable: false, .. })
}
