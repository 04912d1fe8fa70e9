//! Inert expressions, printed as the user wrote them with other names for their variables.

use std::collections::HashSet;

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{quote, ToTokens};
use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, Macro, PatIdent};

use super::code::{level_of, Code, Level};
use super::Emitter;
use crate::ir::{By, Capture, Class, Cost, Opaque, Operand, Place};

impl Emitter<'_> {
    /// The expression with what stands for its variables put in their place.
    ///
    /// Inside macros, whose syntax is not known, and where the expression binds the same names itself, variables keep
    /// their names and are bound in a block around it.
    pub fn opaque(&mut self, opaque: &Opaque) -> Code {
        let mut bound = Bound::default();
        bound.visit_expr(&opaque.expr);
        let (mut substitution, mut lets) = (Substitution::default(), TokenStream::new());
        let mut captured = Vec::new();
        for capture in &opaque.captures {
            let substitute = self.substitute(capture, opaque.cost);
            let code = substitute.code.clone();
            let name = capture.name.to_string();
            let stays = bound.in_macros.contains(&name)
                || bound.names.contains(&name)
                || Occurrences::clash(&opaque.expr, &capture.name, &code);
            if stays && self.is_unchanged(capture, &code) {
                continue;
            }
            if stays {
                lets.extend(self.rebind(capture, &code));
            } else {
                substitution.names.push(substitute);
            }
            captured.push(code);
        }
        let mut expr = opaque.expr.clone();
        substitution.visit_expr_mut(&mut expr);
        let code = if lets.is_empty() {
            Code::new(expr.to_token_stream(), level_of(&expr))
        } else {
            Code::new(quote!({ #lets #expr }), Level::Low)
        };
        code.over(&captured)
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
        let mutable = capture.by == By::RefMut && cost == Cost::Once;
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

/// Whether an expression is just some name.
fn is_word(code: &Code) -> bool {
    let mut tokens = code.tokens.clone().into_iter();
    matches!(
        (tokens.next(), tokens.next()),
        (Some(TokenTree::Ident(_)), None)
    )
}

/// The names which an expression binds, and those which its macros mention.
#[derive(Default)]
struct Bound {
    names: HashSet<String>,
    in_macros: HashSet<String>,
}

/// Looks for a variable where the expression has bound a name that what stands for the variable mentions.
struct Occurrences<'c> {
    name: &'c Ident,
    code: &'c Code,
    /// The names that are bound around here.
    bound: HashSet<String>,
    clash: bool,
}

impl Occurrences<'_> {
    /// Whether substituting would let a name of the expression capture one of ours.
    fn clash(expr: &Expr, name: &Ident, code: &Code) -> bool {
        let mut occurrences = Occurrences {
            name,
            code,
            bound: HashSet::new(),
            clash: false,
        };
        occurrences.visit_expr(expr);
        occurrences.clash
    }

    /// Visits what stands in the scope of names that `binder` binds.
    fn inside(&mut self, binder: impl FnOnce(&mut Bound), visit: impl FnOnce(&mut Self)) {
        let mut bound = Bound::default();
        binder(&mut bound);
        let outer = self.bound.clone();
        self.bound.extend(bound.names);
        visit(self);
        self.bound = outer;
    }
}

impl<'ast> Visit<'ast> for Occurrences<'_> {
    fn visit_expr(&mut self, expr: &'ast Expr) {
        match expr {
            Expr::Path(path) if path.path.is_ident(self.name) => {
                let binds = |name: &Ident| self.bound.contains(&name.to_string());
                self.clash |= mentions(self.code.tokens.clone(), &binds);
            }
            // What is matched on stands outside of the arms.
            Expr::Match(whole) => {
                self.visit_expr(&whole.expr);
                for arm in &whole.arms {
                    self.inside(
                        |bound| bound.visit_arm(arm),
                        |inside| visit::visit_arm(inside, arm),
                    );
                }
            }
            expr => visit::visit_expr(self, expr),
        }
    }

    fn visit_block(&mut self, block: &'ast syn::Block) {
        self.inside(
            |bound| bound.visit_block(block),
            |inside| visit::visit_block(inside, block),
        );
    }

    fn visit_expr_closure(&mut self, closure: &'ast syn::ExprClosure) {
        let binder = |bound: &mut Bound| bound.visit_expr_closure(closure);
        self.inside(binder, |inside| visit::visit_expr_closure(inside, closure));
    }

    fn visit_expr_if(&mut self, branch: &'ast syn::ExprIf) {
        let binder = |bound: &mut Bound| bound.visit_expr(&branch.cond);
        self.inside(binder, |inside| visit::visit_expr_if(inside, branch));
    }

    fn visit_expr_for_loop(&mut self, each: &'ast syn::ExprForLoop) {
        let binder = |bound: &mut Bound| bound.visit_pat(&each.pat);
        self.inside(binder, |inside| visit::visit_expr_for_loop(inside, each));
    }

    fn visit_expr_while(&mut self, each: &'ast syn::ExprWhile) {
        let binder = |bound: &mut Bound| bound.visit_expr(&each.cond);
        self.inside(binder, |inside| visit::visit_expr_while(inside, each));
    }
}

fn mentions(tokens: TokenStream, is: &dyn Fn(&Ident) -> bool) -> bool {
    tokens.into_iter().any(|tree| match tree {
        TokenTree::Ident(ident) => is(&ident),
        TokenTree::Group(group) => mentions(group.stream(), is),
        _ => false,
    })
}

impl<'ast> Visit<'ast> for Bound {
    fn visit_pat_ident(&mut self, pattern: &'ast PatIdent) {
        self.names.insert(pattern.ident.to_string());
        visit::visit_pat_ident(self, pattern);
    }

    fn visit_macro(&mut self, invocation: &'ast Macro) {
        words_of(invocation.tokens.clone(), &mut self.in_macros);
    }
}

/// Identifiers, and what might be one inside a format string.
fn words_of(tokens: TokenStream, words: &mut HashSet<String>) {
    for tree in tokens {
        match tree {
            TokenTree::Ident(ident) => drop(words.insert(ident.to_string())),
            TokenTree::Group(group) => words_of(group.stream(), words),
            TokenTree::Literal(literal) => {
                let text = literal.to_string();
                let parts = text.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
                words.extend(parts.filter(|part| !part.is_empty()).map(str::to_string));
            }
            TokenTree::Punct(_) => {}
        }
    }
}

/// Puts expressions in the place of variables.
#[derive(Default)]
struct Substitution {
    names: Vec<Substitute>,
}

struct Substitute {
    name: Ident,
    /// What has the variable's type.
    code: Code,
    /// What the variable refers to, if it is a reference.
    place: Code,
    /// What stands before `.` and `[`, where references are followed without being told.
    base: Code,
    is_reference: bool,
}

impl Substitution {
    fn of(&self, expr: &Expr) -> Option<&Substitute> {
        let Expr::Path(path) = expr else { return None };
        let ident = path.path.get_ident().filter(|_| path.qself.is_none())?;
        self.names
            .iter()
            .find(|substitute| substitute.name == *ident)
    }

    /// Replaces a variable before `.` or `[`.
    fn base(&self, expr: &mut Expr) {
        if let Some(substitute) = self.of(expr) {
            *expr = Expr::Verbatim(substitute.base.at(Level::Atom));
        }
    }

    /// Replaces a receiver. How a method borrows it is seen from its type: references stay references.
    fn receiver(&self, method: &Ident, expr: &mut Expr) {
        let follows = method == "len" || method == "is_empty";
        let replaced = self
            .of(expr)
            .filter(|substitute| follows || substitute.is_reference);
        if let Some(substitute) = replaced {
            let code = if follows || is_word(&substitute.base) {
                &substitute.base
            } else {
                &substitute.code
            };
            *expr = Expr::Verbatim(code.at(Level::Atom));
        }
    }

    /// Replaces `*x`.
    fn dereferenced(&self, expr: &Expr) -> Option<TokenStream> {
        let Expr::Unary(syn::ExprUnary {
            op: syn::UnOp::Deref(_),
            expr,
            ..
        }) = expr
        else {
            return None;
        };
        let substitute = self.of(expr).filter(|substitute| substitute.is_reference)?;
        Some(substitute.place.at(Level::Unary))
    }
}

impl VisitMut for Substitution {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        if let Some(substitute) = self.of(expr) {
            *expr = Expr::Verbatim(substitute.code.at(Level::Atom));
            return;
        }
        if let Some(place) = self.dereferenced(expr) {
            *expr = Expr::Verbatim(place);
            return;
        }
        match expr {
            Expr::Field(field) => self.base(&mut field.base),
            Expr::Index(index) => self.base(&mut index.expr),
            Expr::MethodCall(call) => self.receiver(&call.method, &mut call.receiver),
            _ => {}
        }
        visit_mut::visit_expr_mut(self, expr);
    }

    fn visit_field_value_mut(&mut self, field: &mut syn::FieldValue) {
        // `S { x }` becomes `S { x: … }`.
        if field.colon_token.is_none() {
            field.colon_token = Some(Default::default());
        }
        visit_mut::visit_field_value_mut(self, field);
    }
}
