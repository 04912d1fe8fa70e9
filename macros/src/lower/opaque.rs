//! Inert expressions: kept as the user wrote them, with the variables they read.

use std::collections::HashSet;

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::format_ident;
use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{BinOp, Expr, ExprPath, ExprUnary, FieldValue, Macro, PatIdent, UnOp};

use super::call::{literal, strip};
use super::scope::Term;
use super::{purity, Lowering};
use crate::diagnostics::Slug;
use crate::ir::{By, Capture, Cost, Kind, Op, Opaque, Operand};

impl Lowering<'_> {
    /// Whether an expression carries no floats and can be kept whole.
    pub(super) fn is_opaque(&mut self, expr: &Expr) -> bool {
        let whole = !matches!(
            strip(expr),
            Expr::If(_) | Expr::Match(_) | Expr::Block(_) | Expr::Assign(_) | Expr::Macro(_) | Expr::While(_)
                | Expr::ForLoop(_) | Expr::Loop(_) | Expr::Reference(_) | Expr::Let(_)
        );
        whole && self.infer(expr) == Kind::Inert && self.is_pure(expr)
    }

    /// Whether evaluating an expression changes nothing and leaves nothing, so that it can be kept as it is written.
    pub(super) fn is_pure(&self, expr: &Expr) -> bool {
        purity::is_pure(expr, &|name| self.scope.term(name), &|name| self.may_change_name(name))
    }

    /// Whether a method of unknown effect on this variable could change it.
    fn may_change_name(&self, name: &str) -> bool {
        match self.scope.term_named(name) {
            Some(Term::Ref { place, .. } | Term::Place(place) | Term::Fresh(place)) => self.may_change(place.root),
            _ => false,
        }
    }

    /// An inert expression.
    pub(super) fn opaque_inert(&mut self, expr: &Expr) -> Option<Term> {
        self.opaque(expr, Kind::Inert, purity::cost(expr))
    }

    /// An expression kept whole, of any kind; nothing in it has a derivative.
    pub(super) fn opaque(&mut self, expr: &Expr, kind: Kind, cost: Cost) -> Option<Term> {
        let opaque = self.captured(expr, cost, false)?;
        Some(self.define(Op::Opaque(Box::new(opaque)), kind))
    }

    /// An expression that is inert where it stands (a condition, a bound), whatever is known of its kind.
    pub(super) fn inert(&mut self, expr: &Expr) -> Option<Term> {
        match strip(expr) {
            chained if purity::has_let(chained) => self.unsupported(chained, "a chain of `let`s"),
            Expr::Lit(_) | Expr::Path(_) => self.term(expr, &Kind::Inert),
            Expr::If(_) | Expr::Match(_) | Expr::Block(_) => self.term(expr, &Kind::Inert),
            stripped if self.is_pure(stripped) => self.opaque_inert(stripped),
            stripped => self.term(stripped, &Kind::Inert),
        }
    }

    /// The same, as a value.
    pub(super) fn inert_operand(&mut self, expr: &Expr) -> Option<Operand> {
        let term = self.inert(expr)?;
        match self.operand_of(term, &Kind::Inert)? {
            Operand::Literal(mut literal) => {
                literal.kind = Kind::Inert;
                Some(Operand::Literal(literal))
            }
            operand => Some(operand),
        }
    }

    /// An inert expression some of whose operands must be lowered (they call closures, assign, or leave).
    pub(super) fn inert_by_parts(&mut self, expr: &Expr) -> Option<Term> {
        match expr {
            Expr::Binary(binary) if matches!(binary.op, BinOp::And(_) | BinOp::Or(_)) => self.short_circuit(binary),
            Expr::Binary(binary) => {
                let left = self.operand(&binary.left, &Kind::Unknown)?;
                let right = self.operand(&binary.right, &Kind::Unknown)?;
                let op = binary.op;
                self.opaque_of(&[left, right], &|holes| {
                    let (a, b) = (&holes[0], &holes[1]);
                    syn::parse_quote!(#a #op #b)
                }, Kind::Inert)
            }
            Expr::Unary(unary) if matches!(unary.op, UnOp::Not(_)) => {
                let operand = self.operand(&unary.expr, &Kind::Inert)?;
                self.opaque_of(&[operand], &|holes| syn::parse_quote!(!#(#holes)*), Kind::Inert)
            }
            expr => self.unsupported(expr, "this expression"),
        }
    }

    /// An expression over operands that have been lowered.
    pub(super) fn opaque_of(&mut self, operands: &[Operand], build: &dyn Fn(&[Ident]) -> Expr, kind: Kind) -> Option<Term> {
        let names: Vec<Ident> = (0..operands.len()).map(|index| format_ident!("operand_{index}")).collect();
        let expr = build(&names);
        let captures = names.into_iter().zip(operands);
        let captures = captures.map(|(name, operand)| Capture { name, operand: operand.clone(), by: By::Value }).collect();
        let opaque = Opaque { expr, captures, cost: Cost::Cheap, effect: false };
        Some(self.define(Op::Opaque(Box::new(opaque)), kind))
    }

    /// The expression with the user's variables it reads.
    pub(super) fn captured(&mut self, expr: &Expr, cost: Cost, effect: bool) -> Option<Opaque> {
        let mut expr = expr.clone();
        let mut captures = self.read_through(&mut expr);
        let names = free_names(&expr);
        for name in names.read {
            let Some(term) = self.scope.term(&name).cloned() else { continue };
            if matches!(term, Term::Value(_)) {
                Dereferenced { name: &name }.visit_expr_mut(&mut expr);
            }
            let (operand, by) = self.capture(term, &name)?;
            let name = match names.bound.contains(&name.to_string()) {
                true => rename_free(&mut expr, &name),
                false => name,
            };
            captures.push(Capture { name, operand, by });
        }
        Some(Opaque { expr, captures, cost, effect })
    }

    /// `**x` on a reference to a scalar: however many references the user sees there, the scalar is what is read.
    fn read_through(&mut self, expr: &mut Expr) -> Vec<Capture> {
        let bound = free_names(expr).bound;
        let mut through = ReadThrough { found: Vec::new(), bound, lowering: self };
        through.visit_expr_mut(expr);
        through.found
    }

    /// The scalar that a name stands for or refers to.
    fn scalar_behind(&self, name: &Ident) -> Option<Operand> {
        let term = self.scope.term(name)?;
        let operand = match term {
            Term::Value(operand) => operand.clone(),
            Term::Ref { place, .. } | Term::Place(place) => Operand::Place(place.clone()),
            _ => return None,
        };
        self.kind_of_operand(&operand).is_scalar().then_some(operand)
    }

    fn capture(&mut self, term: Term, name: &Ident) -> Option<(Operand, By)> {
        match term {
            Term::Value(operand) => Some((operand, By::Value)),
            Term::Ref { place, mutable: false } => Some((Operand::Place(place), By::Ref)),
            Term::Ref { place, mutable: true } => Some((Operand::Place(place), By::RefMut)),
            Term::Place(place) | Term::Fresh(place) => Some((Operand::Place(place), By::Value)),
            term @ Term::Tuple(_) => {
                let place = self.place_of(term)?;
                Some((Operand::Place(place), By::Value))
            }
            term @ Term::Maybe { .. } => {
                let place = self.place_of(term)?;
                Some((Operand::Place(place), By::Value))
            }
            Term::Closure(_) => self.refuse(Slug::EscapingClosure, name.span(), ""),
            Term::Chain(_) => self.refuse(Slug::StoredReference, name.span(), "an iterator is used as a value"),
        }
    }

    /// A literal position.
    pub(super) fn inert_literal(&self, tokens: TokenStream) -> Operand {
        literal(&tokens, Kind::Inert, None)
    }
}

/// Names an expression reads, in order, and names it binds inside.
#[derive(Default)]
pub(super) struct Names {
    pub(super) read: Vec<Ident>,
    seen: HashSet<String>,
    bound: HashSet<String>,
}

pub(super) fn free_names(expr: &Expr) -> Names {
    let mut names = Names::default();
    names.visit_expr(expr);
    names
}

impl Names {
    fn read(&mut self, name: &Ident) {
        if self.seen.insert(name.to_string()) {
            self.read.push(name.clone());
        }
    }

    /// Identifiers of a macro's input, and those that format strings name inline.
    fn read_tokens(&mut self, tokens: TokenStream) {
        let mut after_dot = false;
        for token in tokens {
            match &token {
                TokenTree::Ident(name) if !after_dot => self.read(name),
                TokenTree::Group(group) => self.read_tokens(group.stream()),
                TokenTree::Literal(literal) => self.read_format(&literal.to_string(), literal.span()),
                _ => {}
            }
            after_dot = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '.');
        }
    }

    fn read_format(&mut self, text: &str, span: proc_macro2::Span) {
        if !text.starts_with('"') {
            return;
        }
        for piece in text.split('{').skip(1) {
            let name: String = piece.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if let Ok(mut name) = syn::parse_str::<Ident>(&name) {
                name.set_span(span);
                self.read(&name);
            }
        }
    }
}

impl<'ast> Visit<'ast> for Names {
    fn visit_expr_path(&mut self, path: &'ast ExprPath) {
        if let Some(name) = path.path.get_ident() {
            self.read(name);
        }
        visit::visit_expr_path(self, path);
    }

    fn visit_pat_ident(&mut self, pat: &'ast PatIdent) {
        self.bound.insert(pat.ident.to_string());
        visit::visit_pat_ident(self, pat);
    }

    fn visit_macro(&mut self, mac: &'ast Macro) {
        self.read_tokens(mac.tokens.clone());
    }
}

/// Replaces dereferenced names of scalars by names for the scalars.
struct ReadThrough<'s, 'a> {
    found: Vec<Capture>,
    bound: HashSet<String>,
    lowering: &'s Lowering<'a>,
}

impl ReadThrough<'_, '_> {
    fn scalar(&mut self, expr: &Expr) -> Option<Ident> {
        let Expr::Unary(unary) = expr else { return None };
        if !matches!(unary.op, UnOp::Deref(_)) {
            return None;
        }
        match strip(&unary.expr) {
            Expr::Path(path) => {
                let name = path.path.get_ident().filter(|name| !self.bound.contains(&name.to_string()))?;
                let operand = self.lowering.scalar_behind(name)?;
                let value = format_ident!("{}_value", name, span = name.span());
                if !self.found.iter().any(|capture| capture.name == value) {
                    self.found.push(Capture { name: value.clone(), operand, by: By::Value });
                }
                Some(value)
            }
            inner => self.scalar(inner),
        }
    }
}

impl VisitMut for ReadThrough<'_, '_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        match self.scalar(expr) {
            Some(name) => *expr = syn::parse_quote!(#name),
            None => visit_mut::visit_expr_mut(self, expr),
        }
    }
}

/// Renames the free occurrences of a name that the expression also binds inside.
fn rename_free(expr: &mut Expr, name: &Ident) -> Ident {
    let fresh = Ident::new(&format!("outer_{}", name.to_string().trim_start_matches("r#")), name.span());
    Rename { name: name.to_string(), fresh: fresh.clone(), hidden: 0 }.visit_expr_mut(expr);
    fresh
}

/// Strips `*` from a name that is a reference in the user's code and a value here.
struct Dereferenced<'a> {
    name: &'a Ident,
}

impl VisitMut for Dereferenced<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        if let Expr::Unary(ExprUnary { op: UnOp::Deref(_), expr: inner, .. }) = expr {
            if matches!(&**inner, Expr::Path(path) if path.path.is_ident(self.name)) {
                *expr = (**inner).clone();
                return;
            }
        }
        visit_mut::visit_expr_mut(self, expr);
    }
}

struct Rename {
    name: String,
    fresh: Ident,
    /// In how many scopes that bind the name we are.
    hidden: usize,
}

impl Rename {
    fn binds(&self, node: impl Fn(&mut Names)) -> usize {
        let mut names = Names::default();
        node(&mut names);
        usize::from(names.bound.contains(&self.name))
    }
}

impl VisitMut for Rename {
    fn visit_expr_path_mut(&mut self, path: &mut ExprPath) {
        if self.hidden == 0 && path.path.get_ident().is_some_and(|name| *name == self.name) {
            path.path = self.fresh.clone().into();
        }
    }

    fn visit_field_value_mut(&mut self, field: &mut FieldValue) {
        if field.colon_token.is_none() {
            field.colon_token = Some(Default::default());
        }
        visit_mut::visit_field_value_mut(self, field);
    }

    fn visit_expr_closure_mut(&mut self, closure: &mut syn::ExprClosure) {
        let inside = self.binds(|names| closure.inputs.iter().for_each(|pat| names.visit_pat(pat)));
        self.hidden += inside;
        visit_mut::visit_expr_mut(self, &mut closure.body);
        self.hidden -= inside;
    }

    fn visit_arm_mut(&mut self, arm: &mut syn::Arm) {
        let inside = self.binds(|names| names.visit_pat(&arm.pat));
        self.hidden += inside;
        visit_mut::visit_arm_mut(self, arm);
        self.hidden -= inside;
    }

    fn visit_block_mut(&mut self, block: &mut syn::Block) {
        let mut inside = 0;
        for stmt in &mut block.stmts {
            visit_mut::visit_stmt_mut(self, stmt);
            if let syn::Stmt::Local(local) = stmt {
                let binds = self.binds(|names| names.visit_pat(&local.pat));
                self.hidden += binds;
                inside += binds;
            }
        }
        self.hidden -= inside;
    }

    fn visit_expr_for_loop_mut(&mut self, each: &mut syn::ExprForLoop) {
        visit_mut::visit_expr_mut(self, &mut each.expr);
        let inside = self.binds(|names| names.visit_pat(&each.pat));
        self.hidden += inside;
        self.visit_block_mut(&mut each.body);
        self.hidden -= inside;
    }

    fn visit_expr_if_mut(&mut self, branch: &mut syn::ExprIf) {
        let inside = self.binds(|names| names.visit_expr(&branch.cond));
        visit_mut::visit_expr_mut(self, &mut branch.cond);
        self.hidden += inside;
        self.visit_block_mut(&mut branch.then_branch);
        self.hidden -= inside;
        if let Some((_, otherwise)) = &mut branch.else_branch {
            visit_mut::visit_expr_mut(self, otherwise);
        }
    }
}
