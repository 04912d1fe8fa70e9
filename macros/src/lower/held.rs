//! Which variables hold local collections of what carries no floats, and what these hold.

use proc_macro2::Ident;
use syn::visit::{self, Visit};
use syn::{Expr, ExprCall, ExprMethodCall, Local, Pat, PathArguments, Stmt as SynStmt, Type};

use super::collections::of_option;
use super::entries::{self, MAPS, SETS};
use super::known::strip;
use super::scope::Term;
use super::types::kind_of;
use super::Lowering;
use crate::ir::{Cost, Kind, Operand, Var};

/// What a collection holds.
pub(super) struct Held {
    pub(super) name: String,
    /// The types as they are written.
    pub(super) parts: Vec<Type>,
}

impl Held {
    /// The kind of what is found in it.
    fn found(&self, reals: &[Ident]) -> Kind {
        match self.parts.last().map(|ty| kind_of(ty, reals)) {
            Some(kind) if kind.is_inert() => kind,
            _ => Kind::Inert,
        }
    }
}

impl Lowering<'_> {
    /// `let mut counts: HashMap<i64, usize> = HashMap::new();`, `None` for all else.
    pub(super) fn collection(&mut self, local: &Local, rest: &[SynStmt]) -> Option<Option<()>> {
        let init = local.init.as_ref().filter(|init| init.diverge.is_none())?;
        let (pat, ty) = match &local.pat {
            Pat::Type(typed) => (&*typed.pat, Some(&*typed.ty)),
            pat => (pat, None),
        };
        let Pat::Ident(name) = pat else { return None };
        let held = match ty {
            Some(ty) => self.held_by(ty),
            None => self.held_by_made(&init.expr, &name.ident, rest),
        }?;
        if name.by_ref.is_some() || !self.is_pure(&init.expr) {
            return None;
        }
        Some(self.starts(name, ty, &init.expr, held))
    }

    fn starts(
        &mut self,
        name: &syn::PatIdent,
        ty: Option<&Type>,
        init: &Expr,
        held: Held,
    ) -> Option<()> {
        let term = self.opaque(init, Kind::Inert, Cost::Once)?;
        let value = self.operand_of(term, &Kind::Inert)?;
        let place = self.define_root(value);
        let root = place.root;
        let id = self.declare(name, ty.cloned(), Kind::Inert);
        self.rename(root, name.ident.clone(), ty.cloned());
        self.traits[root.0].mutable = name.mutability.is_some();
        self.collections.insert(root, held);
        self.set(id, Term::Place(place));
        Some(())
    }

    /// What a collection of this type holds, if that carries no floats.
    fn held_by(&self, ty: &Type) -> Option<Held> {
        let (name, parts) = entries::named(ty)?;
        let known = MAPS.contains(&name.as_str()) && parts.len() == 2
            || SETS.contains(&name.as_str()) && parts.len() == 1;
        let inert = |ty: &&Type| kind_of(ty, self.request.reals).is_inert();
        (known && !matches!(ty, Type::Reference(_)) && parts.iter().all(inert)).then(|| Held {
            name,
            parts: parts.into_iter().cloned().collect(),
        })
    }

    /// `HashMap::<i64, usize>::new()`, `counts.clone()`; `HashMap::new()` into which integers are put by what follows.
    fn held_by_made(&self, init: &Expr, variable: &Ident, rest: &[SynStmt]) -> Option<Held> {
        let call = match strip(init) {
            Expr::Call(call) => call,
            Expr::MethodCall(call) if call.method == "clone" => {
                let held = self.collections.get(&self.collection_in(&call.receiver)?)?;
                return Some(Held {
                    name: held.name.clone(),
                    parts: held.parts.clone(),
                });
            }
            _ => return None,
        };
        let ty = type_of_made(call)?;
        if let Some(held) = self.held_by(&ty) {
            return Some(held);
        }
        let Type::Path(path) = &ty else { return None };
        let last = path.path.segments.last()?;
        let name = last.ident.to_string();
        let untold = matches!(last.arguments, PathArguments::None) && MAPS.contains(&name.as_str());
        (untold && holds_integers(variable, rest)).then(|| Held {
            name,
            parts: vec![syn::parse_quote!(_), syn::parse_quote!(_)],
        })
    }

    /// The collection that an expression starts from: `counts.get(&k).unwrap()`.
    pub(super) fn collection_in(&self, expr: &Expr) -> Option<Var> {
        if self.collections.is_empty() {
            return None;
        }
        match strip(expr) {
            Expr::Path(path) => match self.scope.term(path.path.get_ident()?)? {
                Term::Place(place) | Term::Ref { place, .. } if place.path.is_empty() => self
                    .collections
                    .contains_key(&place.root)
                    .then_some(place.root),
                _ => None,
            },
            Expr::MethodCall(call) => self.collection_in(&call.receiver),
            Expr::Index(index) => self.collection_in(&index.expr),
            Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Deref(_)) => {
                self.collection_in(&unary.expr)
            }
            Expr::Reference(reference) => self.collection_in(&reference.expr),
            _ => None,
        }
    }

    /// The collection that a name stands for.
    pub(super) fn held_in(&self, expr: &Expr) -> Option<(Var, &Held)> {
        let Expr::Path(_) = strip(expr) else {
            return None;
        };
        let root = self.collection_in(expr)?;
        Some((root, self.collections.get(&root)?))
    }

    /// Whether an operand is a collection: it may have changed when the reverse sweep comes back.
    pub(super) fn is_collection(&self, operand: &Operand) -> bool {
        matches!(operand, Operand::Place(place) if self.collections.contains_key(&place.root))
    }

    /// The kind of what a method of a collection gives.
    pub(super) fn kind_in_collection(&self, call: &ExprMethodCall) -> Option<Kind> {
        let (_, held) = self.held_in(&call.receiver)?;
        let option = of_option(&held.name, &call.method.to_string());
        match option {
            true => Some(Kind::Option(Box::new(held.found(self.request.reals)))),
            false => Some(Kind::Inert),
        }
    }
}

/// `HashMap::<i64, usize>::with_capacity(8)`: the type whose function is called.
fn type_of_made(call: &ExprCall) -> Option<Type> {
    let Expr::Path(path) = strip(&call.func) else {
        return None;
    };
    let mut owner = path.path.clone();
    let makes = owner.segments.pop()?.ident;
    owner.segments.pop_punct();
    let known = ["new", "with_capacity", "default", "from"]
        .iter()
        .any(|name| makes == name);
    (known && path.qself.is_none() && !owner.segments.is_empty()).then(|| syn::parse_quote!(#owner))
}

/// Whether what is put into a map of this name is once written as an integer or a flag: then it always is one.
fn holds_integers(name: &Ident, rest: &[SynStmt]) -> bool {
    let mut scan = Put {
        name,
        integer: false,
    };
    rest.iter().for_each(|stmt| scan.visit_stmt(stmt));
    scan.integer
}

struct Put<'a> {
    name: &'a Ident,
    integer: bool,
}

impl Put<'_> {
    fn is_into(&self, receiver: &Expr) -> bool {
        match strip(receiver) {
            Expr::Path(path) => path.path.is_ident(self.name),
            Expr::MethodCall(call) if call.method == "entry" || call.method == "and_modify" => {
                self.is_into(&call.receiver)
            }
            _ => false,
        }
    }
}

impl<'ast> Visit<'ast> for Put<'_> {
    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        let value = match call.method.to_string().as_str() {
            "or_insert" => call.args.first(),
            "insert" => call.args.iter().nth(1),
            _ => None,
        };
        self.integer |= value.is_some_and(is_integer) && self.is_into(&call.receiver);
        visit::visit_expr_method_call(self, call);
    }
}

fn is_integer(expr: &Expr) -> bool {
    match strip(expr) {
        Expr::Lit(literal) => super::infer::kind_of_literal(literal) == Kind::Inert,
        Expr::Cast(cast) => super::integers::is_integer_type(&cast.ty),
        _ => false,
    }
}
