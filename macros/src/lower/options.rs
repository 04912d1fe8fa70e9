//! `Option` and `Result`: their methods, and options that are still a condition and a term.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Expr, ExprMethodCall, Ident, Pat};

use super::chosen::is_list;
use super::closures::leaves;
use super::known::{literal, strip};
use super::positions::dereferenced;
use super::scope::Term;
use super::Lowering;
use crate::diagnostics::Slug;
use crate::ir::{
    By, Capture, Cost, Ctor, Kind, Literal, Op, Operand, Place, Proj, Selector, Wrapper,
};

/// Methods of options and results that are lowered here.
const METHODS: &[&str] = &[
    "unwrap",
    "expect",
    "unwrap_or",
    "unwrap_or_default",
    "unwrap_or_else",
    "map",
    "and_then",
    "copied",
    "cloned",
    "map_or",
    "map_or_else",
    "is_some_and",
    "is_ok_and",
    "is_none_or",
    "filter",
    "or",
    "or_else",
    "and",
    "xor",
    "zip",
    "flatten",
    "take",
    "replace",
    "insert",
    "get_or_insert",
    "get_or_insert_with",
    "map_err",
    "ok_or",
    "ok_or_else",
    "ok",
    "as_ref",
    "as_mut",
    "as_deref",
    "as_deref_mut",
];

/// Methods that options and results alone have, and that work alike on both.
pub const UNWRAPPING: &[&str] = &[
    "unwrap",
    "expect",
    "unwrap_or",
    "unwrap_or_default",
    "unwrap_or_else",
    "map_or",
    "map_or_else",
    "and_then",
    "ok_or",
    "ok_or_else",
    "is_some_and",
    "is_ok_and",
    "is_none_or",
    "as_deref",
    "as_deref_mut",
];

/// An option or result, taken apart.
pub(super) struct Parts {
    pub(super) some: Operand,
    pub(super) payload: Term,
    pub(super) wrapper: Wrapper,
    /// The whole of a result, whose error may be needed.
    pub(super) whole: Option<Place>,
    /// Whether the whole was made for this alone, so that what is inside can be taken out of it.
    pub(super) own: bool,
}

impl Parts {
    /// Whether it is there, and what is inside.
    pub(super) fn into_payload(self) -> (Operand, Term) {
        (self.some, self.payload)
    }
}

impl Lowering<'_> {
    /// A method of an option or result, known to be one or `like` one; `None` inside if it is none of those known here.
    pub(super) fn option_method(
        &mut self,
        call: &ExprMethodCall,
        term: &Term,
        like: &Kind,
        want: &Kind,
    ) -> Option<Option<Term>> {
        let name = call.method.to_string();
        let known = matches!(term, Term::Maybe { .. })
            || matches!(
                self.kind_like(term, like),
                Kind::Option(_) | Kind::Result(_)
            );
        if !(known || self.unwraps(call)) || !METHODS.contains(&name.as_str()) {
            return Some(None);
        }
        match (name.as_str(), term) {
            ("as_ref" | "as_mut", Term::Place(place)) => {
                let place = place.clone();
                let mutable = name == "as_mut";
                return Some(Some(Term::Ref { place, mutable }));
            }
            ("as_ref" | "as_mut", term) => return Some(Some(term.clone())),
            ("as_deref" | "as_deref_mut", _) => {
                let kind = self.kind_like(term, like);
                let mutable = name.ends_with("mut");
                return self.option_behind(term.clone(), kind, mutable).map(Some);
            }
            _ => {}
        }
        let arguments: Vec<&Expr> = call.args.iter().collect();
        if let Some(place) = self.option_memory(&name, term) {
            return self.option_in_place(&name, place, &arguments).map(Some);
        }
        let kind = self.kind_like(term, like);
        let parts = self.parts_of_kind(term.clone(), kind)?;
        if let (Wrapper::Either, "map" | "filter", Some(whole)) =
            (parts.wrapper, &*name, &parts.whole)
        {
            self.confirm_option(whole, &call.method);
        }
        self.option_by_parts(&call.method, parts, &arguments, want)
            .map(Some)
    }

    /// `as_deref()`: what the box or the vector inside refers to.
    fn option_behind(&mut self, term: Term, kind: Kind, mutable: bool) -> Option<Term> {
        let (some, payload) = self.parts_of_kind(term, kind)?.into_payload();
        let place = self.place_of(payload)?;
        if mutable {
            self.traits[place.root.0].mutable = true;
        }
        let behind = match self.kind_of_place(&place) {
            Kind::Vec(_) => Proj::Slice { lo: None, hi: None },
            _ => Proj::Deref,
        };
        let place = place.then(behind);
        Some(Term::Maybe {
            some,
            payload: Box::new(Term::Ref { place, mutable }),
        })
    }

    /// The kind of a term; where it is not known, what its method makes of it.
    fn kind_like(&self, term: &Term, like: &Kind) -> Kind {
        match self.kind_of_term(term) {
            Kind::Unknown => like.clone(),
            kind => kind,
        }
    }

    fn option_by_parts(
        &mut self,
        method: &Ident,
        parts: Parts,
        arguments: &[&Expr],
        want: &Kind,
    ) -> Option<Term> {
        let name = method.to_string();
        match (name.as_str(), arguments) {
            ("unwrap" | "expect", _) => Some(parts.payload),
            ("copied" | "cloned", _) => Some(Term::Maybe {
                some: parts.some,
                payload: Box::new(dereferenced(parts.payload)),
            }),
            ("ok", _) => Some(Term::Maybe {
                some: parts.some,
                payload: Box::new(parts.payload),
            }),
            ("unwrap_or", [default]) if is_list(default) && self.is_lent(&parts.payload) => {
                self.slice_or(method, parts, default, want)
            }
            ("unwrap_or", [default]) => {
                let default = self.term(default, want)?;
                let kind = self.kind_of_term(&default).join(want);
                self.either(
                    parts,
                    want,
                    &mut |lowering, payload| Some(lowering.taken_out(payload, &kind)),
                    &mut |_| Some(default.clone()),
                )
            }
            ("unwrap_or_default", _) => self.either(
                parts,
                want,
                &mut |lowering, payload| Some(lowering.taken_out(payload, want)),
                &mut |lowering| Some(Term::Value(lowering.default_of(want))),
            ),
            ("unwrap_or_else", [function]) => {
                let error = self.error_for(&parts, function);
                self.either(
                    parts,
                    want,
                    &mut |_, payload| Some(payload),
                    &mut |lowering| lowering.apply(function, error.clone(), want),
                )
            }
            ("map_or", [default, function]) => {
                let default = self.term(default, want)?;
                self.either(
                    parts,
                    want,
                    &mut |lowering, payload| lowering.apply(function, vec![payload], want),
                    &mut |_| Some(default.clone()),
                )
            }
            ("map_or_else", [default, function]) => {
                let error = self.error_for(&parts, default);
                self.either(
                    parts,
                    want,
                    &mut |lowering, payload| lowering.apply(function, vec![payload], want),
                    &mut |lowering| lowering.apply(default, error.clone(), want),
                )
            }
            ("is_some_and" | "is_ok_and", [test]) => self.asked(parts, test, false),
            ("is_none_or", [test]) => self.asked(parts, test, true),
            ("filter", [test]) => self.filter_option(parts, test),
            ("zip", [other]) => self.zip_options(parts, other),
            ("and", [other]) => self.and_option(parts, other, want),
            ("xor", [other]) if matches!(parts.wrapper, Wrapper::Some) => {
                self.xor_option(parts, other, want)
            }
            ("or", [other]) => {
                let other = self.term(other, want)?;
                let wrapper = parts.wrapper;
                self.either(
                    parts,
                    want,
                    &mut |lowering, payload| lowering.wrapped(wrapper, payload, want),
                    &mut |_| Some(other.clone()),
                )
            }
            ("or_else", [function]) => {
                let (wrapper, error) = (parts.wrapper, self.error_for(&parts, function));
                self.either(
                    parts,
                    want,
                    &mut |lowering, payload| lowering.wrapped(wrapper, payload, want),
                    &mut |lowering| lowering.apply(function, error.clone(), want),
                )
            }
            ("flatten", []) => self.either(
                parts,
                want,
                &mut |_, payload| Some(payload),
                &mut |lowering| lowering.failure(Wrapper::Some, None, want),
            ),
            ("map", [function]) => self.map_option(parts, function, want),
            ("and_then", [function]) => {
                let (wrapper, whole) = (parts.wrapper, parts.whole.clone());
                self.either(
                    parts,
                    want,
                    &mut |lowering, payload| lowering.apply(function, vec![payload], want),
                    &mut |lowering| lowering.failure(wrapper, whole.as_ref(), want),
                )
            }
            ("ok_or" | "ok_or_else", [error]) => {
                self.ok_or(parts, error, name == "ok_or_else", want)
            }
            ("map_err", [function]) => {
                let whole = parts.whole.clone()?;
                let convert = |error: Expr| called_with(function, &error);
                self.either(
                    parts,
                    want,
                    &mut |lowering, payload| lowering.wrapped(Wrapper::Ok, payload, want),
                    &mut |lowering| lowering.error_again(&whole, want, &convert),
                )
            }
            _ => self.refuse(
                Slug::UnsupportedExpression,
                method.span(),
                &format!("`{name}` of this option or result"),
            ),
        }
    }

    /// `condition.then_some(value)`, `condition.then(|| value)`
    pub(super) fn then(&mut self, call: &ExprMethodCall, made: &Expr, lazy: bool) -> Option<Term> {
        let some = self.inert_operand(&call.receiver)?;
        if !lazy {
            let payload = match self.term(made, &Kind::Unknown)? {
                Term::Place(place) => {
                    Term::Value(self.operand_of(Term::Place(place), &Kind::Unknown)?)
                }
                payload => payload,
            };
            return Some(Term::Maybe {
                some,
                payload: Box::new(payload),
            });
        }
        self.switch(
            Selector::Bool(some),
            2,
            &Kind::Unknown,
            &mut |lowering, arm| match arm {
                0 => {
                    let value = lowering.apply(made, Vec::new(), &Kind::Unknown)?;
                    lowering.wrapped(Wrapper::Some, value, &Kind::Unknown)
                }
                _ => lowering.failure(Wrapper::Some, None, &Kind::Unknown),
            },
        )
    }

    /// What a function is called with where there is no payload: the error of a result, nothing for an option.
    fn error_for(&mut self, parts: &Parts, function: &Expr) -> Vec<Term> {
        match (parts.wrapper, &parts.whole, strip(function)) {
            (Wrapper::Ok, Some(whole), _) => {
                let error = whole.clone().then(Proj::Payload(Wrapper::Err));
                vec![Term::Place(error)]
            }
            (Wrapper::Either, _, Expr::Closure(closure)) => vec![self.unit(); closure.inputs.len()],
            _ => Vec::new(),
        }
    }

    pub(super) fn default_of(&self, want: &Kind) -> Operand {
        match want {
            Kind::Float(_) => Operand::Literal(Literal::number(0.0, want.clone())),
            kind => literal(&blank(kind), kind.clone(), None),
        }
    }

    pub(super) fn map_option(
        &mut self,
        parts: Parts,
        function: &Expr,
        want: &Kind,
    ) -> Option<Term> {
        let (wrapper, whole) = (parts.wrapper, parts.whole.clone());
        let inner = want.payload();
        self.either(
            parts,
            want,
            &mut |lowering, payload| {
                let mapped = lowering.apply(function, vec![payload], &inner)?;
                lowering.wrapped(wrapper, mapped, want)
            },
            &mut |lowering| lowering.failure(wrapper, whole.as_ref(), want),
        )
    }

    /// One thing if the payload is there, another if not.
    pub(super) fn either(
        &mut self,
        parts: Parts,
        want: &Kind,
        some: &mut dyn FnMut(&mut Self, Term) -> Option<Term>,
        none: &mut dyn FnMut(&mut Self) -> Option<Term>,
    ) -> Option<Term> {
        self.switch(
            Selector::Bool(parts.some),
            2,
            want,
            &mut |lowering, arm| match arm {
                0 => {
                    let payload = match &parts.payload {
                        Term::Place(place) => lowering.payload_out(place.clone(), parts.own),
                        payload => payload.clone(),
                    };
                    let term = some(lowering, payload)?;
                    lowering.in_one_piece(dereferenced(term))
                }
                _ => {
                    let term = none(lowering)?;
                    lowering.in_one_piece(dereferenced(term))
                }
            },
        )
    }

    pub(super) fn wrapped(&mut self, wrapper: Wrapper, payload: Term, want: &Kind) -> Option<Term> {
        let value = self.operand_of(payload, &want.payload())?;
        let kind = Box::new(self.kind_of_operand(&value));
        let kind = match wrapper {
            Wrapper::Some => Kind::Option(kind),
            Wrapper::Either => Kind::Unknown,
            _ => Kind::Result(kind),
        };
        Some(self.define(Op::Aggregate(Ctor::Wrap(wrapper), vec![value]), kind))
    }

    /// `None`, or the same error again.
    pub(super) fn failure(
        &mut self,
        wrapper: Wrapper,
        whole: Option<&Place>,
        want: &Kind,
    ) -> Option<Term> {
        match (wrapper, whole) {
            (Wrapper::Either, Some(whole)) => Some(self.failure_again(whole)),
            (Wrapper::Some, _) | (_, None) => {
                let kind = Kind::Option(Box::new(want.payload()));
                Some(self.define(Op::Aggregate(Ctor::Nothing, Vec::new()), kind))
            }
            (_, Some(whole)) => self.error_again(whole, want, &|error| error),
        }
    }

    /// The failure of an option or a result, whichever it is, where something else would have been the success.
    fn failure_again(&mut self, whole: &Place) -> Term {
        let failure = whole.clone().then(Proj::Payload(Wrapper::Failure));
        let wrap = Ctor::Wrap(Wrapper::Failure);
        self.define(
            Op::Aggregate(wrap, vec![Operand::Place(failure)]),
            Kind::Unknown,
        )
    }

    /// `Err(convert(error))` of a result that is one.
    pub(super) fn error_again(
        &mut self,
        whole: &Place,
        want: &Kind,
        convert: &dyn Fn(Expr) -> Expr,
    ) -> Option<Term> {
        let hole = quote::format_ident!("failed");
        let error = convert(syn::parse_quote!(#hole.err().unwrap()));
        let expr: Expr = syn::parse_quote!(::core::result::Result::Err(#error));
        let mut opaque = self.captured(&expr, Cost::Once, false)?;
        opaque.captures.retain(|capture| capture.name != hole);
        opaque.captures.push(Capture {
            name: hole,
            operand: Operand::Place(whole.clone()),
            by: By::Value,
        });
        let kind = Kind::Result(Box::new(want.payload()));
        Some(self.define(Op::Opaque(Box::new(opaque)), kind))
    }

    pub(super) fn ok_or(
        &mut self,
        parts: Parts,
        error: &Expr,
        lazy: bool,
        want: &Kind,
    ) -> Option<Term> {
        let eager = if lazy {
            None
        } else {
            Some(self.operand(error, &Kind::Unknown)?)
        };
        self.either(
            parts,
            want,
            &mut |lowering, payload| lowering.wrapped(Wrapper::Ok, payload, want),
            &mut |lowering| {
                let error = match &eager {
                    Some(error) => error.clone(),
                    None => {
                        let term = lowering.apply(error, Vec::new(), &Kind::Unknown)?;
                        lowering.operand_of(term, &Kind::Unknown)?
                    }
                };
                let kind = Kind::Result(Box::new(want.payload()));
                Some(lowering.define(Op::Aggregate(Ctor::Wrap(Wrapper::Err), vec![error]), kind))
            },
        )
    }

    pub(super) fn option_parts(&mut self, term: Term) -> Option<Parts> {
        let kind = self.kind_of_term(&term);
        self.parts_of_kind(term, kind)
    }

    fn parts_of_kind(&mut self, term: Term, kind: Kind) -> Option<Parts> {
        if let Term::Maybe { some, payload } = term {
            return Some(Parts {
                some,
                payload: *payload,
                wrapper: Wrapper::Some,
                whole: None,
                own: false,
            });
        }
        let own = matches!(term, Term::Fresh(_));
        let by_reference = match term {
            Term::Ref { mutable, .. } => Some(mutable),
            _ => None,
        };
        let place = self.place_of(term)?;
        let (wrapper, test) = match kind {
            Kind::Option(_) => (Wrapper::Some, quote!(is_some())),
            Kind::Result(_) => (Wrapper::Ok, quote!(is_ok())),
            _ => (Wrapper::Either, quote!(iter().next().is_some())),
        };
        let some = self.index(
            &[Operand::Place(place.clone())],
            &|holes| syn::parse_quote!(#(#holes)*.#test),
        )?;
        let payload = place.clone().then(Proj::Payload(wrapper));
        let payload = match by_reference {
            Some(mutable) => Term::Ref {
                place: payload,
                mutable,
            },
            None => Term::Place(payload),
        };
        Some(Parts {
            some,
            payload,
            wrapper,
            whole: Some(place),
            own,
        })
    }

    /// What is inside of an option or a result. Out of one made for this alone it is taken: else the whole, with an error
    /// that may not be `Clone`, would be there until the reverse sweep.
    pub(super) fn payload_out(&mut self, payload: Place, own: bool) -> Term {
        let kind = self.kind_of_place(&payload);
        let sure = matches!(payload.path[..], [Proj::Payload(Wrapper::Some)]);
        match own && kind == Kind::Unknown && !sure {
            true => self.define(Op::Use(Operand::Place(payload)), kind),
            false => Term::Place(payload),
        }
    }

    /// What leaves an arm: the parts of an option may mean nothing outside of it.
    fn in_one_piece(&mut self, term: Term) -> Option<Term> {
        match term {
            Term::Maybe { some, payload } => self.whole_option(some, *payload),
            term => Some(term),
        }
    }

    /// An option that is still in parts, as a value.
    pub(super) fn whole_option(&mut self, some: Operand, payload: Term) -> Option<Term> {
        let parts = Parts {
            some,
            payload,
            wrapper: Wrapper::Some,
            whole: None,
            own: false,
        };
        let kind = self.kind_of_term(&parts.payload);
        let want = Kind::Option(Box::new(kind));
        self.either(
            parts,
            &want.clone(),
            &mut |lowering, payload| lowering.wrapped(Wrapper::Some, payload, &want),
            &mut |lowering| lowering.failure(Wrapper::Some, None, &want),
        )
    }
}

/// `function(argument)`. The parameter of a closure that is called where it stands has the argument's type only if it is
/// bound to it.
fn called_with(function: &Expr, argument: &Expr) -> Expr {
    if let Expr::Closure(closure) = strip(function) {
        let body = &closure.body;
        if let (1, Some(pat @ Pat::Ident(_)), false) =
            (closure.inputs.len(), closure.inputs.first(), leaves(body))
        {
            return syn::parse_quote!(match #argument { #pat => #body });
        }
    }
    syn::parse_quote!((#function)(#argument))
}

/// A value of a kind, whichever. Arrays have defaults up to some lengths only.
fn blank(kind: &Kind) -> TokenStream {
    match kind {
        Kind::Array(element) => {
            let element = blank(element);
            quote!(::core::array::from_fn(|_| #element))
        }
        Kind::Tuple(parts) => {
            let parts = parts.iter().map(blank);
            quote!((#(#parts,)*))
        }
        _ => quote!(::core::default::Default::default()),
    }
}
