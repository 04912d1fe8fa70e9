//! Irrefutable patterns: what a `let`, a parameter or a loop binds.

use syn::spanned::Spanned;
use syn::{Expr, Index, Member, Pat, PatIdent, PatSlice, PatStruct, PatTupleStruct, Path};

use super::refutable;
use super::scope::Term;
use super::types::kind_of;
use super::Lowering;
use crate::diagnostics::Slug;
use crate::ir::{Class, Kind, Op, Operand, Place, Proj, Wrapper};

impl Lowering<'_> {
    /// Binds the names of a pattern to a term and its parts.
    pub(super) fn bind(&mut self, pat: &Pat, term: Term) -> Option<()> {
        match pat {
            Pat::Ident(ident) if self.irrefutable => self.bind_name(ident, term),
            Pat::Ident(ident) if refutable::names_constant(ident) => Some(()),
            Pat::Ident(ident) => self.bind_name(ident, term),
            Pat::Wild(_)
            | Pat::Rest(_)
            | Pat::Lit(_)
            | Pat::Range(_)
            | Pat::Path(_)
            | Pat::Const(_) => Some(()),
            Pat::Guard(guarded) => self.bind(&guarded.pat, term),
            Pat::TupleStruct(tuple) if !refutable::binds(pat) && tuple.qself.is_none() => Some(()),
            Pat::Or(_) if !refutable::binds(pat) => Some(()),
            Pat::TupleStruct(tuple) if payload_of(&tuple.path).is_some() => {
                self.bind_payload(tuple, term)
            }
            Pat::TupleStruct(variant) if self.is_variant(&variant.path) => {
                let fields = variant.elems.iter().enumerate();
                self.bind_variant(
                    &variant.path,
                    fields.map(|(index, pat)| (Member::from(index), pat)),
                    term,
                )
            }
            Pat::Struct(variant) if self.is_variant(&variant.path) => {
                let fields = variant.fields.iter();
                self.bind_variant(
                    &variant.path,
                    fields.map(|field| (field.member.clone(), &*field.pat)),
                    term,
                )
            }
            Pat::Paren(inner) => self.bind(&inner.pat, term),
            Pat::Type(typed) => self.bind_typed(pat, &typed.ty, term),
            Pat::Reference(inner) => {
                let term = match term {
                    Term::Ref { place, .. } if self.is_whole(&place) && takes(&inner.pat) => {
                        let kind = self.kind_of_place(&place);
                        self.define(Op::Keep(place), kind)
                    }
                    Term::Ref { place, .. } => Term::Place(place),
                    Term::Place(place) if self.is_found(&place) => {
                        Term::Place(place.then(Proj::Deref))
                    }
                    term => term,
                };
                self.bind(&inner.pat, term)
            }
            Pat::Tuple(tuple) => {
                self.bind_parts(&tuple.elems.iter().collect::<Vec<_>>(), term, pat)
            }
            Pat::TupleStruct(tuple) => {
                self.bind_parts(&tuple.elems.iter().collect::<Vec<_>>(), term, pat)
            }
            Pat::Struct(structure) => self.bind_fields(structure, term),
            Pat::Slice(slice) => self.bind_elements(slice, term),
            _ => self.refuse(Slug::UnsupportedPattern, pat.span(), ""),
        }
    }

    /// Whether a place is all that a parameter refers to, of a type that is not seen: by its name alone it would be the
    /// reference.
    fn is_whole(&self, place: &Place) -> bool {
        let refers = matches!(self.info(place.root).class, Class::Ref | Class::RefMut);
        refers && place.path.is_empty() && self.kind_of_place(place) == Kind::Unknown
    }

    /// Whether a place is what is inside of a result that nobody has a name for, and of which nothing is known: where the
    /// pattern says so, a reference.
    fn is_found(&self, place: &Place) -> bool {
        let inside = matches!(place.path[..], [Proj::Payload(_)]);
        inside && !self.info(place.root).named && self.kind_of_place(place) == Kind::Unknown
    }

    /// A pattern that cannot fail: every name in it is new, in capitals or not.
    pub(super) fn bind_irrefutable(&mut self, pat: &Pat, term: Term) -> Option<()> {
        let outer = std::mem::replace(&mut self.irrefutable, true);
        let bound = self.bind(pat, term);
        self.irrefutable = outer;
        bound
    }

    /// `Some(p)`, `Ok(p)`, `Err(p)`
    pub(super) fn bind_payload(&mut self, tuple: &PatTupleStruct, term: Term) -> Option<()> {
        let wrapper = payload_of(&tuple.path)?;
        let pat = tuple.elems.first()?;
        let payload = self.project(&term, Proj::Payload(wrapper))?;
        let payload = match (&term, payload) {
            (Term::Fresh(_), Term::Place(place)) if wrapper == Wrapper::Ok && takes(pat) => {
                self.success(place)
            }
            (_, payload) => payload,
        };
        self.bind(pat, payload)
    }

    /// What is inside of a success that nobody has a name for, as memory of its own: the error beside it need not be kept
    /// with it.
    fn success(&mut self, place: Place) -> Term {
        match self.kind_of_place(&place) {
            Kind::Unknown => self.define(Op::Use(Operand::Place(place)), Kind::Unknown),
            _ => Term::Place(place),
        }
    }

    /// `Shape::Circle { r }`, `Shape::Circle(r)`
    pub(super) fn bind_variant<'p>(
        &mut self,
        path: &Path,
        fields: impl Iterator<Item = (Member, &'p Pat)>,
        term: Term,
    ) -> Option<()> {
        for (member, pat) in fields {
            if matches!(pat, Pat::Rest(_)) {
                break;
            }
            if !refutable::binds(pat) {
                continue;
            }
            let part = self.project(&term, Proj::member(path, member, true))?;
            self.bind(pat, part)?;
        }
        Some(())
    }

    /// `name: T`
    pub(super) fn bind_typed(&mut self, pat: &Pat, ty: &syn::Type, term: Term) -> Option<()> {
        let Pat::Type(typed) = pat else { return None };
        let Pat::Ident(ident) = &*typed.pat else {
            return self.bind(&typed.pat, term);
        };
        let kind = kind_of(ty, self.request.reals);
        let id = self.declare(ident, Some(ty.clone()), kind.clone());
        let moves = ident.mutability.is_some();
        let term = if moves {
            term
        } else {
            self.viewed(&ident.ident, term)
        };
        let bound = self.bound_term(id, term, &kind)?;
        self.set(id, bound);
        match moves {
            true => self.make_view(id),
            false => Some(()),
        }
    }

    pub(super) fn bind_name(&mut self, ident: &PatIdent, term: Term) -> Option<()> {
        if let Some((_, sub)) = &ident.subpat {
            self.bind(sub, term.clone())?;
        }
        let term = match (&ident.by_ref, term) {
            (Some(_), term) => {
                let place = self.place_of(term)?;
                Term::Ref {
                    place,
                    mutable: ident.mutability.is_some(),
                }
            }
            (None, term) => term,
        };
        let kind = self.kind_of_term(&term);
        let kind = if ident.mutability.is_some() || kind.is_scalar() {
            kind
        } else {
            Kind::Unknown
        };
        let id = self.declare(ident, None, kind);
        let moves = ident.mutability.is_some() && ident.by_ref.is_none();
        let term = if moves {
            term
        } else {
            self.viewed(&ident.ident, term)
        };
        let bound = self.bound_term(id, term, &Kind::Unknown)?;
        self.set(id, bound);
        match moves {
            true => self.make_view(id),
            false => Some(()),
        }
    }

    /// `(a, .., b)`
    pub(super) fn bind_parts(&mut self, pats: &[&Pat], term: Term, whole: &Pat) -> Option<()> {
        let rest = pats.iter().position(|pat| matches!(pat, Pat::Rest(_)));
        let count = match (&term, rest, self.kind_of_term(&term)) {
            (_, None, _) => pats.len(),
            (_, Some(_), Kind::Tuple(parts)) => parts.len(),
            (_, Some(rest), _) if rest + 1 == pats.len() => pats.len(),
            _ => return self.refuse(Slug::UnsupportedPattern, whole.span(), ""),
        };
        let after = rest.map_or(0, |rest| pats.len() - rest - 1);
        for (index, pat) in pats.iter().enumerate() {
            let position = match rest {
                Some(rest) if index == rest => continue,
                Some(rest) if index > rest => count - after + (index - rest - 1),
                _ => index,
            };
            let part = self.field_of(&term, &Member::Unnamed(Index::from(position)))?;
            self.bind(pat, part)?;
        }
        Some(())
    }

    pub(super) fn bind_fields(&mut self, structure: &PatStruct, term: Term) -> Option<()> {
        for field in &structure.fields {
            let part = self.field_of(&term, &field.member)?;
            self.bind(&field.pat, part)?;
        }
        Some(())
    }

    /// A field of a term; of a reference, a reference to the field.
    pub(super) fn field_of(&mut self, term: &Term, member: &Member) -> Option<Term> {
        if let (Term::Tuple(parts), Member::Unnamed(index)) = (term, member) {
            return parts.get(index.index as usize).cloned();
        }
        self.project(term, Proj::Field(member.clone()))
    }

    /// A projection of a term; of a reference, a reference to the projection.
    pub(super) fn project(&mut self, term: &Term, proj: Proj) -> Option<Term> {
        match term {
            Term::Maybe { payload, .. } if matches!(proj, Proj::Payload(Wrapper::Some)) => {
                Some((**payload).clone())
            }
            Term::Ref { place, mutable } => {
                let mut place = place.clone();
                place.path.push(proj);
                Some(Term::Ref {
                    place,
                    mutable: *mutable,
                })
            }
            term => {
                let mut place = self.place_of(term.clone())?;
                place.path.push(proj);
                Some(Term::Place(place))
            }
        }
    }

    /// `[first, rest @ .., last]`
    pub(super) fn bind_elements(&mut self, slice: &PatSlice, term: Term) -> Option<()> {
        let term = match term {
            Term::Value(_) | Term::Tuple(_) => Term::Fresh(self.place_of(term)?),
            term => term,
        };
        let rest = slice.elems.iter().position(is_rest);
        let count = slice.elems.len();
        for (index, pat) in slice.elems.iter().enumerate() {
            let proj = match rest {
                Some(rest) if index == rest => {
                    let lo = (rest > 0).then(|| self.position(rest));
                    let hi = match count - rest - 1 {
                        0 => None,
                        after => Some(self.position_from_end(&term, after)?),
                    };
                    Proj::Slice { lo, hi }
                }
                Some(rest) if index > rest => {
                    Proj::Index(self.position_from_end(&term, count - index)?)
                }
                _ => Proj::Index(self.position(index)),
            };
            let part = self.project(&term, proj)?;
            let pat = match pat {
                Pat::Ident(PatIdent {
                    subpat: Some((_, sub)),
                    ..
                }) if is_rest(sub) => &without_rest(pat),
                pat => pat,
            };
            self.bind(pat, part)?;
        }
        Some(())
    }

    pub(super) fn position(&self, index: usize) -> Operand {
        super::known::literal(
            &proc_macro2::Literal::usize_unsuffixed(index),
            Kind::Inert,
            Some(index as f64),
        )
    }

    /// `len - back`, as an operand.
    pub(super) fn position_from_end(&mut self, term: &Term, back: usize) -> Option<Operand> {
        let place = self.place_of(term.clone())?;
        let back = proc_macro2::Literal::usize_unsuffixed(back);
        let length = self.opaque_of(
            &[Operand::Place(place)],
            &|holes| {
                let sequence = &holes[0];
                syn::parse_quote!(#sequence.len() - #back)
            },
            Kind::Inert,
        )?;
        self.operand_of(length, &Kind::Inert)
    }
}

/// What a pattern of the standard library's enums takes out.
fn payload_of(path: &Path) -> Option<Wrapper> {
    let mut segments = path
        .segments
        .iter()
        .rev()
        .map(|segment| segment.ident.to_string());
    let wrapper = match segments.next()?.as_str() {
        "Some" => Wrapper::Some,
        "Ok" => Wrapper::Ok,
        "Err" => Wrapper::Err,
        _ => return None,
    };
    let owner = segments.next();
    owner
        .is_none_or(|owner| matches!(owner.as_str(), "Option" | "Result"))
        .then_some(wrapper)
}

/// `name`, by value.
fn takes(pat: &Pat) -> bool {
    matches!(pat, Pat::Ident(name) if name.by_ref.is_none() && name.subpat.is_none())
}

fn is_rest(pat: &Pat) -> bool {
    match pat {
        Pat::Rest(_) => true,
        Pat::Ident(ident) => ident.subpat.as_ref().is_some_and(|(_, sub)| is_rest(sub)),
        _ => false,
    }
}

/// `rest` of `rest @ ..`
fn without_rest(pat: &Pat) -> Pat {
    match pat {
        Pat::Ident(ident) => Pat::Ident(PatIdent {
            subpat: None,
            ..ident.clone()
        }),
        pat => pat.clone(),
    }
}

/// Whether an initialiser is a tuple expression that can be taken apart as it stands.
pub fn is_tuple(expr: &Expr) -> bool {
    matches!(super::known::strip(expr), Expr::Tuple(_))
}
