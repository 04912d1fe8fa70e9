//! How many records a loop makes, as far as that can be told while compiling.

use std::collections::HashSet;

use proc_macro2::TokenStream;
use quote::{quote, ToTokens};
use syn::{BinOp as SynBinOp, Expr};

use crate::analyse::DefBy;
use crate::differentiate::Reverser;
use crate::ir::{
    uses, BinOp, Block, Bound, Capacity, End, Head, Kind, Limit, Literal, Loop, Op, Opaque,
    Operand, Place, Stmt, Var,
};

/// Longest loop whose records are kept in an array without being told.
const ARRAY_LIMIT: f64 = 64.0;

impl Reverser<'_> {
    /// How many records a loop makes.
    pub(super) fn capacity(&self, l: &Loop) -> Capacity {
        if let Some(Limit::MaxIters(n)) = &l.limit {
            return array(n.to_token_stream(), l);
        }
        if let Some(n) = literal_trips(&l.head) {
            return array(n, l);
        }
        // A loop that may be left early says nothing of how often it runs.
        let trips = l.head.trips().filter(|_| !super::breaks(&l.body));
        match self.bound_of_head(&l.head) {
            Some(bound) => Capacity::Bounded(bound, trips, l.name.clone()),
            None => Capacity::Vec(trips, l.span),
        }
    }

    /// A number that the compiler knows and that a counted loop does not exceed.
    fn bound_of_head(&self, head: &Head) -> Option<Bound> {
        match head {
            Head::Counted {
                start: Operand::Literal(start),
                end,
                inclusive: false,
                ..
            } if start.value.is_some_and(|lo| lo >= 0.0) => self.bound(end),
            _ => None,
        }
    }

    fn bound(&self, count: &Operand) -> Option<Bound> {
        match count {
            Operand::Literal(literal) => constant(literal).map(Bound::Constant),
            Operand::Var(var) => match self.facts.defs.get(var.0)?.by {
                DefBy::Let(op) => self.bound_of_op(op),
                _ => None,
            },
            Operand::Place(_) => None,
        }
    }

    fn bound_of_op(&self, op: &Op) -> Option<Bound> {
        match op {
            Op::Use(count) | Op::Binary(BinOp::Sub, count, Operand::Literal(_)) => {
                self.bound(count)
            }
            Op::Opaque(opaque) => self.bound_of_expression(opaque, &opaque.expr),
            _ => None,
        }
    }

    /// `a.len()` of an array, the lesser of two numbers, one less something, a constant.
    fn bound_of_expression(&self, opaque: &Opaque, expr: &Expr) -> Option<Bound> {
        match expr {
            Expr::MethodCall(call) if call.method == "len" => self
                .captured(opaque, &call.receiver)
                .and_then(|operand| self.array(operand)),
            Expr::Call(call) if is_min(&call.func) => call
                .args
                .iter()
                .find_map(|arg| self.bound_of_expression(opaque, arg)),
            Expr::Binary(binary) if matches!(binary.op, SynBinOp::Sub(_)) => {
                self.bound_of_expression(opaque, &binary.left)
            }
            Expr::Path(path) => match self.captured(opaque, expr) {
                Some(operand) => self.bound(operand),
                None => is_constant(path).then(|| Bound::Constant(path.to_token_stream())),
            },
            Expr::Paren(inner) => self.bound_of_expression(opaque, &inner.expr),
            _ => None,
        }
    }

    fn captured<'o>(&self, opaque: &'o Opaque, expr: &Expr) -> Option<&'o Operand> {
        let Expr::Path(path) = expr else { return None };
        let name = path.path.get_ident()?;
        let capture = opaque.captures.iter().find(|c| c.name == *name)?;
        Some(&capture.operand)
    }

    /// An array is as long as its type says.
    fn array(&self, operand: &Operand) -> Option<Bound> {
        let place: Place = match operand {
            Operand::Place(place) => place.clone(),
            Operand::Var(var) => Place::root(*var),
            Operand::Literal(_) => return None,
        };
        matches!(self.kind_of(&place), Kind::Array(_)).then_some(Bound::Like(place))
    }
}

fn array(len: TokenStream, l: &Loop) -> Capacity {
    Capacity::Array {
        len,
        exit: leaves_first(l),
        name: l.name.clone(),
    }
}

/// Whether a loop leaves by a pass that looks at its condition and does nothing else, as `while` does: that pass makes a
/// record, and is no iteration.
fn leaves_first(l: &Loop) -> bool {
    let End::Switch { arms, .. } = &l.body.end else {
        return false;
    };
    let inside: HashSet<Var> = l
        .body
        .stmts
        .iter()
        .flat_map(uses::defined)
        .copied()
        .collect();
    let as_it_came = |operand: &Operand| !matches!(operand, Operand::Var(v) if inside.contains(v));
    let leaves = |arm: &Block| match &arm.end {
        End::Break(handed) => arm.stmts.is_empty() && handed.iter().all(as_it_came),
        _ => false,
    };
    let looks = (l.body.stmts.iter()).all(|stmt| matches!(stmt, Stmt::Let { .. }));
    matches!(l.head, Head::Forever) && looks && arms.iter().any(leaves)
}

/// The trip count of a loop between literals, if it is small.
fn literal_trips(head: &Head) -> Option<TokenStream> {
    let Head::Counted {
        start: Operand::Literal(start),
        end: Operand::Literal(end),
        inclusive,
        ..
    } = head
    else {
        return None;
    };
    let trips = end.value? - start.value?;
    let n = trips.max(0.0) as usize + usize::from(*inclusive);
    let n = proc_macro2::Literal::usize_unsuffixed(n);
    (trips <= ARRAY_LIMIT).then(|| n.to_token_stream())
}

/// A number, or the path of a constant.
fn constant(literal: &Literal) -> Option<TokenStream> {
    if let Some(value) = literal.value {
        let whole = proc_macro2::Literal::usize_unsuffixed(value.max(0.0) as usize);
        return Some(quote!(#whole));
    }
    let path = syn::parse2::<syn::ExprPath>(literal.tokens.clone()).ok()?;
    is_constant(&path).then(|| path.to_token_stream())
}

/// Whether a path is spelled like a constant, and not like one of a type that may be generic.
fn is_constant(path: &syn::ExprPath) -> bool {
    let segments = &path.path.segments;
    let generic = |ident: &syn::Ident| *ident == "Self" || ident.to_string().len() == 1;
    if path.qself.is_some() || segments.len() > 1 && generic(&segments[0].ident) {
        return false;
    }
    let name = segments.last().map(|last| last.ident.to_string());
    name.is_some_and(|name| {
        name.chars().any(char::is_uppercase) && !name.chars().any(char::is_lowercase)
    })
}

fn is_min(function: &Expr) -> bool {
    let Expr::Path(path) = function else {
        return false;
    };
    path.path
        .segments
        .last()
        .is_some_and(|last| last.ident == "min")
}
