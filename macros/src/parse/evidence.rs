//! What a body does with values of a type parameter that is done with numbers alone.
//!
//! Vectors and models have operators and methods, too. So a sum is no evidence, nor is a product with something else; a product,
//! a quotient or a comparison of two values of the type is, and so is a function that nothing but numbers has.

use proc_macro2::Ident;
use syn::visit::{self, Visit};
use syn::{
    BinOp, Block, Expr, ExprBinary, ExprCall, ExprMethodCall, FnArg, Generics, Local, Pat,
    Signature, Type,
};

use super::types::{self, bounds_of};

/// The parameters of these generics of which evidence is found, and of which nothing else is said: traits that are seen
/// through say what there is.
pub fn of(generics: &Generics, sig: &Signature, body: Option<&Block>) -> Vec<Ident> {
    let candidates = types::type_params(generics).filter(|name| is_open(generics, name));
    let mut search = Search {
        candidates: candidates.cloned().collect(),
        ..Search::default()
    };
    if search.candidates.is_empty() {
        return Vec::new();
    }
    for input in &sig.inputs {
        if let FnArg::Typed(typed) = input {
            search.bind(&typed.pat, &typed.ty);
        }
    }
    if let Some(body) = body {
        search.visit_block(body);
    }
    search.found
}

/// Traits whose methods and operators are known. They say of their types what they are.
const SEEN: [&str; 38] = [
    "Copy",
    "Clone",
    "Debug",
    "Display",
    "Default",
    "PartialEq",
    "Eq",
    "PartialOrd",
    "Ord",
    "Hash",
    "Send",
    "Sync",
    "Sized",
    "Add",
    "Sub",
    "Mul",
    "Div",
    "Rem",
    "Neg",
    "AddAssign",
    "SubAssign",
    "MulAssign",
    "DivAssign",
    "RemAssign",
    "Sum",
    "Product",
    "From",
    "Into",
    "Num",
    "NumOps",
    "NumAssign",
    "NumCast",
    "FromPrimitive",
    "ToPrimitive",
    "Signed",
    "Zero",
    "One",
    "Differentiable",
];

/// Whether there is a bound of which only the name is known.
fn is_open(generics: &Generics, name: &Ident) -> bool {
    let known = |path: &syn::Path| SEEN.iter().any(|seen| types::ends_with(path, seen));
    let differentiable = types::differentiable(generics).any(|known| known == name);
    !differentiable && bounds_of(generics, name).any(|path| !known(path))
}

/// Functions of numbers that vectors do not have, component by component.
const FUNCTIONS: [&str; 31] = [
    "sqrt",
    "cbrt",
    "powi",
    "powf",
    "exp",
    "exp2",
    "exp_m1",
    "ln",
    "log",
    "log2",
    "log10",
    "ln_1p",
    "sin",
    "cos",
    "tan",
    "sin_cos",
    "asin",
    "acos",
    "atan",
    "atan2",
    "sinh",
    "cosh",
    "tanh",
    "asinh",
    "acosh",
    "atanh",
    "hypot",
    "to_radians",
    "to_degrees",
    "is_nan",
    "is_finite",
];

/// What a type of numbers has: `T::PI`, `T::one()`.
const CONSTANTS: [&str; 16] = [
    "one",
    "infinity",
    "neg_infinity",
    "nan",
    "epsilon",
    "max_value",
    "min_value",
    "from_f64",
    "from_f32",
    "PI",
    "ONE",
    "TWO",
    "HALF",
    "EPSILON",
    "INFINITY",
    "NAN",
];

#[derive(Default)]
struct Search {
    candidates: Vec<Ident>,
    /// Names of values of such a type, and of what they are elements of.
    values: Vec<(Ident, Ident)>,
    sequences: Vec<(Ident, Ident)>,
    found: Vec<Ident>,
}

impl Search {
    fn bind(&mut self, pat: &Pat, ty: &Type) {
        let (Pat::Ident(name), ty) = (pat, referent(ty)) else {
            return;
        };
        if let Some(of) = self.parameter(ty) {
            self.values.push((name.ident.clone(), of));
        } else if let Some(of) = element(ty).and_then(|ty| self.parameter(ty)) {
            self.sequences.push((name.ident.clone(), of));
        }
    }

    fn parameter(&self, ty: &Type) -> Option<Ident> {
        let name = types::as_path(ty)?.get_ident()?;
        self.candidates.iter().find(|known| *known == name).cloned()
    }

    /// The parameter that an expression is visibly a value of.
    fn of(&self, expr: &Expr) -> Option<Ident> {
        let named = |known: &[(Ident, Ident)], expr: &Expr| {
            let Expr::Path(path) = expr else { return None };
            let name = path.path.get_ident()?;
            let mut known = known.iter().rev();
            known
                .find(|(known, _)| known == name)
                .map(|(_, of)| of.clone())
        };
        match expr {
            Expr::Paren(inner) => self.of(&inner.expr),
            Expr::Reference(inner) => self.of(&inner.expr),
            Expr::Unary(inner) => self.of(&inner.expr),
            Expr::Index(index) => named(&self.sequences, &index.expr),
            Expr::Binary(binary) => self
                .of(&binary.left)
                .filter(|of| self.of(&binary.right).as_ref() == Some(of)),
            Expr::MethodCall(call) if FUNCTIONS.iter().any(|name| call.method == name) => {
                self.of(&call.receiver)
            }
            Expr::Path(path) => named(&self.values, expr).or_else(|| self.owner(&path.path)),
            Expr::Call(call) => match &*call.func {
                Expr::Path(path) => self.owner(&path.path),
                _ => None,
            },
            _ => None,
        }
    }

    /// `T` of `T::name`
    fn owner(&self, path: &syn::Path) -> Option<Ident> {
        let first = (path.segments.len() == 2).then(|| &path.segments[0].ident)?;
        self.candidates
            .iter()
            .find(|known| *known == first)
            .cloned()
    }

    fn note(&mut self, of: Option<Ident>) {
        if let Some(of) = of.filter(|of| !self.found.contains(of)) {
            self.found.push(of);
        }
    }
}

impl<'ast> Visit<'ast> for Search {
    fn visit_local(&mut self, local: &'ast Local) {
        if let Pat::Type(typed) = &local.pat {
            self.bind(&typed.pat, &typed.ty);
        }
        visit::visit_local(self, local);
    }

    fn visit_expr_binary(&mut self, binary: &'ast ExprBinary) {
        let (left, right) = (self.of(&binary.left), self.of(&binary.right));
        if left == right && is_for_numbers(&binary.op) {
            self.note(left);
        }
        visit::visit_expr_binary(self, binary);
    }

    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        if FUNCTIONS.iter().any(|name| call.method == name) {
            self.note(self.of(&call.receiver));
        }
        visit::visit_expr_method_call(self, call);
    }

    fn visit_expr_call(&mut self, call: &'ast ExprCall) {
        if let Expr::Path(path) = &*call.func {
            let converts = types::ends_with(&path.path, "from");
            if converts && matches!(call.args.first(), Some(Expr::Lit(_))) {
                self.note(self.owner(&path.path));
            }
        }
        visit::visit_expr_call(self, call);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names = CONSTANTS.iter().chain(&FUNCTIONS);
        if names.into_iter().any(|name| types::ends_with(path, name)) {
            self.note(self.owner(path));
        }
        visit::visit_path(self, path);
    }

    fn visit_item(&mut self, _: &'ast syn::Item) {}
}

/// Operators of which both sides are numbers if they are of one type.
fn is_for_numbers(op: &BinOp) -> bool {
    matches!(
        op,
        BinOp::Mul(_)
            | BinOp::Div(_)
            | BinOp::Rem(_)
            | BinOp::MulAssign(_)
            | BinOp::DivAssign(_)
            | BinOp::RemAssign(_)
            | BinOp::Lt(_)
            | BinOp::Le(_)
            | BinOp::Gt(_)
            | BinOp::Ge(_)
    )
}

fn referent(ty: &Type) -> &Type {
    match types::peel(ty) {
        Type::Reference(reference) => referent(&reference.elem),
        ty => ty,
    }
}

/// The type of the elements of a slice, an array or a vector.
fn element(ty: &Type) -> Option<&Type> {
    types::element(ty).or_else(|| {
        let path = types::as_path(ty).filter(|path| types::ends_with(path, "Vec"))?;
        types::argument(path, 0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use syn::{parse_quote, ItemFn};

    fn found(item: &ItemFn) -> Vec<String> {
        let found = of(&item.sig.generics, &item.sig, Some(&item.block));
        found.iter().map(Ident::to_string).collect()
    }

    #[test]
    fn numbers_are_known_by_what_is_done_with_them() {
        let items: [ItemFn; 5] = [
            parse_quote!(
                fn f<S: Unit>(x: S, y: S) -> S {
                    x * y
                }
            ),
            parse_quote!(
                fn f<S: Unit>(x: &[S]) -> S {
                    x[0] / x[1]
                }
            ),
            parse_quote!(
                fn f<S: Unit>(x: S) -> S {
                    (x + x).sqrt()
                }
            ),
            parse_quote!(
                fn f<S: Unit>(x: S) -> S {
                    x * S::from(2.0)
                }
            ),
            parse_quote!(
                fn f<S: Unit>(x: S) -> S {
                    if x > S::ZERO {
                        x
                    } else {
                        -x
                    }
                }
            ),
        ];
        for item in &items {
            assert_eq!(found(item), ["S"]);
        }
    }

    #[test]
    fn vectors_and_models_are_not() {
        let items: [ItemFn; 4] = [
            parse_quote!(
                fn f<V: Vector>(x: V, v: V, dt: f64) -> V {
                    x + v * dt
                }
            ),
            parse_quote!(
                fn f<M: Model>(m: &M, x: f64) -> f64 {
                    m.eval(x) * M::DIM as f64
                }
            ),
            parse_quote!(
                fn f<V: Vector + Differentiable>(x: V, y: V) -> V {
                    x * y
                }
            ),
            parse_quote!(
                fn f<T: Copy + Mul<Output = T>>(x: T, y: T) -> T {
                    x * y
                }
            ),
        ];
        for item in &items {
            assert!(found(item).is_empty());
        }
    }
}
