//! Methods of two options: `a.and(b)`, `a.xor(b)`.

use syn::Expr;

use super::options::Parts;
use super::scope::Term;
use super::Lowering;
use crate::ir::{Kind, Wrapper};

impl Lowering<'_> {
    /// `a.and(b)`: `b` if there is something in `a`. It is evaluated either way.
    pub(super) fn and_option(&mut self, parts: Parts, other: &Expr, want: &Kind) -> Option<Term> {
        let other = self.term(other, want)?;
        let (wrapper, whole) = (parts.wrapper, parts.whole.clone());
        self.either(
            parts,
            want,
            &mut |_, _| Some(other.clone()),
            &mut |lowering| lowering.failure(wrapper, whole.as_ref(), want),
        )
    }

    /// `a.xor(b)`: the one in which there is something, if there is not in the other.
    pub(super) fn xor_option(&mut self, parts: Parts, other: &Expr, want: &Kind) -> Option<Term> {
        let other = self.term(other, want)?;
        let other = self.option_parts(other)?;
        let whole = other.whole.clone();
        let (some, payload) = other.into_payload();
        let second = || Parts {
            some: some.clone(),
            payload: payload.clone(),
            wrapper: Wrapper::Some,
            whole: whole.clone(),
            own: false,
        };
        self.either(
            parts,
            want,
            &mut |lowering, first| {
                lowering.either(
                    second(),
                    want,
                    &mut |lowering, _| lowering.failure(Wrapper::Some, None, want),
                    &mut |lowering| lowering.wrapped(Wrapper::Some, first.clone(), want),
                )
            },
            &mut |lowering| {
                lowering.either(
                    second(),
                    want,
                    &mut |lowering, payload| lowering.wrapped(Wrapper::Some, payload, want),
                    &mut |lowering| lowering.failure(Wrapper::Some, None, want),
                )
            },
        )
    }
}
