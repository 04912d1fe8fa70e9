//! What a name stands for once something is bound to it.

use syn::{Pat, PatIdent};

use super::scope::{Binding, BindingId, Term};
use super::types::{kind_of, OPEN};
use super::{type_of_float, Lowering};
use crate::ir::{Class, Kind, Op, Operand, Place, Proj, Stmt, Var};

impl Lowering<'_> {
    /// Makes a name that stands for nothing yet.
    pub(super) fn declare(
        &mut self,
        ident: &PatIdent,
        ty: Option<syn::Type>,
        kind: Kind,
    ) -> BindingId {
        let mutable = ident.mutability.is_some() && ident.by_ref.is_none();
        self.scope.declare(Binding {
            name: ident.ident.clone(),
            term: None,
            kind,
            ty,
            mutable,
        })
    }

    /// A part of a slice that is only read gets a variable: its bounds are checked once, where the user takes it.
    pub(super) fn viewed(&mut self, name: &proc_macro2::Ident, term: Term) -> Term {
        let Term::Ref {
            place,
            mutable: false,
        } = &term
        else {
            return term;
        };
        let is_part = matches!(place.path.last(), Some(Proj::Slice { .. }));
        if !is_part || self.info(place.root).class != Class::Ref {
            return term;
        }
        let kind = self.kind_of_place(place);
        let op = Op::Borrow(place.clone());
        let var = self.fresh(&name.to_string(), kind, Class::Ref);
        self.parts.insert(var, place.clone());
        self.builder.push(Stmt::Let { var, op });
        Term::Ref {
            place: Place::root(var),
            mutable: false,
        }
    }

    /// Initialises a binding; no change to be joined, since its name is new.
    pub(super) fn set(&mut self, id: BindingId, term: Term) {
        self.scope.assign(id, Some(term));
    }

    /// What a variable stands for once a term is moved or copied into it: a value, memory of its own, or, where nobody
    /// can tell the difference, another name for the same memory.
    pub(super) fn bound_term(&mut self, id: BindingId, term: Term, want: &Kind) -> Option<Term> {
        let binding = self.scope.binding(id)?;
        let (name, ty, mutable) = (binding.name.clone(), binding.ty.clone(), binding.mutable);
        let in_memory = self.borrowed.contains(&name.to_string());
        let term = match term {
            Term::Value(Operand::Place(place)) => Term::Place(place),
            term => term,
        };
        let term = match term {
            Term::Chain(chain) => return Some(self.named_chain(chain, mutable)),
            Term::Ref { .. } | Term::Closure(_) | Term::Maybe { .. } => return Some(term),
            Term::Tuple(parts)
                if parts.iter().any(|part| {
                    !matches!(part, Term::Value(_) | Term::Place(_) | Term::Fresh(_))
                }) =>
            {
                return Some(Term::Tuple(parts));
            }
            Term::Place(place) if self.stays_put(&place) && !mutable && ty.is_none() => {
                match self.kind_of_place(&place).join(want) {
                    kind if kind.is_scalar() => Term::Value(self.load(place, kind)),
                    _ => return Some(Term::Place(place)),
                }
            }
            Term::Place(place) => match self.operand_of(Term::Place(place), want)? {
                Operand::Place(place) => {
                    let kind = self.kind_of_place(&place).join(want);
                    self.define(Op::Use(Operand::Place(place)), kind)
                }
                value => Term::Value(value),
            },
            Term::Fresh(place) if want.is_scalar() => Term::Value(self.load(place, want.clone())),
            term @ Term::Tuple(_) => Term::Fresh(self.place_of(term)?),
            term => term,
        };
        match term {
            // A vector of integers is a value like any other, until its elements change.
            Term::Value(value) if mutable && is_sequence(want) => {
                let place = self.define_root(value);
                self.vars[place.root.0].kind = want.clone();
                Some(self.own(place, name, ty, true))
            }
            Term::Value(value) if in_memory => {
                let place = self.define_root(value);
                Some(self.own(place, name, ty, true))
            }
            Term::Value(value) => Some(match self.name_value(value, name, ty) {
                Operand::Place(place) => {
                    self.traits[place.root.0].mutable |= mutable;
                    Term::Place(place)
                }
                value => Term::Value(value),
            }),
            Term::Fresh(place) => Some(self.own(place, name, ty, mutable)),
            term => Some(term),
        }
    }

    /// Whether memory cannot change as long as it can be named.
    pub(super) fn stays_put(&self, place: &Place) -> bool {
        !self.may_change(place.root)
    }

    /// Gives fresh memory its owner's name.
    pub(super) fn own(
        &mut self,
        place: Place,
        name: proc_macro2::Ident,
        ty: Option<syn::Type>,
        mutable: bool,
    ) -> Term {
        if place.path.is_empty() && !self.vars[place.root.0].named {
            self.rename(place.root, name, ty);
            self.traits[place.root.0].mutable |= mutable;
        }
        Term::Place(place)
    }

    pub(super) fn rename(&mut self, var: Var, name: proc_macro2::Ident, ty: Option<syn::Type>) {
        self.vars[var.0].named = true;
        self.vars[var.0].name = name;
        if ty.is_some() {
            self.vars[var.0].ty = ty;
        }
    }

    /// Gives a value its name. Literals become variables, so that methods can be called on them.
    pub(super) fn name_value(
        &mut self,
        value: Operand,
        name: proc_macro2::Ident,
        ty: Option<syn::Type>,
    ) -> Operand {
        let value = match value {
            Operand::Literal(literal) => {
                let kind = literal.kind.clone();
                let class = if kind.is_scalar() {
                    Class::Value
                } else {
                    Class::Root
                };
                let ty = ty.clone().or_else(|| type_of_float(&kind));
                let var = self.named(name, kind, class);
                self.vars[var.0].ty = ty;
                self.builder.push(Stmt::Let {
                    var,
                    op: Op::Use(Operand::Literal(literal)),
                });
                return match class {
                    Class::Value => Operand::Var(var),
                    _ => Operand::Place(Place::root(var)),
                };
            }
            value => value,
        };
        match &value {
            Operand::Var(var) if !self.vars[var.0].named => self.rename(*var, name, ty),
            Operand::Var(var) if ty.is_some() && self.info(*var).kind == OPEN => {
                return self.typed_copy(value, name, ty)
            }
            _ => {}
        }
        value
    }

    /// `let u: f64 = t;` says what `t` is, so it is said again.
    fn typed_copy(
        &mut self,
        value: Operand,
        name: proc_macro2::Ident,
        ty: Option<syn::Type>,
    ) -> Operand {
        let kind = ty
            .as_ref()
            .map_or(OPEN, |ty| kind_of(ty, self.request.reals));
        let var = self.named(name, kind.join(&OPEN), Class::Value);
        self.vars[var.0].ty = ty;
        let op = Op::Use(value);
        self.builder.push(Stmt::Let { var, op });
        Operand::Var(var)
    }

    /// Declares the names of a pattern that is initialised later, or whose initialiser was refused.
    pub(super) fn declare_names(&mut self, pat: &Pat, ty: Option<&syn::Type>) {
        match pat {
            Pat::Ident(ident) => {
                let kind = ty.map_or(Kind::Unknown, |ty| kind_of(ty, self.request.reals));
                self.declare(ident, ty.cloned(), kind);
            }
            Pat::Type(typed) => self.declare_names(&typed.pat, Some(&typed.ty)),
            Pat::Paren(inner) => self.declare_names(&inner.pat, ty),
            Pat::Reference(inner) => self.declare_names(&inner.pat, None),
            Pat::Tuple(tuple) => tuple
                .elems
                .iter()
                .for_each(|pat| self.declare_names(pat, None)),
            Pat::TupleStruct(tuple) => tuple
                .elems
                .iter()
                .for_each(|pat| self.declare_names(pat, None)),
            Pat::Slice(slice) => slice
                .elems
                .iter()
                .for_each(|pat| self.declare_names(pat, None)),
            Pat::Struct(structure) => structure
                .fields
                .iter()
                .for_each(|field| self.declare_names(&field.pat, None)),
            _ => {}
        }
    }
}

fn is_sequence(kind: &Kind) -> bool {
    matches!(kind, Kind::Vec(_) | Kind::Array(_))
}

/// The type that an annotated pattern carries.
pub fn type_of_pattern(pat: &Pat) -> Option<&syn::Type> {
    match pat {
        Pat::Type(typed) => Some(&typed.ty),
        Pat::Paren(inner) => type_of_pattern(&inner.pat),
        _ => None,
    }
}
