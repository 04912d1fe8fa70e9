//! Iterator chains: a sequence that can be indexed, and stages behind it that cannot.

use std::rc::Rc;

use proc_macro2::{Ident, Span};
use syn::spanned::Spanned;
use syn::{Expr, ExprMethodCall, ExprRange, RangeLimits, Type};

use super::known::strip;
use super::made::maker;
use super::purity::is_iterated;
use super::ranges::is_inclusive;
use super::scope::{BindingId, Term};
use super::Lowering;
use crate::diagnostics::Slug;
use crate::ir::{By, Kind, Operand, Place};

/// An iterator.
#[derive(Clone, Debug)]
pub struct Chain {
    pub source: Source,
    pub stages: Vec<Stage>,
    /// How far it has been taken, if it is a variable that is taken from item by item.
    pub cursor: Option<BindingId>,
}

/// A sequence of known length whose items are found by their position.
#[derive(Clone, Debug)]
pub enum Source {
    /// Without an end it is unbounded.
    Range {
        start: Operand,
        end: Option<Operand>,
        inclusive: bool,
        /// Its integers, if they are known not to be those that positions are counted in.
        ty: Option<Rc<Type>>,
    },
    Elements {
        place: Place,
        by: By,
    },
    Windows {
        place: Place,
        size: Operand,
    },
    Chunks {
        place: Place,
        size: Operand,
        exact: bool,
        /// Counted from the end.
        back: bool,
        mutable: bool,
    },
    Rev(Box<Source>),
    StepBy(Box<Source>, Operand),
    Skip(Box<Source>, Operand),
    Take(Box<Source>, Operand),
    Zip(Box<Source>, Box<Source>),
    Chain(Box<Source>, Box<Source>),
    Enumerate(Box<Source>),
    Map(Box<Source>, Function),
    Copied(Box<Source>),
    Cycle(Box<Source>),
    /// The same item without end.
    Repeated(Rc<Term>),
    /// What is left of an iterator that a variable holds: every item moves the variable on.
    Rest {
        source: Box<Source>,
        from: Operand,
        cursor: BindingId,
    },
    /// A part of a chained iterator with stages of its own; what holds once it has ended, if it can end early.
    Staged(Box<Chain>, Option<BindingId>),
}

/// What was handed to an adaptor, made where it stands, so that its names mean what they mean there.
#[derive(Clone, Debug)]
pub struct Function {
    pub made: Rc<Term>,
    pub expr: Expr,
    /// Whether it takes a reference to the item.
    pub by_reference: bool,
    /// The same for items that are references already, which are not referred to once more: with a `*` less.
    pub of_reference: Option<Rc<Term>>,
    /// What is known of its result from what is made of the items.
    pub gives: Kind,
}

/// What happens to the items of a sequence where positions are lost. Counters and flags are variables of ours.
#[derive(Clone, Debug)]
pub enum Stage {
    Filter(Function),
    Map(Function),
    Copied,
    TakeWhile(Function),
    SkipWhile(Function, BindingId),
    Inspect(Function),
    FilterMap(Function),
    MapWhile(Function),
    /// `None`: `flatten()`
    FlatMap(Option<Function>, Span),
    Scan(Function, Place),
    /// What the function makes of the item before, which stands in the place; of positions.
    Successors(Function, Place),
    Enumerate(BindingId),
    /// `first`: the sequence stands on the left, and is asked before the items are.
    Zip {
        other: Source,
        count: BindingId,
        first: bool,
    },
    Take(Operand, BindingId),
    Skip(Operand, BindingId),
    StepBy(Operand, BindingId),
}

/// Methods that start a chain.
const SOURCES: &[&str] = &[
    "iter",
    "iter_mut",
    "into_iter",
    "windows",
    "chunks",
    "chunks_exact",
    "rchunks",
    "chunks_mut",
    "chunks_exact_mut",
    "drain",
];
/// Methods that go on with one.
const ADAPTORS: &[&str] = &[
    "copied",
    "cloned",
    "enumerate",
    "zip",
    "map",
    "filter",
    "skip",
    "take",
    "rev",
    "step_by",
    "chain",
    "take_while",
    "skip_while",
    "map_while",
    "filter_map",
    "flat_map",
    "flatten",
    "scan",
    "cycle",
    "fuse",
    "inspect",
    "by_ref",
    "peekable",
];
/// Methods that end one.
const ENDS: &[&str] = &[
    "sum",
    "product",
    "fold",
    "for_each",
    "min_by",
    "max_by",
    "collect",
    "last",
    "nth",
    "next",
    "count",
    "all",
    "any",
    "position",
    "min",
    "max",
    "min_by_key",
    "max_by_key",
    "find",
    "find_map",
    "peek",
    "next_if",
    "unzip",
    "partition",
    "reduce",
    "try_fold",
    "rposition",
    "par_iter",
    "dedup",
    "sorted",
    "rfold",
    "try_for_each",
    "eq",
    "lt",
    "cmp",
    "partial_cmp",
];

impl Lowering<'_> {
    /// Whether a method call is a link of an iterator chain.
    pub(super) fn is_chain(&self, call: &ExprMethodCall) -> bool {
        let name = call.method.to_string();
        if SOURCES.contains(&name.as_str()) {
            // That of a vector says which part.
            return name != "drain" || !call.args.is_empty();
        }
        (ADAPTORS.contains(&name.as_str()) || ENDS.contains(&name.as_str()))
            && self.is_iterator(&call.receiver)
    }

    /// Whether a link ends its chain.
    pub(super) fn is_end(&self, call: &ExprMethodCall) -> bool {
        ENDS.iter().any(|name| call.method == name)
    }

    pub(super) fn is_iterator(&self, expr: &Expr) -> bool {
        match strip(expr) {
            Expr::Range(_) => true,
            Expr::Call(call) => maker(call).is_some(),
            Expr::MethodCall(call) => {
                let name = call.method.to_string();
                SOURCES.contains(&name.as_str())
                    || (ADAPTORS.contains(&name.as_str()) && self.is_iterator(&call.receiver))
                    || self.has_entries(expr)
            }
            Expr::Path(path) => {
                let term = path.path.get_ident().and_then(|name| self.scope.term(name));
                matches!(term, Some(Term::Chain(_)))
                    || self.type_of_range(expr).is_some()
                    || self.is_given(expr)
            }
            _ => false,
        }
    }

    /// What a `for` or an end iterates over.
    pub(super) fn iterable(&mut self, expr: &Expr) -> Option<Chain> {
        if self.has_entries(expr) {
            return self.gathered_entries(expr);
        }
        if let Some(chain) = self.items_of_option(expr) {
            return chain;
        }
        let source = match strip(expr) {
            Expr::MethodCall(call) if self.is_chain(call) => return self.link(call),
            Expr::Range(range) => self.range(range)?,
            Expr::Call(call) if maker(call).is_some() => return self.made_iterator(call),
            given if self.is_given(given) => return self.refuse_given(given),
            Expr::Reference(reference) if self.held(&reference.expr).is_some() => {
                let chain = self.held(&reference.expr)?;
                return self.rest(&chain);
            }
            Expr::Reference(reference) => {
                let mutable = reference.mutability.is_some();
                let place = self.borrow(&reference.expr, mutable)?;
                Source::Elements {
                    place,
                    by: if mutable { By::RefMut } else { By::Ref },
                }
            }
            constant if self.is_table_of_constants(constant) => Source::Elements {
                place: self.borrow(constant, false)?,
                by: By::Value,
            },
            expr => match self.term(expr, &Kind::Unknown)? {
                Term::Chain(chain) => return self.renewed(&chain),
                Term::Ref { place, mutable } => Source::Elements {
                    place,
                    by: if mutable { By::RefMut } else { By::Ref },
                },
                Term::Value(value) if is_iterated(expr) => self.iterated(value)?,
                Term::Value(value) => self.range_value(value)?,
                term => Source::Elements {
                    place: self.place_of(term)?,
                    by: By::Value,
                },
            },
        };
        Some(Chain::of(source))
    }

    /// `start..end`
    pub(super) fn range(&mut self, range: &ExprRange) -> Option<Source> {
        let Some(start) = &range.start else {
            return self.refuse(Slug::UnsupportedExpression, range.span(), "this range");
        };
        let ends = [Some(&**start), range.end.as_deref()];
        let ty = ends
            .into_iter()
            .flatten()
            .find_map(|end| self.other_integer(end))
            .map(Rc::new);
        let start = self.inert_operand(start)?;
        let end = match &range.end {
            Some(end) => Some(self.inert_operand(end)?),
            None => None,
        };
        Some(Source::Range {
            start,
            end,
            inclusive: matches!(range.limits, RangeLimits::Closed(_)),
            ty,
        })
    }

    /// A range in a variable.
    pub(super) fn range_value(&mut self, value: Operand) -> Option<Source> {
        let ty = self.named_range(&value);
        let inclusive = ty.is_some_and(|ty| is_inclusive(&ty));
        let value = [value];
        let end_of = |name: &str| {
            let name = Ident::new(name, Span::call_site());
            move |holes: &[Ident]| -> Expr {
                match inclusive {
                    true => syn::parse_quote!(*#(#holes)*.#name()),
                    false => syn::parse_quote!(#(#holes)*.#name),
                }
            }
        };
        Some(Source::Range {
            start: self.index(&value, &end_of("start"))?,
            end: Some(self.index(&value, &end_of("end"))?),
            inclusive,
            ty: None,
        })
    }

    /// One method of a chain.
    pub(super) fn link(&mut self, call: &ExprMethodCall) -> Option<Chain> {
        let name = call.method.to_string();
        if SOURCES.contains(&name.as_str()) {
            let source = self.source(call, &name)?;
            return match source {
                Some(source) => Some(Chain::of(source)),
                None => self.iterable(&call.receiver),
            };
        }
        if !ADAPTORS.contains(&name.as_str()) {
            return self.refuse_adaptor(call);
        }
        if let ("by_ref", Some(chain)) = (name.as_str(), self.held(&call.receiver)) {
            return self.rest(&chain);
        }
        let chain = match name.as_str() {
            "zip" | "enumerate" => self.by_position(&call.receiver)?,
            _ => self.iterable(&call.receiver)?,
        };
        self.adapt(chain, call, &name)
    }

    /// The start of a chain; `None` for `into_iter`, which iterates over its receiver as a `for` does.
    pub(super) fn source(&mut self, call: &ExprMethodCall, name: &str) -> Option<Option<Source>> {
        if name == "into_iter" {
            return Some(None);
        }
        if name == "drain" {
            return self.drained(call).map(Some);
        }
        let mutable = name.ends_with("mut");
        let place = self.borrow(&call.receiver, mutable)?;
        self.confirm_positions(call, &place);
        let by = if mutable { By::RefMut } else { By::Ref };
        let Some(size) = call.args.first() else {
            return Some(Some(Source::Elements { place, by }));
        };
        let size = self.inert_operand(size)?;
        Some(Some(match name {
            "windows" => Source::Windows { place, size },
            name => Source::Chunks {
                place,
                size,
                exact: name.contains("exact"),
                back: name == "rchunks",
                mutable,
            },
        }))
    }

    pub(super) fn refuse_adaptor<T>(&mut self, call: &ExprMethodCall) -> Option<T> {
        let name = call.method.to_string();
        let slug = if name.starts_with("par_") {
            Slug::ParallelIterator
        } else {
            Slug::UnsupportedAdaptor
        };
        self.refuse(slug, call.method.span(), &format!("`{name}`"))
    }
}
