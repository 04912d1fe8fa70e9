//! What must be known of a body before it is lowered: which names are borrowed mutably, which are assigned.

use std::collections::HashSet;

use proc_macro2::Ident;
use syn::parse::{ParseStream, Parser};
use syn::visit::{self, Visit};
use syn::{
    Block, Expr, ExprIf, ExprMatch, ExprMethodCall, ExprReference, Item, Local, Macro, Pat,
    PatIdent, Stmt, Token, Type,
};

/// Names of variables that a `&mut` is taken of: they must be memory.
pub fn borrowed(block: &Block) -> HashSet<String> {
    let mut scan = Borrowed::default();
    scan.visit_block(block);
    scan.names
}

#[derive(Default)]
struct Borrowed {
    names: HashSet<String>,
}

impl<'ast> Visit<'ast> for Borrowed {
    fn visit_expr_reference(&mut self, reference: &'ast ExprReference) {
        if reference.mutability.is_some() {
            if let Some(name) = base_name(&reference.expr) {
                self.names.insert(name);
            }
        }
        visit::visit_expr_reference(self, reference);
    }

    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        if call.method == "as_mut" && call.args.is_empty() {
            self.names.extend(base_name(&call.receiver));
        }
        visit::visit_expr_method_call(self, call);
    }

    fn visit_macro(&mut self, mac: &'ast Macro) {
        parts_of_vec(mac)
            .iter()
            .for_each(|part| self.visit_expr(part));
    }
}

/// Names of variables that are gone through like slices.
pub fn gone_through(block: &Block) -> HashSet<String> {
    let mut scan = GoneThrough::default();
    scan.visit_block(block);
    scan.names
}

#[derive(Default)]
struct GoneThrough {
    names: HashSet<String>,
}

impl<'ast> Visit<'ast> for GoneThrough {
    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        let methods = ["iter", "windows", "chunks", "chunks_exact", "as_slice"];
        if methods.iter().any(|name| call.method == name) {
            self.names.extend(base_name(&call.receiver));
        }
        visit::visit_expr_method_call(self, call);
    }
}

/// The expressions inside of a `vec![…]`, which are tokens to `syn`.
pub fn parts_of_vec(mac: &Macro) -> Vec<Expr> {
    if !mac.path.is_ident("vec") {
        return Vec::new();
    }
    let parts = |input: ParseStream<'_>| {
        let mut parts = Vec::new();
        while !input.is_empty() {
            parts.push(input.parse()?);
            if input.parse::<Option<Token![;]>>()?.is_none() {
                input.parse::<Option<Token![,]>>()?;
            }
        }
        Ok(parts)
    };
    parts.parse2(mac.tokens.clone()).unwrap_or_default()
}

/// Addresses of the `if`s and `match`es whose value is the block's.
pub fn tails(block: &Block) -> HashSet<usize> {
    let mut tails = HashSet::new();
    tails_of_block(block, &mut tails);
    tails
}

fn tails_of_block(block: &Block, tails: &mut HashSet<usize>) {
    if let Some(Stmt::Expr(last, None)) = block.stmts.last() {
        tails_of(last, tails);
    }
}

fn tails_of(expr: &Expr, tails: &mut HashSet<usize>) {
    match expr {
        Expr::If(branch) => {
            tails.insert(branch as *const ExprIf as usize);
            tails_of_block(&branch.then_branch, tails);
            if let Some((_, otherwise)) = &branch.else_branch {
                tails_of(otherwise, tails);
            }
        }
        Expr::Match(whole) => {
            tails.insert(whole as *const ExprMatch as usize);
            whole.arms.iter().for_each(|arm| tails_of(&arm.body, tails));
        }
        Expr::Block(block) => tails_of_block(&block.block, tails),
        _ => {}
    }
}

/// Names that patterns of a body bind. No tuple struct is called like one of them: the pattern would mean the struct.
pub fn bound(block: &Block) -> HashSet<String> {
    let mut scan = Bound::default();
    scan.visit_block(block);
    scan.names
}

#[derive(Default)]
struct Bound {
    names: HashSet<String>,
}

impl<'ast> Visit<'ast> for Bound {
    fn visit_pat_ident(&mut self, ident: &'ast PatIdent) {
        self.names.insert(ident.ident.to_string());
        visit::visit_pat_ident(self, ident);
    }

    fn visit_item(&mut self, _: &'ast Item) {}
}

/// Whether every `let` of a name binds what is surely of the type of `self`: a copy of it, or something typed `Self`.
pub fn holds_self(block: &Block, name: &Ident) -> bool {
    let mut scan = Holding {
        name,
        bound: 0,
        holding: 0,
    };
    scan.visit_block(block);
    scan.holding > 0 && scan.holding == scan.bound
}

/// How often a name is bound, and how often to something of the type of `self`.
struct Holding<'a> {
    name: &'a Ident,
    bound: usize,
    holding: usize,
}

impl<'ast> Visit<'ast> for Holding<'_> {
    fn visit_local(&mut self, local: &'ast Local) {
        let (pat, typed) = match &local.pat {
            Pat::Type(typed) => (&*typed.pat, is_type_of_self(&typed.ty)),
            pat => (pat, false),
        };
        let copied = local.init.as_ref().map(|init| is_copy_of_self(&init.expr));
        let named = matches!(pat, Pat::Ident(pat) if pat.ident == *self.name);
        self.holding += usize::from(named && (typed || copied == Some(true)));
        visit::visit_local(self, local);
    }

    fn visit_pat_ident(&mut self, pat: &'ast PatIdent) {
        self.bound += usize::from(pat.ident == *self.name);
        visit::visit_pat_ident(self, pat);
    }
}

fn is_type_of_self(ty: &Type) -> bool {
    matches!(ty, Type::Path(ty) if ty.path.is_ident("Self"))
}

/// `self.clone()`, `*self`, `Self { … }`
fn is_copy_of_self(expr: &Expr) -> bool {
    let is_self = |expr: &Expr| matches!(expr, Expr::Path(path) if path.path.is_ident("self"));
    match expr {
        Expr::MethodCall(call) => call.method == "clone" && is_self(&call.receiver),
        Expr::Unary(unary) => matches!(unary.op, syn::UnOp::Deref(_)) && is_self(&unary.expr),
        Expr::Struct(value) => value.path.is_ident("Self"),
        expr => is_self(expr),
    }
}

/// The variable at the base of a place expression.
pub fn base_name(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Path(path) => path.path.get_ident().map(ToString::to_string),
        Expr::Paren(inner) => base_name(&inner.expr),
        Expr::Group(inner) => base_name(&inner.expr),
        Expr::Field(field) => base_name(&field.base),
        Expr::Index(index) => base_name(&index.expr),
        Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Deref(_)) => base_name(&unary.expr),
        _ => None,
    }
}
