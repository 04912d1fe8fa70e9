//! Adaptors: a sequence stays one that can be indexed as long as positions are known; from then on its items pass through
//! stages.

use std::rc::Rc;

use proc_macro2::{Ident, Span};
use quote::quote;
use syn::visit::Visit;
use syn::visit_mut::VisitMut;
use syn::{Expr, ExprClosure, ExprMethodCall, Pat};

use super::iterators::{Chain, Function, Source, Stage};
use super::known::{literal, strip};
use super::names::{free_names, Names};
use super::opaque::Dereferenced;
use super::scope::{BindingId, Term};
use super::Lowering;
use crate::ir::{Kind, Op, Operand, Place, Proj, Stmt};

impl Lowering<'_> {
    /// `chain.name(argument)`
    pub(super) fn adapt(
        &mut self,
        mut chain: Chain,
        call: &ExprMethodCall,
        name: &str,
    ) -> Option<Chain> {
        let argument = call.args.first();
        match (name, argument) {
            ("by_ref" | "fuse" | "peekable", _) => return Some(chain),
            ("zip", Some(other)) => return self.zip(chain, call, other),
            ("chain", Some(other)) => return self.append(chain, call, other),
            _ => {}
        }
        if let Some(stage) = self.stage_always(call, name, argument)? {
            chain.stages.push(stage);
            return Some(chain);
        }
        if !chain.is_positional() {
            return self.adapt_items(chain, call, name, argument);
        }
        if chain.source.is_rest() && matches!(name, "rev" | "skip" | "step_by" | "cycle") {
            return self.refuse_adaptor(call);
        }
        let source = Box::new(chain.source);
        Some(Chain::of(match (name, argument) {
            ("copied" | "cloned", None) => Source::Copied(source),
            ("enumerate", None) => Source::Enumerate(source),
            ("rev", None) => Source::Rev(source),
            ("cycle", None) => Source::Cycle(source),
            ("map", Some(function)) => Source::Map(source, self.function(function)?),
            ("skip", Some(count)) => Source::Skip(source, self.inert_operand(count)?),
            ("take", Some(count)) => Source::Take(source, self.inert_operand(count)?),
            ("step_by", Some(step)) => Source::StepBy(source, self.inert_operand(step)?),
            _ => return self.refuse_adaptor(call),
        }))
    }

    /// Adaptors after which positions are lost.
    fn stage_always(
        &mut self,
        call: &ExprMethodCall,
        name: &str,
        argument: Option<&Expr>,
    ) -> Option<Option<Stage>> {
        Some(Some(match (name, argument) {
            ("filter", Some(test)) => Stage::Filter(self.looking(test)?),
            ("take_while", Some(test)) => Stage::TakeWhile(self.looking(test)?),
            ("skip_while", Some(test)) => Stage::SkipWhile(self.looking(test)?, self.flag()),
            ("inspect", Some(look)) => Stage::Inspect(self.looking(look)?),
            ("filter_map", Some(function)) => Stage::FilterMap(self.function(function)?),
            ("map_while", Some(function)) => Stage::MapWhile(self.function(function)?),
            ("flat_map", Some(function)) => {
                Stage::FlatMap(Some(self.function(function)?), call.method.span())
            }
            ("flatten", None) => Stage::FlatMap(None, call.method.span()),
            ("scan", Some(init)) => {
                let init = self.operand(init, &Kind::Unknown)?;
                let state = self.define_root(init);
                self.traits[state.root.0].mutable = true;
                Stage::Scan(self.function(call.args.iter().nth(1)?)?, state)
            }
            _ => return Some(None),
        }))
    }

    /// Adaptors of a sequence whose positions are lost: they count by themselves.
    fn adapt_items(
        &mut self,
        mut chain: Chain,
        call: &ExprMethodCall,
        name: &str,
        argument: Option<&Expr>,
    ) -> Option<Chain> {
        let stage = match (name, argument) {
            ("copied" | "cloned", None) => Stage::Copied,
            ("enumerate", None) => Stage::Enumerate(self.counter()),
            ("rev", None) if chain.is_reversible() => {
                chain.source = Source::Rev(Box::new(chain.source));
                return Some(chain);
            }
            ("map", Some(function)) => Stage::Map(self.function(function)?),
            ("skip", Some(count)) => Stage::Skip(self.inert_operand(count)?, self.counter()),
            ("take", Some(count)) => Stage::Take(self.inert_operand(count)?, self.counter()),
            ("step_by", Some(step)) => Stage::StepBy(self.inert_operand(step)?, self.counter()),
            _ => return self.refuse_adaptor(call),
        };
        chain.stages.push(stage);
        Some(chain)
    }

    /// `a.zip(b)`: where one of them has lost its positions, that one is iterated over and the other is counted through.
    fn zip(&mut self, mut chain: Chain, call: &ExprMethodCall, other: &Expr) -> Option<Chain> {
        let mut other = self.by_position(other)?;
        if chain.source.is_rest() || other.source.is_rest() {
            return self.refuse_adaptor(call);
        }
        match (chain.is_positional(), other.is_positional()) {
            (true, true) => Some(Chain::of(Source::Zip(
                Box::new(chain.source),
                Box::new(other.source),
            ))),
            (false, true) => {
                chain.stages.push(Stage::Zip {
                    other: other.source,
                    count: self.counter(),
                    first: false,
                });
                Some(chain)
            }
            (true, false) => {
                other.stages.push(Stage::Zip {
                    other: chain.source,
                    count: self.counter(),
                    first: true,
                });
                Some(other)
            }
            (false, false) => self.refuse_adaptor(call),
        }
    }

    /// `a.chain(b)`: one sequence behind the other; a part that has stages keeps them.
    fn append(&mut self, chain: Chain, call: &ExprMethodCall, other: &Expr) -> Option<Chain> {
        let other = self.iterable(other)?;
        if chain.source.is_rest() || other.source.is_rest() || chain.nests() || other.nests() {
            return self.refuse_adaptor(call);
        }
        let done = chain.ends_early().then(|| self.flag());
        Some(Chain::of(Source::Chain(
            Box::new(chain.part(done)),
            Box::new(other.part(None)),
        )))
    }

    /// What an adaptor applies to its items.
    pub(super) fn function(&mut self, function: &Expr) -> Option<Function> {
        let made = match strip(function) {
            Expr::Closure(closure) => self.closure(closure)?,
            Expr::Path(path) => {
                match path.path.get_ident().and_then(|name| self.scope.term(name)) {
                    Some(Term::Closure(closure)) => Term::Closure(closure.clone()),
                    _ => self.unit(),
                }
            }
            _ => self.unit(),
        };
        Some(Function {
            made: Rc::new(made),
            expr: function.clone(),
            by_reference: false,
            of_reference: None,
            gives: Kind::Unknown,
        })
    }

    /// What is applied to a reference to every item: where its pattern is `&p`, to the item.
    pub(super) fn looking(&mut self, function: &Expr) -> Option<Function> {
        if let Expr::Closure(closure) = strip(function) {
            let mut closure: ExprClosure = closure.clone();
            if let Some((pat, inner)) = closure
                .inputs
                .first_mut()
                .and_then(|pat| referred(pat).map(|inner| (pat, inner)))
            {
                *pat = inner;
                return self.function(&Expr::Closure(closure));
            }
        }
        let of_reference = match strip(function) {
            Expr::Closure(closure) => {
                let closure = less_dereferenced(closure);
                Some(Rc::new(self.closure(&closure)?))
            }
            _ => None,
        };
        let function = self.function(function)?;
        Some(Function {
            by_reference: true,
            of_reference,
            ..function
        })
    }

    /// A variable of ours that counts.
    pub(super) fn counter(&mut self) -> BindingId {
        self.hidden(
            "count",
            literal(&quote!(0usize), Kind::Inert, Some(0.0)),
            &Kind::Inert,
        )
    }

    /// A variable of ours that says whether something has happened.
    pub(super) fn flag(&mut self) -> BindingId {
        self.hidden("flag", self.inert_literal(quote!(false)), &Kind::Inert)
    }

    /// An iterator in a variable, used up or copied: counters go on by themselves from where they are.
    pub(super) fn renewed(&mut self, chain: &Chain) -> Option<Chain> {
        let mut chain = chain.clone();
        if let Some(cursor) = chain.cursor.take() {
            let from = self.hidden_value(cursor)?;
            chain.source = Source::Skip(Box::new(chain.source), from);
        }
        let mut states = Vec::new();
        chain.states(&mut states);
        for state in states {
            let value = self.hidden_value(*state)?;
            *state = self.hidden("count", value, &Kind::Inert);
        }
        for stage in &mut chain.stages {
            if let Stage::Scan(_, state) | Stage::Successors(_, state) = stage {
                *state = self.copied_state(state);
            }
        }
        Some(chain)
    }

    fn copied_state(&mut self, state: &Place) -> Place {
        let kind = self.kind_of_place(state);
        let root = self.fresh("state", kind, crate::ir::Class::Root);
        self.traits[root.0].mutable = true;
        let op = Op::Use(Operand::Place(state.clone()));
        self.builder.push(Stmt::Let { var: root, op });
        Place::root(root)
    }

    /// The iterator that a variable holds to be taken from.
    pub(super) fn held(&self, expr: &Expr) -> Option<Rc<Chain>> {
        let Expr::Path(path) = strip(expr) else {
            return None;
        };
        match self.scope.term(path.path.get_ident()?)? {
            Term::Chain(chain) if chain.cursor.is_some() => Some(chain.clone()),
            _ => None,
        }
    }

    /// `it.by_ref()`
    pub(super) fn rest(&mut self, chain: &Chain) -> Option<Chain> {
        let cursor = chain.cursor?;
        let from = self.hidden_value(cursor)?;
        let mut rest = chain.clone();
        rest.cursor = None;
        rest.source = Source::Rest {
            source: Box::new(rest.source),
            from,
            cursor,
        };
        Some(rest)
    }

    /// `chunks.remainder()`, what `chunks_exact` leaves over; `None` if that is not what it is called on.
    pub(super) fn remainder(&mut self, call: &ExprMethodCall) -> Option<Option<Term>> {
        let Expr::Path(path) = strip(&call.receiver) else {
            return None;
        };
        let Term::Chain(chain) = self.scope.term(path.path.get_ident()?)? else {
            return None;
        };
        match (&chain.source, &chain.stages[..]) {
            (
                Source::Chunks {
                    place,
                    size,
                    exact: true,
                    back: false,
                    mutable,
                },
                [],
            ) => {
                let (place, size, mutable) = (place.clone(), size.clone(), *mutable);
                Some(self.left_over(place, size, mutable))
            }
            _ => None,
        }
    }

    fn left_over(&mut self, place: Place, size: Operand, mutable: bool) -> Option<Term> {
        let length = self.length_of_place(&place)?;
        let lo = self.index(&[length, size], &|holes| {
            let (length, size) = (&holes[0], &holes[1]);
            syn::parse_quote!(#length - #length % #size)
        })?;
        let slice = Proj::Slice {
            lo: Some(lo),
            hi: None,
        };
        Some(Term::Ref {
            place: place.then(slice),
            mutable,
        })
    }

    /// An iterator gets a name: from a mutable one items can be taken one by one.
    pub(super) fn named_chain(&mut self, chain: Rc<Chain>, mutable: bool) -> Term {
        if !mutable || chain.cursor.is_some() || chain.source.is_rest() {
            return Term::Chain(chain);
        }
        let mut chain = (*chain).clone();
        chain.cursor = Some(self.counter());
        Term::Chain(Rc::new(chain))
    }
}

/// A closure whose parameters have one reference less around them.
fn less_dereferenced(closure: &ExprClosure) -> ExprClosure {
    let mut names = Names::default();
    closure.inputs.iter().for_each(|pat| names.visit_pat(pat));
    let inside = free_names(&closure.body).bound;
    let mut closure = closure.clone();
    for name in names.bound.difference(&inside) {
        let name = Ident::new(name.trim_start_matches("r#"), Span::call_site());
        Dereferenced { name: &name }.visit_expr_mut(&mut closure.body);
    }
    closure
}

/// What the pattern `&p` binds.
fn referred(pat: &Pat) -> Option<Pat> {
    match pat {
        Pat::Reference(inner) => Some((*inner.pat).clone()),
        Pat::Paren(inner) => referred(&inner.pat),
        _ => None,
    }
}
