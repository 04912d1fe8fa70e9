//! Results that refer to what is constant: `fn layer(h: f64) -> &'static Layer`, a row of a table.
//!
//! Such a function cannot give a derivative, as the active parameters only decide which row it is: it is inert. That is
//! read off its body: what is computed from an active parameter may be compared, be an index or be made an integer, but no
//! part of what is returned may come from it, be it through a call.

use std::collections::HashSet;

use proc_macro2::TokenStream;
use syn::ext::IdentExt;
use syn::visit::{self, Visit};
use syn::{
    BinOp, Block, Expr, ExprCall, ExprClosure, ExprMethodCall, Ident, Local, Macro, Pat, PatIdent,
    Stmt, Type,
};

use super::signature::Param;
use super::types;
use crate::rules;

/// Whether no part of what the body gives is computed from the active parameters.
pub fn is_picked(params: &[Param], body: &Block) -> bool {
    let taking = params.iter().filter(|param| param.takes_part());
    let mut flow = Flow {
        varied: taking.map(|param| text(&param.name)).collect(),
        locals: params.iter().map(|param| text(&param.name)).collect(),
        ..Flow::default()
    };
    loop {
        let before = flow.varied.len();
        let given = flow.block(body);
        if given || flow.given || flow.unclear {
            return false;
        }
        if flow.varied.len() == before {
            return true;
        }
    }
}

/// Methods whose results are constant wherever they have a derivative.
const DECIDING: [&str; 14] = [
    "partial_cmp",
    "total_cmp",
    "cmp",
    "eq",
    "ne",
    "lt",
    "le",
    "gt",
    "ge",
    "is_nan",
    "is_finite",
    "is_sign_negative",
    "is_sign_positive",
    "contains",
];

/// Macros that leave nothing behind.
const LOOKING: [&str; 12] = [
    "assert",
    "assert_eq",
    "assert_ne",
    "debug_assert",
    "debug_assert_eq",
    "debug_assert_ne",
    "panic",
    "unreachable",
    "matches",
    "println",
    "eprintln",
    "todo",
];

#[derive(Default)]
struct Flow {
    /// Variables with something in them that was computed from an active parameter.
    varied: HashSet<String>,
    /// Variables of the body, other than what it sees around it.
    locals: HashSet<String>,
    /// Something varied is returned, or leaves a loop with a value.
    given: bool,
    /// Something varied goes where it cannot be followed.
    unclear: bool,
}

impl Flow {
    fn block(&mut self, block: &Block) -> bool {
        let mut last = false;
        for stmt in &block.stmts {
            last = match stmt {
                Stmt::Local(local) => self.binding(local),
                Stmt::Expr(expr, None) => self.value(expr),
                Stmt::Expr(expr, Some(_)) => {
                    // What becomes of it is not seen.
                    self.unclear |= self.value(expr);
                    false
                }
                Stmt::Macro(stmt) => self.invocation(&stmt.mac),
                Stmt::Item(_) => false,
            };
        }
        last
    }

    fn binding(&mut self, local: &Local) -> bool {
        let varied = local.init.as_ref().is_some_and(|init| {
            if let Some((_, diverge)) = &init.diverge {
                self.value(diverge);
            }
            self.value(&init.expr)
        });
        self.unclear |= varied && matches!(local.pat, Pat::Wild(_));
        self.bind(&local.pat, varied);
        false
    }

    fn bind(&mut self, pat: &Pat, varied: bool) {
        let mut names = Names::default();
        names.visit_pat(pat);
        self.unclear |= names.by_mutable_reference;
        self.locals.extend(names.found.iter().cloned());
        if varied {
            self.varied.extend(names.found);
        }
    }

    /// Whether a value has something in it that was computed from an active parameter.
    fn value(&mut self, expr: &Expr) -> bool {
        match expr {
            Expr::Path(path) => path
                .path
                .get_ident()
                .is_some_and(|name| self.is_varied(name)),
            Expr::Lit(_) | Expr::Continue(_) | Expr::Infer(_) => false,
            Expr::Paren(inner) => self.value(&inner.expr),
            Expr::Group(inner) => self.value(&inner.expr),
            Expr::Reference(inner) => {
                // What is written through it is not seen.
                self.unclear |= inner.mutability.is_some();
                self.value(&inner.expr)
            }
            Expr::Unary(inner) => self.value(&inner.expr),
            Expr::Try(inner) => self.value(&inner.expr),
            Expr::Field(field) => self.value(&field.base),
            Expr::Cast(cast) => self.value(&cast.expr) && !is_integer(&cast.ty),
            Expr::Index(index) => {
                self.value(&index.index);
                self.value(&index.expr)
            }
            Expr::Tuple(tuple) => self.any(&tuple.elems),
            Expr::Array(array) => self.any(&array.elems),
            Expr::Repeat(repeat) => self.value(&repeat.expr),
            Expr::Range(range) => self.any(range.start.iter().chain(&range.end).map(|e| &**e)),
            Expr::Struct(new) => {
                let fields = new.fields.iter().map(|field| &field.expr);
                self.any(fields.chain(new.rest.as_deref()))
            }
            Expr::Macro(mac) => self.invocation(&mac.mac),
            Expr::Closure(closure) => self.closure(closure, true),
            Expr::Call(call) => self.call(call),
            Expr::MethodCall(call) => self.method(call),
            other => self.control(other),
        }
    }

    fn any<'e>(&mut self, exprs: impl IntoIterator<Item = &'e Expr>) -> bool {
        exprs
            .into_iter()
            .fold(false, |any, expr| self.value(expr) | any)
    }

    fn control(&mut self, expr: &Expr) -> bool {
        match expr {
            Expr::Binary(binary) => self.binary(&binary.left, &binary.op, &binary.right),
            Expr::Assign(assign) => {
                self.value(&assign.left);
                let varied = self.value(&assign.right);
                self.write(&assign.left, varied);
                false
            }
            Expr::Let(binding) => {
                let varied = self.value(&binding.expr);
                self.bind(&binding.pat, varied);
                false
            }
            Expr::If(branch) => {
                self.value(&branch.cond);
                let first = self.block(&branch.then_branch);
                let second = branch.else_branch.as_ref().map(|(_, other)| &**other);
                self.any(second) | first
            }
            Expr::Match(choice) => {
                let varied = self.value(&choice.expr);
                choice.arms.iter().fold(false, |any, arm| {
                    self.bind(&arm.pat, varied);
                    self.value(&arm.body) | any
                })
            }
            Expr::Block(block) => self.block(&block.block),
            Expr::Loop(around) => self.block(&around.body),
            Expr::While(around) => {
                self.value(&around.cond);
                self.block(&around.body)
            }
            Expr::ForLoop(around) => {
                let varied = self.value(&around.expr);
                self.bind(&around.pat, varied);
                self.block(&around.body)
            }
            Expr::Return(out) => self.leave(out.expr.as_deref()),
            Expr::Break(out) => self.leave(out.expr.as_deref()),
            _ => {
                self.unclear = true;
                false
            }
        }
    }

    fn leave(&mut self, value: Option<&Expr>) -> bool {
        self.given |= self.any(value);
        false
    }

    fn binary(&mut self, left: &Expr, op: &BinOp, right: &Expr) -> bool {
        let (first, second) = (self.value(left), self.value(right));
        match op {
            BinOp::Eq(_) | BinOp::Ne(_) | BinOp::Lt(_) | BinOp::Le(_) => false,
            BinOp::Gt(_) | BinOp::Ge(_) | BinOp::And(_) | BinOp::Or(_) => false,
            BinOp::Add(_) | BinOp::Sub(_) | BinOp::Mul(_) | BinOp::Div(_) => first | second,
            BinOp::Rem(_) | BinOp::Shl(_) | BinOp::Shr(_) => first | second,
            BinOp::BitAnd(_) | BinOp::BitOr(_) | BinOp::BitXor(_) => first | second,
            // `+=` and the like
            _ => {
                self.write(left, second);
                false
            }
        }
    }

    /// What is varied is written into a place.
    fn write(&mut self, place: &Expr, varied: bool) {
        match root(place) {
            _ if !varied => {}
            Some(name) if self.locals.contains(&text(name)) => {
                self.varied.insert(text(name));
            }
            _ => self.unclear = true,
        }
    }

    fn closure(&mut self, closure: &ExprClosure, varied: bool) -> bool {
        closure
            .inputs
            .iter()
            .for_each(|input| self.bind(input, varied));
        self.value(&closure.body)
    }

    /// Whether one of the arguments is varied, where closures get what else the call gets.
    fn arguments<'e>(&mut self, args: impl Iterator<Item = &'e Expr> + Clone, of: bool) -> bool {
        let is_closure = |expr: &&Expr| matches!(expr, Expr::Closure(_));
        let varied = self.any(args.clone().filter(|arg| !is_closure(arg)));
        args.fold(varied, |any, arg| match arg {
            Expr::Closure(closure) => self.closure(closure, varied | of) | any,
            _ => any,
        })
    }

    fn call(&mut self, call: &ExprCall) -> bool {
        let varied = self.value(&call.func) | self.arguments(call.args.iter(), false);
        // What is wrong is told apart from what is asked for: there is no derivative of it.
        let failure = matches!(&*call.func, Expr::Path(path) if path.path.is_ident("Err"));
        varied && !failure
    }

    fn method(&mut self, call: &ExprMethodCall) -> bool {
        let name = call.method.unraw().to_string();
        let receiver = self.value(&call.receiver);
        let given = self.arguments(call.args.iter(), receiver);
        if DECIDING.contains(&name.as_str()) {
            return false;
        }
        self.unclear |= name.ends_with("_mut");
        if rules::lookup(&name).is_none() {
            self.write(&call.receiver, given);
        }
        receiver | given
    }

    fn invocation(&mut self, mac: &Macro) -> bool {
        if LOOKING.iter().any(|name| mac.path.is_ident(name)) {
            return false;
        }
        says_any(&mac.tokens, &self.varied)
    }

    fn is_varied(&self, name: &Ident) -> bool {
        self.varied.contains(&text(name))
    }
}

/// The variable that a place is a part of, also through methods that may lend it.
fn root(place: &Expr) -> Option<&Ident> {
    match place {
        Expr::Path(path) => path.path.segments.last().map(|last| &last.ident),
        Expr::Paren(inner) => root(&inner.expr),
        Expr::Group(inner) => root(&inner.expr),
        Expr::Reference(inner) => root(&inner.expr),
        Expr::Unary(inner) => root(&inner.expr),
        Expr::Try(inner) => root(&inner.expr),
        Expr::Field(field) => root(&field.base),
        Expr::Index(index) => root(&index.expr),
        Expr::MethodCall(call) => root(&call.receiver),
        _ => None,
    }
}

fn says_any(tokens: &TokenStream, names: &HashSet<String>) -> bool {
    types::says(tokens.clone(), &|ident| names.contains(&text(ident)))
}

fn is_integer(ty: &Type) -> bool {
    let name = types::as_path(ty).and_then(|path| path.get_ident().map(text));
    name.is_some_and(|name| {
        let bits = name.strip_prefix(['i', 'u']).unwrap_or_default();
        bits == "size" || bits.parse::<u8>().is_ok()
    })
}

fn text(name: &Ident) -> String {
    name.unraw().to_string()
}

/// Names that a pattern binds.
#[derive(Default)]
struct Names {
    found: HashSet<String>,
    by_mutable_reference: bool,
}

impl<'ast> Visit<'ast> for Names {
    fn visit_pat_ident(&mut self, pat: &'ast PatIdent) {
        self.found.insert(text(&pat.ident));
        self.by_mutable_reference |= pat.by_ref.is_some() && pat.mutability.is_some();
        visit::visit_pat_ident(self, pat);
    }
}
