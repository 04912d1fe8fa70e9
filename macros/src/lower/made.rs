//! Iterators that functions of `core::iter` make: `iter::repeat(x)`, `iter::successors(first, next)`.

use std::rc::Rc;

use quote::quote;
use syn::{Expr, ExprCall, Ident, Path};

use super::iterators::{Chain, Function, Source, Stage};
use super::known::{literal, strip};
use super::positions::zero;
use super::scope::Term;
use super::Lowering;
use crate::diagnostics::Slug;
use crate::ir::{Kind, Operand, Place, Selector, Stmt};

/// The functions of which iterators are made.
const MAKERS: [&str; 4] = ["repeat", "repeat_n", "once", "successors"];
/// Those that are refused.
const OTHERS: [&str; 3] = ["repeat_with", "once_with", "from_fn"];

/// The name of the function that a call makes an iterator with.
pub(super) fn maker(call: &ExprCall) -> Option<&Ident> {
    match strip(&call.func) {
        Expr::Path(path) if path.qself.is_none() => of_iterators(&path.path, &MAKERS),
        _ => None,
    }
}

/// The name of a function whose iterator cannot be followed.
pub(super) fn refused_maker(path: &Path) -> Option<&Ident> {
    of_iterators(path, &OTHERS)
}

fn of_iterators<'p>(path: &'p Path, names: &[&str]) -> Option<&'p Ident> {
    let mut segments = path.segments.iter().rev();
    let (last, module) = (segments.next()?, segments.next()?);
    let known = module.ident == "iter" && names.iter().any(|name| last.ident == name);
    known.then_some(&last.ident)
}

impl Lowering<'_> {
    /// The iterator that a call makes.
    pub(super) fn made_iterator(&mut self, call: &ExprCall) -> Option<Chain> {
        let name = maker(call)?;
        let arguments: Vec<&Expr> = call.args.iter().collect();
        match (name.to_string().as_str(), arguments.as_slice()) {
            ("repeat", [item]) => self.repeated(item, None),
            ("repeat_n", [item, count]) => {
                let count = self.inert_operand(count)?;
                self.repeated(item, Some(count))
            }
            ("once", [item]) => {
                let one = literal(&quote!(1), Kind::Inert, Some(1.0));
                self.repeated(item, Some(one))
            }
            ("successors", [first, next]) => self.successors(first, next),
            _ => {
                let detail = format!("`iter::{name}`");
                self.refuse(Slug::UnsupportedAdaptor, name.span(), &detail)
            }
        }
    }

    fn repeated(&mut self, item: &Expr, count: Option<Operand>) -> Option<Chain> {
        let item = match self.term(item, &Kind::Unknown)? {
            // What is repeated is what stands there now.
            Term::Place(place) => whole(self.kept(&place)),
            Term::Fresh(place) => Term::Place(place),
            item => item,
        };
        let forever = Source::Repeated(Rc::new(item));
        Some(Chain::of(match count {
            Some(count) => Source::Take(Box::new(forever), count),
            None => forever,
        }))
    }

    /// The positions, at each of which the item is made of the one before.
    fn successors(&mut self, first: &Expr, next: &Expr) -> Option<Chain> {
        let first = self.operand(first, &Kind::Option(Box::new(Kind::Unknown)))?;
        let state = self.define_root(first);
        self.traits[state.root.0].mutable = true;
        let function = self.function(next)?;
        let mut chain = Chain::of(Source::Range {
            start: zero(),
            end: None,
            inclusive: false,
            ty: None,
        });
        chain.stages.push(Stage::Successors(function, state));
        Some(chain)
    }

    /// The item at a position: at the first it is there, later it is made of the one before when it is asked for.
    pub(super) fn successor(
        &mut self,
        function: &Function,
        state: &Place,
        at: Term,
    ) -> Option<Term> {
        let at = self.operand_of(at, &Kind::Inert)?;
        let later = self.index(&[at], &|holes| syn::parse_quote!(#(#holes)* > 0))?;
        let kind = self.kind_of_place(state);
        self.switch(
            Selector::Bool(later),
            2,
            &Kind::Inert,
            &mut |lowering, arm| {
                if arm == 0 {
                    let (_, before) = lowering
                        .option_parts(Term::Place(state.clone()))?
                        .into_payload();
                    let before = lowering.by_reference(before);
                    let made = lowering.applied_for(function, vec![before], &kind)?;
                    let value = lowering.operand_of(made, &kind)?;
                    let place = state.clone();
                    lowering.builder.push(Stmt::Store { place, value });
                }
                Some(lowering.unit())
            },
        )?;
        Some(whole(self.kept(state)))
    }
}

fn whole(value: Operand) -> Term {
    match value {
        Operand::Place(place) => Term::Place(place),
        value => Term::Value(value),
    }
}
