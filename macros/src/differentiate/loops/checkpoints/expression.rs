//! Expressions over iterations: their numbers, their indices, and what is called in between.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, ToTokens};
use syn::Expr;

use crate::ir::{By, Capture, Cost, Head, Kind, Literal, Loop, Op, Opaque, Operand, Stmt, Var};

/// `for index in start..end`
pub(super) fn counted(index: Var, start: Operand, end: Operand, backwards: bool) -> Head {
    Head::Counted {
        index,
        start,
        end,
        inclusive: false,
        step: None,
        reverse: false,
        backwards,
    }
}

/// The index of the iteration with this number.
pub(super) fn index_of(l: &Loop, round: Var) -> Option<Stmt> {
    let Head::Counted { index, .. } = &l.head else {
        return None;
    };
    let mut op = sequence(
        l,
        |range| quote!(::core::iter::Iterator::nth(&mut (#range), round).unwrap_or_default()),
    );
    if let Op::Opaque(opaque) = &mut op {
        opaque
            .captures
            .push(capture("round", Operand::Var(round), By::Value));
    }
    Some(Stmt::Let { var: *index, op })
}

/// An expression over the range that a counted loop goes through.
pub(super) fn sequence(l: &Loop, over: impl FnOnce(TokenStream) -> TokenStream) -> Op {
    let Head::Counted {
        start,
        end,
        inclusive,
        step,
        reverse,
        ..
    } = &l.head
    else {
        return Op::Use(zero());
    };
    let mut captures = vec![
        capture("start", start.clone(), By::Value),
        capture("end", end.clone(), By::Value),
    ];
    let mut range = if *inclusive {
        quote!(start..=end)
    } else {
        quote!(start..end)
    };
    if *reverse {
        range = quote!(::core::iter::Iterator::rev(#range));
    }
    if let Some(step) = step {
        captures.push(capture("step", step.clone(), By::Value));
        range = quote!(::core::iter::Iterator::step_by(#range, step));
    }
    opaque(over(range), captures, Cost::Cheap)
}

pub(super) fn capture(name: &str, operand: Operand, by: By) -> Capture {
    Capture {
        name: format_ident!("{name}"),
        operand,
        by,
    }
}

pub(super) fn once(tokens: TokenStream, captures: Vec<Capture>) -> Op {
    opaque(tokens, captures, Cost::Once)
}

pub(super) fn opaque(tokens: TokenStream, captures: Vec<Capture>, cost: Cost) -> Op {
    let expr = syn::parse2(tokens.clone()).unwrap_or(Expr::Verbatim(tokens));
    Op::Opaque(Box::new(Opaque {
        expr,
        captures,
        cost,
        effect: false,
    }))
}

pub(super) fn zero() -> Operand {
    integer(0)
}

/// An iteration's number, or what is added to it.
pub(super) fn integer(value: usize) -> Operand {
    Operand::Literal(Literal {
        tokens: proc_macro2::Literal::usize_suffixed(value).to_token_stream(),
        kind: Kind::Inert,
        value: Some(value as f64),
    })
}
