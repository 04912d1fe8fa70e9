//! `e?`: the failure leaves the function.

use quote::quote;
use syn::{Expr, ExprTry, ReturnType};

use super::ends;
use super::loops::FrameKind;
use super::scope::Term;
use super::Lowering;
use crate::ir::{Ctor, Kind, Op, Opaque, Operand, Proj, Selector, Wrapper};

/// What the failure of a `?` takes the failure out of, and leaves nothing of.
pub fn failed(opaque: &mut Opaque) -> Option<&mut Operand> {
    let Expr::Call(call) = &opaque.expr else {
        return None;
    };
    let made_here = matches!(&*call.func, Expr::Path(path)
        if path.path.leading_colon.is_some() && path.path.segments.last()?.ident == "Err");
    let [capture] = &mut opaque.captures[..] else {
        return None;
    };
    made_here.then_some(&mut capture.operand)
}

impl Lowering<'_> {
    /// `e?`
    pub(super) fn try_expression(&mut self, tried: &ExprTry, want: &Kind) -> Option<Term> {
        let result = self.left_by();
        let wanted = Box::new(want.clone());
        let want = match &result {
            Kind::Option(_) => Kind::Option(wanted),
            Kind::Result(_) => Kind::Result(wanted),
            _ => Kind::Unknown,
        };
        let term = self.term(&tried.expr, &want)?;
        let term = match term {
            Term::Maybe { some, payload } => {
                self.go_on_if(some, Wrapper::Some, &result, None)?;
                return Some(*payload);
            }
            term => term,
        };
        self.tried(term, &want, &result)
    }

    /// `e?` of a value that may be a failure.
    pub(super) fn tried(&mut self, term: Term, want: &Kind, result: &Kind) -> Option<Term> {
        let made_here = matches!(term, Term::Fresh(_));
        let place = self.place_of(term)?;
        let whole = Operand::Place(place.clone());
        // What carries no floats is an option or a result as the function's own is.
        let kind = match self.kind_of_place(&place) {
            Kind::Inert => result.clone(),
            kind => kind.join(want),
        };
        let (wrapper, test) = match kind {
            Kind::Option(_) => (Wrapper::Some, quote!(is_some)),
            Kind::Result(_) => (Wrapper::Ok, quote!(is_ok)),
            _ => (Wrapper::Either, quote!(iter().next().is_some)),
        };
        let on = self.opaque_of(
            std::slice::from_ref(&whole),
            &|holes| syn::parse_quote!(#(#holes)*.#test()),
            Kind::Inert,
        )?;
        let on = self.operand_of(on, &Kind::Inert)?;
        self.go_on_if(on, wrapper, result, Some(&whole))?;
        let payload = place.then(Proj::Payload(wrapper));
        Some(self.payload_out(payload, made_here))
    }

    /// What a failure leaves the function as.
    pub(super) fn left_by(&self) -> Kind {
        let result = self.result.clone().unwrap_or(Kind::Unknown);
        let mut frames = self.frames.iter();
        match result {
            Kind::Unknown if !frames.any(|frame| frame.kind == FrameKind::Closure) => {
                ends::wrapper(self.request.block).unwrap_or(result)
            }
            result => result,
        }
    }

    /// Goes on if something is there; else the failure leaves the function.
    fn go_on_if(
        &mut self,
        on: Operand,
        wrapper: Wrapper,
        result: &Kind,
        whole: Option<&Operand>,
    ) -> Option<Term> {
        let nothing = self.inert_literal(quote!(()));
        let whole = whole.unwrap_or(&nothing);
        self.switch(
            Selector::Bool(on),
            2,
            &Kind::Inert,
            &mut |lowering, arm| match arm {
                0 => Some(lowering.unit()),
                _ => lowering.propagate(wrapper, whole, result),
            },
        )
    }

    /// The error of a result that is one.
    fn error_of(&mut self, whole: &Operand) -> Option<Operand> {
        let Operand::Place(place) = whole else {
            return None;
        };
        let error = self.project(&Term::Place(place.clone()), Proj::Payload(Wrapper::Err))?;
        self.operand_of(error, &Kind::Inert)
    }

    /// The failure of an option or a result, whichever it is, as the function gives it.
    fn failure_leaves(&mut self, whole: &Operand) -> Option<Term> {
        let Operand::Place(place) = whole else {
            return None;
        };
        let failure = place.clone().then(Proj::Payload(Wrapper::Failure));
        let wrap = Ctor::Wrap(Wrapper::Leaving);
        let left = self.define(
            Op::Aggregate(wrap, vec![Operand::Place(failure)]),
            Kind::Unknown,
        );
        self.give_the_type_of_the_result(&left);
        Some(left)
    }

    /// What leaves the function is of no other type.
    fn give_the_type_of_the_result(&mut self, left: &Term) {
        let inlined = self
            .frames
            .iter()
            .any(|frame| frame.kind == FrameKind::Closure);
        if let (Term::Fresh(place), ReturnType::Type(_, ty), false) =
            (left, &self.request.sig.output, inlined)
        {
            self.vars[place.root.0].ty = Some((**ty).clone());
        }
    }

    /// The failure of a `?` leaves the function.
    pub(super) fn propagate(
        &mut self,
        wrapper: Wrapper,
        whole: &Operand,
        result: &Kind,
    ) -> Option<Term> {
        let failure = match wrapper {
            Wrapper::Some => self.define(Op::Aggregate(Ctor::Nothing, Vec::new()), result.clone()),
            Wrapper::Either => self.failure_leaves(whole)?,
            _ => {
                let error = self.error_of(whole)?;
                self.opaque_of(
                    &[error],
                    &|holes| {
                        syn::parse_quote!(::core::result::Result::Err(::core::convert::From::from(#(#holes)*)))
                    },
                    result.clone(),
                )?
            }
        };
        self.return_term(failure);
        None
    }
}
