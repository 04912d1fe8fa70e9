//! Operators that are spelled out as methods, `x.rem(y)` for `x % y`, on floats.

use syn::spanned::Spanned;
use syn::{BinOp, Expr, ExprBinary, ExprMethodCall, ExprUnary, Token, Type, UnOp};

use super::infer::arithmetic_kind;
use super::scope::Term;
use super::types::OPEN;
use super::Lowering;
use crate::ir::{Cost, Float, Kind, Op, Stmt};

impl Lowering<'_> {
    /// The same with the operator in place of the method.
    pub(super) fn spelled_out(&mut self, call: &ExprMethodCall, want: &Kind) -> Option<Term> {
        let kind = self.infer(&call.receiver);
        let operation = with_operator(call)?;
        self.check_operator(call, &kind);
        self.parsed(|lowering| lowering.term(&operation, want))
    }

    /// The kind that such a call has on a float; nothing if it is another method.
    pub(super) fn kind_of_spelled_out(
        &mut self,
        call: &ExprMethodCall,
        receiver: &Kind,
    ) -> Option<Kind> {
        with_operator(call).filter(|_| receiver.is_float())?;
        Some(match call.args.first() {
            Some(right) => {
                let constant = self.is_constant_path(right);
                arithmetic_kind(receiver.clone(), self.infer(right), false, constant)
            }
            None => receiver.clone(),
        })
    }

    /// The same of a receiver that may be a float: its own method, or the operator, is reversed by the protocol.
    pub(super) fn confirm_operator(&mut self, call: &ExprMethodCall, kind: &Kind) {
        if *kind == Kind::Unknown {
            self.check_operator(call, &OPEN);
        }
    }

    /// Has the compiler confirm that the method is the operator's: if a method of another trait had the name, both
    /// traits would be in scope here, and the call ambiguous.
    fn check_operator(&mut self, call: &ExprMethodCall, kind: &Kind) {
        let Some((name, ty)) = operator(call).zip(type_of(kind)) else {
            return;
        };
        let (of, method) = (syn::Ident::new(name, call.method.span()), &call.method);
        let rest = call.args.first().map(|_| quote::quote!(b));
        let check: Expr = syn::parse_quote!({
            use ::core::ops::#of as _;
            let _ = |a: #ty, b: #ty| a.#method(#rest);
        });
        let opaque = self.parsed(|lowering| lowering.captured(&check, Cost::Cheap, true));
        if let Some(opaque) = opaque {
            self.builder.push(Stmt::Do(Op::Opaque(Box::new(opaque))));
        }
    }
}

/// The trait whose method it is by its name.
fn operator(call: &ExprMethodCall) -> Option<&'static str> {
    match (call.method.to_string().as_str(), call.args.len()) {
        ("add", 1) => Some("Add"),
        ("sub", 1) => Some("Sub"),
        ("mul", 1) => Some("Mul"),
        ("div", 1) => Some("Div"),
        ("rem", 1) => Some("Rem"),
        ("neg", 0) => Some("Neg"),
        _ => None,
    }
}

/// `(x) % (y)`
fn with_operator(call: &ExprMethodCall) -> Option<Expr> {
    let (name, span) = (operator(call)?, call.method.span());
    let op = match name {
        "Add" => BinOp::Add(Token![+](span)),
        "Sub" => BinOp::Sub(Token![-](span)),
        "Mul" => BinOp::Mul(Token![*](span)),
        "Div" => BinOp::Div(Token![/](span)),
        "Rem" => BinOp::Rem(Token![%](span)),
        _ => {
            return Some(Expr::Unary(ExprUnary {
                attrs: Vec::new(),
                op: UnOp::Neg(Token![-](span)),
                expr: parenthesised(&call.receiver),
            }))
        }
    };
    Some(Expr::Binary(ExprBinary {
        attrs: Vec::new(),
        left: parenthesised(&call.receiver),
        op,
        right: parenthesised(call.args.first()?),
    }))
}

/// An operand: in parentheses, unless it binds closer than any operator.
fn parenthesised(expr: &Expr) -> Box<Expr> {
    if matches!(
        expr,
        Expr::Paren(_) | Expr::Path(_) | Expr::Lit(_) | Expr::Field(_) | Expr::MethodCall(_)
    ) {
        return Box::new(expr.clone());
    }
    Box::new(Expr::Paren(syn::ExprParen {
        attrs: Vec::new(),
        paren_token: syn::token::Paren(expr.span()),
        expr: Box::new(expr.clone()),
    }))
}

fn type_of(kind: &Kind) -> Option<Type> {
    Some(match kind {
        Kind::Float(Float::F32) => syn::parse_quote!(f32),
        Kind::Float(Float::F64 | Float::Open) => syn::parse_quote!(f64),
        Kind::Float(Float::Generic(name)) => syn::parse_quote!(#name),
        _ => return None,
    })
}
