//! Iterator chains: a sequence that can be indexed, and stages behind it that cannot.

use std::rc::Rc;

use proc_macro2::Ident;
use syn::spanned::Spanned;
use syn::{Expr, ExprMethodCall, ExprRange, RangeLimits};

use super::call::{literal, strip};
use super::scope::Term;
use super::Lowering;
use crate::diagnostics::Slug;
use crate::ir::{By, Kind, Operand, Place, Proj};

/// An iterator.
#[derive(Clone, Debug)]
pub struct Chain {
    pub source: Source,
    pub stages: Vec<Stage>,
}

/// A sequence of known length whose items are found by their position.
#[derive(Clone, Debug)]
pub enum Source {
    /// Without an end it is unbounded.
    Range { start: Operand, end: Option<Operand>, inclusive: bool },
    Elements { place: Place, by: By },
    Windows { place: Place, size: Operand },
    Chunks { place: Place, size: Operand, exact: bool, mutable: bool },
    Rev(Box<Source>),
    StepBy(Box<Source>, Operand),
    Skip(Box<Source>, Operand),
    Take(Box<Source>, Operand),
    Zip(Box<Source>, Box<Source>),
    Chain(Box<Source>, Box<Source>),
    Enumerate(Box<Source>),
    Map(Box<Source>, Rc<Term>, Expr),
    Copied(Box<Source>),
}

/// What happens to the items of a sequence where positions are lost.
#[derive(Clone, Debug)]
pub enum Stage {
    Filter(Expr),
    Map(Expr),
    Copied,
    TakeWhile(Expr),
    Inspect(Expr),
}

/// Methods that start a chain.
const SOURCES: &[&str] = &[
    "iter", "iter_mut", "into_iter", "windows", "chunks", "chunks_exact", "chunks_mut", "chunks_exact_mut",
];
/// Methods that go on with one.
const ADAPTORS: &[&str] = &[
    "copied", "cloned", "enumerate", "zip", "map", "filter", "skip", "take", "rev", "step_by", "chain", "take_while",
    "inspect", "by_ref",
];
/// Methods that end one.
const ENDS: &[&str] = &[
    "sum", "product", "fold", "for_each", "min_by", "max_by", "collect", "last", "nth", "next", "count", "all", "any",
    "position", "min", "max", "min_by_key", "max_by_key", "find", "find_map", "filter_map", "flat_map", "flatten",
    "scan", "skip_while", "cycle", "peekable", "unzip", "partition", "reduce", "try_fold", "map_while", "rposition",
    "par_iter", "dedup", "sorted", "fuse", "rfold", "try_for_each", "eq", "lt", "cmp", "partial_cmp",
];

impl Lowering<'_> {
    /// Whether a method call is a link of an iterator chain.
    pub(super) fn is_chain(&self, call: &ExprMethodCall) -> bool {
        let name = call.method.to_string();
        if SOURCES.contains(&name.as_str()) {
            return true;
        }
        (ADAPTORS.contains(&name.as_str()) || ENDS.contains(&name.as_str())) && self.is_iterator(&call.receiver)
    }

    fn is_iterator(&self, expr: &Expr) -> bool {
        match strip(expr) {
            Expr::Range(_) => true,
            Expr::MethodCall(call) => {
                let name = call.method.to_string();
                SOURCES.contains(&name.as_str()) || (ADAPTORS.contains(&name.as_str()) && self.is_iterator(&call.receiver))
            }
            Expr::Path(path) => {
                let term = path.path.get_ident().and_then(|name| self.scope.term(name));
                matches!(term, Some(Term::Chain(_)))
            }
            _ => false,
        }
    }

    /// What a `for` or an end iterates over.
    pub(super) fn iterable(&mut self, expr: &Expr) -> Option<Chain> {
        let source = match strip(expr) {
            Expr::MethodCall(call) if self.is_chain(call) => return self.link(call),
            Expr::Range(range) => self.range(range)?,
            Expr::Reference(reference) => {
                let mutable = reference.mutability.is_some();
                let place = self.borrow(&reference.expr, mutable)?;
                Source::Elements { place, by: if mutable { By::RefMut } else { By::Ref } }
            }
            expr => match self.term(expr, &Kind::Unknown)? {
                Term::Chain(chain) => return Some((*chain).clone()),
                Term::Ref { place, mutable } => Source::Elements { place, by: if mutable { By::RefMut } else { By::Ref } },
                Term::Value(value) => self.range_value(value)?,
                term => Source::Elements { place: self.place_of(term)?, by: By::Value },
            },
        };
        Some(Chain { source, stages: Vec::new() })
    }

    /// `start..end`
    fn range(&mut self, range: &ExprRange) -> Option<Source> {
        let Some(start) = &range.start else {
            return self.refuse(Slug::UnsupportedExpression, range.span(), "this range");
        };
        let start = self.inert_operand(start)?;
        let end = match &range.end {
            Some(end) => Some(self.inert_operand(end)?),
            None => None,
        };
        Some(Source::Range { start, end, inclusive: matches!(range.limits, RangeLimits::Closed(_)) })
    }

    /// A range in a variable.
    fn range_value(&mut self, value: Operand) -> Option<Source> {
        let value = [value];
        let start = self.index(&value, &|holes| syn::parse_quote!(#(#holes)*.start))?;
        let end = self.index(&value, &|holes| syn::parse_quote!(#(#holes)*.end))?;
        Some(Source::Range { start, end: Some(end), inclusive: false })
    }

    /// One method of a chain.
    fn link(&mut self, call: &ExprMethodCall) -> Option<Chain> {
        let name = call.method.to_string();
        if SOURCES.contains(&name.as_str()) {
            let source = self.source(call, &name)?;
            return match source {
                Some(source) => Some(Chain { source, stages: Vec::new() }),
                None => self.iterable(&call.receiver),
            };
        }
        let chain = self.iterable(&call.receiver)?;
        let argument = call.args.first();
        match argument {
            _ if matches!(name.as_str(), "by_ref") => Some(chain),
            _ if !ADAPTORS.contains(&name.as_str()) => self.refuse_adaptor(call),
            argument => self.adapt(chain, call, &name, argument),
        }
    }

    /// The start of a chain; `None` for `into_iter`, which iterates over its receiver as a `for` does.
    fn source(&mut self, call: &ExprMethodCall, name: &str) -> Option<Option<Source>> {
        if name == "into_iter" {
            return Some(None);
        }
        let mutable = name.ends_with("mut");
        let place = self.borrow(&call.receiver, mutable)?;
        let by = if mutable { By::RefMut } else { By::Ref };
        let Some(size) = call.args.first() else { return Some(Some(Source::Elements { place, by })) };
        let size = self.inert_operand(size)?;
        Some(Some(match name {
            "windows" => Source::Windows { place, size },
            name => Source::Chunks { place, size, exact: name.contains("exact"), mutable },
        }))
    }

    fn adapt(&mut self, mut chain: Chain, call: &ExprMethodCall, name: &str, argument: Option<&Expr>) -> Option<Chain> {
        let stage = match (name, argument) {
            ("filter", Some(test)) => Some(Stage::Filter(test.clone())),
            ("take_while", Some(test)) => Some(Stage::TakeWhile(test.clone())),
            ("inspect", Some(look)) => Some(Stage::Inspect(look.clone())),
            ("map", Some(function)) if !chain.stages.is_empty() => Some(Stage::Map(function.clone())),
            ("copied" | "cloned", None) if !chain.stages.is_empty() => Some(Stage::Copied),
            _ => None,
        };
        if let Some(stage) = stage {
            chain.stages.push(stage);
            return Some(chain);
        }
        if !chain.stages.is_empty() {
            return self.refuse_adaptor(call);
        }
        let source = Box::new(chain.source);
        let source = match (name, argument) {
            ("copied" | "cloned", None) => Source::Copied(source),
            ("enumerate", None) => Source::Enumerate(source),
            ("rev", None) => Source::Rev(source),
            ("map", Some(function)) => {
                let made = self.function_value(function)?;
                Source::Map(source, Rc::new(made), function.clone())
            }
            ("skip", Some(count)) => Source::Skip(source, self.inert_operand(count)?),
            ("take", Some(count)) => Source::Take(source, self.inert_operand(count)?),
            ("step_by", Some(step)) => Source::StepBy(source, self.inert_operand(step)?),
            ("zip" | "chain", Some(other)) => {
                let other = self.iterable(other)?;
                if !other.stages.is_empty() {
                    return self.refuse_adaptor(call);
                }
                match name {
                    "zip" => Source::Zip(source, Box::new(other.source)),
                    _ => Source::Chain(source, Box::new(other.source)),
                }
            }
            _ => return self.refuse_adaptor(call),
        };
        Some(Chain { source, stages: Vec::new() })
    }

    /// A closure is made where it stands, so that its names mean what they mean there.
    fn function_value(&mut self, function: &Expr) -> Option<Term> {
        match strip(function) {
            Expr::Closure(closure) => self.closure(closure),
            _ => Some(self.unit()),
        }
    }

    pub(super) fn refuse_adaptor<T>(&mut self, call: &ExprMethodCall) -> Option<T> {
        let name = call.method.to_string();
        let slug = if name.starts_with("par_") { Slug::ParallelIterator } else { Slug::UnsupportedAdaptor };
        self.refuse(slug, call.method.span(), &format!("`{name}`"))
    }

    /// How many items there are; `None` inside if there is no end.
    pub(super) fn length(&mut self, source: &Source) -> Option<Option<Operand>> {
        match source {
            Source::Range { end: None, .. } => Some(None),
            Source::Range { start, end: Some(end), inclusive } => self.length_of_range(start, end, *inclusive).map(Some),
            Source::Elements { place, .. } => self.length_of_place(place).map(Some),
            Source::Windows { place, size } => {
                let length = self.length_of_place(place)?;
                self.index(&[length, size.clone()], &|h| binary(h, |a, b| beyond(&syn::parse_quote!(#a + 1), b))).map(Some)
            }
            Source::Chunks { place, size, exact, .. } => {
                let length = self.length_of_place(place)?;
                let operands = [length, size.clone()];
                match exact {
                    true => self.index(&operands, &|h| binary(h, |a, b| syn::parse_quote!(#a / #b))).map(Some),
                    false => self.index(&operands, &|h| binary(h, quotient_up)).map(Some),
                }
            }
            Source::Rev(inner) | Source::Enumerate(inner) | Source::Map(inner, ..) | Source::Copied(inner) => self.length(inner),
            Source::StepBy(inner, step) => self.shortened(inner, step, &quotient_up),
            Source::Skip(inner, count) => self.shortened(inner, count, &|a, b| beyond(&syn::parse_quote!(#a), b)),
            Source::Take(inner, count) => match self.length(inner)? {
                Some(length) => self.shorter(length, count.clone()).map(Some),
                None => Some(Some(count.clone())),
            },
            Source::Zip(a, b) => match (self.length(a)?, self.length(b)?) {
                (Some(a), Some(b)) => self.shorter(a, b).map(Some),
                (a, b) => Some(a.or(b)),
            },
            Source::Chain(a, b) => match (self.length(a)?, self.length(b)?) {
                (Some(a), Some(b)) => self.index(&[a, b], &|h| binary(h, |a, b| syn::parse_quote!(#a + #b))).map(Some),
                _ => Some(None),
            },
        }
    }

    fn shortened(&mut self, inner: &Source, by: &Operand, build: &dyn Fn(&Ident, &Ident) -> Expr) -> Option<Option<Operand>> {
        match self.length(inner)? {
            Some(length) => self.index(&[length, by.clone()], &|h| binary(h, build)).map(Some),
            None => Some(None),
        }
    }

    fn shorter(&mut self, a: Operand, b: Operand) -> Option<Operand> {
        self.index(&[a, b], &|h| binary(h, |a, b| syn::parse_quote!(::core::cmp::Ord::min(#a, #b))))
    }

    fn length_of_range(&mut self, start: &Operand, end: &Operand, inclusive: bool) -> Option<Operand> {
        let operands = [start.clone(), end.clone()];
        match (is_zero(start), inclusive) {
            (true, false) => Some(end.clone()),
            (_, false) => self.index(&operands, &|h| binary(h, |a, b| beyond(&syn::parse_quote!(#b), a))),
            (_, true) => self.index(&operands, &|h| binary(h, |a, b| beyond(&syn::parse_quote!(#b + 1), a))),
        }
    }

    /// `place.len()`
    pub(super) fn length_of_place(&mut self, place: &Place) -> Option<Operand> {
        self.index(&[Operand::Place(place.clone())], &|holes| syn::parse_quote!(#(#holes)*.len()))
    }

    /// An inert value over others.
    pub(super) fn index(&mut self, operands: &[Operand], build: &dyn Fn(&[Ident]) -> Expr) -> Option<Operand> {
        let term = self.opaque_of(operands, build, Kind::Inert)?;
        self.operand_of(term, &Kind::Inert)
    }

    /// The item at a position.
    pub(super) fn item(&mut self, source: &Source, at: &Operand) -> Option<Term> {
        match source {
            Source::Range { start, .. } => self.shifted(at, start).map(Term::Value),
            Source::Elements { place, by } => Some(element(place.clone().then(Proj::Index(at.clone())), *by)),
            Source::Windows { place, size } => {
                let hi = self.shifted(at, size)?;
                let proj = Proj::Slice { lo: Some(at.clone()), hi: Some(hi) };
                Some(element(place.clone().then(proj), By::Ref))
            }
            Source::Chunks { place, size, exact, mutable } => {
                let lo = self.scaled(at, size)?;
                let mut hi = self.shifted(&lo, size)?;
                if !exact {
                    let length = self.length_of_place(place)?;
                    hi = self.shorter(hi, length)?;
                }
                let proj = Proj::Slice { lo: Some(lo), hi: Some(hi) };
                Some(element(place.clone().then(proj), if *mutable { By::RefMut } else { By::Ref }))
            }
            Source::Rev(inner) => {
                let Some(length) = self.length(inner)? else { return None };
                let at = self.index(&[length, at.clone()], &|h| binary(h, |a, b| syn::parse_quote!(#a - 1 - #b)))?;
                self.item(inner, &at)
            }
            Source::StepBy(inner, step) => {
                let at = self.scaled(at, step)?;
                self.item(inner, &at)
            }
            Source::Skip(inner, count) => {
                let at = self.shifted(at, count)?;
                self.item(inner, &at)
            }
            Source::Take(inner, _) => self.item(inner, at),
            Source::Zip(a, b) => Some(Term::Tuple(vec![self.item(a, at)?, self.item(b, at)?])),
            Source::Enumerate(inner) => Some(Term::Tuple(vec![Term::Value(at.clone()), self.item(inner, at)?])),
            Source::Map(inner, made, function) => {
                let item = self.item(inner, at)?;
                self.mapped(made, function, item)
            }
            Source::Copied(inner) => {
                let item = self.item(inner, at)?;
                Some(dereferenced(item))
            }
            Source::Chain(a, b) => self.item_of_two(a, b, at),
        }
    }

    fn mapped(&mut self, made: &Term, function: &Expr, item: Term) -> Option<Term> {
        match made {
            Term::Closure(closure) => self.inline(&closure.clone(), vec![item], &Kind::Unknown),
            _ => self.apply(function, vec![item], &Kind::Unknown),
        }
    }

    /// An item of one sequence or the other, by value.
    fn item_of_two(&mut self, a: &Source, b: &Source, at: &Operand) -> Option<Term> {
        let length = self.length(a)??;
        let first = self.index(&[at.clone(), length.clone()], &|h| binary(h, |a, b| syn::parse_quote!(#a < #b)))?;
        self.switch(crate::ir::Selector::Bool(first), 2, &Kind::Unknown, &mut |lowering, arm| {
            let item = match arm {
                0 => lowering.item(a, at)?,
                _ => {
                    let operands = [at.clone(), length.clone()];
                    let at = lowering.index(&operands, &|h| binary(h, |a, b| syn::parse_quote!(#a - #b)))?;
                    lowering.item(b, &at)?
                }
            };
            Some(dereferenced(item))
        })
    }

    fn shifted(&mut self, at: &Operand, by: &Operand) -> Option<Operand> {
        match (is_zero(by), is_zero(at)) {
            (true, _) => Some(at.clone()),
            (_, true) => Some(by.clone()),
            _ => self.index(&[at.clone(), by.clone()], &|h| binary(h, |a, b| syn::parse_quote!(#a + #b))),
        }
    }

    fn scaled(&mut self, at: &Operand, by: &Operand) -> Option<Operand> {
        self.index(&[at.clone(), by.clone()], &|h| binary(h, |a, b| syn::parse_quote!(#a * #b)))
    }
}

/// An expression over two operands.
fn binary(holes: &[Ident], build: impl Fn(&Ident, &Ident) -> Expr) -> Expr {
    match holes {
        [a, b] => build(a, b),
        _ => Expr::PLACEHOLDER,
    }
}

/// `a - b`, or zero: without a method, since the literals of `(0..4).skip(1)` leave the integer type open.
fn beyond(a: &Expr, b: &Ident) -> Expr {
    syn::parse_quote!(::core::cmp::Ord::max(#a, #b) - #b)
}

/// `a / b`, rounded up; likewise without a method.
fn quotient_up(a: &Ident, b: &Ident) -> Expr {
    syn::parse_quote!(#a / #b + ::core::cmp::Ord::min(#a % #b, 1))
}

fn element(place: Place, by: By) -> Term {
    match by {
        By::Value => Term::Place(place),
        By::Ref => Term::Ref { place, mutable: false },
        By::RefMut => Term::Ref { place, mutable: true },
    }
}

/// `*item`
pub(super) fn dereferenced(item: Term) -> Term {
    match item {
        Term::Ref { place, .. } => Term::Place(place),
        item => item,
    }
}

fn is_zero(operand: &Operand) -> bool {
    matches!(operand, Operand::Literal(literal) if literal.value == Some(0.0))
}

/// The position 0.
pub(super) fn zero() -> Operand {
    literal(&proc_macro2::Literal::usize_unsuffixed(0), Kind::Inert, Some(0.0))
}
