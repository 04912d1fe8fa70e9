//! Blocks and statements.

use syn::spanned::Spanned;
use syn::{Block, Expr, Item, Local, Pat, Stmt as SynStmt};

use super::binding::type_of_pattern;
use super::known::strip;
use super::scope::Term;
use super::types::kind_of;
use super::Lowering;
use crate::diagnostics::Slug;
use crate::ir::{Arg, Callee, Class, Cost, Kind, Op, Stmt};

impl Lowering<'_> {
    /// A block in a scope of its own; its value, unless control does not reach its end.
    pub(super) fn block(&mut self, block: &Block, want: &Kind) -> Option<Term> {
        self.depth += 1;
        self.scope.enter();
        let term = if self.depth > super::DEPTH {
            self.refuse(Slug::TooDeep, block.span(), "")
        } else {
            self.statements(&block.stmts, want)
        };
        self.scope.leave();
        self.depth -= 1;
        term
    }

    pub(super) fn statements(&mut self, stmts: &[SynStmt], want: &Kind) -> Option<Term> {
        for stmt in stmts {
            if let SynStmt::Item(item) = stmt {
                self.keep_item(item);
            }
        }
        let mut refused = false;
        for (index, stmt) in stmts.iter().enumerate() {
            self.inferred.clear();
            let last = index + 1 == stmts.len();
            match stmt {
                SynStmt::Expr(expr, None) if last => return self.term(expr, want),
                SynStmt::Macro(mac) if last && mac.semi_token.is_none() => {
                    return self.macro_call(&mac.mac, want)
                }
                stmt => refused |= self.statement(stmt, &stmts[index + 1..]).is_none(),
            }
            if self.builder.ended() {
                return None;
            }
        }
        (!refused).then(|| self.unit())
    }

    /// A statement, and those that follow it.
    pub(super) fn statement(&mut self, stmt: &SynStmt, rest: &[SynStmt]) -> Option<()> {
        match stmt {
            SynStmt::Local(local) => match self.collection(local, rest) {
                Some(done) => done,
                None => self.local(local),
            },
            SynStmt::Item(_) => Some(()),
            // A `;` by itself.
            SynStmt::Expr(Expr::Verbatim(tokens), _) if tokens.is_empty() => Some(()),
            SynStmt::Expr(expr, _) => match self.report(expr) {
                Some(()) => Some(()),
                None => self.effect(expr),
            },
            SynStmt::Macro(mac) => self.macro_statement(&mac.mac, rest),
        }
    }

    /// An expression for its effect.
    pub(super) fn effect(&mut self, expr: &Expr) -> Option<()> {
        self.unread = matches!(strip(expr), Expr::Call(_) | Expr::MethodCall(_));
        let term = self.term(expr, &Kind::Unknown);
        self.unread = false;
        let term = term?;
        if let Term::Fresh(place) = term {
            let unnamed = !self.vars[place.root.0].named && place.path.is_empty();
            if unnamed && !self.has_result(expr) {
                self.builder
                    .discard(place.root, self.is_without_result(expr));
            }
        }
        Some(())
    }

    pub(super) fn local(&mut self, local: &Local) -> Option<()> {
        let ty = type_of_pattern(&local.pat);
        let want = ty.map_or(Kind::Unknown, |ty| kind_of(ty, self.request.reals));
        let Some(init) = &local.init else {
            self.declare_names(&local.pat, None);
            return Some(());
        };
        self.note_conversion(ty, &init.expr);
        let done = match &init.diverge {
            None if is_range_to_take_from(&local.pat, &init.expr) => self
                .iterable(&init.expr)
                .map(|chain| Term::Chain(chain.into()))
                .and_then(|term| self.bind_irrefutable(&local.pat, term)),
            Some((_, otherwise)) => self.let_else(local, init, otherwise),
            None => self
                .initial(&init.expr, ty.is_some(), &want)
                .inspect(|term| self.annotate(term, &local.pat))
                .and_then(|term| self.bind_irrefutable(&local.pat, term)),
        };
        if done.is_none() {
            self.declare_names(&local.pat, None);
        }
        done
    }

    /// What a variable starts as. If its written type carries no floats, nothing in the expression has a derivative.
    fn initial(&mut self, expr: &Expr, written: bool, want: &Kind) -> Option<Term> {
        let call = matches!(strip(expr), Expr::MethodCall(_));
        if written && call && want.is_inert() && self.is_pure(expr) {
            // Elements can be written where the whole is memory.
            return match want {
                Kind::Vec(_) | Kind::Array(_) => self.opaque(expr, want.clone(), Cost::Once),
                _ => self.opaque_inert(expr),
            };
        }
        self.term(expr, want)
    }

    /// `let [a, b]: [f64; 2] = g(x);`: the pattern comes apart, and with it what says the type.
    fn annotate(&mut self, term: &Term, pat: &Pat) {
        let (Term::Fresh(place), Pat::Type(typed)) = (term, pat) else {
            return;
        };
        if matches!(*typed.pat, Pat::Ident(_)) {
            return;
        }
        let info = &mut self.vars[place.root.0];
        if place.path.is_empty() && !info.named && info.class == Class::Root {
            info.ty.get_or_insert_with(|| (*typed.ty).clone());
        }
    }

    /// `const`, `fn`, `use`, … are kept as they are.
    pub(super) fn keep_item(&mut self, item: &Item) {
        if let Item::Const(constant) = item {
            let kind = kind_of(&constant.ty, self.request.reals);
            self.constants.insert(constant.ident.to_string(), kind);
        }
        // A closure that is called more than once brings its items along each time.
        if !self.items.contains(item) {
            self.items.push(item.clone());
        }
    }
}

/// `let mut positions = 0..n;`: its items are taken from it, one by one.
fn is_range_to_take_from(pat: &Pat, value: &Expr) -> bool {
    let named = match pat {
        Pat::Type(typed) => &*typed.pat,
        pat => pat,
    };
    matches!(named, Pat::Ident(name) if name.mutability.is_some())
        && matches!(strip(value), Expr::Range(range) if range.start.is_some())
}

impl super::builder::Builder {
    /// Turns the definition of a result nobody reads into a statement for its effect. `unit`: it is known to be `()`.
    pub(super) fn discard(&mut self, root: crate::ir::Var, unit: bool) {
        let Some(last) = self.last() else { return };
        let Stmt::Let {
            var,
            op: Op::Call(call),
        } = last
        else {
            return;
        };
        if *var != root {
            return;
        }
        let mut call = call.clone();
        // What finds out whether there is a result would keep the types of closures from the compiler.
        let seen = unit || call.args.iter().any(Arg::has_rule);
        match &mut call.callee {
            _ if seen => {}
            Callee::Method {
                turbofish: None,
                dropped,
                ..
            } => *dropped = true,
            Callee::Path(path) => call.callee = Callee::Dropped(path.clone()),
            _ => {}
        }
        *last = Stmt::Do(Op::Call(call));
    }
}
