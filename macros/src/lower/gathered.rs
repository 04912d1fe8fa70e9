//! Iterators that the function is given: `coefficients: impl IntoIterator<Item = f64>`, `I: Iterator<Item = f64>`.
//!
//! Such a one can be gone through once, and only forwards. If it is constant and every item is asked for, its items are
//! gathered into a vector first, which takes its place. If some are not, there may be no end to them.

use proc_macro2::Ident;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{
    Block, Expr, FnArg, GenericArgument, PathArguments, Token, Type, TypeParamBound, WherePredicate,
};

use super::iterators::{Chain, Source};
use super::known::strip;
use super::scope::{Binding, Term};
use super::types::kind_of;
use super::Lowering;
use crate::diagnostics::Slug;
use crate::ir::{By, Capture, Cost, Kind, Op, Opaque, Operand, Place, Stmt, Var};

/// Traits of what can be gone through once.
const TRAITS: &[&str] = &[
    "IntoIterator",
    "Iterator",
    "ExactSizeIterator",
    "DoubleEndedIterator",
];
/// Links of a chain that ask for every item.
const LINKS: &[&str] = &[
    "into_iter",
    "copied",
    "cloned",
    "map",
    "enumerate",
    "filter",
    "filter_map",
    "flat_map",
    "flatten",
    "inspect",
    "rev",
    "skip",
    "step_by",
    "chain",
    "fuse",
];
/// Ends that do.
const ENDS: &[&str] = &[
    "sum", "product", "fold", "for_each", "min_by", "max_by", "collect", "last", "count", "unzip",
    "reduce",
];

/// A parameter of such a type.
struct Given {
    name: Ident,
    var: Var,
    item: Kind,
}

impl Lowering<'_> {
    /// Before a `for`: the items of what it goes through, if that is given.
    pub(super) fn gather_for(&mut self, expr: &Expr, body: &Block) -> Option<()> {
        let mut exits = Exits(false);
        exits.visit_block(body);
        self.gather(expr, !exits.0)
    }

    /// Before the end of a chain.
    pub(super) fn gather_for_end(&mut self, receiver: &Expr, end: &str) -> Option<()> {
        self.gather(receiver, ENDS.contains(&end))
    }

    fn gather(&mut self, expr: &Expr, to_the_end: bool) -> Option<()> {
        let mut base = strip(expr);
        let mut every = to_the_end;
        while let Expr::MethodCall(call) = base {
            every &= LINKS.contains(&call.method.to_string().as_str());
            base = strip(&call.receiver);
        }
        let Some(given) = self.given(base) else {
            return Some(());
        };
        if self.request.active.get(given.var.0) != Some(&false) {
            return self.refuse(Slug::GivenIterator, base.span(), "it is active");
        }
        if !every {
            return self.refuse_given(base);
        }
        self.gathered(given)
    }

    pub(super) fn refuse_given<T>(&mut self, expr: &Expr) -> Option<T> {
        let detail = "it is not gone through to its end";
        self.refuse(Slug::GivenIterator, expr.span(), detail)
    }

    /// Whether an expression is such a parameter.
    pub(super) fn is_given(&self, expr: &Expr) -> bool {
        self.given(strip(expr)).is_some()
    }

    fn given(&self, expr: &Expr) -> Option<Given> {
        let Expr::Path(path) = expr else { return None };
        let name = path.path.get_ident()?;
        let Some(Term::Place(Place { root: var, path })) = self.scope.term(name) else {
            return None;
        };
        let Some(FnArg::Typed(typed)) = self.request.sig.inputs.iter().nth(var.0) else {
            return None;
        };
        let item = self.item_of(&typed.ty).filter(|_| path.is_empty())?;
        Some(Given {
            name: name.clone(),
            var: *var,
            item,
        })
    }

    /// The kind of the items, if a type is one of which nothing is known but that it can be gone through.
    fn item_of(&self, ty: &Type) -> Option<Kind> {
        match ty {
            Type::ImplTrait(of) => self.item_of_bounds(&of.bounds),
            Type::Path(path) => {
                let name = path.path.get_ident()?;
                let generics = &self.request.sig.generics;
                let at_parameter = generics.type_params().filter(|param| param.ident == *name);
                let mut bounds: Vec<_> = at_parameter.map(|param| &param.bounds).collect();
                let clauses = generics.where_clause.iter().flat_map(|all| &all.predicates);
                bounds.extend(clauses.filter_map(|clause| match clause {
                    WherePredicate::Type(of) if of.bounded_ty == *ty => Some(&of.bounds),
                    _ => None,
                }));
                bounds.into_iter().find_map(|all| self.item_of_bounds(all))
            }
            _ => None,
        }
    }

    fn item_of_bounds(&self, bounds: &Punctuated<TypeParamBound, Token![+]>) -> Option<Kind> {
        bounds.iter().find_map(|bound| {
            let TypeParamBound::Trait(of) = bound else {
                return None;
            };
            let last = of.path.segments.last()?;
            let named = TRAITS.contains(&last.ident.to_string().as_str());
            named.then(|| self.item_of_arguments(&last.arguments))
        })
    }

    /// `<Item = f64>`
    fn item_of_arguments(&self, arguments: &PathArguments) -> Kind {
        let PathArguments::AngleBracketed(arguments) = arguments else {
            return Kind::Unknown;
        };
        let item = arguments.args.iter().find_map(|argument| match argument {
            GenericArgument::AssocType(of) if of.ident == "Item" => Some(&of.ty),
            _ => None,
        });
        match item {
            Some(Type::Reference(_)) | None => Kind::Unknown,
            Some(ty) => kind_of(ty, self.request.reals),
        }
    }

    /// `for_each(given, |item| gathered.push(item))`; from here on the name means its items.
    fn gathered(&mut self, given: Given) -> Option<()> {
        let kind = Kind::Vec(Box::new(given.item));
        let vector = self.empty_vector(&kind)?;
        let capture = |name: &str, place: Place, by| Capture {
            name: Ident::new(name, given.name.span()),
            operand: Operand::Place(place),
            by,
        };
        let opaque = Opaque {
            expr: syn::parse_quote!(::core::iter::Iterator::for_each(
                ::core::iter::IntoIterator::into_iter(given),
                |item| gathered.push(item)
            )),
            captures: vec![
                capture("given", Place::root(given.var), By::Value),
                capture("gathered", vector.clone(), By::RefMut),
            ],
            cost: Cost::Once,
            effect: true,
        };
        self.builder.push(Stmt::Do(Op::Opaque(Box::new(opaque))));
        let items = Chain::of(Source::Elements {
            place: vector,
            by: By::Value,
        });
        self.scope.declare(Binding {
            name: given.name,
            term: Some(Term::Chain(items.into())),
            kind,
            ty: None,
            mutable: false,
        });
        Some(())
    }
}

/// Whether a loop may be left before its end.
struct Exits(bool);

impl<'ast> Visit<'ast> for Exits {
    fn visit_expr(&mut self, expr: &'ast Expr) {
        self.0 |= matches!(expr, Expr::Break(_) | Expr::Return(_) | Expr::Try(_));
        visit::visit_expr(self, expr);
    }
}
