//! Options that change where they stand, and questions about what is inside of one.

use syn::{Expr, ExprMethodCall};

use super::known::strip;
use super::names::free_names;
use super::options::{Parts, UNWRAPPING};
use super::scope::Term;
use super::Lowering;
use crate::ir::{Ctor, Kind, Op, Operand, Place, Proj, Selector, Stmt, Wrapper};

/// Methods that change the option they are called on.
const CHANGING: &[&str] = &[
    "take",
    "replace",
    "insert",
    "get_or_insert",
    "get_or_insert_with",
];

impl Lowering<'_> {
    /// Whether a method says by itself that something of unknown kind is an option or a result. So does `map`, if its
    /// closure reads what carries floats, or stands behind a call, and so does `filter` behind a call.
    pub(super) fn unwraps(&self, call: &ExprMethodCall) -> bool {
        let name = call.method.to_string();
        if UNWRAPPING.contains(&name.as_str()) {
            return true;
        }
        let called = matches!(strip(&call.receiver), Expr::Call(_) | Expr::MethodCall(_));
        if name == "filter" {
            return called;
        }
        let Some(function) = call.args.first().filter(|_| name == "map") else {
            return false;
        };
        called || (matches!(strip(function), Expr::Closure(_)) && self.reads_floats(function))
    }

    /// Whether floats go into an expression, so that some may come out of it.
    pub(super) fn may_carry(&mut self, expr: &Expr) -> bool {
        match strip(expr) {
            Expr::Call(call) => call.args.iter().any(|argument| self.goes_in(argument)),
            Expr::MethodCall(call) => {
                self.may_carry(&call.receiver)
                    || call.args.iter().any(|argument| self.goes_in(argument))
            }
            expr => self.goes_in(expr),
        }
    }

    fn goes_in(&mut self, argument: &Expr) -> bool {
        match strip(argument) {
            Expr::Closure(_) => self.reads_floats(argument),
            argument => self.infer(argument) != Kind::Inert,
        }
    }

    fn reads_floats(&self, closure: &Expr) -> bool {
        free_names(closure)
            .read
            .iter()
            .filter_map(|name| self.scope.term(name))
            .any(|term| !self.kind_of_term(term).is_inert())
    }

    /// Where an option stands that a method changes.
    pub(super) fn option_memory(&self, name: &str, term: &Term) -> Option<Place> {
        match term {
            Term::Place(place) | Term::Ref { place, .. } if CHANGING.contains(&name) => {
                Some(place.clone())
            }
            _ => None,
        }
    }

    pub(super) fn option_in_place(
        &mut self,
        name: &str,
        place: Place,
        arguments: &[&Expr],
    ) -> Option<Term> {
        self.traits[place.root.0].mutable = true;
        let inside = || Term::Ref {
            place: place.clone().then(Proj::Payload(Wrapper::Some)),
            mutable: true,
        };
        match (name, arguments) {
            ("take", []) => {
                let old = self.kept(&place);
                self.store_option(&place, None)?;
                Some(fresh(old))
            }
            ("replace", [value]) => {
                let old = self.kept(&place);
                self.store_option(&place, Some(value))?;
                Some(fresh(old))
            }
            ("insert", [value]) => {
                self.store_option(&place, Some(value))?;
                Some(inside())
            }
            (_, [value]) => {
                self.fill_option(&place, value, name.ends_with("with"))?;
                Some(inside())
            }
            _ => None,
        }
    }

    /// `place = Some(value)`, `place = None`
    fn store_option(&mut self, place: &Place, value: Option<&Expr>) -> Option<()> {
        let kind = self.kind_of_place(place);
        let value = match value {
            Some(value) => {
                let value = self.operand(value, &kind.payload())?;
                self.wrapped(Wrapper::Some, Term::Value(value), &kind)?
            }
            None => self.define(Op::Aggregate(Ctor::Nothing, Vec::new()), kind.clone()),
        };
        self.store_at(place, value, &kind)
    }

    fn store_at(&mut self, place: &Place, value: Term, kind: &Kind) -> Option<()> {
        let value = self.operand_of(value, kind)?;
        self.builder.push(Stmt::Store {
            place: place.clone(),
            value,
        });
        Some(())
    }

    /// Puts a value into an option in which there is none.
    fn fill_option(&mut self, place: &Place, value: &Expr, lazy: bool) -> Option<()> {
        let kind = self.kind_of_place(place);
        let some = self.index(
            &[Operand::Place(place.clone())],
            &|holes| syn::parse_quote!(#(#holes)*.is_some()),
        )?;
        let eager = match lazy {
            true => None,
            false => Some(self.operand(value, &kind.payload())?),
        };
        self.switch(
            Selector::Bool(some),
            2,
            &Kind::Inert,
            &mut |lowering, arm| {
                if arm == 1 {
                    let made = match &eager {
                        Some(made) => Term::Value(made.clone()),
                        None => lowering.apply(value, Vec::new(), &kind.payload())?,
                    };
                    let whole = lowering.wrapped(Wrapper::Some, made, &kind)?;
                    lowering.store_at(place, whole, &kind)?;
                }
                Some(lowering.unit())
            },
        )
        .map(|_| ())
    }

    /// `is_some_and(test)`, `is_none_or(test)`
    pub(super) fn asked(&mut self, parts: Parts, test: &Expr, otherwise: bool) -> Option<Term> {
        self.switch(
            Selector::Bool(parts.some),
            2,
            &Kind::Inert,
            &mut |lowering, arm| {
                if arm == 1 {
                    let answer = lowering.inert_literal(quote::quote!(#otherwise));
                    return Some(Term::Value(answer));
                }
                let answer = lowering.apply(test, vec![parts.payload.clone()], &Kind::Inert)?;
                lowering.operand_of(answer, &Kind::Inert).map(Term::Value)
            },
        )
    }

    /// `filter(test)`: the same payload under one more condition.
    pub(super) fn filter_option(&mut self, parts: Parts, test: &Expr) -> Option<Term> {
        let test = self.looking(test)?;
        let payload = parts.payload.clone();
        let kept = self.switch(
            Selector::Bool(parts.some),
            2,
            &Kind::Inert,
            &mut |lowering, arm| {
                if arm == 1 {
                    return Some(Term::Value(lowering.inert_literal(quote::quote!(false))));
                }
                let answer = lowering.looked_at(&test, payload.clone())?;
                lowering.operand_of(answer, &Kind::Inert).map(Term::Value)
            },
        )?;
        Some(Term::Maybe {
            some: self.operand_of(kept, &Kind::Inert)?,
            payload: Box::new(parts.payload),
        })
    }

    /// A payload as a value of its own: of what is not seen to be an option it is only lent, and a vector cannot be moved
    /// out of there.
    pub(super) fn taken_out(&mut self, payload: Term, kind: &Kind) -> Term {
        match payload {
            Term::Place(place) if matches!(kind, Kind::Vec(_)) && is_lent(&place) => {
                fresh(self.kept(&place))
            }
            payload => payload,
        }
    }

    /// `zip(other)`
    pub(super) fn zip_options(&mut self, parts: Parts, other: &Expr) -> Option<Term> {
        let other = self.term(other, &Kind::Option(Box::new(Kind::Unknown)))?;
        let other = self.option_parts(other)?;
        let some = self.index(&[parts.some, other.some], &|holes| {
            let (a, b) = (&holes[0], &holes[1]);
            syn::parse_quote!(#a && #b)
        })?;
        let payload = Term::Tuple(vec![parts.payload, other.payload]);
        Some(Term::Maybe {
            some,
            payload: Box::new(payload),
        })
    }
}

/// Whether a place is what is inside of something that may be an option or a result.
fn is_lent(place: &Place) -> bool {
    matches!(place.path.last(), Some(Proj::Payload(Wrapper::Either)))
}

fn fresh(value: Operand) -> Term {
    match value {
        Operand::Place(place) => Term::Fresh(place),
        value => Term::Value(value),
    }
}
