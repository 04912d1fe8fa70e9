//! Fields that are integers by how they are used: `x > self.n`, where `x: u64`.
//!
//! The macro does not see the type of a field. Only integers compare with integers, as far as the standard library goes;
//! should a user's type do so too, the check that stands at the head of the generated body does not
//! compile, and nothing comes out wrong.

use std::collections::HashSet;

use syn::visit::{self, Visit};
use syn::{
    BinOp, Expr, ExprBinary, ExprMatch, ExprRange, FnArg, Item, Lit, Member, Pat, Signature, UnOp,
};

use super::known::strip;
use super::types::kind_of;
use super::Lowering;
use crate::ir::{Cost, Kind, Op, Stmt};

/// The fields of parameters, as text, that are surely integers.
pub fn fields(sig: &Signature, block: &syn::Block, bound: &HashSet<String>) -> HashSet<String> {
    let mut scan = Integers {
        roots: HashSet::new(),
        integers: HashSet::new(),
        fields: HashSet::new(),
    };
    for input in &sig.inputs {
        scan.parameter(input, bound);
    }
    if scan.roots.is_empty() {
        return HashSet::new();
    }
    // What is found to be an integer says so of what it is compared with.
    let mut known = usize::MAX;
    while known != scan.fields.len() {
        known = scan.fields.len();
        scan.visit_block(block);
    }
    scan.fields
}

/// `base.field.field` of names alone, as text.
pub fn text_of_field(expr: &Expr) -> Option<String> {
    match strip(expr) {
        Expr::Field(field) => {
            let base = match strip(&field.base) {
                Expr::Path(path) => path.path.get_ident()?.to_string(),
                base => text_of_field(base)?,
            };
            match &field.member {
                Member::Named(name) => Some(format!("{base}.{name}")),
                Member::Unnamed(index) => Some(format!("{base}.{}", index.index)),
            }
        }
        _ => None,
    }
}

struct Integers {
    /// Parameters with fields that do not change.
    roots: HashSet<String>,
    /// Parameters that are integers.
    integers: HashSet<String>,
    fields: HashSet<String>,
}

impl Integers {
    fn parameter(&mut self, input: &FnArg, bound: &HashSet<String>) {
        match input {
            FnArg::Receiver(receiver) => {
                let exclusive =
                    matches!(&receiver.kind, syn::ReceiverKind::Reference(_, _, Some(_)));
                if !exclusive && receiver.mutability.is_none() {
                    self.roots.insert("self".to_string());
                }
            }
            FnArg::Typed(typed) => {
                let Pat::Ident(ident) = &*typed.pat else {
                    return;
                };
                let name = ident.ident.to_string();
                let exclusive =
                    matches!(&*typed.ty, syn::Type::Reference(ty) if ty.mutability.is_some());
                if bound.contains(&name) || exclusive || ident.mutability.is_some() {
                    return;
                }
                match kind_of(&typed.ty, &[]) {
                    Kind::Inert if refers_to_integer(&typed.ty) => self.integers.insert(name),
                    Kind::Unknown => self.roots.insert(name),
                    _ => false,
                };
            }
        }
    }

    fn is_integer(&self, expr: &Expr) -> bool {
        match strip(expr) {
            Expr::Lit(literal) => {
                matches!(&literal.lit, Lit::Int(int) if is_integer_suffix(int.suffix()))
            }
            Expr::Cast(cast) => refers_to_integer(&cast.ty),
            Expr::MethodCall(call) => call.method == "len" && call.args.is_empty(),
            Expr::Unary(unary) => match unary.op {
                UnOp::Neg(_) | UnOp::Deref(_) => self.is_integer(&unary.expr),
                _ => false,
            },
            Expr::Path(path) => path
                .path
                .get_ident()
                .is_some_and(|name| self.integers.contains(&name.to_string())),
            expr => text_of_field(expr).is_some_and(|text| self.fields.contains(&text)),
        }
    }

    fn learn(&mut self, expr: &Expr) {
        let Some(text) = text_of_field(expr) else {
            return;
        };
        if text
            .split('.')
            .next()
            .is_some_and(|root| self.roots.contains(root))
        {
            self.fields.insert(text);
        }
    }

    fn alike(&mut self, a: &Expr, b: &Expr) {
        if self.is_integer(a) {
            self.learn(b);
        }
        if self.is_integer(b) {
            self.learn(a);
        }
    }
}

impl<'ast> Visit<'ast> for Integers {
    fn visit_expr_binary(&mut self, binary: &'ast ExprBinary) {
        if compares(&binary.op) {
            self.alike(&binary.left, &binary.right);
        }
        visit::visit_expr_binary(self, binary);
    }

    fn visit_expr_range(&mut self, range: &'ast ExprRange) {
        if let (Some(start), Some(end)) = (&range.start, &range.end) {
            self.alike(start, end);
        }
        visit::visit_expr_range(self, range);
    }

    fn visit_expr_match(&mut self, whole: &'ast ExprMatch) {
        let literal = |pat: &Pat| matches!(pat, Pat::Lit(pat) if matches!(pat.lit, Lit::Int(_)));
        if whole.arms.iter().any(|arm| literal(&arm.pat)) {
            self.learn(&whole.expr);
        }
        visit::visit_expr_match(self, whole);
    }

    fn visit_item(&mut self, _: &'ast Item) {}
}

/// Comparisons. Arithmetic says less: there are vectors that can be multiplied by an integer.
fn compares(op: &BinOp) -> bool {
    matches!(
        op,
        BinOp::Eq(_) | BinOp::Ne(_) | BinOp::Lt(_) | BinOp::Le(_) | BinOp::Gt(_) | BinOp::Ge(_)
    )
}

const INTEGERS: [&str; 12] = [
    "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize",
];

fn is_integer_suffix(suffix: &str) -> bool {
    suffix.is_empty() || INTEGERS.contains(&suffix)
}

/// An integer, perhaps behind references.
fn refers_to_integer(ty: &syn::Type) -> bool {
    match ty {
        syn::Type::Reference(ty) => refers_to_integer(&ty.elem),
        ty => is_integer_type(ty),
    }
}

/// An integer of whose ranges the length may not fit into a `usize`.
pub fn is_wide(ty: &syn::Type) -> bool {
    matches!(ty, syn::Type::Path(path) if WIDE.iter().any(|wide| path.path.is_ident(wide)))
}

/// The names of these.
pub const WIDE: [&str; 4] = ["i64", "u64", "i128", "u128"];

/// An integer of a primitive type.
pub fn is_integer_type(ty: &syn::Type) -> bool {
    match ty {
        syn::Type::Path(path) => INTEGERS.iter().any(|name| path.path.is_ident(name)),
        _ => false,
    }
}

impl Lowering<'_> {
    /// The type of an integer, as far as it is written and is not `usize`.
    pub(super) fn other_integer(&self, expr: &Expr) -> Option<syn::Type> {
        let ty = match strip(expr) {
            Expr::Lit(literal) => match &literal.lit {
                Lit::Int(int) => syn::parse_str(int.suffix()).ok(),
                _ => None,
            },
            Expr::Cast(cast) => Some((*cast.ty).clone()),
            Expr::Unary(unary) => self.other_integer(&unary.expr),
            Expr::Binary(binary) => self
                .other_integer(&binary.left)
                .or_else(|| self.other_integer(&binary.right)),
            Expr::Path(path) => {
                let id = self.scope.find(path.path.get_ident()?)?;
                self.scope.binding(id)?.ty.clone()
            }
            _ => None,
        }?;
        (is_integer_type(&ty) && ty != syn::parse_quote!(usize)).then_some(ty)
    }

    /// Whether a field is an integer.
    pub(super) fn is_integer_field(&self, expr: &Expr) -> bool {
        !self.integers.is_empty()
            && text_of_field(expr).is_some_and(|text| self.integers.contains(&text))
    }

    /// Has the compiler confirm it: `Binary` is formatting in base two, which floats do not have.
    pub(super) fn check_integers(&mut self) {
        let mut fields: Vec<String> = self.integers.iter().cloned().collect();
        fields.sort();
        for field in fields {
            let Ok(place) = syn::parse_str::<Expr>(&field) else {
                continue;
            };
            let check: Expr = syn::parse_quote!({
                fn is_an_integer<T: ::core::fmt::Binary>(_: &T) {}
                is_an_integer(&#place)
            });
            let opaque = self.parsed(|lowering| lowering.captured(&check, Cost::Cheap, true));
            if let Some(opaque) = opaque {
                self.builder.push(Stmt::Do(Op::Opaque(Box::new(opaque))));
            }
        }
    }
}
