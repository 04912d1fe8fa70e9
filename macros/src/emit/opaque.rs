//! Inert expressions, printed as the user wrote them with other names for their variables.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{quote, ToTokens};
use syn::visit::Visit;
use syn::visit_mut::VisitMut;
use syn::Expr;

use super::bound::{Bound, Occurrences};
use super::code::{level_of, Code, Level};
use super::opened::Opened;
use super::substitute::{Substitute, Substitution};
use super::Emitter;
use crate::ir::{By, Capture, Class, Cost, Opaque, Operand, Place};

/// An expression with other names for its variables, and what has to be bound around it.
struct Inert {
    expr: Expr,
    lets: TokenStream,
    captured: Vec<Code>,
}

impl Inert {
    fn code(self) -> Code {
        let Inert {
            expr,
            lets,
            captured,
        } = self;
        let code = if lets.is_empty() {
            Code::new(expr.to_token_stream(), level_of(&expr))
        } else {
            Code::new(quote!({ #lets #expr }), Level::Low)
        };
        code.over(&captured)
    }
}

impl Emitter<'_> {
    /// The expression with what stands for its variables put in their place.
    ///
    /// Inside macros, whose syntax is not known, and where the expression binds the same names itself, variables keep
    /// their names and are bound in a block around it.
    pub fn opaque(&mut self, opaque: &Opaque) -> Code {
        match Opened::of(&opaque.expr) {
            Some(opened) => {
                let mut inert = self.inert(opaque, &opened.arguments);
                inert.expr = opened.closed(inert.expr);
                inert.code()
            }
            None => self.inert(opaque, &opaque.expr).code(),
        }
    }

    fn inert(&mut self, opaque: &Opaque, expr: &Expr) -> Inert {
        let mut bound = Bound::default();
        bound.visit_expr(expr);
        let (mut substitution, mut lets) = (Substitution::default(), TokenStream::new());
        let mut captured = Vec::new();
        for capture in &opaque.captures {
            let substitute = self.substitute(capture, opaque.cost);
            let code = substitute.code.clone();
            let name = capture.name.to_string();
            let told = bound.in_text.contains(&name);
            let part = matches!(capture.operand, Operand::Place(_));
            let stays = told && !part
                || bound.in_macros.contains(&name)
                || bound.names.contains(&name)
                || Occurrences::clash(expr, &capture.name, &code);
            if stays && self.is_unchanged(capture, &code) {
                continue;
            }
            if stays || told {
                lets.extend(self.rebind(capture, &code));
            }
            if !stays {
                substitution.names.push(substitute);
            } else if part && capture.by == By::Value && !bound.names.contains(&name) {
                substitution.names.push(borrowed(&capture.name));
            }
            captured.push(code);
        }
        let mut expr = expr.clone();
        substitution.visit_expr_mut(&mut expr);
        Inert {
            expr,
            lets,
            captured,
        }
    }

    /// Whether the user's variable is one of ours under the same name: a parameter.
    fn is_unchanged(&mut self, capture: &Capture, code: &Code) -> bool {
        let (Operand::Var(root) | Operand::Place(Place { root, .. })) = &capture.operand else {
            return false;
        };
        let is_param = self.function.params.iter().any(|param| param.var == *root);
        is_param && is_name(code, &capture.name)
    }

    fn substitute(&mut self, capture: &Capture, cost: Cost) -> Substitute {
        // What may be evaluated again does not write, whatever reference it reads through.
        let mutable = capture.by == By::RefMut && cost.runs_once();
        let (place, base, shared) = match &capture.operand {
            Operand::Place(place) => {
                let whole = place.path.is_empty();
                let code = if mutable {
                    self.place_mut(place)
                } else {
                    self.place(place)
                };
                let base = if whole {
                    self.receiver(place, mutable)
                } else {
                    code.clone()
                };
                (code, base, whole && self.class(place.root) == Class::Ref)
            }
            operand => {
                let code = self.operand(operand);
                (code.clone(), code, false)
            }
        };
        let code = match capture.by {
            By::Value => place.clone(),
            _ if shared => base.clone(),
            _ => lent(&place, mutable),
        };
        Substitute {
            name: capture.name.clone(),
            code,
            place,
            base,
            is_reference: capture.by != By::Value,
        }
    }

    /// `let x = …;` for a block around the expression; memory is borrowed, not moved into it.
    fn rebind(&mut self, capture: &Capture, code: &Code) -> TokenStream {
        let (name, tokens) = (&capture.name, code.at(Level::Unary));
        match (&capture.operand, capture.by) {
            (Operand::Place(_), By::Value) => quote!(let #name = &#tokens;),
            _ => quote!(let #name = #tokens;),
        }
    }
}

/// A variable's name, bound to a reference to the memory that stands for it.
fn borrowed(name: &Ident) -> Substitute {
    let base = Code::new(quote!(#name), Level::Atom);
    let place = Code::new(quote!(*#name), Level::Unary);
    Substitute {
        name: name.clone(),
        code: place.clone(),
        place,
        base,
        is_reference: false,
    }
}

/// `&place` or `&mut place`
fn lent(place: &Code, mutable: bool) -> Code {
    let tokens = place.at(Level::Unary);
    let borrow = if mutable { quote!(&mut) } else { quote!(&) };
    Code::new(quote!(#borrow #tokens), Level::Unary).over([place])
}

/// Whether an expression is just this name.
fn is_name(code: &Code, name: &Ident) -> bool {
    let mut tokens = code.tokens.clone().into_iter();
    let first = tokens.next();
    tokens.next().is_none() && matches!(first, Some(TokenTree::Ident(ident)) if ident == *name)
}
